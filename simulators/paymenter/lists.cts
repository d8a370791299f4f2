import type { Input } from '../panel/php.cjs';
import { isArray, isObject, listOf } from '../panel/php.cjs';
import type { Columns } from '../panel/queryBuilder.cjs';
import * as queryBuilder from '../panel/queryBuilder.cjs';
import { crash, notAllowed, refuse } from './laravel.cjs';

/** Filters, sorts, includes and pages, as the query builder of Paymenter takes them. */

export type { Columns };

export const filtered = <T,>(rows: T[], query: Input, columns: Columns<T>): T[] =>
	queryBuilder.filtered(rows, query, columns, (names, allowed) =>
		notAllowed('filter', names, allowed),
	);

export const sorted = <T,>(rows: T[], query: Input, columns: Columns<T>): T[] =>
	queryBuilder.sorted(rows, query, columns, (names, allowed) => notAllowed('sort', names, allowed));

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
	const asked = listOf(query.include);
	const unknown = asked.filter((name) => !allowed.includes(name));
	if (unknown.length > 0) throw notAllowed('include', unknown, allowed);
	const fields = isObject(query.fields) ? query.fields : {};
	// It takes each resource's fields for text.
	if (asked.length > 0 && Object.values(fields).some(isArray)) throw crash();
	for (const name of asked) {
		const table = name.endsWith('y') ? `${name.slice(0, -1)}ies` : name.replace(/s?$/, 's');
		if (fields[table] === undefined || fields[table] === null) continue;
		throw refuse(
			400,
			`Requested field(s) \`${listOf(fields[table]).join(', ')}\` are not allowed (yet). If you want to allow these fields, please make sure to call the QueryBuilder's \`allowedFields\` method before the \`allowedIncludes\` method.`,
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
