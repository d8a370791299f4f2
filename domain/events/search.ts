import type { LogKey } from './row';

const COLUMNS = ['customer_id', 'customer_email', 'subscription_id'] as const;

/** How many keys of each column one search takes: a Data Table is read once for all of them. */
const KEYS = 4;

/**
 * A search of the log or of the customers: `customer_id_1` to `customer_id_4` and so on; it finds rows
 * that have any of them.
 */
export type Search = Record<string, string>;

export function packed(keys: LogKey[]): Search[] {
	const searches: Search[] = [];
	for (const column of COLUMNS) {
		const values = new Set(keys.flatMap((key) => key[column] || []));
		[...values].forEach((value, index) => {
			const search = (searches[Math.floor(index / KEYS)] ??= {});
			search[`${column}_${(index % KEYS) + 1}`] = value;
		});
	}
	return searches;
}

/** The keys in some searches, or in objects that have one key per column. */
export function keysIn(searches: Array<Record<string, unknown>>): LogKey[] {
	return searches.flatMap((search) =>
		Object.entries(search).flatMap(([name, value]) => {
			const column = COLUMNS.find((one) => name === one || name.startsWith(`${one}_`));
			return column && value ? [{ [column]: String(value) }] : [];
		}),
	);
}
