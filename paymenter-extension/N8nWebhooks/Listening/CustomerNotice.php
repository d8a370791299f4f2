<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

/** What a listener knew of a customer that changed. */
final readonly class CustomerNotice
{
    public function __construct(
        public Stamp $stamp,
        public int $userId,
        public ?string $previousEmail = null,
        /** @var list<string>|null keys of the properties that changed; empty: nobody says which; null: name or e-mail changed */
        public ?array $properties = null,
    ) {}

    /** @param list<string> $told keys of the properties that are sent */
    public function isNews(array $told): bool
    {
        return $this->properties === null
            || ($this->properties === [] ? $told !== [] : array_intersect($this->properties, $told) !== []);
    }
}
