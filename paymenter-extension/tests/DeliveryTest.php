<?php

namespace Tests;

use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use Illuminate\Support\Carbon;
use Paymenter\Extensions\Others\N8nWebhooks\Sending\Signature;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Checks;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\TestDox;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class DeliveryTest extends PanelTestCase
{
    private static function renewed(Panel $panel): void
    {
        $panel->service()->update(['expires_at' => '2027-01-22 00:00:00']);
    }

    public function testSendsTheWholeEvent(): void
    {
        $panel = new Panel;
        [$event] = $panel->told(static function () use ($panel): void {
            self::renewed($panel);
            Carbon::setTestNow('2026-11-22T19:53:07.500Z');
        });

        self::assertMatchesRegularExpression('/^pmt_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/', $event['event_id']);
        unset($event['event_id']);
        self::assertSame([
            'event' => 'payment.succeeded',
            'occurred_at' => '2026-11-22T19:53:00.250Z',
            'state_at' => '2026-11-22T19:53:07.500Z',
            'subscription_id' => '15',
            'customer_id' => '12',
            'customer_email' => 'lea@example.test',
            'customer_name' => 'Lea Löwe',
            'previous_customer_id' => null,
            'product_id' => 'fire-knight',
            'tier' => null,
            'status' => 'active',
            'paid_until' => '2027-01-22',
            'ends_at' => null,
            'is_overdue' => false,
        ], $event);
    }

    public function testSignsAndFollowsNoRedirect(): void
    {
        $panel = new Panel(settings: [...Panel::SETTINGS, 'timeout' => '7', 'header_name' => 'X-Webhook-Key', 'header_value' => 'let me in']);
        $panel->told(static fn () => self::renewed($panel));

        ['request' => $request, 'options' => $options] = $panel->requests[0];
        $body = (string) $request->getBody();
        $timestamp = Carbon::now()->getTimestamp();
        $id = json_decode($body, true)['event_id'];
        self::assertSame('POST', $request->getMethod());
        self::assertSame(Panel::URL, (string) $request->getUri());
        self::assertSame('application/json', $request->getHeaderLine('content-type'));
        self::assertSame($id, $request->getHeaderLine('webhook-id'));
        self::assertSame((string) $timestamp, $request->getHeaderLine('webhook-timestamp'));
        self::assertSame(Signature::of($id, $timestamp, $body, Checks::key(Panel::SECRET)), $request->getHeaderLine('webhook-signature'));
        self::assertSame('let me in', $request->getHeaderLine('x-webhook-key'));
        self::assertFalse($options['allow_redirects']);
        self::assertSame([7, 2], [$options['timeout'], $options['connect_timeout']]);
    }

    public static function answers(): iterable
    {
        $refused = 'was refused for good by ' . Panel::URL;
        yield 'delivered' => [new Response(204, ['x-paymenter-event' => 'stored']), 1, null];
        yield 'no receipt' => [new Response(200), 2, 'it answered 200, but without the header x-paymenter-event'];
        yield 'a refusal with a receipt' => [new Response(500, ['x-paymenter-event' => 'stored']), 2, 'it answered 500.'];
        yield 'redirect' => [new Response(301, ['location' => 'https://elsewhere.test']), 2, 'it answered 301, a redirect'];
        yield 'no package' => [new Response(400), 2, 'it answered 400. Is the package n8n-nodes-paymenter-pterodactyl installed'];
        yield 'bad signature' => [new Response(401), 2, 'it answered 401. Is the signing secret the same'];
        yield 'no such webhook' => [new Response(404), 2, 'it answered 404. Is the workflow in n8n active'];
        yield 'malformed' => [new Response(422), 2, 'it answered 422.'];
        yield 'too many' => [new Response(429), 2, 'it answered 429.'];
        yield 'timeout' => [
            new ConnectException('cURL error 28 for ' . Panel::URL, new Request('POST', Panel::URL), null, ['error' => 'Operation timed out after 5001 milliseconds']),
            2,
            'no answer (Operation timed out after 5001 milliseconds).',
        ];
        yield 'gone' => [new Response(410), 2, 'it answered 410.'];
        yield 'a field' => [new Response(422, ['x-paymenter-refused' => 'paid_until']), 1, "$refused (422, paid_until). It is not sent again."];
        yield 'too large' => [new Response(413, ['x-paymenter-refused' => '']), 1, "$refused (413). It is not sent again."];
        yield 'words' => [new Response(422, ['x-paymenter-refused' => 'not for us']), 1, "$refused (422). It is not sent again."];
        yield 'a long token' => [new Response(422, ['x-paymenter-refused' => str_repeat('a', 33)]), 1, "$refused (422). It is not sent again."];
        yield 'two tokens' => [new Response(422, ['x-paymenter-refused' => ['event', 'status']]), 1, "$refused (422). It is not sent again."];
    }

    #[DataProvider('answers')]
    public function testTriesAgainUnlessDeliveredOrRefused(mixed $answer, int $attempts, ?string $problem): void
    {
        $panel = new Panel;
        $panel->answers->append($answer, Panel::receipt());
        self::renewed($panel);
        $panel->workOff();

        self::assertCount($attempts, $panel->requests);
        self::assertSame([], $panel->failedJobs);
        self::assertCount($problem === null ? 0 : 1, $panel->log());
        self::assertStringContainsString($problem ?? '', implode($panel->log()));
    }

    public static function verdicts(): iterable
    {
        foreach (json_decode(file_get_contents(__DIR__ . '/answers.json'), true, flags: JSON_THROW_ON_ERROR) as $answer) {
            yield "{$answer['status']}: {$answer['name']}" => [new Response($answer['status'], $answer['headers']), $answer['outcome']];
        }
    }

    /** The answers that the simulators' sender is held to as well. */
    #[DataProvider('verdicts')]
    #[TestDox('takes as n8n means it: $_dataName')]
    public function testTakesAnAnswerAsN8nMeansIt(Response $answer, string $outcome): void
    {
        $panel = new Panel;
        $panel->answers->append($answer, Panel::receipt());
        self::renewed($panel);
        $panel->workOff();

        self::assertCount($outcome === 'again' ? 2 : 1, $panel->requests);
        self::assertSame($outcome === 'refused', str_contains(implode($panel->log()), 'refused for good'));
    }

    public function testTriesForMoreThanADayWithGrowingPausesThenGivesUp(): void
    {
        $panel = new Panel;
        $times = [];
        $fail = static function () use (&$times): Response {
            $times[] = Carbon::now()->getTimestamp();

            return new Response(503);
        };
        $panel->answers->append(...array_fill(0, 100, $fail));
        self::renewed($panel);

        self::assertGreaterThan(24 * 3600, $panel->workOff());
        self::assertCount(11, $panel->requests);
        $pauses = array_map(static fn (int $at): int => $times[$at + 1] - $times[$at], range(0, 9));
        self::assertSame($pauses, array_values(array_unique($pauses)));
        $sorted = $pauses;
        sort($sorted);
        self::assertSame($sorted, $pauses);
        self::assertCount(1, $panel->failedJobs);
        self::assertStringContainsString('Attempt 11 of 11. It was given up; Retry under Failed Jobs sends it again.', implode($panel->log()));
    }

    public function testReadsTheStateAnewOnEachAttemptAndKeepsTheId(): void
    {
        $panel = new Panel;
        $service = $panel->service();
        $panel->answers->append(new Response(500), Panel::receipt(), Panel::receipt());
        $service->update(['expires_at' => '2027-01-22 00:00:00']);
        $panel->work();
        Carbon::setTestNow('2026-11-22T20:53:00.000Z');
        $service->update(['status' => 'suspended', 'product_id' => 8]);
        $panel->workOff();

        [$first, $again] = $panel->sent();
        self::assertSame($first['event_id'], $again['event_id']);
        self::assertSame($first['occurred_at'], $again['occurred_at']);
        self::assertSame(
            ['payment.succeeded: active, fire-knight until 2027-01-22', 'payment.succeeded: suspended, fire-legend until 2027-01-22'],
            self::words([$first, $again]),
        );
        self::assertSame('2026-11-22T20:53:00.000Z', $again['state_at']);
        $stamps = array_map(static fn (array $exchange): string => $exchange['request']->getHeaderLine('webhook-timestamp'), $panel->requests);
        self::assertSame(3600, (int) $stamps[1] - (int) $stamps[0]);
    }

    public function testUsesTheSettingsOfTheAttempt(): void
    {
        $panel = new Panel;
        $panel->answers->append(new Response(500), Panel::receipt());
        self::renewed($panel);
        $panel->work();
        $panel->save(['webhook_url' => 'https://new.example.test/hook', 'signing_secret' => 'whsec_' . base64_encode(str_repeat('n', 32))]);
        $panel->workOff();

        $request = $panel->requests[1]['request'];
        self::assertSame('https://new.example.test/hook', (string) $request->getUri());
        self::assertSame(
            Signature::of($request->getHeaderLine('webhook-id'), Carbon::now()->getTimestamp(), (string) $request->getBody(), str_repeat('n', 32)),
            $request->getHeaderLine('webhook-signature'),
        );
    }

    public function testEndsWhenTheExtensionIsDisabledMeanwhile(): void
    {
        $panel = new Panel;
        $panel->answers->append(new Response(500));
        self::renewed($panel);
        $panel->work();
        $panel->database->tables['extensions'][1]['enabled'] = false;
        $panel->workOff();

        self::assertCount(1, $panel->requests);
        self::assertSame([], $panel->failedJobs);
    }

    public static function unsound(): iterable
    {
        yield 'nothing' => [[], 'The webhook URL must begin with https://'];
        yield 'secret' => [[...Panel::SETTINGS, 'signing_secret' => 'whsec_'], 'The signing secret must be "whsec_"'];
        yield 'header' => [[...Panel::SETTINGS, 'header_name' => 'X Key', 'header_value' => 'x'], 'The name of the extra header'];
        yield 'header value' => [[...Panel::SETTINGS, 'header_name' => 'X-Key', 'header_value' => "x\ny"], 'The value of the extra header'];
    }

    #[DataProvider('unsound')]
    public function testWaitsForSettingsThatAreSound(array $settings, string $complaint): void
    {
        $panel = new Panel(settings: $settings);
        self::renewed($panel);
        $panel->work();
        self::assertStringContainsString("was not sent: $complaint", implode($panel->log()));
        self::assertSame([], $panel->requests);

        $panel->save(Panel::SETTINGS);
        $panel->answers->append(Panel::receipt());
        $panel->workOff();
        self::assertCount(1, $panel->requests);
    }

    public function testPutsBrokenTextRight(): void
    {
        $panel = new Panel;
        $panel->database->tables['users'][12]['first_name'] = "L\xffa";

        self::assertSame(["L\u{fffd}a Löwe"], array_column($panel->told(static fn () => self::renewed($panel)), 'customer_name'));
    }
}
