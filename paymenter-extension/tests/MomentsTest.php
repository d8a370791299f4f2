<?php

namespace Tests;

use App\Models\Product;
use App\Models\Service;
use Illuminate\Support\Carbon;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Moment;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

/** The cases that the simulator of Paymenter is held to as well. */
final class MomentsTest extends PanelTestCase
{
    public static function moments(): iterable
    {
        $moments = json_decode(file_get_contents(__DIR__ . '/moments.json'), true, flags: JSON_THROW_ON_ERROR);
        foreach ($moments as $moment) {
            yield $moment['name'] => [$moment];
        }
    }

    #[DataProvider('moments')]
    #[TestDox('decides: $_dataName')]
    public function testDecides(array $moment): void
    {
        $zone = $moment['zone'] ?? 'UTC';
        $event = match ($moment['model']) {
            'Service\Created' => Moment::ofCreatedService($moment['after']),
            'Service\Updated' => Moment::ofUpdatedService($moment['before'], $moment['after'], Carbon::parse($moment['now'])->setTimezone($zone)->format('Y-m-d')),
            'Service\Deleted' => 'subscription.cancelled',
        };

        self::assertSame($moment['event'], $event);
    }

    #[DataProvider('moments')]
    #[TestDox('sends: $_dataName')]
    public function testSends(array $moment): void
    {
        date_default_timezone_set($moment['zone'] ?? 'UTC');
        $panel = new Panel;
        Product::create(['id' => 1, 'name' => 'Awakened', 'slug' => 'awakened']);
        Carbon::setTestNow($moment['now']);
        $told = $panel->told(static function () use ($panel, $moment): void {
            match ($moment['model']) {
                'Service\Created' => Service::create($moment['after']),
                'Service\Updated' => $panel->service($moment['before'])->update($moment['after']),
                'Service\Deleted' => $panel->service($moment['after'])->delete(),
            };
        });

        // n8n takes no purchase and no change without a product.
        $isTold = $moment['event'] !== null && ($moment['after']['product_id'] ?? null) !== null;
        self::assertSame($isTold ? [$moment['event']] : [], array_column($told, 'event'));
        self::assertSame($told === [] ? [] : [$moment['previous_customer_id'] ?? null], array_column($told, 'previous_customer_id'));
        foreach ($moment['sends'] ?? [] as $field => $value) {
            self::assertSame([$field => $value], array_intersect_key($told[0], [$field => true]));
        }
        // A field is left out where the service, or what it tells of, is not there.
        $keys = array_keys($told[0] ?? []);
        self::assertSame($told !== [] && $moment['model'] !== 'Service\Deleted', in_array('is_overdue', $keys, true));
        self::assertSame($told !== [] && array_key_exists('suspend_hold_until', $moment['after']), in_array('hold_until', $keys, true));
    }
}
