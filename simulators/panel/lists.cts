import type { Call } from './call.cjs';
import { crash, unknownFilter, unknownSort } from './errors.cjs';
import type { Input } from './php.cjs';
import { buildQuery, isObject } from './php.cjs';

export type Fields<T> = Record<string, (item: T) => string | null>;

const contains = (text: string | null, wanted: string): boolean =>
	text !== null && text.toLowerCase().includes(wanted.toLowerCase());

/** Each value is "contains"; a comma is OR; nothing filters nothing [131-145, 171-173]. */
function wantedValues(value: unknown): string[] {
	const values = Array.isArray(value) ? value : String(value ?? '').split(',');
	return values.map((part) => String(part ?? '')).filter((part) => part !== '');
}

/** `special` filters get the raw value and decide themselves. */
export function filtered<T>(
	items: T[],
	query: Input,
	fields: Fields<T>,
	special: Record<string, (item: T, value: string) => boolean> = {},
): T[] {
	const asked = isObject(query.filter) ? query.filter : {};
	const allowed = [...Object.keys(fields), ...Object.keys(special)];
	const unknown = Object.keys(asked).filter((name) => !allowed.includes(name));
	if (unknown.length > 0) throw unknownFilter(unknown, allowed);
	return items.filter((item) =>
		Object.entries(asked).every(([name, value]) => {
			const wanted = wantedValues(value);
			if (wanted.length === 0) return true;
			const custom = special[name];
			if (custom) return custom(item, String(value));
			return wanted.some((part) => contains(fields[name]?.(item) ?? null, part));
		}),
	);
}

export type Sorts<T> = Record<string, (item: T) => string | number>;

export function sorted<T>(items: T[], query: Input, sorts: Sorts<T>): T[] {
	const asked = typeof query.sort === 'string' ? query.sort.split(',') : [];
	const names = asked.map((text) => text.replace(/^-/, ''));
	const unknown = names.filter((name) => !(name in sorts));
	if (unknown.length > 0) throw unknownSort(unknown, Object.keys(sorts));
	const order = (left: T, right: T): number => {
		for (const text of asked) {
			const value = sorts[text.replace(/^-/, '')];
			const [a, b] = [value?.(left) ?? 0, value?.(right) ?? 0];
			if (a !== b) return (a < b ? -1 : 1) * (text.startsWith('-') ? -1 : 1);
		}
		return 0;
	};
	return [...items].sort(order);
}

/** Laravel's `paginate`: 0 becomes 15 [149], a negative number breaks the SQL [150]. */
function pageSize(perPage: unknown): number {
	if (perPage === null || perPage === undefined) return 15;
	const size = Number(perPage);
	if (!Number.isInteger(size)) throw crash('TypeError');
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
	const shown = items.slice((page - 1) * size, page * size);
	const pagination = {
		total: items.length,
		count: shown.length,
		per_page: size,
		current_page: page,
		total_pages: pages,
		links,
	};
	return { items: shown, meta: { pagination } };
}
