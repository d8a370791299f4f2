import type { Call } from './call.cjs';
import { crash, unknownFilter, unknownSort } from './errors.cjs';
import type { Input } from './php.cjs';
import { buildQuery, isNumeric } from './php.cjs';
import type { Columns } from './queryBuilder.cjs';
import * as queryBuilder from './queryBuilder.cjs';

/** Each value is "contains"; a comma is OR; nothing filters nothing [131-145, 171-173]. */
export const filtered = <T,>(
	items: T[],
	{ query, state }: Call,
	fields: Columns<T>,
	special?: Record<string, (item: T, wanted: unknown) => boolean>,
): T[] => {
	const { contains } = state.flavour.database;
	return queryBuilder.filtered(items, query, fields, unknownFilter, special, contains);
};

export const sorted = <T,>(items: T[], query: Input, sorts: Columns<T>): T[] =>
	queryBuilder.sorted(items, query, sorts, unknownSort);

/** Laravel's `paginate`: 0 becomes 15 [149], a negative number breaks the SQL [150]. */
function pageSize(perPage: unknown): number {
	if (perPage === null || perPage === undefined) return 15;
	if (!isNumeric(perPage)) throw crash('TypeError');
	const size = Number(perPage);
	if (size < 0) throw crash('QueryException');
	return size === 0 ? 15 : size;
}

export interface Page<T> {
	items: T[];
	meta: { pagination: Input };
}

/**
 * One page. The links of the application API forget `per_page` and `filter` [146]; those of the
 * client API keep them [335].
 */
export function paged<T>(items: T[], call: Call, perPage: unknown, keepQuery = false): Page<T> {
	const size = pageSize(perPage);
	const whole = Math.trunc(size);
	const asked = Number(call.query.page);
	const page = Number.isInteger(asked) && asked >= 1 ? asked : 1;
	const pages = Math.max(1, Math.ceil(items.length / size));
	const link = (number: number): string => {
		const { page: _page, ...rest } = call.query;
		return `${call.address}?${buildQuery({ ...(keepQuery ? rest : {}), page: number })}`;
	};
	const links: Input = {};
	if (page > 1) links.previous = link(page - 1);
	if (page < pages) links.next = link(page + 1);
	// PHP cuts a broken size for the rows, and counts the pages by what was sent.
	const from = Math.trunc((page - 1) * size);
	const shown = items.slice(from, from + whole);
	const pagination = {
		total: items.length,
		count: shown.length,
		per_page: whole,
		current_page: page,
		total_pages: pages,
		links,
	};
	return { items: shown, meta: { pagination } };
}
