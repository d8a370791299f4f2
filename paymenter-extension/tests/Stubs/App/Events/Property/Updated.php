<?php

namespace App\Events\Property;

use App\Models\Property;

class Updated
{
    public function __construct(public Property $property) {}
}
