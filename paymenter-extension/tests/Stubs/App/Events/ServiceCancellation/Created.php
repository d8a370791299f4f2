<?php

namespace App\Events\ServiceCancellation;

use App\Models\ServiceCancellation;

class Created
{
    public function __construct(public ServiceCancellation $cancellation) {}
}
