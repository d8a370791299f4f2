<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use Illuminate\Support\Carbon;

/** What one attempt sends. */
final readonly class Message
{
    private const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;

    private function __construct(
        public string $id,
        public int $timestamp,
        public string $body,
    ) {}

    /** @param array<string, mixed> $payload */
    public static function of(string $id, array $payload): self
    {
        return new self($id, Carbon::now()->getTimestamp(), json_encode($payload, self::JSON));
    }
}
