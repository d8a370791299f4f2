<?php

namespace App\Events\ServiceCancellation;

use App\Models\ServiceCancellation;

class Deleted
{
    public function __construct(public ServiceCancellation $cancellation) {}
}
