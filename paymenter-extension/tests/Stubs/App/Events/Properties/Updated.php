<?php

namespace App\Events\Properties;

use Illuminate\Database\Eloquent\Model;

/** Keeps nothing of what it is given, in every Paymenter so far. */
class Updated
{
    public function __construct(Model $model, array $properties) {}
}
