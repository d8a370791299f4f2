<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

/** Which event a moment in Paymenter is; null where it is none. Takes raw values of models. */
final class Moment
{
    /** @param array<string, mixed> $after */
    public static function ofCreatedService(array $after): ?string
    {
        return ServiceFacts::of($after)->status === 'active' ? 'subscription.created' : null;
    }

    /**
     * @param array<string, mixed> $before
     * @param array<string, mixed> $after
     * @param string $today `YYYY-MM-DD` in Paymenter's time zone
     */
    public static function ofUpdatedService(array $before, array $after, string $today): ?string
    {
        $old = ServiceFacts::of($before);
        $new = ServiceFacts::of($after);

        return $old->status === $new->status
            ? self::ofSameStatus($old, $new)
            : self::ofNewStatus($old, $new, $today);
    }

    /**
     * @param array<string, mixed> $before
     * @param array<string, mixed> $after
     */
    public static function isSuspensionByHand(array $before, array $after, string $today): bool
    {
        $new = ServiceFacts::of($after);

        return $new->status === 'suspended'
            && ServiceFacts::of($before)->status !== 'suspended'
            && ! $new->isOverdue($today);
    }

    /** @param array<string, mixed> $cancellation */
    public static function isAboutTheEnd(array $cancellation): bool
    {
        return ($cancellation['type'] ?? null) === 'end_of_period';
    }

    /**
     * @param array<string, mixed> $before empty for a transaction that was just created
     * @param array<string, mixed> $after without a status before Paymenter 1.4.0
     */
    public static function isNewFailure(array $before, array $after): bool
    {
        return ($after['status'] ?? null) === 'failed' && ($before['status'] ?? null) !== 'failed';
    }

    /**
     * @param array<string, mixed> $before without what was not loaded
     * @param array<string, mixed> $after
     */
    public static function isAboutCustomer(array $before, array $after): bool
    {
        foreach (['first_name', 'last_name', 'email'] as $field) {
            if (array_key_exists($field, $before) && $before[$field] !== ($after[$field] ?? null)) {
                return true;
            }
        }

        return false;
    }

    private static function ofNewStatus(ServiceFacts $old, ServiceFacts $new, string $today): ?string
    {
        return match ($new->status) {
            'active' => $old->isNew() ? 'subscription.created' : 'payment.succeeded',
            'suspended' => $new->isOverdue($today) ? 'payment.failed' : 'subscription.updated',
            'cancelled' => 'subscription.cancelled',
            default => $old->isNew() ? null : 'subscription.updated',
        };
    }

    private static function ofSameStatus(ServiceFacts $old, ServiceFacts $new): ?string
    {
        if (! $new->isLive()) {
            return null;
        }
        $isForEver = $new->expires === null && $new->status === 'active';
        if ($old->expires !== null && ($isForEver || $new->expires > $old->expires)) {
            return 'payment.succeeded';
        }

        return $old == $new ? null : 'subscription.updated';
    }
}
