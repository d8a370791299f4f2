<?php

namespace App\Models;

use App\Events\ServiceCancellation\Created;
use App\Events\ServiceCancellation\Updated;
use App\Events\ServiceCancellation\Deleted;

class ServiceCancellation extends Model
{
    protected $dispatchesEvents = [
        'created' => Created::class,
        'updated' => Updated::class,
        'deleted' => Deleted::class,
    ];
}
