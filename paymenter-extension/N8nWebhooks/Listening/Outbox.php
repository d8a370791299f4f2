<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Listening;

use Closure;
use Illuminate\Support\Facades\Bus;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Log;
use Throwable;

/**
 * The way from Paymenter's code into the queue. Whatever goes wrong on it stays here: an exception
 * would undo checkouts, payments and the nightly run.
 */
final class Outbox
{
    /**
     * Queues the job that `$make` returns (null: none) when the transaction around it has been
     * committed, and not at all when it is rolled back. The job's own `afterCommit()` does not do: it
     * would queue where nothing catches, and what a broken queue throws there breaks the payment.
     */
    public static function put(Closure $make): void
    {
        self::guard('An event could not be queued and is lost', static function () use ($make): void {
            $job = $make();
            if ($job === null) {
                return;
            }
            DB::afterCommit(static function () use ($job): void {
                self::guard('An event could not be queued and is lost', static fn () => Bus::dispatch($job));
            });
        });
    }

    public static function guard(string $consequence, Closure $do): void
    {
        try {
            $do();
        } catch (Throwable $problem) {
            self::complain($consequence, $problem);
        }
    }

    /** The innermost message: that of a `QueryException` holds the whole job. */
    private static function complain(string $consequence, Throwable $problem): void
    {
        try {
            while ($problem->getPrevious() !== null) {
                $problem = $problem->getPrevious();
            }
            Log::error("N8nWebhooks: $consequence. " . $problem::class . ": {$problem->getMessage()}");
        } catch (Throwable) {
        }
    }
}
