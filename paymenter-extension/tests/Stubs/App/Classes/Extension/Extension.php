<?php

namespace App\Classes\Extension;

/** With the hooks as 1.3 declares them: other versions pass the extension's record. */
class Extension
{
    public function __construct(public $config = []) {}

    public function getConfig($values = [])
    {
        return [];
    }

    public function enabled() {}

    public function updated() {}

    public function boot() {}
}
