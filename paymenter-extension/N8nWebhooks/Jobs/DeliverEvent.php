<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Report;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;

final class DeliverEvent extends Delivery
{
    public function __construct(private readonly Notice $notice)
    {
        parent::__construct($notice->stamp);
    }

    protected function payload(Settings $settings): ?array
    {
        return Report::of($this->notice, $settings);
    }

    protected function name(): string
    {
        return "{$this->notice->event} ({$this->stamp->id}) of service {$this->notice->serviceId}";
    }
}
