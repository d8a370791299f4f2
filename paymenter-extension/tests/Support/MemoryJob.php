<?php

namespace Tests\Support;

use Illuminate\Container\Container;
use Illuminate\Contracts\Queue\Job as JobContract;
use Illuminate\Queue\Jobs\Job;

final class MemoryJob extends Job implements JobContract
{
    public function __construct(
        Container $container,
        private readonly MemoryQueue $memory,
        private readonly string $payload,
        private readonly int $attempts,
    ) {
        $this->container = $container;
        $this->connectionName = 'memory';
        $this->queue = 'default';
    }

    public function release($delay = 0)
    {
        parent::release($delay);
        $this->memory->put($this->payload, $this->attempts, $delay);
    }

    public function attempts()
    {
        return $this->attempts;
    }

    public function getJobId()
    {
        return '1';
    }

    public function getRawBody()
    {
        return $this->payload;
    }
}
