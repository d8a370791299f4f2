<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

/** What of a service decides whether there is something to report, as texts that can be compared. */
final readonly class ServiceFacts
{
    private function __construct(
        public ?string $status,
        /** Calendar date in Paymenter's time zone; null: nothing runs out. */
        public ?string $expires,
        /** The same: not suspended before that day. Always null up to Paymenter 1.5.8. */
        public ?string $heldUntil,
        public ?string $user,
        public ?string $product,
        public ?string $plan,
        public ?float $price,
    ) {}

    /** @param array<string, mixed> $attributes raw values of the model, as the database holds them */
    public static function of(array $attributes): self
    {
        $text = static fn (string $key): ?string => isset($attributes[$key]) ? (string) $attributes[$key] : null;
        $date = static fn (string $key): ?string => $text($key) === null ? null : substr($text($key), 0, 10);

        return new self(
            $text('status'),
            $date('expires_at'),
            $date('suspend_hold_until'),
            $text('user_id'),
            $text('product_id'),
            $text('plan_id'),
            isset($attributes['price']) ? (float) $attributes['price'] : null,
        );
    }

    public function isLive(): bool
    {
        return $this->status === 'active' || $this->status === 'suspended';
    }

    public function isNew(): bool
    {
        return $this->status === null || $this->status === 'pending';
    }

    /** By the shop's calendar: the day until which it is paid is over. @param string $today `YYYY-MM-DD` */
    public function isOverdue(string $today): bool
    {
        return $this->expires !== null && $this->expires < $today;
    }
}
