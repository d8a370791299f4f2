<?php

namespace App\Models;

/** Paymenter decodes a value when it is read, by its `type`. */
class Setting extends Model
{
    protected static function booted(): void
    {
        static::retrieved(static function (self $setting): void {
            if ($setting->type === 'array') {
                $setting->value = json_decode($setting->value, true);
            }
        });
    }
}
