<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use App\Models\InvoiceItem;
use App\Models\Service;
use Illuminate\Bus\Queueable;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Queue\InteractsWithQueue;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\Log;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Throwable;

/** A failed payment is news about each service on the invoice: a job for each, so that none is resent for another. */
final class TellFailedPayment implements ShouldQueue
{
    use InteractsWithQueue, Patience, Queueable;

    public function __construct(
        private readonly Stamp $stamp,
        private readonly int $invoiceId,
    ) {}

    /** Those that the invoice renews; it may also bill an upgrade or credits. */
    public function handle(): void
    {
        $items = InvoiceItem::query()
            ->where('invoice_id', $this->invoiceId)
            ->where('reference_type', (new Service)->getMorphClass());

        foreach (Service::query()->whereIn('id', $items->pluck('reference_id'))->get() as $service) {
            Bus::dispatch(new DeliverEvent($this->notice($service)));
        }
    }

    public function failed(?Throwable $problem): void
    {
        Log::error("N8nWebhooks: the services that {$this->stamp->id} is about could not be found; it was given up.");
    }

    private function notice(Service $service): Notice
    {
        return new Notice(
            'payment.failed',
            $this->stamp->forService($service->id),
            $service->id,
            $service->user_id,
            $service->product_id,
            unpaidInvoiceId: $this->invoiceId,
        );
    }
}
