<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

use Illuminate\Support\Carbon;
use Illuminate\Support\Str;

/** What makes an event one of its kind: its id, and when it happened. */
final readonly class Stamp
{
    private function __construct(
        public string $id,
        public string $occurredAt,
    ) {}

    public static function now(): self
    {
        return new self('pmt_' . Str::uuid(), self::moment());
    }

    /** The same moment, told for each of several services. */
    public function forService(int $serviceId): self
    {
        return new self("$this->id-$serviceId", $this->occurredAt);
    }

    /** `2026-05-03` by the shop's own calendar: Paymenter sets PHP's default time zone to its own. */
    public static function today(): string
    {
        return Carbon::now()->format('Y-m-d');
    }

    /** `2026-05-03T10:00:00.000Z` */
    public static function moment(): string
    {
        return Carbon::now('UTC')->format('Y-m-d\TH:i:s.v\Z');
    }
}
