<?php

namespace App\Models;

class InvoiceItem extends Model {}
