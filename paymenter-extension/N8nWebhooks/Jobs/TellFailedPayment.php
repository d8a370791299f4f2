<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use App\Models\InvoiceItem;
use App\Models\Service;
use Illuminate\Database\Eloquent\Builder;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;

final class TellFailedPayment extends TellEach
{
    public function __construct(Stamp $stamp, private readonly int $invoiceId)
    {
        parent::__construct($stamp);
    }

    /** Those that the invoice renews; it may also bill an upgrade or credits. */
    protected function services(): Builder
    {
        $items = InvoiceItem::query()
            ->where('invoice_id', $this->invoiceId)
            ->where('reference_type', (new Service)->getMorphClass());

        return Service::query()->whereIn('id', $items->pluck('reference_id'));
    }

    protected function notice(Stamp $stamp, Service $service): Notice
    {
        return new Notice(
            'payment.failed',
            $stamp,
            $service->id,
            $service->user_id,
            $service->product_id,
            unpaidInvoiceId: $this->invoiceId,
        );
    }
}
