<?php

namespace App\Events\Service;

use App\Models\Service;

class Deleted
{
    public function __construct(public Service $service) {}
}
