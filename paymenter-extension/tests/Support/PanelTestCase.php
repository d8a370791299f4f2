<?php

namespace Tests\Support;

use Illuminate\Support\Carbon;
use PHPUnit\Framework\TestCase;

abstract class PanelTestCase extends TestCase
{
    protected const NOW = '2026-11-22T19:53:00.250Z';

    protected function setUp(): void
    {
        Carbon::setTestNow(self::NOW);
    }

    protected function tearDown(): void
    {
        Carbon::setTestNow();
        date_default_timezone_set('UTC');
    }

    /** @return list<string> as `subscription.updated: active, fire-knight until 2026-12-22`, or `customer.updated: lea@example.test` */
    protected static function words(array $events): array
    {
        return array_map(
            static fn (array $event): string => "{$event['event']}: " . (isset($event['subscription_id'])
                ? "{$event['status']}, {$event['product_id']} until {$event['paid_until']}"
                : $event['customer_email']),
            $events,
        );
    }

    /** @return array<string, mixed> */
    protected static function recorded(string $name): array
    {
        $file = __DIR__ . '/../../../test/recordings/paymenter/event-samples.json';

        return json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR)[$name];
    }
}
