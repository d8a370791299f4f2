<?php

namespace Tests;

use Paymenter\Extensions\Others\N8nWebhooks\Sending\Signature;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Checks;
use PHPUnit\Framework\TestCase;

final class SignatureTest extends TestCase
{
    public function testIsThatOfStandardWebhooks(): void
    {
        $key = Checks::key('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');

        self::assertSame(
            'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
            Signature::of('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', $key),
        );
    }
}
