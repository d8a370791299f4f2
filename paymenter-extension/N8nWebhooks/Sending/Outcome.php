<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

/** What came back from one attempt. */
final readonly class Outcome
{
    private function __construct(
        /** Null: no answer. */
        private ?int $status,
        private bool $hasReceipt,
        private string $whyNoAnswer,
    ) {}

    public static function answered(int $status, bool $hasReceipt): self
    {
        return new self($status, $hasReceipt, '');
    }

    /** @param string $why without anything from the URL but the host */
    public static function unanswered(string $why): self
    {
        return new self(null, false, $why);
    }

    public function isDelivered(): bool
    {
        return $this->isSuccess() && $this->hasReceipt;
    }

    public function isFinal(): bool
    {
        return $this->status === 410;
    }

    public function problem(): string
    {
        return match (true) {
            $this->status === null => "no answer ($this->whyNoAnswer).",
            $this->isSuccess() => "it answered $this->status, but without the header " . Receiver::RECEIPT
                . '. Is the URL that of a Paymenter Trigger in n8n?',
            $this->status >= 300 && $this->status < 400 => "it answered $this->status, a redirect, which is not followed. Enter the URL that it leads to.",
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
