<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Settings;

use App\Models\Extension;
use Illuminate\Support\Str;
use SensitiveParameter;

final readonly class Settings
{
    public const DEFAULT_TIMEOUT = 5;

    private const EXTENSION = 'N8nWebhooks';

    /**
     * @param list<string> $products slugs; empty: all
     * @param list<string> $properties keys of the customers' properties to send
     */
    private function __construct(
        #[SensitiveParameter]
        public string $url,
        #[SensitiveParameter]
        private string $secret,
        private string $headerName,
        #[SensitiveParameter]
        private string $headerValue,
        public array $products,
        public array $properties,
        public int $timeout,
    ) {}

    /**
     * As saved at this moment; null where the extension is disabled or uninstalled. A worker keeps the
     * extensions it has started with, so each job asks.
     */
    public static function ofEnabledExtension(): ?self
    {
        $extension = Extension::query()
            ->where('extension', self::EXTENSION)
            ->where('enabled', true)
            ->first();

        return $extension === null ? null : self::of($extension->settings->pluck('value', 'key')->all());
    }

    /** @param array<string, mixed> $values what the form has saved */
    public static function of(#[SensitiveParameter] array $values): self
    {
        $text = static fn (string $key): string => is_scalar($values[$key] ?? null) ? Str::trim((string) $values[$key]) : '';
        $timeout = $text('timeout');
        $properties = $text('customer_properties');

        return new self(
            $text('webhook_url'),
            $text('signing_secret'),
            $text('header_name'),
            $text('header_value'),
            self::slugs($values['products'] ?? []),
            Checks::properties($properties) === null ? Checks::listed($properties) : [],
            Checks::timeout($timeout) === null ? (int) $timeout : self::DEFAULT_TIMEOUT,
        );
    }

    /**
     * @param mixed $saved a list, or nothing
     * @return list<string>
     */
    public static function slugs(mixed $saved): array
    {
        return is_array($saved) ? array_values(array_map(strval(...), array_filter($saved, is_scalar(...)))) : [];
    }

    /** Why nothing can be sent; null: all is well. */
    public function complaint(): ?string
    {
        return Checks::url($this->url)
            ?? Checks::secret($this->secret)
            ?? ($this->hasExtraHeader() ? Checks::headerName($this->headerName) ?? Checks::headerValue($this->headerValue) : null);
    }

    public function hasSoundSecret(): bool
    {
        return Checks::secret($this->secret) === null;
    }

    /** The bytes to sign with. Only where there is no complaint. */
    public function key(): string
    {
        return Checks::key($this->secret);
    }

    /** @return array<string, string> */
    public function extraHeader(): array
    {
        return $this->hasExtraHeader() ? [$this->headerName => $this->headerValue] : [];
    }

    /** The URL for a log: without user, password, query and fragment. */
    public function place(): string
    {
        $parts = parse_url($this->url);
        $port = isset($parts['port']) ? ":{$parts['port']}" : '';

        return "https://{$parts['host']}$port" . ($parts['path'] ?? '');
    }

    private function hasExtraHeader(): bool
    {
        return $this->headerName !== '' && $this->headerValue !== '';
    }
}
