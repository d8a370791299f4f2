<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Queue\Jobs\SyncJob;
use Illuminate\Support\Facades\Log;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Message;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\NotDelivered;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Outcome;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Receiver;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;
use Throwable;

/** Sends one event: reads settings and state anew on each attempt, always with the same id. */
abstract class Delivery implements ShouldQueue
{
    use InteractsWithQueue, Patience, Queueable;

    /** On a sync queue the customer who pays waits for it. */
    private const SYNC_TIMEOUT = 5;

    public function __construct(protected readonly Stamp $stamp) {}

    /** @return array<string, mixed>|null null: there is nothing to send any more */
    abstract protected function payload(Settings $settings): ?array;

    abstract protected function name(): string;

    /**
     * Throws for another attempt. A sync queue makes none, and would hand the exception to the payment
     * that it runs in.
     */
    public function handle(Receiver $receiver): void
    {
        try {
            $this->attempt($receiver);
        } catch (Throwable $problem) {
            if (! $this->isSync()) {
                throw $problem;
            }
            $this->failed($problem);
        }
    }

    public function failed(?Throwable $problem): void
    {
        $why = $problem instanceof NotDelivered ? $problem->getMessage() : "N8nWebhooks: {$this->name()} could not be sent.";
        Log::error($why . ($this->isSync()
            ? ' The queue connection "sync" tries once only, so it is lost.'
            : ' It was given up; Retry under Failed Jobs sends it again.'));
    }

    protected function delivered(string $place): void {}

    private function attempt(Receiver $receiver): void
    {
        $settings = Settings::ofEnabledExtension();
        if ($settings === null) {
            return;
        }
        $payload = $this->payload($settings);
        if ($payload === null) {
            return;
        }
        $complaint = $settings->complaint();
        if ($complaint !== null) {
            throw new NotDelivered("N8nWebhooks: {$this->name()} was not sent: $complaint");
        }

        $timeout = $this->isSync() ? min(self::SYNC_TIMEOUT, $settings->timeout) : $settings->timeout;
        $outcome = $receiver->take(Message::of($this->stamp->id, $payload), $settings, $timeout);
        $place = $settings->place();
        match (true) {
            $outcome->isDelivered() => $this->delivered($place),
            $outcome->isFinal() => Log::warning("N8nWebhooks: {$this->name()} was refused for good by $place ({$outcome->refusal()}). It is not sent again."),
            default => throw new NotDelivered($this->sayWhy($outcome, $place)),
        };
    }

    private function sayWhy(Outcome $outcome, string $place): string
    {
        $attempt = $this->isSync() ? '' : " Attempt {$this->attempts()} of {$this->tries()}.";

        return "N8nWebhooks: {$this->name()} was not delivered to $place: {$outcome->problem()}$attempt";
    }

    private function isSync(): bool
    {
        return $this->job instanceof SyncJob;
    }
}
