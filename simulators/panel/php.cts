/**
 * How PHP and Laravel read requests and judge values: query strings, trimming, empty strings as
 * null, and what counts as nothing, as text or as a number.
 */

export type Input = Record<string, unknown>;

export function isObject(value: unknown): value is Input {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(text: string): string {
	const spaced = text.replace(/\+/g, ' ');
	try {
		return decodeURIComponent(spaced);
	} catch {
		return spaced;
	}
}

function assign(into: Input, keys: string[], value: string): void {
	let level = into;
	keys.forEach((key, position) => {
		const name = key === '' ? String(Object.keys(level).length) : key;
		if (position === keys.length - 1) {
			level[name] = value;
			return;
		}
		const next = isObject(level[name]) ? level[name] : {};
		level[name] = next;
		level = next;
	});
}

function listsFirst(value: unknown): unknown {
	if (!isObject(value)) return value;
	const keys = Object.keys(value);
	const children = Object.values(value).map(listsFirst);
	const isList = keys.length > 0 && keys.every((key, index) => key === String(index));
	return isList ? children : Object.fromEntries(keys.map((key, index) => [key, children[index]]));
}

/** `a[b]=1&c[]=2` → `{ a: { b: '1' }, c: ['2'] }`; also for form bodies. */
export function parseQuery(query: string): Input {
	const parsed: Input = {};
	for (const part of query.split('&').filter((text) => text !== '')) {
		const equals = part.indexOf('=');
		const name = decode(equals === -1 ? part : part.slice(0, equals));
		const value = equals === -1 ? '' : decode(part.slice(equals + 1));
		const bracket = name.indexOf('[');
		const first = bracket > 0 ? name.slice(0, bracket) : name;
		const rest = bracket > 0 ? [...name.slice(bracket).matchAll(/\[([^\]]*)\]/g)] : [];
		assign(parsed, [first, ...rest.map((match) => match[1] ?? '')], value);
	}
	return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, listsFirst(value)]));
}

/** PHP's `http_build_query` with RFC 3986 escapes; null values are left out. */
export function buildQuery(input: Input): string {
	const parts: string[] = [];
	const escape = (text: string) =>
		encodeURIComponent(text).replace(
			/[!'()*]/g,
			(mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
		);
	const walk = (prefix: string, value: unknown): void => {
		if (value === null || value === undefined) return;
		if (typeof value === 'object') {
			for (const [key, child] of Object.entries(value)) walk(`${prefix}[${key}]`, child);
		} else {
			parts.push(`${escape(prefix)}=${escape(String(value))}`);
		}
	};
	for (const [key, value] of Object.entries(input)) walk(key, value);
	return parts.join('&');
}

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
export const isTruthy = (value: unknown): boolean =>
	isArray(value) ? Object.keys(value).length > 0 : Boolean(value) && value !== '0';

/** PHP's `(string)`. */
export function textOf(value: unknown): string {
	if (value === null || value === undefined || value === false) return '';
	if (value === true) return '1';
	return isArray(value) ? 'Array' : String(value);
}

/** PHP's `trim` leaves nothing of it: no rule but the required ones looks at it. */
export const isBlank = (value: unknown): boolean =>
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

/** PHP's FILTER_VALIDATE_INT: 64 bits, no leading zeros, no point; true is 1. */
export function isInteger(value: unknown): boolean {
	const text = textOf(value);
	if (isArray(value) || !/^\s*[+-]?(0|[1-9]\d*)\s*$/.test(text)) return false;
	const number = BigInt(text.replace('+', ''));
	return number === BigInt.asIntN(64, number);
}

/** What Laravel measures: a number, where the rules speak of numbers, else elements or characters. */
export function sizeOf(value: unknown, ofNumbers = false): number {
	if (ofNumbers && isNumeric(value)) return Number(value);
	return isArray(value) ? Object.keys(value).length : [...textOf(value)].length;
}

/** `a,b`, or `NAME[]=a&NAME[]=b`, where the query builder takes both; what is nothing is left out. */
export function listOf(value: unknown): string[] {
	const parts = typeof value === 'string' ? value.split(',') : value;
	return isArray(parts) ? Object.values(parts).filter(isTruthy).map(textOf) : [];
}
