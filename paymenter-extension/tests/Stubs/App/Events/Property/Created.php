<?php

namespace App\Events\Property;

use App\Models\Property;

class Created
{
    public function __construct(public Property $property) {}
}
