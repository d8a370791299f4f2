import type { LogEvent } from './event';
import { compare } from '../text';

const COLUMNS = ['customer_id', 'customer_email', 'subscription_id'] as const;

/** What to search the log by: one key or several. */
export type LogKey = Partial<Record<(typeof COLUMNS)[number], string | null>>;

/** How many keys of each column one search takes: a Data Table is read once for all of them. */
const KEYS = 4;

/**
 * A search of the log or of the customers: `customer_id_1` to `customer_id_4` and so on; it finds rows
 * that have any of them.
 */
type Search = Record<string, string>;

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

/** Every key that may lead to further events of these customers. */
export function keysOf(events: LogEvent[]): LogKey[] {
	const keys = new Map<string, LogKey>();
	for (const event of events) {
		for (const key of [
			{ customer_id: event.customer_id },
			{ customer_id: event.previous_customer_id },
			{ customer_email: event.customer_email },
			{ customer_email: event.previous_email },
			{ subscription_id: event.subscription_id },
		]) {
			for (const text of textsOf(key)) keys.set(text, key);
		}
	}
	return [...keys].sort(([a], [b]) => compare(a, b)).map(([, key]) => key);
}

/**
 * What to search the log by so that no event of these customers and subscriptions is missed; empty if
 * everything was searched for. All keys, because a search returns all rows anew.
 */
export function searchesFor(events: LogEvent[], searched: LogKey[]): LogKey[] {
	const known = new Set(searched.flatMap(textsOf));
	const keys = keysOf(events);
	return keys.every((key) => textsOf(key).every((text) => known.has(text))) ? [] : keys;
}

/** A key as text; addresses in any letter case are the same. */
const textsOf = (key: LogKey): string[] =>
	Object.entries(key).flatMap(([column, value]) => {
		if (!value) return [];
		return `${column} ${column === 'customer_email' ? value.toLowerCase() : value}`;
	});
