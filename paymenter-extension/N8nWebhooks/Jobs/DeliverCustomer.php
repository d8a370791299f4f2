<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use Paymenter\Extensions\Others\N8nWebhooks\Listening\CustomerNotice;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\CustomerReport;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;

final class DeliverCustomer extends Delivery
{
    public function __construct(private readonly CustomerNotice $notice)
    {
        parent::__construct($notice->stamp);
    }

    protected function payload(Settings $settings): ?array
    {
        return CustomerReport::of($this->notice, $settings);
    }

    protected function name(): string
    {
        return "customer.updated ({$this->stamp->id}) of customer {$this->notice->userId}";
    }
}
