<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Settings;

use Illuminate\Support\Str;
use SensitiveParameter;

/** What is wrong with a setting, told to whoever typed it; null: nothing. Never repeats a value. */
final class Checks
{
    public const SECRET_PREFIX = 'whsec_';

    private const MOST_PROPERTIES = 20;

    private const OWN_HEADERS = [
        'connection', 'content-length', 'content-type', 'expect', 'host', 'transfer-encoding', 'user-agent',
        'webhook-id', 'webhook-signature', 'webhook-timestamp',
    ];

    public static function url(string $url): ?string
    {
        // Spaces, control and zero-width characters, and what is no UTF-8.
        $parts = preg_match('/[\p{C}\p{Z}]/u', $url) !== 0 ? false : parse_url($url);
        if (strtolower($parts['scheme'] ?? '') !== 'https' || ($parts['host'] ?? '') === '') {
            return 'The webhook URL must begin with https:// and have no spaces, like https://n8n.example.com/webhook/paymenter.';
        }

        return null;
    }

    public static function secret(#[SensitiveParameter] string $secret): ?string
    {
        return self::key($secret) === null
            ? 'The signing secret must be "whsec_" and the base64 of 24 to 64 random bytes. '
                . 'Copy the suggestion below the field, or make one with: echo "whsec_$(openssl rand -base64 32)"'
            : null;
    }

    /** The bytes to sign with; null where the secret is none. */
    public static function key(#[SensitiveParameter] string $secret): ?string
    {
        $encoded = str_starts_with($secret, self::SECRET_PREFIX) ? substr($secret, strlen(self::SECRET_PREFIX)) : '';
        $key = base64_decode($encoded, true);
        $isSound = $key !== false && base64_encode($key) === $encoded && strlen($key) >= 24 && strlen($key) <= 64;

        return $isSound ? $key : null;
    }

    public static function headerName(string $name): ?string
    {
        if (! preg_match('/^[A-Za-z0-9!#$%&\'*+.^_`|~-]+$/D', $name)) {
            return 'The name of the extra header may have letters, digits and dashes, like X-Webhook-Key.';
        }

        return in_array(strtolower($name), self::OWN_HEADERS, true)
            ? 'The extension sets that header itself. Choose another name, like X-Webhook-Key.'
            : null;
    }

    public static function headerValue(#[SensitiveParameter] string $value): ?string
    {
        return preg_match('/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/D', $value)
            ? null
            : 'The value of the extra header must be plain letters, digits and signs, without a space at its ends.';
    }

    /** @return list<string> what is written between commas */
    public static function listed(string $text): array
    {
        $parts = array_map(Str::trim(...), explode(',', $text));

        return array_values(array_unique(array_filter($parts, static fn (string $part): bool => $part !== '')));
    }

    public static function properties(string $keys): ?string
    {
        $listed = self::listed($keys);

        return count($listed) <= self::MOST_PROPERTIES && preg_grep('/^[\w.-]{1,64}$/D', $listed, PREG_GREP_INVERT) === []
            ? null
            : 'Enter the keys of at most ' . self::MOST_PROPERTIES . ' custom properties, separated by commas, like minecraft_username, discord_id. '
                . 'A key may have letters, digits, "_", "-" and ".".';
    }

    public static function timeout(string $seconds): ?string
    {
        return preg_match('/^([1-9]|[12][0-9]|30)$/D', $seconds) ? null : 'The timeout must be 1 to 30 seconds.';
    }
}
