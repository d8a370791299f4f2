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
        $event = match ($moment['model']) {
            'Service\Created' => Moment::ofCreatedService($moment['after']),
            'Service\Updated' => Moment::ofUpdatedService($moment['before'], $moment['after'], substr($moment['now'], 0, 10)),
            'Service\Deleted' => 'subscription.cancelled',
        };

        self::assertSame($moment['event'], $event);
    }

    #[DataProvider('moments')]
    #[TestDox('sends: $_dataName')]
    public function testSends(array $moment): void
    {
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
    }
}
