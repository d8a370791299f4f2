<?php

namespace Tests;

use Error;
use Exception;
use GuzzleHttp\Psr7\Response;
use Illuminate\Support\Facades\DB;
use PHPUnit\Framework\Attributes\DataProvider;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

/** `QUEUE_CONNECTION=sync`: the job runs in the request of whoever pays. */
final class SyncQueueTest extends PanelTestCase
{
    public static function answers(): iterable
    {
        yield 'error' => [new Response(500)];
        yield 'no receipt' => [new Response(200)];
        yield 'an error inside' => [new Error('broken client')];
    }

    #[DataProvider('answers')]
    public function testAFailureNeverReachesThePaymentAndIsTriedOnce(mixed $answer): void
    {
        $panel = new Panel('sync');
        $panel->answers->append($answer);
        $service = $panel->service();
        DB::transaction(static fn () => $service->update(['expires_at' => '2027-01-22 00:00:00']));

        self::assertLessThanOrEqual(1, count($panel->requests));
        self::assertCount(1, $panel->log());
        self::assertStringEndsWith('The queue connection "sync" tries once only, so it is lost.', $panel->log()[0]);
    }

    public function testABrokenDatabaseNeverReachesThePayment(): void
    {
        $panel = new Panel('sync');
        $service = $panel->service();
        $panel->database->breaks = new Exception('server has gone away');
        $service->update(['price' => '12.00']);

        self::assertSame('12.00', $panel->database->tables['services'][15]['price']);
        self::assertCount(1, $panel->log());
    }

    public function testSendsAfterTheCommitAndNothingThatIsRolledBack(): void
    {
        $panel = new Panel('sync');
        $service = $panel->service();
        $panel->answers->append(Panel::receipt());
        DB::transaction(static function () use ($panel, $service): void {
            $service->update(['price' => '12.00']);
            self::assertSame([], $panel->requests);
        });
        self::assertCount(1, $panel->requests);

        DB::beginTransaction();
        $service->update(['price' => '14.00']);
        DB::rollBack();
        self::assertCount(1, $panel->requests);
    }

    public function testKeepsNobodyWaitingForLong(): void
    {
        $panel = new Panel('sync', [...Panel::SETTINGS, 'timeout' => '30']);
        $panel->answers->append(Panel::receipt());
        $panel->service()->update(['price' => '12.00']);

        self::assertSame(5, $panel->requests[0]['options']['timeout']);
    }
}
