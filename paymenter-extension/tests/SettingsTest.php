<?php

namespace Tests;

use App\Models\Product;
use Error;
use GuzzleHttp\Psr7\Response;
use Illuminate\Contracts\Console\Kernel;
use Paymenter\Extensions\Others\N8nWebhooks\N8nWebhooks;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;
use PHPUnit\Framework\Attributes\DataProvider;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class SettingsTest extends PanelTestCase
{
    public static function values(): iterable
    {
        $key = static fn (int $bytes): string => 'whsec_' . base64_encode(str_repeat('k', $bytes));
        foreach (['https://n8n.example.com/webhook/x', 'https://user:pass@n8n.example.com:8443/x?y=z', 'HTTPS://10.0.0.1/'] as $url) {
            yield "sound $url" => ['webhook_url', $url, null];
        }
        foreach (['http://n8n.example.com', 'n8n.example.com', 'https://', 'https:///x', 'ftp://x.example', 'https://x.example/a b', "https://x.example/a\u{200b}b", "https://x.example/\xff"] as $url) {
            yield "unsound $url" => ['webhook_url', $url, 'must begin with https://'];
        }
        yield 'URL pasted with invisible characters around it' => ['webhook_url', "\u{feff}https://n8n.example.com/\u{200b}", null];
        yield 'pasted with blanks around it' => ['signing_secret', " \u{a0}" . $key(32) . "\u{200b}\n", null];
        yield '24 bytes' => ['signing_secret', $key(24), null];
        yield '64 bytes' => ['signing_secret', $key(64), null];
        foreach (['23 bytes' => $key(23), '65 bytes' => $key(65), 'no prefix' => substr($key(32), 6), 'no base64' => 'whsec_' . str_repeat('!', 44), 'without padding' => rtrim($key(32), '=')] as $name => $secret) {
            yield "secret $name" => ['signing_secret', $secret, 'openssl rand -base64 32'];
        }
        yield 'header' => ['header_name', 'X-Webhook-Key', null];
        foreach (['X Key', 'X-Key:'] as $header) {
            yield "header $header" => ['header_name', $header, 'letters, digits and dashes'];
        }
        foreach (['Webhook-Signature', 'content-type', 'HOST'] as $header) {
            yield "header $header" => ['header_name', $header, 'sets that header itself'];
        }
        yield 'header value' => ['header_value', 'Bearer abc', null];
        foreach (["a\nb", 'ä'] as $value) {
            yield "header value $value" => ['header_value', $value, 'plain letters'];
        }
        foreach (['minecraft_username', 'minecraft_username, discord_id', "a.b-c_1 ,\u{a0}0,", ',', implode(',', range(1, 20)), str_repeat('k', 64)] as $keys) {
            yield "keys $keys" => ['customer_properties', $keys, null];
        }
        foreach (['discord id', 'naïve', 'a;b', str_repeat('k', 65), implode(',', range(1, 21))] as $keys) {
            yield "keys $keys" => ['customer_properties', $keys, 'at most 20 custom properties, separated by commas'];
        }
        yield '1 second' => ['timeout', '1', null];
        yield '30 seconds' => ['timeout', '30', null];
        foreach (['0', '31', '5.5', '-1', '5s'] as $seconds) {
            yield "$seconds seconds" => ['timeout', $seconds, 'must be 1 to 30 seconds'];
        }
    }

    #[DataProvider('values')]
    public function testTheFormTellsWhatIsWrong(string $name, string $value, ?string $complaint): void
    {
        new Panel;
        $said = null;
        self::field($name)['validation'][0]->validate($name, $value, static function (string $message) use (&$said): void {
            $said = $message;
        });

        self::assertSame($complaint === null, $said === null);
        self::assertStringContainsString($complaint ?? '', $said ?? '');
        if ($name === 'signing_secret') {
            self::assertStringNotContainsString($value, $said ?? '');
        }
    }

    public function testTheFormSuggestsASecretThatItTakes(): void
    {
        new Panel;
        preg_match('/whsec_\S+/', self::field('signing_secret')['description'], $suggested);

        self::assertNull(Settings::of([...Panel::SETTINGS, 'signing_secret' => $suggested[0]])->complaint());
        self::assertStringContainsString('whsec_', self::field('signing_secret', ['signing_secret' => 'wrong'])['description']);
        self::assertStringNotContainsString('whsec_', self::field('signing_secret', Panel::SETTINGS)['description']);
    }

    public function testInvisibleCharactersAroundAValueDoNotCount(): void
    {
        $settings = Settings::of(['webhook_url' => "\u{feff}" . Panel::URL . "\u{200b}", 'signing_secret' => Panel::SECRET . "\u{a0}"]);

        self::assertNull($settings->complaint());
        self::assertSame(Panel::URL, $settings->url);
    }

    /** Billing must go on, whatever stands there. */
    public function testUnsoundPropertiesAreNone(): void
    {
        self::assertSame(['b', 'a'], Settings::of(['customer_properties' => " b,a ,,b\u{200b}"])->properties);
        self::assertSame([], Settings::of([...Panel::SETTINGS, 'customer_properties' => 'a, b c'])->properties);
        self::assertNull(Settings::of([...Panel::SETTINGS, 'customer_properties' => 'a, b c'])->complaint());
        self::assertSame([], Settings::of([])->properties);
    }

    /** Paymenter starts a log file each day. */
    public function testTheFormNamesTheLogFile(): void
    {
        new Panel;

        self::assertStringContainsString('storage/logs/laravel-YYYY-MM-DD.log', self::field('webhook_url')['description']);
    }

    public function testTheFormEncryptsSecrets(): void
    {
        new Panel;
        $encrypted = array_column(array_filter(self::fields(), static fn (array $field): bool => $field['encrypted'] ?? false), 'name');

        self::assertSame(['signing_secret', 'header_value'], $encrypted);
    }

    /** Before 1.5.0, Paymenter reads values of the types boolean, integer and float wrongly. */
    public function testTheFormHasOnlyFieldsThatEveryVersionKnows(): void
    {
        new Panel;

        self::assertSame(['text', 'password', 'select', 'number'], array_values(array_unique(array_column(self::fields(), 'type'))));
        self::assertSame(['array'], array_column(self::fields(), 'database_type'));
    }

    public function testTheFormOffersProductsAndThoseChosenBefore(): void
    {
        new Panel;
        Product::create(['id' => 9, 'name' => 'Year', 'slug' => '2026']);

        self::assertSame([
            ['value' => 'fire-knight', 'label' => 'Fire Knight (fire-knight)'],
            ['value' => 'fire-legend', 'label' => 'Fire Legend (fire-legend)'],
            ['value' => '2026', 'label' => 'Year (2026)'],
            ['value' => 'awakened', 'label' => 'no product has this slug (awakened)'],
        ], self::field('products', ['products' => ['fire-knight', 'awakened']])['options']);
    }

    public function testTheFormOpensWithoutADatabase(): void
    {
        $panel = new Panel;
        $panel->database->breaks = new Error('gone');

        self::assertSame([], self::field('products')['options']);
    }

    public function testSavingShowsInTheLogThatItWorks(): void
    {
        $panel = new Panel;
        [$ping] = $panel->told(static fn () => (new N8nWebhooks)->updated());

        self::assertSame(['event', 'event_id', 'occurred_at', 'state_at'], array_keys($ping));
        self::assertSame('ping', $ping['event']);
        self::assertSame(['NOTICE: N8nWebhooks: the ping was delivered to ' . Panel::URL . '. The settings work.'], $panel->log());
    }

    public function testSavingShowsInTheLogThatItDoesNotWork(): void
    {
        $panel = new Panel;
        $panel->answers->append(new Response(401));
        (new N8nWebhooks)->updated();
        $panel->work();

        self::assertStringStartsWith('WARNING: N8nWebhooks: the ping was not delivered to ' . Panel::URL . ': it answered 401.', $panel->log()[0]);
    }

    /** Else what the worker itself does, such as a cancellation at once, would not be reported. */
    public function testSavingRestartsTheQueueWorker(): void
    {
        $panel = new Panel;
        (new N8nWebhooks)->updated();

        self::assertSame(['queue:restart'], $panel->commands);
    }

    public function testAWorkerThatCannotBeRestartedKeepsNoPingBack(): void
    {
        $panel = new Panel;
        $panel->app()->bind(Kernel::class, static fn () => throw new Error('gone'));

        self::assertCount(1, $panel->told(static fn () => (new N8nWebhooks)->updated()));
        self::assertSame('ERROR: N8nWebhooks: The queue worker could not be restarted. Error: gone', $panel->log()[0]);
    }

    /** Paymenter calls `enabled` before it saves that the extension is. */
    public function testEnablingPingsOnceItIsSaved(): void
    {
        $panel = new Panel;
        $panel->database->tables['extensions'][1]['enabled'] = false;
        (new N8nWebhooks)->enabled();
        $panel->work();
        $panel->database->tables['extensions'][1]['enabled'] = true;
        $panel->answers->append(Panel::receipt());
        $panel->workOff();

        self::assertSame(['ping'], array_column($panel->sent(), 'event'));
    }

    public function testADisabledExtensionPingsNobody(): void
    {
        $panel = new Panel;
        $panel->database->tables['extensions'][1]['enabled'] = false;

        self::assertSame([], $panel->told(static fn () => (new N8nWebhooks)->updated()));
    }

    /** @return list<array<string, mixed>> */
    private static function fields(array $values = []): array
    {
        return (new N8nWebhooks)->getConfig($values);
    }

    /** @return array<string, mixed> */
    private static function field(string $name, array $values = []): array
    {
        return array_column(self::fields($values), null, 'name')[$name];
    }
}
