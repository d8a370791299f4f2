<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

use App\Events\InvoiceTransaction;
use App\Events\Properties;
use App\Events\Property;
use App\Events\Service;
use App\Events\ServiceCancellation;
use App\Events\User;
use App\Models\User as UserModel;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Event;
use Paymenter\Extensions\Others\N8nWebhooks\Jobs\DeliverCustomer;
use Paymenter\Extensions\Others\N8nWebhooks\Jobs\DeliverEvent;
use Paymenter\Extensions\Others\N8nWebhooks\Jobs\TellFailedPayment;

/**
 * Paymenter's model events and the job that each is worth; null: none. They fire inside payments and
 * transactions, with relations that may be stale: a listener takes raw values of its model, no more.
 */
final class Listeners
{
    /** Names only: an event class that a version of Paymenter lacks is never looked for. */
    private const READERS = [
        Service\Created::class => 'serviceCreated',
        Service\Updated::class => 'serviceUpdated',
        Service\Deleted::class => 'serviceDeleted',
        ServiceCancellation\Created::class => 'cancellation',
        ServiceCancellation\Updated::class => 'cancellation',
        ServiceCancellation\Deleted::class => 'cancellation',
        InvoiceTransaction\Created::class => 'transaction',
        InvoiceTransaction\Updated::class => 'transaction',
        User\Updated::class => 'user',
        Property\Created::class => 'property',
        Property\Updated::class => 'property',
        Property\Deleted::class => 'property',
        Properties\Updated::class => 'profile',
    ];

    public static function listen(): void
    {
        foreach (self::READERS as $event => $reader) {
            Event::listen($event, static function ($event) use ($reader): void {
                Outbox::put(static fn () => self::$reader($event));
            });
        }
    }

    private static function serviceCreated(object $event): ?ShouldQueue
    {
        $after = $event->service->getAttributes();
        $name = Moment::ofCreatedService($after);

        return $name === null ? null : self::aboutService($name, $after);
    }

    private static function serviceUpdated(object $event): ?ShouldQueue
    {
        $before = $event->service->getRawOriginal();
        $after = $event->service->getAttributes();
        $today = Stamp::today();
        $name = Moment::ofUpdatedService($before, $after, $today);
        $byHand = Moment::isSuspensionByHand($before, $after, $today);

        return $name === null ? null : self::aboutService($name, $after, $before, $byHand);
    }

    private static function serviceDeleted(object $event): ShouldQueue
    {
        return self::aboutService('subscription.cancelled', $event->service->getAttributes());
    }

    private static function cancellation(object $event): ?ShouldQueue
    {
        $cancellation = $event->cancellation->getAttributes();
        if (! Moment::isAboutTheEnd($cancellation)) {
            return null;
        }

        return new DeliverEvent(
            new Notice('subscription.updated', Stamp::now(), (int) $cancellation['service_id']),
        );
    }

    private static function transaction(object $event): ?ShouldQueue
    {
        $after = $event->invoiceTransaction->getAttributes();
        if (! Moment::isNewFailure($event->invoiceTransaction->getRawOriginal(), $after)) {
            return null;
        }

        return new TellFailedPayment(Stamp::now(), (int) $after['invoice_id']);
    }

    private static function user(object $event): ?ShouldQueue
    {
        $before = $event->user->getRawOriginal();
        $after = $event->user->getAttributes();
        if (! Moment::isAboutCustomer($before, $after)) {
            return null;
        }
        $old = $before['email'] ?? null;

        return new DeliverCustomer(new CustomerNotice(
            Stamp::now(),
            (int) $after['id'],
            previousEmail: $old === ($after['email'] ?? null) ? null : $old,
        ));
    }

    /** In the admin area, or by another extension. Services have properties too. */
    private static function property(object $event): ?ShouldQueue
    {
        $after = $event->property->getAttributes();
        if (($after['model_type'] ?? null) !== (new UserModel)->getMorphClass()) {
            return null;
        }
        $keys = array_filter([$event->property->getRawOriginal('key'), $after['key'] ?? null]);

        return new DeliverCustomer(new CustomerNotice(Stamp::now(), (int) $after['model_id'], properties: $keys));
    }

    /**
     * The customer's own account page writes past the models: `Property\Updated` is not fired. What is
     * fired says neither whose properties were saved nor which: they are those of whoever is logged in.
     */
    private static function profile(): ?ShouldQueue
    {
        $userId = Auth::id();

        return $userId === null ? null : new DeliverCustomer(new CustomerNotice(Stamp::now(), (int) $userId, properties: []));
    }

    /**
     * @param array<string, mixed> $after
     * @param array<string, mixed> $before empty where nothing has changed
     */
    private static function aboutService(string $name, array $after, array $before = [], bool $suspendedByHand = false): ShouldQueue
    {
        $id = static fn (array $attributes, string $key): ?int => isset($attributes[$key]) ? (int) $attributes[$key] : null;
        $previous = static fn (string $key): ?int => $id($before, $key) === $id($after, $key) ? null : $id($before, $key);

        return new DeliverEvent(new Notice(
            $name,
            Stamp::now(),
            (int) $after['id'],
            $id($after, 'user_id'),
            $id($after, 'product_id'),
            previousUserId: $previous('user_id'),
            previousProductId: $previous('product_id'),
            suspendedByHand: $suspendedByHand,
        ));
    }
}
