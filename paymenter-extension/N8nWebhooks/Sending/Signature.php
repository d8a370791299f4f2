<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use SensitiveParameter;

/** Standard Webhooks, symmetric: HMAC-SHA256 over `id.timestamp.body`. */
final class Signature
{
    /** @param string $key the decoded bytes of the signing secret */
    public static function of(string $id, int $timestamp, string $body, #[SensitiveParameter] string $key): string
    {
        return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    }
}
