<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use App\Models\Product;
use App\Models\Property;
use App\Models\Service;
use App\Models\User;
use Illuminate\Support\Str;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\CustomerNotice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;

/** What is said of a customer: in `customer.updated`, and in every event of a service. */
final class CustomerReport
{
    /** n8n refuses longer values, and with them the whole event. */
    private const MOST_BYTES = 255;

    /** @return array<string, mixed>|null null: there is nothing to report */
    public static function of(CustomerNotice $notice, Settings $settings): ?array
    {
        $stateAt = Stamp::moment();
        $user = User::query()->find($notice->userId);
        if ($user === null || ! $notice->isNews($settings->properties) || ! self::isReported($user, $settings->products)) {
            return null;
        }

        return [
            'event' => 'customer.updated',
            'event_id' => $notice->stamp->id,
            'occurred_at' => $notice->stamp->occurredAt,
            'state_at' => $stateAt,
            ...self::fields($user->id, $user, $settings->properties),
            ...($notice->previousEmail === null ? [] : ['previous_email' => $notice->previousEmail]),
        ];
    }

    /**
     * @param User|null $user null: deleted; their properties are then not told, which leaves them as they were
     * @param list<string> $keys of the properties to send
     * @return array{customer_id: string, customer_email: ?string, customer_name: ?string, customer_properties?: object}
     */
    public static function fields(int $userId, ?User $user, array $keys): array
    {
        return [
            'customer_id' => (string) $userId,
            'customer_email' => $user?->email,
            'customer_name' => self::visible("$user?->first_name $user?->last_name"),
            ...($user === null || $keys === [] ? [] : ['customer_properties' => self::properties($user, $keys)]),
        ];
    }

    /**
     * The rest of the shop's users is no business of n8n's.
     *
     * @param list<string> $products slugs of the products to report; empty: all
     */
    private static function isReported(User $user, array $products): bool
    {
        $services = Service::query()->where('user_id', $user->id)->whereIn('status', ['active', 'suspended']);
        if ($products !== []) {
            $services->whereIn('product_id', Product::query()->whereIn('slug', $products)->pluck('id'));
        }

        return $services->exists();
    }

    /** @param list<string> $keys */
    private static function properties(User $user, array $keys): object
    {
        $values = Property::query()
            ->where('model_type', $user->getMorphClass())
            ->where('model_id', $user->id)
            ->whereIn('key', $keys)
            ->pluck('value', 'key');
        $told = [];
        foreach ($keys as $key) {
            $told[$key] = self::visible(mb_strcut((string) ($values[$key] ?? ''), 0, self::MOST_BYTES, 'UTF-8'));
        }

        return (object) $told;
    }

    /** Paymenter's portal takes texts of invisible characters only. */
    private static function visible(string $text): ?string
    {
        $visible = Str::trim($text);

        return $visible === '' ? null : $visible;
    }
}
