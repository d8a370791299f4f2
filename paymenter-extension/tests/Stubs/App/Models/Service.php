<?php

namespace App\Models;

use App\Events\Service\Created;
use App\Events\Service\Updated;
use App\Events\Service\Deleted;

class Service extends Model
{
    protected $casts = ['expires_at' => 'date'];

    protected $dispatchesEvents = [
        'created' => Created::class,
        'updated' => Updated::class,
        'deleted' => Deleted::class,
    ];
}
