<?php

namespace App\Events\Service;

use App\Models\Service;

class Updated
{
    public function __construct(public Service $service) {}
}
