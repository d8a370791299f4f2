<?php

/** What is used of the packages under "replace" in composer.json. */

namespace Symfony\Component\Clock {
    interface ClockInterface extends \Psr\Clock\ClockInterface {}
}

namespace {
    if (! function_exists('array_first')) {
        function array_first(array $values): mixed
        {
            return $values === [] ? null : $values[array_key_first($values)];
        }
    }
    if (! function_exists('array_last')) {
        function array_last(array $values): mixed
        {
            return $values === [] ? null : $values[array_key_last($values)];
        }
    }
}
