<?php

namespace App\Models;

class Extension extends Model
{
    public function settings()
    {
        return $this->hasMany(Setting::class);
    }
}
