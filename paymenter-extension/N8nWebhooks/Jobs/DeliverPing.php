<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use Illuminate\Support\Facades\Log;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;

/** Shows the operator in the log whether the settings work. */
final class DeliverPing extends Delivery
{
    public static function now(): self
    {
        return new self(Stamp::now());
    }

    protected function payload(Settings $settings): array
    {
        return [
            'event' => 'ping',
            'event_id' => $this->stamp->id,
            'occurred_at' => $this->stamp->occurredAt,
            'state_at' => Stamp::moment(),
        ];
    }

    protected function name(): string
    {
        return 'the ping';
    }

    protected function delivered(string $place): void
    {
        Log::notice("N8nWebhooks: the ping was delivered to $place. The settings work.");
    }
}
