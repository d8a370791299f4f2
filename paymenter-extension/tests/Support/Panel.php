<?php

namespace Tests\Support;

use App\Events\Properties\Updated as PropertiesUpdated;
use App\Models\Extension;
use App\Models\Invoice;
use App\Models\InvoiceItem;
use App\Models\Model;
use App\Models\Product;
use App\Models\Service;
use App\Models\Setting;
use App\Models\User;
use Closure;
use GuzzleHttp\Handler\MockHandler;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\Response;
use Illuminate\Bus\Dispatcher as BusDispatcher;
use Illuminate\Config\Repository;
use Illuminate\Container\Container;
use Illuminate\Contracts\Bus\Dispatcher as BusContract;
use Illuminate\Contracts\Console\Kernel;
use Illuminate\Contracts\Container\Container as ContainerContract;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Events\Dispatcher as EventsContract;
use Illuminate\Database\Connectors\ConnectionFactory;
use Illuminate\Database\DatabaseManager;
use Illuminate\Database\DatabaseTransactionsManager;
use Illuminate\Database\Eloquent\Model as Eloquent;
use Illuminate\Events\Dispatcher;
use Illuminate\Queue\Connectors\ConnectorInterface;
use Illuminate\Queue\Connectors\SyncConnector;
use Illuminate\Queue\Events\JobFailed;
use Illuminate\Queue\QueueManager;
use Illuminate\Queue\Worker;
use Illuminate\Queue\WorkerOptions;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Event;
use Illuminate\Support\Facades\Facade;
use Monolog\Handler\TestHandler;
use Monolog\Logger;
use Paymenter\Extensions\Others\N8nWebhooks\N8nWebhooks;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Receiver;

/** A Paymenter of stand-ins on Laravel's own models, events, transactions, queue and worker. */
final class Panel
{
    public const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

    public const URL = 'https://n8n.example.test/webhook/billing';

    public const SETTINGS = ['webhook_url' => self::URL, 'signing_secret' => self::SECRET];

    public readonly MemoryConnection $database;

    public readonly MemoryQueue $queue;

    public readonly MockHandler $answers;

    /** @var list<array{request: \Psr\Http\Message\RequestInterface, options: array<string, mixed>}> */
    public array $requests = [];

    /** @var list<string> artisan's */
    public array $commands = [];

    /** @var list<string> exceptions of jobs that were given up */
    public array $failedJobs = [];

    /** Who is logged in. */
    private ?int $userId = null;

    private readonly Container $app;

    private readonly TestHandler $log;

    private readonly Worker $worker;

    public function __construct(string $queue = 'memory', array $settings = self::SETTINGS)
    {
        $app = $this->app = new Container;
        Container::setInstance($app);
        Facade::clearResolvedInstances();
        Facade::setFacadeApplication($app);

        $app->instance(ContainerContract::class, $app);
        $app->instance('config', new Repository([
            'database' => ['default' => 'memory', 'connections' => ['memory' => ['driver' => 'memory']]],
            'queue' => ['default' => $queue, 'connections' => ['memory' => ['driver' => 'memory'], 'sync' => ['driver' => 'sync']]],
        ]));
        $this->log = new TestHandler;
        $app->instance('log', new Logger('test', [$this->log]));
        $events = new Dispatcher($app);
        $app->instance('events', $events);
        $app->alias('events', EventsContract::class);
        $app->instance(ExceptionHandler::class, new QuietHandler($this->log));

        $app->instance('auth', new class(fn (): ?int => $this->userId)
        {
            public function __construct(private readonly Closure $userId) {}

            public function id(): ?int
            {
                return ($this->userId)();
            }
        });

        $app->instance('db.transactions', new DatabaseTransactionsManager);
        $this->database = new MemoryConnection;
        $databases = new DatabaseManager($app, new ConnectionFactory($app));
        $databases->extend('memory', fn () => $this->database);
        $app->instance('db', $databases);
        Eloquent::clearBootedModels();
        Eloquent::setConnectionResolver($databases);
        Eloquent::setEventDispatcher($events);

        $this->queue = new MemoryQueue;
        $queues = new QueueManager($app);
        $queues->addConnector('sync', fn () => new SyncConnector);
        $queues->addConnector('memory', fn () => new class($this->queue) implements ConnectorInterface
        {
            public function __construct(private readonly MemoryQueue $queue) {}

            public function connect(array $config)
            {
                return $this->queue;
            }
        });
        $app->instance('queue', $queues);
        $app->instance(BusContract::class, new BusDispatcher($app, fn ($connection = null) => $queues->connection($connection)));
        $events->listen(JobFailed::class, function (JobFailed $event): void {
            $this->failedJobs[] = (string) $event->exception;
        });
        $this->worker = new Worker($queues, $events, $app->make(ExceptionHandler::class), fn () => false);

        $app->instance(Kernel::class, new class($this->commands)
        {
            public function __construct(private array &$commands) {}

            public function call(string $command): int
            {
                $this->commands[] = $command;

                return 0;
            }
        });

        $this->answers = new MockHandler;
        $stack = HandlerStack::create($this->answers);
        $stack->push(Middleware::history($this->requests));
        $app->instance(Receiver::class, new Receiver($stack));

        Product::create(['id' => 4, 'name' => 'Fire Knight', 'slug' => 'fire-knight']);
        Product::create(['id' => 8, 'name' => 'Fire Legend', 'slug' => 'fire-legend']);
        User::create(['id' => 12, 'first_name' => 'Lea', 'last_name' => 'Löwe', 'email' => 'lea@example.test']);
        Extension::create(['id' => 1, 'extension' => 'N8nWebhooks', 'type' => 'other', 'enabled' => true]);
        $this->save($settings);
        (new N8nWebhooks)->boot();
    }

    public static function receipt(): Response
    {
        return new Response(200, ['X-Paymenter-Event' => 'stored']);
    }

    public function save(array $settings): void
    {
        $this->database->tables['settings'] = [];
        foreach ($settings as $key => $value) {
            $isList = is_array($value);
            Setting::create([
                'extension_id' => 1,
                'key' => $key,
                'type' => $isList ? 'array' : 'string',
                'value' => $isList ? json_encode($value) : $value,
            ]);
        }
    }

    /** A service that is there already: nothing is reported. */
    public function service(array $attributes = []): Service
    {
        return Service::withoutEvents(static fn () => Service::create([
            'id' => 15,
            'status' => 'active',
            'user_id' => 12,
            'product_id' => 4,
            'plan_id' => 4,
            'price' => '10.00',
            'expires_at' => '2026-12-22 19:51:57',
            ...$attributes,
        ]));
    }

    /**
     * The account page of whoever is logged in: names and address by the model, properties past it.
     *
     * @param array<string, string> $properties
     */
    public function saveProfile(User $user, array $changes, array $properties): void
    {
        $this->userId = $user->id;
        $user->update($changes);
        // A shop without custom properties.
        if ($properties === []) {
            return;
        }
        $own = ['model_id' => $user->id, 'model_type' => $user->getMorphClass()];
        $rows = array_map(
            static fn (string $key): array => ['key' => $key, 'value' => $properties[$key], ...$own],
            array_keys($properties),
        );
        $user->properties()->upsert($rows, ['key', 'model_id', 'model_type'], ['value']);
        Event::dispatch(new PropertiesUpdated($user, $rows));
    }

    /** An unpaid invoice that bills these. @param list<Model> $billed */
    public function invoice(array $billed): Invoice
    {
        $invoice = Invoice::create(['status' => 'pending']);
        foreach ($billed as $one) {
            InvoiceItem::create(['invoice_id' => $invoice->id, 'reference_type' => $one::class, 'reference_id' => $one->id]);
        }

        return $invoice;
    }

    /** Runs what is due, as `queue:work --tries=1` does. */
    public function work(): self
    {
        $options = new WorkerOptions(sleep: 0, maxTries: 1);
        for ($jobs = 0; $jobs < 100 && $this->isDue(); $jobs++) {
            $this->worker->runNextJob('memory', 'default', $options);
        }

        return $this;
    }

    /** Works until the queue is empty, however long that takes. @return int seconds that it took */
    public function workOff(): int
    {
        $start = Carbon::now()->getTimestamp();
        while ($this->queue->jobs !== []) {
            Carbon::setTestNow(Carbon::createFromTimestamp(max(Carbon::now()->getTimestamp(), min(array_column($this->queue->jobs, 'due')))));
            $this->work();
        }

        return Carbon::now()->getTimestamp() - $start;
    }

    /** What was sent. @return list<array<string, mixed>> */
    public function sent(): array
    {
        return array_map(
            static fn (array $exchange): array => json_decode((string) $exchange['request']->getBody(), true, flags: JSON_THROW_ON_ERROR),
            $this->requests,
        );
    }

    /** What one change makes arrive. @return list<array<string, mixed>> */
    public function told(Closure $change): array
    {
        $before = count($this->requests);
        $this->answers->append(...array_map(self::receipt(...), range(1, 10)));
        $change();
        $this->work();

        return array_slice($this->sent(), $before);
    }

    /** @return list<string> as `WARNING: text` */
    public function log(): array
    {
        return array_map(static fn ($record): string => "{$record->level->getName()}: $record->message", $this->log->getRecords());
    }

    public function app(): Container
    {
        return $this->app;
    }

    private function isDue(): bool
    {
        return array_filter($this->queue->jobs, static fn (array $job): bool => $job['due'] <= Carbon::now()->getTimestamp()) !== [];
    }
}
