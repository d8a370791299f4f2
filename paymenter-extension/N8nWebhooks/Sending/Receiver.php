<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Sending;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\ConnectException;
use GuzzleHttp\RequestOptions;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Settings;
use Throwable;

/**
 * n8n's side. Guzzle, not Laravel's `Http`: Paymenter's debug mode writes the headers of each `Http`
 * request to its HTTP log, with the secret header.
 */
final class Receiver
{
    /** n8n has stored the event. */
    public const RECEIPT = 'x-paymenter-event';

    /** n8n needs no such event: a ping, one that is not selected there, or one that it does not know. */
    private const IGNORED = 'x-paymenter-ignored';

    /** n8n cannot take this event, now or later; the value says what is wrong with it. */
    private const REFUSED = 'x-paymenter-refused';

    private const CONNECT_TIMEOUT = 2;

    /** @param callable|null $handler Guzzle's handler; null: the network */
    public function __construct(private $handler = null) {}

    public function take(Message $message, Settings $settings, int $timeout): Outcome
    {
        try {
            $client = new Client($this->handler === null ? [] : ['handler' => $this->handler]);
            $response = $client->post($settings->url, [
                RequestOptions::HEADERS => [
                    ...$settings->extraHeader(),
                    'Content-Type' => 'application/json',
                    'User-Agent' => 'Paymenter-N8nWebhooks',
                    'webhook-id' => $message->id,
                    'webhook-timestamp' => (string) $message->timestamp,
                    'webhook-signature' => Signature::of($message->id, $message->timestamp, $message->body, $settings->key()),
                ],
                RequestOptions::BODY => $message->body,
                RequestOptions::TIMEOUT => $timeout,
                // Paymenter often has one worker: a host that answers nothing must not hold it up.
                RequestOptions::CONNECT_TIMEOUT => min($timeout, self::CONNECT_TIMEOUT),
                RequestOptions::ALLOW_REDIRECTS => false,
                RequestOptions::HTTP_ERRORS => false,
            ]);
        } catch (ConnectException $problem) {
            return Outcome::unanswered(self::why($problem));
        } catch (Throwable $problem) {
            // Messages of Guzzle hold the whole URL and refused header values.
            return Outcome::unanswered($problem::class);
        }

        return Outcome::answered(
            $response->getStatusCode(),
            $response->hasHeader(self::RECEIPT) || $response->hasHeader(self::IGNORED),
            $response->hasHeader(self::REFUSED),
            self::reason($response->getHeaderLine(self::REFUSED), $settings),
        );
    }

    /** Goes to the log: a short token, and nothing that was sent along as a secret. */
    private static function reason(string $said, Settings $settings): ?string
    {
        $isToken = preg_match('/^[A-Za-z0-9_.-]{1,32}$/D', $said) === 1;

        return $isToken && ! in_array($said, $settings->extraHeader(), true) ? $said : null;
    }

    /** cURL's own words, if they do not repeat the URL. */
    private static function why(ConnectException $problem): string
    {
        $error = $problem->getHandlerContext()['error'] ?? '';

        return $error === '' || str_contains($error, '://') ? 'no connection, or none in time' : $error;
    }
}
