<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use App\Models\Invoice;
use App\Models\Product;
use App\Models\Service;
use App\Models\ServiceCancellation;
use App\Models\User;
use DateTimeInterface;
use Illuminate\Support\Carbon;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\ServiceFacts;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;

/** The body of an event: what the listener noted, with the state of now. */
final class Report
{
    private const NEEDS_PRODUCT = ['subscription.created', 'subscription.updated'];

    /** @return array<string, mixed>|null null: there is nothing to report any more */
    public static function of(Notice $notice, Settings $settings): ?array
    {
        // Before anything is read: whoever says the later moment has seen all that came before.
        $stateAt = Stamp::moment();
        $service = Service::query()->find($notice->serviceId);
        $userId = $service?->user_id ?? $notice->userId;
        if ($userId === null || ! self::isStillTrue($notice, $service)) {
            return null;
        }
        $slug = self::slug($service === null ? $notice->productId : $service->product_id);
        $event = self::event($notice, $slug, $service?->status, $settings->products);
        if ($event === null) {
            return null;
        }
        $paidUntil = self::date($service?->expires_at);

        return [
            'event' => $service === null ? 'subscription.cancelled' : $event,
            'event_id' => $notice->stamp->id,
            'occurred_at' => $notice->stamp->occurredAt,
            'state_at' => $stateAt,
            'subscription_id' => (string) $notice->serviceId,
            ...CustomerReport::fields($userId, User::query()->find($userId), $settings->properties),
            'previous_customer_id' => $notice->previousUserId === null ? null : (string) $notice->previousUserId,
            'product_id' => $slug,
            'tier' => null,
            'status' => $service === null ? 'cancelled' : $service->status,
            'paid_until' => $paidUntil,
            'ends_at' => self::endsWithPeriod($notice->serviceId) ? $paidUntil : null,
            ...($service === null ? [] : self::whatNeedsTheService($service, $notice)),
        ];
    }

    /** @return array{is_overdue: bool, hold_until?: string|null} */
    private static function whatNeedsTheService(Service $service, Notice $notice): array
    {
        $attributes = $service->getAttributes();
        $isByHand = $notice->suspendedByHand && $service->status === 'suspended';

        return [
            'is_overdue' => ! $isByHand && ServiceFacts::of($attributes)->isOverdue(Stamp::today()),
            // Paymenter 1.5.8 does not have it yet.
            ...(array_key_exists('suspend_hold_until', $attributes) ? ['hold_until' => self::date($service->suspend_hold_until)] : []),
        ];
    }

    private static function isStillTrue(Notice $notice, ?Service $service): bool
    {
        if ($notice->unpaidInvoiceId === null) {
            return true;
        }

        return $service?->status !== 'pending'
            && Invoice::query()->whereKey($notice->unpaidInvoiceId)->where('status', '!=', 'paid')->exists();
    }

    /**
     * For the receiver, a service that left the products to report has ended, and one that came (back)
     * to them begins. Without a product nobody could say what a purchase or a change gives, and n8n
     * refuses such an event.
     *
     * @param list<string> $products
     */
    private static function event(Notice $notice, ?string $slug, ?string $status, array $products): ?string
    {
        if ($slug === null) {
            return in_array($notice->event, self::NEEDS_PRODUCT, true) ? null : $notice->event;
        }
        if ($products === []) {
            return $notice->event;
        }
        $previous = self::slug($notice->previousProductId);
        $wasReported = in_array($previous, $products, true);
        if (! in_array($slug, $products, true)) {
            return $wasReported ? 'subscription.cancelled' : null;
        }
        $came = $previous !== null && ! $wasReported;

        return $came && $notice->event === 'subscription.updated' && $status === 'active' ? 'subscription.created' : $notice->event;
    }

    private static function slug(?int $productId): ?string
    {
        return $productId === null ? null : Product::query()->find($productId)?->slug;
    }

    /**
     * As the Admin API shows the attribute in JSON: a date is midnight in Paymenter's time zone, told in
     * UTC; east of Greenwich that is the day before.
     */
    private static function date(mixed $value): ?string
    {
        $shown = $value instanceof DateTimeInterface ? Carbon::instance($value)->toJSON() : $value;

        return $shown === null ? null : substr((string) $shown, 0, 10);
    }

    private static function endsWithPeriod(int $serviceId): bool
    {
        return ServiceCancellation::query()
            ->where('service_id', $serviceId)
            ->where('type', 'end_of_period')
            ->exists();
    }
}
