<?php

namespace App\Events\Service;

use App\Models\Service;

class Created
{
    public function __construct(public Service $service) {}
}
