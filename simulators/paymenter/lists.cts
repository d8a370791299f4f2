import type { Input } from '../panel/php.cjs';
import { isObject } from '../panel/php.cjs';
import { crash, notAllowed, refuse } from './laravel.cjs';

/** Filters, sorts, includes and pages, as the query builder of Paymenter takes them. */

type Column = string | number | null;

/** Columns as the database compares them. */
export type Columns<T> = Record<string, (row: T) => Column>;

/** Each value is LIKE %value%; a comma is OR; nothing filters nothing. NULL is like nothing. */
function matches(column: Column, value: unknown): boolean {
	const values = Array.isArray(value) ? value : String(value ?? '').split(',');
	const wanted = values
		.map((part) => String(part ?? '').toLowerCase())
		.filter((part) => part !== '');
	if (wanted.length === 0) return true;
	const text = column === null ? null : String(column).toLowerCase();
	const truth: Record<string, string> = { true: '1', false: '' };
	return text !== null && wanted.some((part) => text.includes(truth[part] ?? part));
}

export function filtered<T>(rows: T[], query: Input, columns: Columns<T>): T[] {
	const asked = isObject(query.filter) ? query.filter : {};
	const unknown = Object.keys(asked).filter((name) => !(name in columns));
	if (unknown.length > 0) throw notAllowed('filter', unknown, Object.keys(columns));
	return rows.filter((row) =>
		Object.entries(asked).every(([name, value]) => matches(columns[name]?.(row) ?? null, value)),
	);
}

const partsOf = (value: unknown): string[] =>
	typeof value === 'string' ? value.split(',').filter((part) => part !== '') : [];

/** NULL comes first, and last when descending; without `sort` the order is that of the ids. */
export function sorted<T>(rows: T[], query: Input, columns: Columns<T>): T[] {
	const asked = partsOf(query.sort);
	const unknown = asked.map((name) => name.replace(/^-/, '')).filter((name) => !(name in columns));
	if (unknown.length > 0) throw notAllowed('sort', unknown, Object.keys(columns));
	const order = (left: T, right: T): number => {
		for (const text of asked) {
			const column = columns[text.replace(/^-/, '')];
			const [a, b] = [column?.(left) ?? null, column?.(right) ?? null];
			if (a === b) continue;
			const isLess = a === null || (b !== null && a < b);
			return isLess !== text.startsWith('-') ? -1 : 1;
		}
		return 0;
	};
	return rows.toSorted(order);
}

/** `plans.prices` allows `plans` too; each direct one also its Count and Exists. */
const spelled = (include: string): string[] => {
	const parts = include.split('.');
	const paths = parts.map((_, index) => parts.slice(0, index + 1).join('.'));
	return paths.flatMap((path) =>
		path.includes('.') ? [path] : [path, `${path}Count`, `${path}Exists`],
	);
};

/** Fields of what is included are refused: Paymenter allows none. */
export function checkIncludes(query: Input, includes: string[]): void {
	const allowed = includes.flatMap(spelled);
	const asked = partsOf(query.include);
	const unknown = asked.filter((name) => !allowed.includes(name));
	if (unknown.length > 0) throw notAllowed('include', unknown, allowed);
	const fields = isObject(query.fields) ? query.fields : {};
	for (const name of asked) {
		const table = name.endsWith('y') ? `${name.slice(0, -1)}ies` : name.replace(/s?$/, 's');
		if (fields[table] === undefined || fields[table] === null) continue;
		throw refuse(
			400,
			`Requested field(s) \`${partsOf(fields[table]).join(', ')}\` are not allowed (yet). If you want to allow these fields, please make sure to call the QueryBuilder's \`allowedFields\` method before the \`allowedIncludes\` method.`,
		);
	}
}

/** As sent, where something was sent; the size itself decides about the rows. */
function pageSize(asked: unknown): { shown: unknown; size: number } {
	const isDefault = asked === undefined || asked === null || Number(asked) === 0;
	if (isDefault) return { shown: 15, size: 15 };
	const size = Number(asked);
	// From -2 on the query has an OFFSET without a LIMIT.
	if (Number.isNaN(size) || Array.isArray(asked) || size < -1) throw crash();
	return { shown: asked, size: Math.trunc(size) };
}

export interface Page<T> {
	rows: T[];
	links: Input;
	meta: Input;
}

/** Laravel's `simplePaginate`: no total, and links that forget every other parameter. */
export function paged<T>(all: T[], address: string, query: Input): Page<T> {
	const { shown, size } = pageSize(query.per_page);
	const asked = /^[+]?\d+$/.test(String(query.page ?? '')) ? Number(query.page) : 1;
	const page = Math.max(1, asked);
	const rows = size < 0 ? [] : all.slice((page - 1) * size, page * size);
	// Of -1 rows there are always more.
	const hasMore = size < 0 || all.length > page * size;
	const link = (number: number): string => `${address}?page=${number}`;
	const first = (page - 1) * size + 1;
	return {
		rows,
		links: {
			first: link(1),
			...(page > 1 ? { prev: link(page - 1) } : {}),
			...(hasMore ? { next: link(page + 1) } : {}),
		},
		meta: {
			current_page: page,
			current_page_url: link(page),
			from: rows.length > 0 ? first : null,
			path: address,
			per_page: shown,
			to: rows.length > 0 ? first + rows.length - 1 : null,
		},
	};
}
