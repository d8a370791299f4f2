/** How PHP and Laravel read requests: query strings, trimming, and empty strings as null. */

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
