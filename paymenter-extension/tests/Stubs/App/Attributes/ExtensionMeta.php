<?php

namespace App\Attributes;

use Attribute;

/** As in 1.3: without `icon`. */
#[Attribute(Attribute::TARGET_CLASS)]
class ExtensionMeta
{
    public function __construct(
        public string $name,
        public string $description,
        public string $version,
        public string $author,
        public string $url = '',
    ) {}
}
