<?php

namespace App\Models;

use App\Events\Service\Created;
use App\Events\Service\Updated;
use App\Events\Service\Deleted;

class Service extends Model
{
    /** Of `suspend_hold_until`, which services have after 1.5.8; null: none. */
    public static ?string $holdCast = 'date';

    protected function casts(): array
    {
        return array_filter(['expires_at' => 'date', 'suspend_hold_until' => self::$holdCast]);
    }

    protected $dispatchesEvents = [
        'created' => Created::class,
        'updated' => Updated::class,
        'deleted' => Deleted::class,
    ];

    public function properties()
    {
        return $this->morphMany(Property::class, 'model');
    }
}
