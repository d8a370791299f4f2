<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Settings;

use Closure;
use Illuminate\Contracts\Validation\ValidationRule;
use Illuminate\Support\Str;
use SensitiveParameter;

/** One of the checks as a rule of the settings form, which skips it for an empty field. Blanks and invisible characters around a value do not count. */
final class Checked implements ValidationRule
{
    /** @param Closure(string): ?string $check */
    public function __construct(private readonly Closure $check) {}

    public function validate(string $attribute, #[SensitiveParameter] mixed $value, Closure $fail): void
    {
        $complaint = ($this->check)(is_scalar($value) ? Str::trim((string) $value) : '');
        if ($complaint !== null) {
            $fail($complaint);
        }
    }
}
