<?php

namespace Tests\Support;

use Illuminate\Database\Query\Builder;
use LogicException;

/** @property MemoryConnection $connection */
final class MemoryQuery extends Builder
{
    public function exists()
    {
        return $this->runSelect() !== [];
    }

    public function insertGetId(array $values, $sequence = null)
    {
        $this->connection->asked[] = "insert $this->from";
        $rows = $this->connection->tables[$this->from] ?? [];
        $id = $values['id'] ?? ($rows === [] ? 1 : max(array_keys($rows)) + 1);
        $this->connection->tables[$this->from][$id] = [...$values, 'id' => $id];

        return $id;
    }

    public function update(array $values)
    {
        $this->connection->asked[] = "update $this->from";
        foreach ($this->ids() as $id) {
            $this->connection->tables[$this->from][$id] = [...$this->connection->tables[$this->from][$id], ...$values];
        }

        return count($this->ids());
    }

    public function upsert(array $values, $uniqueBy, $update = null)
    {
        foreach ($values as $row) {
            $same = array_filter(
                $this->connection->tables[$this->from] ?? [],
                static fn (array $old): bool => array_intersect_key($old, array_flip($uniqueBy)) == array_intersect_key($row, array_flip($uniqueBy)),
            );
            $id = array_key_first($same) ?? $this->insertGetId($row);
            $this->connection->tables[$this->from][$id] = [...$this->connection->tables[$this->from][$id], ...$row];
        }

        return count($values);
    }

    public function delete($id = null)
    {
        foreach ($this->ids() as $own) {
            unset($this->connection->tables[$this->from][$own]);
        }

        return 1;
    }

    protected function runSelect()
    {
        $this->connection->asked[] = "select $this->from";
        if ($this->connection->breaks !== null) {
            throw $this->connection->breaks;
        }

        return array_map(fn (int $id): object => (object) $this->connection->tables[$this->from][$id], $this->ids());
    }

    /** @return list<int> */
    private function ids(): array
    {
        $rows = array_filter(
            $this->connection->tables[$this->from] ?? [],
            fn (array $row): bool => array_reduce(
                $this->wheres,
                fn (bool $fits, array $where): bool => $fits && $this->fits($row, $where),
                true,
            ),
        );

        return array_keys($rows);
    }

    private function fits(array $row, array $where): bool
    {
        $parts = explode('.', $where['column']);
        $value = $row[end($parts)] ?? null;

        return match ($where['type']) {
            'Basic' => match ($where['operator']) {
                '=' => $value == $where['value'],
                '!=' => $value != $where['value'],
            },
            'In', 'InRaw' => in_array($value, $where['values']),
            'NotNull' => $value !== null,
            default => throw new LogicException("where {$where['type']}"),
        };
    }
}
