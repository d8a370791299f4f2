<?php

namespace App\Events\InvoiceTransaction;

use App\Models\InvoiceTransaction;

class Updated
{
    public function __construct(public InvoiceTransaction $invoiceTransaction) {}
}
