<?php

namespace Tests;

use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\Exception\RequestException;
use GuzzleHttp\Psr7\Request;
use GuzzleHttp\Psr7\Response;
use InvalidArgumentException;
use PHPUnit\Framework\Attributes\DataProvider;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class SecrecyTest extends PanelTestCase
{
    private const URL = 'https://hidden-user:hidden-pass@n8n.example.test:8443/webhook/billing?token=hidden-token#hidden-part';

    private const SETTINGS = [
        'webhook_url' => self::URL,
        'signing_secret' => Panel::SECRET,
        'header_name' => 'X-Key',
        'header_value' => 'hidden-value',
    ];

    public static function failures(): iterable
    {
        $request = new Request('POST', self::URL, ['X-Key' => 'hidden-value']);
        yield 'refused' => [self::SETTINGS, new Response(403)];
        yield 'refused for good' => [self::SETTINGS, new Response(422, ['x-paymenter-refused' => 'hidden-value'])];
        yield 'refused with a secret' => [self::SETTINGS, new Response(422, ['x-paymenter-refused' => Panel::SECRET])];
        yield 'redirected' => [self::SETTINGS, new Response(302, ['location' => self::URL])];
        yield 'no connection' => [self::SETTINGS, new ConnectException('Connection refused for URI ' . self::URL, $request)];
        yield 'error that names the URL' => [self::SETTINGS, new ConnectException('', $request, null, ['error' => 'Bad URL ' . self::URL])];
        yield 'broken answer' => [self::SETTINGS, new RequestException('cURL error for ' . self::URL, $request)];
        yield 'header value that no request takes' => [[...self::SETTINGS, 'header_value' => "hidden-value\nX: y"], null];
        yield 'error that names a header' => [self::SETTINGS, new InvalidArgumentException('"hidden-value" is not valid header value')];
        yield 'secret that is none' => [[...self::SETTINGS, 'signing_secret' => 'hidden-secret'], null];
        yield 'URL that is none' => [[...self::SETTINGS, 'webhook_url' => 'http://hidden-user:hidden-pass@n8n.example.test'], null];
    }

    #[DataProvider('failures')]
    public function testNeitherLogNorFailedJobsNameASecret(array $settings, mixed $answer): void
    {
        $had = ini_set('zend.exception_ignore_args', '0');
        try {
            foreach (['memory', 'sync'] as $queue) {
                $panel = new Panel($queue, $settings);
                $panel->answers->append(...($answer === null ? [] : array_fill(0, 11, $answer)));
                $panel->service()->update(['expires_at' => '2027-01-22 00:00:00']);
                $panel->workOff();

                $written = implode("\n", [...$panel->log(), ...$panel->failedJobs]);
                self::assertStringContainsString('N8nWebhooks: payment.succeeded (pmt_', $written);
                self::assertStringNotContainsString('hidden', $written);
                self::assertStringNotContainsString(substr(Panel::SECRET, 0, 12), $written);
            }
        } finally {
            ini_set('zend.exception_ignore_args', $had);
        }
    }

    public function testAQueuedJobHoldsNoSetting(): void
    {
        $panel = new Panel(settings: self::SETTINGS);
        $panel->service()->update(['expires_at' => '2027-01-22 00:00:00']);

        self::assertStringNotContainsString('hidden', $panel->queue->jobs[0]['payload']);
        self::assertStringNotContainsString('whsec_', $panel->queue->jobs[0]['payload']);
    }

    public function testTheLogSaysWhereWithoutSecrets(): void
    {
        $panel = new Panel(settings: self::SETTINGS);
        $panel->answers->append(new Response(500));
        $panel->service()->update(['expires_at' => '2027-01-22 00:00:00']);
        $panel->work();

        self::assertStringContainsString('not delivered to https://n8n.example.test:8443/webhook/billing: it answered 500.', $panel->log()[0]);
    }
}
