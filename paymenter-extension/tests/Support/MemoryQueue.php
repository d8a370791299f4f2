<?php

namespace Tests\Support;

use Illuminate\Contracts\Queue\Queue as QueueContract;
use Illuminate\Queue\Queue;
use Illuminate\Support\Carbon;
use Throwable;

/** Laravel's queue, with its payloads and its waiting for commits; jobs live in PHP. */
final class MemoryQueue extends Queue implements QueueContract
{
    /** @var list<array{payload: string, attempts: int, due: int}> */
    public array $jobs = [];

    /** As Paymenter configures its queues since 1.4. */
    protected $dispatchAfterCommit = true;

    /** What a broken queue throws when something is pushed. */
    public ?Throwable $breaks = null;

    public function size($queue = null)
    {
        return count($this->jobs);
    }

    public function pendingSize($queue = null)
    {
        return count($this->jobs);
    }

    public function delayedSize($queue = null)
    {
        return 0;
    }

    public function reservedSize($queue = null)
    {
        return 0;
    }

    public function creationTimeOfOldestPendingJob($queue = null)
    {
        return null;
    }

    public function push($job, $data = '', $queue = null)
    {
        return $this->later(0, $job, $data, $queue);
    }

    public function pushRaw($payload, $queue = null, array $options = [])
    {
        $this->put($payload, 0, 0);
    }

    public function later($delay, $job, $data = '', $queue = null)
    {
        $payload = $this->createPayload($job, 'default', $data, $delay);

        return $this->enqueueUsing($job, $payload, $queue, $delay, fn () => $this->put($payload, 0, $this->secondsUntil($delay)));
    }

    public function put(string $payload, int $attempts, int $delay): void
    {
        if ($this->breaks !== null) {
            throw $this->breaks;
        }
        $this->jobs[] = ['payload' => $payload, 'attempts' => $attempts, 'due' => Carbon::now()->getTimestamp() + $delay];
    }

    public function pop($queue = null)
    {
        foreach ($this->jobs as $at => $job) {
            if ($job['due'] <= Carbon::now()->getTimestamp()) {
                array_splice($this->jobs, $at, 1);

                return new MemoryJob($this->container, $this, $job['payload'], $job['attempts'] + 1);
            }
        }

        return null;
    }
}
