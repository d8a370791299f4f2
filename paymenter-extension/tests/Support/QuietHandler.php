<?php

namespace Tests\Support;

use DateTimeImmutable;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Monolog\Handler\TestHandler;
use Monolog\Level;
use Monolog\LogRecord;
use Throwable;

/** Reports as Laravel's handler does: by the exception's own `report()`, else the whole exception to the log. */
final class QuietHandler implements ExceptionHandler
{
    public function __construct(private readonly TestHandler $log) {}

    public function report(Throwable $e)
    {
        if (method_exists($e, 'report')) {
            $e->report();

            return;
        }
        $this->log->handle(new LogRecord(new DateTimeImmutable, 'test', Level::Error, (string) $e));
    }

    public function shouldReport(Throwable $e)
    {
        return true;
    }

    public function render($request, Throwable $e)
    {
        throw $e;
    }

    public function renderForConsole($output, Throwable $e) {}
}
