<?php

namespace App\Models;

use App\Events\Property\Created;
use App\Events\Property\Deleted;
use App\Events\Property\Updated;

class Property extends Model
{
    protected $dispatchesEvents = [
        'created' => Created::class,
        'updated' => Updated::class,
        'deleted' => Deleted::class,
    ];
}
