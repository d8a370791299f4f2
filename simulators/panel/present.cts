import type { Call } from './call.cjs';
import type { Input } from './php.cjs';
import { atom } from './state.cjs';

/**
 * How the panel shows a thing: `object`, its attributes and what `?include=` can add. The order
 * of `includes` is that of the answer.
 */
export interface Shape<T> {
	object: string;
	/** Its name in what a panel lacks, if not `object`. */
	as?: string;
	attributes: (call: Call, item: T) => Input;
	includes?: Record<string, (call: Call, item: T, path: string) => unknown>;
	/** Includes that come unasked. */
	always?: string[];
}

const deepest = 2;

/** `include=a,b.c` or `include[]=a&include[]=b.c`; `b.c` asks for `b` too. */
export function askedIncludes(call: Call): Set<string> {
	const { include } = call.input;
	const names = Array.isArray(include) ? include : String(include ?? '').split(',');
	const asked = new Set<string>();
	for (const name of names) {
		const parts = String(name ?? '')
			.trim()
			.split('.')
			.slice(0, deepest);
		parts.forEach((_, index) => asked.add(parts.slice(0, index + 1).join('.')));
	}
	return asked;
}

/** The same without what the path leads to. */
function without(attributes: Input, path: string): Input {
	const [first = '', ...rest] = path.split('.');
	const { [first]: value, ...others } = attributes;
	if (rest.length === 0) return others;
	return { ...attributes, [first]: without(value as Input, rest.join('.')) };
}

export const nothing = { object: 'null_resource', attributes: null };

export function one<T>(call: Call, shape: Shape<T>, item: T, path = ''): Input {
	const asked = askedIncludes(call);
	const lacking = call.state.flavour.lacks[shape.as ?? shape.object] ?? [];
	const attributes = lacking.reduce(without, shape.attributes(call, item));
	const relationships: Input = {};
	for (const [name, load] of Object.entries(shape.includes ?? {})) {
		const full = path === '' ? name : `${path}.${name}`;
		if (lacking.includes(name)) continue;
		if (asked.has(full) || shape.always?.includes(name)) {
			relationships[name] = load(call, item, full);
		}
	}
	const withIncludes = Object.keys(relationships).length > 0;
	return {
		object: shape.object,
		attributes: withIncludes ? { ...attributes, relationships } : attributes,
	};
}

export const many = <T,>(call: Call, shape: Shape<T>, items: T[], path = ''): Input => ({
	object: 'list',
	data: items.map((item) => one(call, shape, item, path)),
});

export const stamps = (item: { createdAt: number; updatedAt?: number }): Input => ({
	created_at: atom(item.createdAt),
	updated_at: atom(item.updatedAt ?? item.createdAt),
});
