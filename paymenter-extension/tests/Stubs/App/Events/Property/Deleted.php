<?php

namespace App\Events\Property;

use App\Models\Property;

class Deleted
{
    public function __construct(public Property $property) {}
}
