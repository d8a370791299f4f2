<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

/** What of a service decides whether there is something to report, as texts that can be compared. */
final readonly class ServiceFacts
{
    private function __construct(
        public ?string $status,
        /** Calendar date in Paymenter's time zone; null: nothing runs out. */
        public ?string $expires,
        public ?string $user,
        public ?string $product,
        public ?string $plan,
        public ?float $price,
    ) {}

    /** @param array<string, mixed> $attributes raw values of the model, as the database holds them */
    public static function of(array $attributes): self
    {
        $text = static fn (string $key): ?string => isset($attributes[$key]) ? (string) $attributes[$key] : null;
        $expires = $text('expires_at');

        return new self(
            $text('status'),
            $expires === null ? null : substr($expires, 0, 10),
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
}
