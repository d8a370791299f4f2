<?php

namespace Tests;

use App\Attributes\ExtensionMeta;
use Paymenter\Extensions\Others\N8nWebhooks\N8nWebhooks;
use PHPUnit\Framework\TestCase;
use ReflectionClass;

/** What Paymenter's upload and its list of extensions ask for. */
final class PackagingTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../N8nWebhooks';

    public function testTheExtensionIsTheOnlyClassAtTheTop(): void
    {
        self::assertSame([self::FOLDER . '/N8nWebhooks.php'], glob(self::FOLDER . '/*.php'));
        self::assertMatchesRegularExpression('/^class N8nWebhooks extends Extension$/m', file_get_contents(self::FOLDER . '/N8nWebhooks.php'));
    }

    public function testItsDescriptionIsOneThatEveryVersionReads(): void
    {
        $meta = (new ReflectionClass(N8nWebhooks::class))->getAttributes(ExtensionMeta::class)[0]->newInstance();

        self::assertSame('https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl', $meta->url);
    }
}
