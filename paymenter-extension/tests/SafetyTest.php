<?php

namespace Tests;

use App\Events\InvoiceTransaction;
use App\Events\Property;
use App\Events\Service\Updated;
use App\Events\ServiceCancellation;
use App\Events\User\Updated as UserUpdated;
use App\Models\User;
use Error;
use Exception;
use Illuminate\Database\QueryException;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Log;
use Paymenter\Extensions\Others\N8nWebhooks\N8nWebhooks;
use PDOException;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\RunInSeparateProcess;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;
use Throwable;
use TypeError;

/** Nothing that goes wrong here may reach a checkout, a payment or the nightly run. */
final class SafetyTest extends PanelTestCase
{
    public static function troubles(): iterable
    {
        yield 'no jobs table' => [new QueryException('memory', 'insert into jobs (payload) values (?)', ['secret payload'], new PDOException('no such table: jobs'))];
        yield 'no Redis' => [new Exception('Connection refused')];
        yield 'an error in the queue' => [new TypeError('null given')];
    }

    #[DataProvider('troubles')]
    public function testABrokenQueueBreaksNothingElse(Throwable $trouble): void
    {
        $panel = new Panel;
        $panel->queue->breaks = $trouble;
        $service = $panel->service();
        $service->update(['expires_at' => '2027-01-22 00:00:00']);

        self::assertSame('2027-01-22 00:00:00', $panel->database->tables['services'][15]['expires_at']);
        self::assertCount(1, $panel->log());
        self::assertStringStartsWith('ERROR: N8nWebhooks: An event could not be queued and is lost.', $panel->log()[0]);
        self::assertStringNotContainsString('secret payload', $panel->log()[0]);
    }

    #[DataProvider('troubles')]
    public function testABrokenQueueLetsTheTransactionCommitAndWhatFollowsItRun(Throwable $trouble): void
    {
        $panel = new Panel;
        $panel->queue->breaks = $trouble;
        $service = $panel->service();
        $hasRun = false;
        DB::transaction(static function () use ($service, &$hasRun): void {
            $service->update(['expires_at' => '2027-01-22 00:00:00']);
            DB::afterCommit(static function () use (&$hasRun): void {
                $hasRun = true;
            });
        });

        self::assertTrue($hasRun);
        self::assertSame('2027-01-22 00:00:00', $panel->database->tables['services'][15]['expires_at']);
    }

    public function testNothingIsQueuedBeforeTheOuterTransactionIsCommitted(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        DB::transaction(static function () use ($panel, $service): void {
            DB::transaction(static fn () => $service->update(['price' => '12.00']));
            self::assertSame([], $panel->queue->jobs);
        });

        self::assertCount(1, $panel->queue->jobs);
    }

    public function testNothingIsQueuedForWhatIsRolledBack(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        try {
            DB::transaction(static function () use ($service): void {
                $service->update(['price' => '12.00']);
                throw new Exception('card declined');
            });
        } catch (Exception) {
        }

        self::assertSame('10.00', $panel->database->tables['services'][15]['price']);
        self::assertSame([], $panel->queue->jobs);
    }

    public function testAListenerAsksTheDatabaseNothing(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        $user = User::query()->find(12);
        $panel->database->asked = [];
        $service->update(['product_id' => 8, 'user_id' => 13]);
        $panel->saveProfile($user, ['first_name' => 'Leo'], []);
        $property = $user->properties()->create(['key' => 'discord_id', 'value' => '100']);
        $property->delete();

        self::assertSame(['update services', 'update users', 'insert properties'], $panel->database->asked);
        self::assertCount(4, $panel->queue->jobs);
    }

    public static function eventNames(): iterable
    {
        foreach ([Updated::class, ServiceCancellation\Created::class, InvoiceTransaction\Created::class, UserUpdated::class, Property\Updated::class] as $name) {
            yield $name => [$name];
        }
    }

    #[DataProvider('eventNames')]
    public function testAnEventThatLooksOtherwiseThanKnownIsOnlyLogged(string $name): void
    {
        $panel = new Panel;
        Event::dispatch($name, [null]);
        Event::dispatch($name, ['text']);

        self::assertCount(2, $panel->log());
        self::assertSame([], $panel->queue->jobs);
    }

    public function testEvenALogThatCannotBeWrittenBreaksNothing(): void
    {
        $panel = new Panel;
        $panel->queue->breaks = new Error('no queue');
        $panel->app()->bind('log', static fn () => throw new Error('disk full'));
        Log::clearResolvedInstances();
        $panel->service()->update(['price' => '12.00']);

        self::assertSame('12.00', $panel->database->tables['services'][15]['price']);
    }

    public function testBootingNeverThrows(): void
    {
        $panel = new Panel;
        $panel->app()->bind('events', static fn () => throw new Error('no events'));
        Event::clearResolvedInstances();
        (new N8nWebhooks)->boot();

        self::assertSame(['ERROR: N8nWebhooks: Nothing will be reported. Error: no events'], $panel->log());
    }

    #[RunInSeparateProcess]
    public function testBootingLooksForNoEventClass(): void
    {
        $missing = [];
        spl_autoload_register($look = static function (string $class) use (&$missing): void {
            $missing[] = $class;
        }, prepend: true);
        new Panel;
        spl_autoload_unregister($look);

        self::assertSame([], array_values(array_filter($missing, static fn (string $class): bool => str_starts_with($class, 'App\Events\\'))));
    }
}
