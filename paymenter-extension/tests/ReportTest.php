<?php

namespace Tests;

use App\Models\Product;
use App\Models\Service;
use App\Models\ServiceCancellation;
use App\Models\User;
use GuzzleHttp\Psr7\Response;
use Illuminate\Support\Carbon;
use PHPUnit\Framework\Attributes\DataProvider;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class ReportTest extends PanelTestCase
{
    public function testTellsOnlyOfTheChosenProductsAndThatOneHasEndedWhichLeftThem(): void
    {
        $panel = new Panel(settings: [...Panel::SETTINGS, 'products' => ['fire-knight']]);
        $service = $panel->service();

        self::assertSame(
            ['subscription.updated: active, fire-knight until 2026-12-22'],
            self::words($panel->told(static fn () => $service->update(['price' => '12.00']))),
        );
        self::assertSame(
            ['subscription.cancelled: active, fire-legend until 2026-12-22'],
            self::words($panel->told(static fn () => $service->update(['product_id' => 8]))),
        );
        self::assertSame([], $panel->told(static fn () => $service->update(['status' => 'suspended'])));
        self::assertSame(
            ['subscription.updated: suspended, fire-knight until 2026-12-22'],
            self::words($panel->told(static fn () => $service->update(['product_id' => 4]))),
        );
        $panel->told(static fn () => $service->update(['status' => 'active', 'product_id' => 8]));
        self::assertSame(
            ['subscription.created: active, fire-knight until 2026-12-22'],
            self::words($panel->told(static fn () => $service->update(['product_id' => 4]))),
        );
        self::assertSame([], $panel->queue->jobs);
    }

    public function testTellsOfAServiceWhoseProductIsGone(): void
    {
        $panel = new Panel(settings: [...Panel::SETTINGS, 'products' => ['fire-knight']]);
        $service = $panel->service();
        Product::query()->find(4)->delete();

        self::assertSame(
            ['payment.succeeded: active,  until 2027-01-22'],
            self::words($panel->told(static fn () => $service->update(['expires_at' => '2027-01-22 00:00:00']))),
        );
        self::assertSame([], $panel->told(static fn () => $service->update(['price' => '11.00'])));
    }

    public function testTellsOfADeletedServiceWithWhatIsLeft(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        [$event] = $panel->told(static function () use ($service): void {
            $service->delete();
            User::query()->find(12)->delete();
        });

        self::assertSame(['subscription.cancelled: cancelled, fire-knight until '], self::words([$event]));
        self::assertSame(['15', '12', null, null], [$event['subscription_id'], $event['customer_id'], $event['customer_email'], $event['customer_name']]);
        self::assertArrayNotHasKey('is_overdue', $event);
    }

    public function testTellsThatAServiceHasEndedWhichVanishedBeforeItsEventWasSent(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        $told = $panel->told(static function () use ($panel, $service): void {
            $service->update(['price' => '12.00']);
            $panel->database->tables['services'] = [];
        });

        self::assertSame(['subscription.cancelled: cancelled, fire-knight until '], self::words($told));
    }

    public function testTellsWhoHadItBefore(): void
    {
        $panel = new Panel;
        User::create(['id' => 13, 'first_name' => '', 'last_name' => null, 'email' => 'cy@example.test']);
        $service = $panel->service();
        [$event] = $panel->told(static fn () => $service->update(['user_id' => 13]));

        self::assertSame(['13', 'cy@example.test', null, '12'], [$event['customer_id'], $event['customer_email'], $event['customer_name'], $event['previous_customer_id']]);
    }

    public static function names(): iterable
    {
        yield 'zero-width spaces' => ["\u{200b}", "\u{200b}", null];
        yield 'Hangul fillers' => ["\u{3164}", "\u{ffa0}", null];
        yield 'no-break spaces' => ["\u{a0}", null, null];
        yield 'one of two' => ["\u{200b}", 'Löwe', 'Löwe'];
        yield 'the other' => ['0', "\u{200b}", '0'];
    }

    #[DataProvider('names')]
    public function testTellsNoNameThatNobodyCanSee(?string $first, ?string $last, ?string $told): void
    {
        $panel = new Panel;
        $service = $panel->service();
        User::withoutEvents(static fn () => User::query()->find(12)->update(['first_name' => $first, 'last_name' => $last]));

        self::assertSame([$told], array_column($panel->told(static fn () => $service->update(['price' => '12.00'])), 'customer_name'));
    }

    public function testTellsTheEndThatWasAskedForUntilItIsWithdrawn(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        $asked = null;
        $end = static function () use ($service, &$asked): void {
            $asked = ServiceCancellation::create(['service_id' => $service->id, 'type' => 'end_of_period']);
        };

        self::assertSame(['2026-12-22'], array_column($panel->told($end), 'ends_at'));
        self::assertSame(['2026-12-22'], array_column($panel->told(static fn () => $asked->update(['reason' => 'too dear'])), 'ends_at'));
        self::assertSame(['2027-01-22'], array_column($panel->told(static fn () => $service->update(['expires_at' => '2027-01-22'])), 'ends_at'));
        self::assertSame([null], array_column($panel->told(static fn () => $asked->delete()), 'ends_at'));
    }

    public function testHasNoWordForAnImmediateCancellation(): void
    {
        $panel = new Panel;
        $service = $panel->service();

        self::assertSame([], $panel->told(static fn () => ServiceCancellation::create(['service_id' => $service->id, 'type' => 'immediate'])));
        self::assertSame([null], array_column($panel->told(static fn () => $service->update(['price' => '12.00'])), 'ends_at'));
    }

    public function testHasNoWordForACancellationWhoseServiceIsGone(): void
    {
        $panel = new Panel;

        self::assertSame([], $panel->told(static fn () => ServiceCancellation::create(['service_id' => 99, 'type' => 'end_of_period'])));
        self::assertSame([], $panel->log());
    }

    public static function zones(): iterable
    {
        yield 'UTC' => ['UTC', '2026-12-22 19:51:57', '2026-12-22'];
        yield 'east of it, late' => ['Europe/Berlin', '2026-12-22 23:51:57', '2026-12-21'];
        yield 'east of it, early' => ['Asia/Tokyo', '2026-12-22 00:10:00', '2026-12-21'];
        yield 'west of it' => ['America/New_York', '2026-12-22 23:51:57', '2026-12-22'];
        yield 'summer time' => ['Europe/London', '2026-07-22 12:00:00', '2026-07-21'];
    }

    /** The Admin API lets Laravel write the attribute as JSON. */
    #[DataProvider('zones')]
    public function testCutsTheDateAsTheAdminApiDoes(string $zone, string $expires, string $date): void
    {
        date_default_timezone_set($zone);
        $panel = new Panel;
        $service = $panel->service(['expires_at' => $expires, 'status' => 'suspended']);
        $shown = json_decode(json_encode(['expires_at' => Service::query()->find(15)->expires_at]), true)['expires_at'];
        [$event] = $panel->told(static fn () => $service->update(['price' => '1.00']));

        self::assertSame($date, $event['paid_until']);
        self::assertSame(substr($shown, 0, 10), $event['paid_until']);
    }

    public static function holds(): iterable
    {
        foreach (['Europe/Berlin', 'America/New_York'] as $zone) {
            foreach (['date', 'datetime', 'immutable_datetime', null] as $cast) {
                foreach ([null, '2026-12-22', '2026-12-22 00:00:00', '2026-12-22 12:00:00'] as $value) {
                    yield "$zone, " . ($cast ?? 'not cast') . ', ' . ($value ?? 'none') => [$zone, $cast, $value];
                }
            }
        }
    }

    /** Whichever way a newer Paymenter casts it. */
    #[DataProvider('holds')]
    public function testCutsTheHoldAsTheAdminApiDoes(string $zone, ?string $cast, ?string $value): void
    {
        date_default_timezone_set($zone);
        Service::$holdCast = $cast;
        try {
            $panel = new Panel;
            $service = $panel->service(['suspend_hold_until' => $value]);
            $shown = json_decode(json_encode(Service::query()->find(15)->suspend_hold_until));
            [$event] = $panel->told(static fn () => $service->update(['price' => '1.00']));
        } finally {
            Service::$holdCast = 'date';
        }

        self::assertArrayHasKey('hold_until', $event);
        self::assertSame($shown === null ? null : substr($shown, 0, 10), $event['hold_until']);
    }

    public function testLeavesTheHoldOutWhereTheServiceIsGone(): void
    {
        $panel = new Panel;
        $service = $panel->service(['suspend_hold_until' => '2026-12-22']);
        [$event] = $panel->told(static fn () => $service->delete());

        self::assertArrayNotHasKey('hold_until', $event);
    }

    /** A service is overdue by the calendar of the moment in which its event is sent. */
    public function testLooksAtTheCalendarOnEachAttempt(): void
    {
        date_default_timezone_set('Europe/Berlin');
        Carbon::setTestNow('2026-05-02T21:59:55Z');
        $panel = new Panel;
        $service = $panel->service(['expires_at' => '2026-05-02 00:00:00']);
        $panel->answers->append(new Response(500), Panel::receipt());
        $service->update(['price' => '12.00']);
        $panel->work();
        Carbon::setTestNow('2026-05-02T22:00:05Z');
        $panel->work();

        self::assertSame([false, true], array_column($panel->sent(), 'is_overdue'));
    }

    /** Time alone must not turn a suspension by hand into one for want of payment. */
    public function testTellsOfASuspensionByHandAsOneWhenItIsDeliveredAfterTheLastPaidDay(): void
    {
        Carbon::setTestNow('2026-12-22T20:00:00Z');
        $panel = new Panel;
        $service = $panel->service(['expires_at' => '2026-12-22 00:00:00']);
        $panel->answers->append(new Response(500), Panel::receipt(), Panel::receipt());
        $service->update(['status' => 'suspended']);
        $panel->work();
        Carbon::setTestNow('2026-12-23T00:30:00Z');
        $panel->work();
        $service->update(['price' => '12.00']);
        $panel->work();

        self::assertSame([false, false, true], array_column($panel->sent(), 'is_overdue'));
    }
}
