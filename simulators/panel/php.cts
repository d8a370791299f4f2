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

/** Laravel's TrimStrings and ConvertEmptyStringsToNull; passwords are not trimmed. */
export function cleanInput(value: unknown, key = ''): unknown {
	if (typeof value === 'string') {
		const trimmed = /^(current_)?password(_confirmation)?$/.test(key) ? value : value.trim();
		return trimmed === '' ? null : trimmed;
	}
	if (Array.isArray(value)) return value.map((child) => cleanInput(child));
	if (isObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([name, child]) => [name, cleanInput(child, name)]),
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

/** White space alone: no rule but the required ones looks at it. */
export const isBlank = (value: unknown): boolean =>
	typeof value === 'string' && value.trim() === '';

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
export function sizeOf(value: unknown, ofNumbers: boolean): number {
	if (ofNumbers && isNumeric(value)) return Number(value);
	return isArray(value) ? Object.keys(value).length : [...textOf(value)].length;
}

/** `a,b`, or `NAME[]=a&NAME[]=b`, where the query builder takes both; what is nothing is left out. */
export function listOf(value: unknown): string[] {
	const parts = typeof value === 'string' ? value.split(',') : value;
	return isArray(parts) ? Object.values(parts).filter(isTruthy).map(textOf) : [];
}
