<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

/** What came back from one attempt. n8n, a proxy, or something else may have answered: only our own headers decide. */
final readonly class Outcome
{
    /** Another attempt cannot help: too large, not JSON, or a field that n8n cannot read. */
    private const REFUSALS = [413, 415, 422];

    private function __construct(
        /** Null: no answer. */
        private ?int $status,
        private bool $isTaken = false,
        private bool $isRefused = false,
        private ?string $reason = null,
        private string $whyNoAnswer = '',
    ) {}

    /**
     * @param bool $isTaken it says that the event is stored, or that it is ignored
     * @param bool $isRefused it says that it refuses this event
     * @param string|null $reason what it refuses, such as the name of a field
     */
    public static function answered(int $status, bool $isTaken, bool $isRefused, ?string $reason): self
    {
        return new self($status, $isTaken, $isRefused, $reason);
    }

    /** @param string $why without anything from the URL but the host */
    public static function unanswered(string $why): self
    {
        return new self(null, whyNoAnswer: $why);
    }

    public function isDelivered(): bool
    {
        return $this->isSuccess() && $this->isTaken;
    }

    public function isFinal(): bool
    {
        return $this->isRefused && in_array($this->status, self::REFUSALS, true);
    }

    /** `422, paid_until` */
    public function refusal(): string
    {
        return $this->status . ($this->reason === null ? '' : ", $this->reason");
    }

    public function problem(): string
    {
        return match (true) {
            $this->status === null => "no answer ($this->whyNoAnswer).",
            $this->isSuccess() => "it answered $this->status, but without the header " . Receiver::RECEIPT
                . '. Is the URL that of a Paymenter Trigger in n8n?',
            $this->status >= 300 && $this->status < 400 => "it answered $this->status, a redirect, which is not followed. Enter the URL that it leads to.",
            $this->status === 400 => 'it answered 400. Is the package n8n-nodes-paymenter-pterodactyl installed in n8n?',
            $this->status === 401 => 'it answered 401. Is the signing secret the same in n8n, and the clock right on both sides?',
            $this->status === 404 => 'it answered 404. Is the workflow in n8n active, and the URL its production URL?',
            default => "it answered $this->status.",
        };
    }

    private function isSuccess(): bool
    {
        return $this->status >= 200 && $this->status < 300;
    }
}
