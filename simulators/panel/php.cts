/**
 * How PHP and Laravel read requests and judge values: query strings, trimming, empty strings as
 * null, and what counts as nothing, as text or as a number.
 */

import qs from 'qs';

export type Input = Record<string, unknown>;

export function isObject(value: unknown): value is Input {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `a[b]=1&c[]=2` → `{ a: { b: '1' }, c: ['2'] }`; also for form bodies. The last one of a name counts. */
export const parseQuery = (query: string): Input =>
	qs.parse(query, { depth: 20, duplicates: 'last', plainObjects: true });

/** PHP's `http_build_query` with RFC 3986 escapes; null values are left out. */
export const buildQuery = (input: Input): string => qs.stringify(input, { skipNulls: true });

/** White space as PHP counts it with Unicode rules, and what shows nothing: both in `Str::trim`. */
const invisible =
	'\\s\\0\\x85\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u2060-\\u2065\\u206a-\\u206f' +
	'\\u2800\\u3164\\ufeff\\uffa0\\u{1d159}\\u{1d173}-\\u{1d17a}\\u{e0020}';
const invisibleEnds = new RegExp(`^[${invisible}]+|[${invisible}]+$`, 'gu');

/** Laravel 11's `Str::trim`; measured for every character, and the same in Laravel 12 and 13. */
export const trimmed = (text: string): string => text.replace(invisibleEnds, '');

/**
 * Laravel's TrimStrings and ConvertEmptyStringsToNull. Passwords are not trimmed, but what is called
 * "password" deeper in the input is: the panel's exceptions are whole paths.
 */
export function cleanInput(value: unknown, path = ''): unknown {
	if (typeof value === 'string') {
		const text = /^(current_)?password(_confirmation)?$/.test(path) ? value : trimmed(value);
		return text === '' ? null : text;
	}
	const below = path === '' ? '' : `${path}.`;
	if (Array.isArray(value)) {
		return value.map((child, index) => cleanInput(child, `${below}${index}`));
	}
	if (isObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([name, child]) => [name, cleanInput(child, `${below}${name}`)]),
		);
	}
	return value;
}

/** `limits.memory` in nested input; undefined when it is not there. */
export function getPath(input: unknown, path: string): unknown {
	let value = input;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null) return undefined;
		value = (value as Input)[key];
	}
	return value;
}

/** A PHP array in JSON: a list when the keys are 0, 1, 2 …, else an object. */
export function phpArray<T>(entries: Array<[string, T]>): T[] | Record<string, T> {
	return entries.every(([key], index) => key === String(index))
		? entries.map(([, value]) => value)
		: Object.fromEntries(entries);
}

/** PHP's arrays: lists and objects alike. */
export const isArray = (value: unknown): value is object =>
	typeof value === 'object' && value !== null;

/** What PHP's `if` takes for true. */
const isTruthy = (value: unknown): boolean =>
	isArray(value) ? Object.keys(value).length > 0 : Boolean(value) && value !== '0';

/** PHP's `(string)`. */
export function textOf(value: unknown): string {
	if (value === null || value === undefined || value === false) return '';
	if (value === true) return '1';
	return isArray(value) ? 'Array' : String(value);
}

/** PHP's `trim` leaves nothing of it: no rule but the required ones looks at it. */
const isBlank = (value: unknown): boolean =>
	typeof value === 'string' && /^[ \t\n\r\0\v]*$/.test(value);

/** Laravel's `required`. */
export const isFilled = (value: unknown): boolean =>
	value !== undefined &&
	value !== null &&
	!isBlank(value) &&
	!(isArray(value) && Object.keys(value).length === 0);

/** PHP's `is_numeric`. */
export const isNumeric = (value: unknown): boolean =>
	typeof value === 'number' ||
	(typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value));

/** What Laravel measures: elements or characters. */
export const sizeOf = (value: unknown): number =>
	isArray(value) ? Object.keys(value).length : [...textOf(value)].length;

/** `a,b`, or `NAME[]=a&NAME[]=b`, where the query builder takes both; what is nothing is left out. */
export function listOf(value: unknown): string[] {
	const parts = typeof value === 'string' ? value.split(',') : value;
	return isArray(parts) ? Object.values(parts).filter(isTruthy).map(textOf) : [];
}
