<?php

namespace App\Models;

use App\Events\User\Updated;

class User extends Model
{
    protected $dispatchesEvents = [
        'updated' => Updated::class,
    ];

    public function properties()
    {
        return $this->morphMany(Property::class, 'model');
    }
}
