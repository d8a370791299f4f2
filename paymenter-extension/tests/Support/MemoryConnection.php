<?php

namespace Tests\Support;

use Illuminate\Database\Connection;
use Throwable;

/** Laravel's connection, with its transactions and their callbacks; rows live in PHP. */
final class MemoryConnection extends Connection
{
    /** @var array<string, array<int, array<string, mixed>>> rows by table and id */
    public array $tables = [];

    /** @var list<string> what was asked of the database, as `select services` */
    public array $asked = [];

    /** What a broken database throws when something is read. */
    public ?Throwable $breaks = null;

    private array $kept = [];

    public function __construct()
    {
        parent::__construct(new MemoryPdo(
            function (): void {
                $this->kept = $this->tables;
            },
            function (): void {
                $this->tables = $this->kept;
            },
        ), '', '', ['name' => 'memory']);
    }

    public function query()
    {
        return new MemoryQuery($this, $this->getQueryGrammar(), $this->getPostProcessor());
    }
}
