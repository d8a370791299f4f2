<?php

namespace App\Models;

use App\Enums\InvoiceTransactionStatus;
use App\Events\InvoiceTransaction\Created;
use App\Events\InvoiceTransaction\Updated;

class InvoiceTransaction extends Model
{
    protected $casts = ['status' => InvoiceTransactionStatus::class];

    protected $dispatchesEvents = [
        'created' => Created::class,
        'updated' => Updated::class,
    ];
}
