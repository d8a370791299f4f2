import { contains, folded } from './mariadb.cjs';
import type { Input } from './php.cjs';
import { isArray, listOf, textOf } from './php.cjs';

/** Filters and sorts as Spatie's query builder takes them, for both panels. */

type Column = string | number | null;

/** Columns as the database compares them. */
export type Columns<T> = Record<string, (row: T) => Column>;

/** Refuses names that are not allowed. */
type Refuse = (names: string[], allowed: string[]) => Error;

/** `true` and `false` are no text, alone or in a list; a comma makes a list of texts. */
function valueOf(value: unknown): unknown {
	if (isArray(value)) return Object.values(value).map(valueOf);
	if (typeof value === 'string' && value.includes(',')) return value.split(',');
	return value === 'true' || value === 'false' ? value === 'true' : value;
}

/** What is nothing filters nothing, but `false` alone finds all that is not NULL. */
function wantedBy(value: unknown): unknown {
	const wanted = valueOf(value);
	if (!Array.isArray(wanted)) return wanted;
	const parts = wanted.filter((part) => textOf(part) !== '');
	return parts.length > 0 ? parts : null;
}

/** LIKE %value%, for one of several; NULL is like nothing. */
function matches(column: Column, wanted: unknown, like: typeof contains): boolean {
	const text = column === null ? null : String(column);
	const parts = Array.isArray(wanted) ? wanted : [wanted];
	return parts.some((part) => like(text, textOf(part)));
}

/** `special` filters get what is wanted and decide themselves. */
export function filtered<T>(
	rows: T[],
	query: Input,
	columns: Columns<T>,
	refuse: Refuse,
	special: Record<string, (row: T, wanted: unknown) => boolean> = {},
	like = contains,
): T[] {
	const asked = isArray(query.filter) ? Object.entries(query.filter) : [];
	const allowed = [...Object.keys(columns), ...Object.keys(special)];
	const unknown = asked.map(([name]) => name).filter((name) => !allowed.includes(name));
	if (unknown.length > 0) throw refuse(unknown, allowed);
	const filters = asked
		.map(([name, value]) => ({ name, wanted: wantedBy(value) }))
		.filter(({ wanted }) => wanted !== null);
	const passes = (row: T, name: string, wanted: unknown) =>
		special[name]?.(row, wanted) ?? matches(columns[name]?.(row) ?? null, wanted, like);
	return rows.filter((row) => filters.every(({ name, wanted }) => passes(row, name, wanted)));
}

const comparable = (column: Column): Column =>
	typeof column === 'string' ? folded(column) : column;

/** NULL comes first, and last when descending; without `sort` the order is that of the ids. */
export function sorted<T>(rows: T[], query: Input, columns: Columns<T>, refuse: Refuse): T[] {
	const asked = listOf(query.sort);
	const nameOf = (text: string) => text.replace(/^-+/, '');
	const unknown = asked.map(nameOf).filter((name) => !(name in columns));
	if (unknown.length > 0) throw refuse(unknown, Object.keys(columns));
	const order = (left: T, right: T): number => {
		for (const text of asked) {
			const valueIn = (row: T) => comparable(columns[nameOf(text)]?.(row) ?? null);
			const [a, b] = [valueIn(left), valueIn(right)];
			if (a === b) continue;
			const isLess = a === null || (b !== null && a < b);
			return isLess !== text.startsWith('-') ? -1 : 1;
		}
		return 0;
	};
	return rows.toSorted(order);
}
