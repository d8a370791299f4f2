<?php

namespace App\Models;

class Product extends Model {}
