<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use App\Models\Service;
use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Database\Eloquent\Builder;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\Log;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Throwable;

/** One moment that is news about several services: a job for each, so that none is resent for another. */
abstract class TellEach implements ShouldQueue
{
    use InteractsWithQueue, Patience, Queueable;

    public function __construct(protected readonly Stamp $stamp) {}

    /** @return Builder<Service> */
    abstract protected function services(): Builder;

    abstract protected function notice(Stamp $stamp, Service $service): Notice;

    public function handle(): void
    {
        foreach ($this->services()->get() as $service) {
            $stamp = $this->stamp->forService($service->id);
            Bus::dispatch(new DeliverEvent($this->notice($stamp, $service)));
        }
    }

    public function failed(?Throwable $problem): void
    {
        Log::error("N8nWebhooks: the services that {$this->stamp->id} is about could not be found; it was given up.");
    }
}
