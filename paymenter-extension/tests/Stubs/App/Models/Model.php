<?php

namespace App\Models;

/** Stand-ins keep what the extension relies on: tables, casts, and an event at each change. */
abstract class Model extends \Illuminate\Database\Eloquent\Model
{
    public $timestamps = false;

    protected $guarded = [];
}
