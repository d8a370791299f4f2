<?php

namespace Tests\Support;

use Closure;
use PDO;

/** The transactions of a database whose rows live in PHP. */
final class MemoryPdo extends PDO
{
    private bool $isOpen = false;

    public function __construct(private readonly Closure $keep, private readonly Closure $restore) {}

    public function beginTransaction(): bool
    {
        ($this->keep)();

        return $this->isOpen = true;
    }

    public function commit(): bool
    {
        $this->isOpen = false;

        return true;
    }

    public function rollBack(): bool
    {
        ($this->restore)();
        $this->isOpen = false;

        return true;
    }

    public function inTransaction(): bool
    {
        return $this->isOpen;
    }

    public function exec(string $statement): int|false
    {
        return 0;
    }
}
