<?php

namespace Tests;

use App\Events;
use App\Models\InvoiceTransaction;
use App\Models\Product;
use App\Models\Service;
use App\Models\ServiceCancellation;
use App\Models\User;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Event;
use PHPUnit\Framework\Attributes\DataProvider;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

/** What a real Paymenter fired, with its models as they were in that moment. */
final class RecordedEventsTest extends PanelTestCase
{
    public static function recordings(): iterable
    {
        $expected = [
            'checkout: Service\Created (inside the cart transaction, status is not set yet)' => [],
            'new order paid: Service\Updated pending→active' => ['subscription.created: active, fire-knight until 2026-12-22'],
            'one-time product paid: Service\Updated pending→active, expires_at null' => ['subscription.created: active, awakened until '],
            'renewal paid: Service\Updated expires_at only' => ['payment.succeeded: active, fire-knight until 2026-12-25'],
            'payment failed: InvoiceTransaction\Created status=failed' => ['payment.failed: active, fire-knight until 2026-12-22'],
            'cron suspends' => ['payment.failed: suspended, frost-knight until 2026-11-19'],
            'paid again: suspended→active' => ['payment.succeeded: active, fire-knight until 2026-12-22'],
            'upgrade 1/2: product_id+plan_id; lookup.slug is STALE (the relation still holds the old product)' => ['subscription.updated: active, fire-legend until 2026-12-22'],
            'upgrade 2/2: price; lookup.slug is the new one' => ['subscription.updated: active, fire-legend until 2026-12-22'],
            'ServiceCancellation\Created immediate' => [],
            'ServiceCancellation\Created end_of_period' => ['subscription.updated: active, frost-knight until 2026-12-22'],
            'immediate cancellation (queue process)' => ['subscription.cancelled: cancelled, fire-legend until 2026-12-22'],
            'cron terminates' => ['subscription.cancelled: cancelled, frost-elemental until 2026-11-07'],
            'User\Updated e-mail changed' => ['customer.updated: api2@example.test'],
            'Service\Deleted' => ['subscription.cancelled: cancelled, frost-legend until '],
        ];
        foreach ($expected as $name => $told) {
            yield $name => [$name, $told];
        }
    }

    #[DataProvider('recordings')]
    public function testIsTold(string $name, array $expected): void
    {
        $recorded = self::recorded($name);
        $panel = new Panel;
        foreach ([1 => 'awakened', 3 => 'frost-elemental', 5 => 'frost-knight', 9 => 'frost-legend'] as $id => $slug) {
            Product::create(['id' => $id, 'name' => $slug, 'slug' => $slug]);
        }
        Carbon::setTestNow(Carbon::createFromTimestamp((int) $recorded['t']));
        $event = self::event($recorded);
        $this->recordState($panel, $name, $event);

        self::assertSame($expected, self::words($panel->told(static fn () => Event::dispatch($event))));
        self::assertSame([], $panel->log());
    }

    /** The database as it is when the worker looks. */
    private function recordState(Panel $panel, string $name, object $event): void
    {
        if ($event instanceof Events\Service\Deleted) {
            return;
        }
        if (isset($event->service)) {
            $panel->database->tables['services'][$event->service->id] = $event->service->getAttributes();
        }
        if ($event instanceof Events\ServiceCancellation\Created) {
            $panel->service(['id' => 16, 'product_id' => 5]);
        }
        if ($event instanceof Events\User\Updated) {
            $panel->database->tables['users'][$event->user->id] = $event->user->getAttributes();
            $panel->service(['user_id' => $event->user->id, 'product_id' => 9]);
        }
        if ($event instanceof Events\InvoiceTransaction\Created) {
            $panel->database->tables['invoices'][21] = ['id' => 21, 'status' => 'pending'];
            $panel->database->tables['invoice_items'][1] = [
                'id' => 1, 'invoice_id' => 21, 'reference_type' => Service::class, 'reference_id' => $panel->service()->id,
            ];
        }
    }

    private static function event(array $recorded): object
    {
        [$class, $property] = match (true) {
            isset($recorded['service']) => [Service::class, 'service'],
            isset($recorded['cancellation']) => [ServiceCancellation::class, 'cancellation'],
            isset($recorded['invoiceTransaction']) => [InvoiceTransaction::class, 'invoiceTransaction'],
            isset($recorded['user']) => [User::class, 'user'],
        };
        /** @var Model $model */
        $model = new $class;
        $model->setRawAttributes($recorded[$property]['original'], true);
        $model->setRawAttributes($recorded[$property]['attrs']);
        $event = 'App\Events\\' . $recorded['event'];

        return new $event($model);
    }
}
