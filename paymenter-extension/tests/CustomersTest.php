<?php

namespace Tests;

use App\Events\Properties;
use App\Models\Property;
use App\Models\Service;
use App\Models\User;
use GuzzleHttp\Psr7\Response;
use Illuminate\Support\Facades\Event;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class CustomersTest extends PanelTestCase
{
    private const KEYS = [...Panel::SETTINGS, 'customer_properties' => 'minecraft_username, discord_id'];

    public static function cases(): iterable
    {
        foreach (json_decode(file_get_contents(__DIR__ . '/customers.json'), true, flags: JSON_THROW_ON_ERROR) as $case) {
            yield $case['name'] => [$case];
        }
    }

    /** The cases that the simulator of Paymenter is held to as well. */
    #[DataProvider('cases')]
    #[TestDox('tells: $_dataName')]
    public function testTells(array $case): void
    {
        $panel = new Panel(settings: [
            ...Panel::SETTINGS,
            'products' => $case['products'] ?? [],
            'customer_properties' => implode(' , ', $case['keys']),
        ]);
        foreach ($case['services'] as $at => $service) {
            $panel->service(['id' => 15 + $at, ...$service]);
        }
        foreach ($case['properties'] as $key => $value) {
            self::set($key, $value);
        }
        $told = $panel->told(static fn () => self::change($panel, $case['change']));

        $fields = array_flip(['event', 'customer_email', 'customer_name', 'previous_email', 'customer_properties']);
        self::assertEquals($case['sends'], array_map(static fn (array $event): array => array_intersect_key($event, $fields), $told));
        self::assertSame([], $panel->log());
    }

    private static function change(Panel $panel, array $change): void
    {
        $user = User::query()->find(12);
        match ($change['in']) {
            'service' => Service::query()->find(15)->update(['price' => $change['price']]),
            'profile' => $panel->saveProfile($user, $change['user'], $change['properties']),
            'admin' => self::edit($user, $change['key'], $change['value']),
        };
    }

    private static function edit(User $user, string $key, ?string $value): void
    {
        $property = $user->properties()->where('key', $key)->first();
        match (true) {
            $property === null => $user->properties()->create(['key' => $key, 'value' => $value]),
            $value === null => $property->delete(),
            default => $property->update(['value' => $value]),
        };
    }

    /** A property that is there already: nothing is reported. */
    private static function set(string $key, string $value, string $of = User::class, int $id = 12): Property
    {
        return Property::withoutEvents(
            static fn () => Property::create(['key' => $key, 'value' => $value, 'model_type' => $of, 'model_id' => $id]),
        );
    }

    public function testSendsTheWholeEvent(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $panel->service();
        [$event] = $panel->told(static fn () => User::query()->find(12)->update(['email' => 'leo@example.test']));

        self::assertMatchesRegularExpression('/^pmt_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/', $event['event_id']);
        unset($event['event_id']);
        self::assertSame([
            'event' => 'customer.updated',
            'occurred_at' => '2026-11-22T19:53:00.250Z',
            'state_at' => '2026-11-22T19:53:00.250Z',
            'customer_id' => '12',
            'customer_email' => 'leo@example.test',
            'customer_name' => 'Lea Löwe',
            'customer_properties' => ['minecraft_username' => null, 'discord_id' => null],
            'previous_email' => 'lea@example.test',
        ], $event);
    }

    /** PHP takes such keys for a list's. */
    public function testPropertiesAreAnObjectWhateverTheirKeys(): void
    {
        $panel = new Panel(settings: [...Panel::SETTINGS, 'customer_properties' => '0, 1']);
        $panel->service();
        $panel->told(static fn () => self::edit(User::query()->find(12), '1', 'one'));

        self::assertStringContainsString('"customer_properties":{"0":null,"1":"one"}', (string) $panel->requests[0]['request']->getBody());
    }

    public function testTellsOfAPropertyWhoseKeyIsChanged(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $panel->service();
        $property = self::set('discord_id', '100');

        self::assertSame(
            [['minecraft_username' => null, 'discord_id' => null]],
            array_column($panel->told(static fn () => $property->update(['key' => 'discord'])), 'customer_properties'),
        );
        self::assertCount(1, $panel->told(static fn () => $property->update(['key' => 'discord_id'])));
    }

    public function testPropertiesOfServicesAreNobodysNews(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $service = $panel->service(['id' => 12]);

        self::assertSame([], $panel->told(static function () use ($service): void {
            $property = $service->properties()->create(['key' => 'discord_id', 'value' => '100']);
            $property->update(['value' => '101']);
            $property->delete();
        }));
        self::set('discord_id', '100', $service::class);
        self::assertSame(
            [['minecraft_username' => null, 'discord_id' => null]],
            array_column($panel->told(static fn () => $service->update(['price' => '12.00'])), 'customer_properties'),
        );
    }

    /** Registration saves properties before anybody is logged in. */
    public function testIsSilentAboutAProfileOfNobody(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $panel->service();
        $user = User::query()->find(12);

        self::assertSame([], $panel->told(static fn () => Event::dispatch(new Properties\Updated($user, []))));
        self::assertSame([], $panel->log());
    }

    public function testIsSilentAboutAUserWhoseFieldsWereNotLoaded(): void
    {
        $panel = new Panel;
        $panel->service();
        $user = (new User)->setRawAttributes(['id' => 12], true);
        $user->exists = true;

        self::assertSame([], $panel->told(static fn () => $user->update(['email' => 'lea@example.test'])));
        self::assertSame([], $panel->log());
    }

    public function testHasNoWordForAUserWhoIsGone(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $service = $panel->service();
        self::set('discord_id', '100');
        $told = $panel->told(static function () use ($service): void {
            self::edit(User::query()->find(12), 'discord_id', '101');
            User::query()->find(12)->delete();
            $service->update(['price' => '12.00']);
        });

        self::assertSame(['subscription.updated'], array_column($told, 'event'));
        self::assertArrayNotHasKey('customer_properties', $told[0]);
    }

    public function testReadsTheStateAnewOnEachAttemptAndKeepsTheId(): void
    {
        $panel = new Panel(settings: self::KEYS);
        $panel->service();
        $panel->answers->append(new Response(500), Panel::receipt(), Panel::receipt());
        self::edit(User::query()->find(12), 'discord_id', '100');
        $panel->work();
        self::edit(User::query()->find(12), 'discord_id', '101');
        $panel->workOff();

        $sent = $panel->sent();
        self::assertSame(['100', '101', '101'], array_column(array_column($sent, 'customer_properties'), 'discord_id'));
        self::assertCount(2, array_unique(array_column($sent, 'event_id')));
        self::assertStringContainsString("customer.updated ({$sent[0]['event_id']}) of customer 12 was not delivered", $panel->log()[0]);
    }
}
