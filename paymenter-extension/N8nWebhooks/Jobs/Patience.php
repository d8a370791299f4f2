<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

/** How often a job is tried: for a bit more than a day. These win over the worker's own options. */
trait Patience
{
    /** @return list<int> seconds before each further attempt */
    public function backoff(): array
    {
        return [10, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200];
    }

    public function tries(): int
    {
        return count($this->backoff()) + 1;
    }
}
