<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

/** What a listener knew: the event, and the ids that are needed when its service is gone. */
final readonly class Notice
{
    public function __construct(
        public string $event,
        public Stamp $stamp,
        public int $serviceId,
        /** Null: not known to the listener. */
        public ?int $userId = null,
        public ?int $productId = null,
        public ?int $previousUserId = null,
        public ?int $previousProductId = null,
        /** The invoice whose payment failed: no news once it is paid. */
        public ?int $unpaidInvoiceId = null,
        /** It became suspended while nothing was overdue: delivered after midnight, it still was so. */
        public bool $suspendedByHand = false,
    ) {}
}
