<?php

namespace App\Events\User;

use App\Models\User;

class Updated
{
    public function __construct(public User $user) {}
}
