<?php

namespace App\Events\InvoiceTransaction;

use App\Models\InvoiceTransaction;

class Created
{
    public function __construct(public InvoiceTransaction $invoiceTransaction) {}
}
