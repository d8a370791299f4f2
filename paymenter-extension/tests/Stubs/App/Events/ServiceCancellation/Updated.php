<?php

namespace App\Events\ServiceCancellation;

use App\Models\ServiceCancellation;

class Updated
{
    public function __construct(public ServiceCancellation $cancellation) {}
}
