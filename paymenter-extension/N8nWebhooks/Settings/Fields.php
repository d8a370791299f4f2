<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Settings;

use App\Models\Product;
use Closure;
use Throwable;

/** The form of the settings. Fields that every Paymenter from 1.2 on shows and saves alike. */
final class Fields
{
    /**
     * @param array<string, mixed> $values as saved; empty at first
     * @return list<array<string, mixed>>
     */
    public static function all(array $values): array
    {
        return [
            [
                'name' => 'webhook_url',
                'label' => 'Webhook URL',
                'type' => 'text',
                'placeholder' => 'https://n8n.example.com/webhook/paymenter',
                'description' => 'The production URL that the node Paymenter Trigger in n8n shows. Saving sends a ping; '
                    . 'whether it arrived is in the newest storage/logs/laravel-YYYY-MM-DD.log, in a line with "N8nWebhooks".',
                'required' => true,
                'validation' => self::check(Checks::url(...)),
            ],
            [
                'name' => 'signing_secret',
                'label' => 'Signing secret',
                'type' => 'password',
                'placeholder' => 'whsec_…',
                'description' => 'The same as in the credential Paymenter Webhook API in n8n.' . self::suggestion($values),
                'required' => true,
                'encrypted' => true,
                'validation' => self::check(Checks::secret(...)),
            ],
            [
                'name' => 'products',
                'label' => 'Products to report',
                'type' => 'select',
                'multiple' => true,
                'database_type' => 'array',
                'default' => [],
                'description' => 'Empty: all. When a service changes to a product that is not chosen here, its subscription is reported as cancelled.',
                'options' => self::products(Settings::slugs($values['products'] ?? [])),
            ],
            [
                'name' => 'customer_properties',
                'label' => 'Customer properties to send',
                'type' => 'text',
                'placeholder' => 'minecraft_username, discord_id',
                'description' => 'Keys of your custom properties for users, separated by commas; empty: none. '
                    . 'They travel with every event, and a change of one is reported.',
                'validation' => self::check(Checks::properties(...)),
            ],
            [
                'name' => 'timeout',
                'label' => 'Timeout in seconds',
                'type' => 'number',
                'default' => (string) Settings::DEFAULT_TIMEOUT,
                'description' => '1 to 30; empty: ' . Settings::DEFAULT_TIMEOUT . '. An event that n8n does not confirm in time is sent again later, for more than a day.',
                'validation' => self::check(Checks::timeout(...)),
            ],
            [
                'name' => 'header_name',
                'label' => 'Extra header: name',
                'type' => 'text',
                'placeholder' => 'X-Webhook-Key',
                'description' => 'Only where a proxy in front of n8n asks for one. It is sent when both name and value are filled in.',
                'validation' => self::check(Checks::headerName(...)),
            ],
            [
                'name' => 'header_value',
                'label' => 'Extra header: value',
                'type' => 'password',
                'description' => 'What the proxy expects in that header.',
                'encrypted' => true,
                'validation' => self::check(Checks::headerValue(...)),
            ],
        ];
    }

    /** @return list<Checked> */
    private static function check(Closure $check): array
    {
        return [new Checked($check)];
    }

    /** @param array<string, mixed> $values */
    private static function suggestion(array $values): string
    {
        return Settings::of($values)->hasSoundSecret()
            ? ''
            : ' A fresh one, for you to copy: ' . Checks::SECRET_PREFIX . base64_encode(random_bytes(32));
    }

    /**
     * @param list<string> $chosen
     * @return list<array{value: string, label: string}>
     */
    private static function products(array $chosen): array
    {
        try {
            $names = Product::query()->whereNotNull('slug')->pluck('name', 'slug')->all();
        } catch (Throwable) {
            $names = [];
        }
        $gone = array_fill_keys(array_diff($chosen, array_map(strval(...), array_keys($names))), 'no product has this slug');
        $options = [];
        foreach ($names + $gone as $slug => $name) {
            $options[] = ['value' => (string) $slug, 'label' => "$name ($slug)"];
        }

        return $options;
    }
}
