<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use Illuminate\Support\Facades\Log;
use RuntimeException;

/** Its message goes to the log and to Failed Jobs: it names no secret, and has no cause that might. */
final class NotDelivered extends RuntimeException
{
    /** Laravel asks this when an attempt failed: a line in the log instead of a stack trace. */
    public function report(): void
    {
        Log::warning($this->getMessage());
    }
}
