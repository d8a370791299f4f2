import { crash, invalid } from './errors.cjs';
import type { Input } from './php.cjs';
import { getPath, isArray, isFilled, sizeOf, textOf } from './php.cjs';

/** A rule that needs the panel's data, such as `unique`; runs only when the others passed. */
export interface LookupRule {
	name: 'unique' | 'in';
	passes: (value: unknown) => boolean;
}

/** `'required|string|max:191'`, and after it the rules that look something up. */
export interface FieldRules {
	field: string;
	rules: string;
	lookup?: LookupRule;
	/** Rules written after the lookup in the panel's list. */
	then?: string;
}

type Kind = 'array' | 'string';

const sized: Record<string, Record<Kind, string>> = {
	between: {
		string: 'The :attribute must be between :min and :max characters.',
		array: 'The :attribute must have between :min and :max items.',
	},
	min: {
		string: 'The :attribute must be at least :min characters.',
		array: 'The :attribute must have at least :min items.',
	},
	max: {
		string: 'The :attribute may not be greater than :max characters.',
		array: 'The :attribute may not have more than :max items.',
	},
};

const messages: Record<string, string> = {
	required: 'The :attribute field is required.',
	string: 'The :attribute must be a string.',
	boolean: 'The :attribute field must be true or false.',
	array: 'The :attribute must be an array.',
	email: 'The :attribute must be a valid email address.',
	in: 'The selected :attribute is invalid.',
	unique: 'The :attribute has already been taken.',
	p_username:
		'The :attribute must start and end with alpha-numeric characters and\n' +
		'                contain only letters, numbers, dashes, underscores, and periods.',
};

const switches = ['sometimes', 'nullable'];

/** Needs three characters at least, as in the panel's Rules/Username.php. */
export const isUsername = (value: unknown): boolean =>
	/^[a-z0-9]([\w.-]+)[a-z0-9]$/.test(textOf(value).toLowerCase());

const beyondAscii = '[^\\0-\\x7f\\p{S}\\p{C}]';
const atom = `(?:[\\w!#$%&'*+/=?^\`{|}~-]|${beyondAscii})+`;
const label = `(?!-)(?:[a-zA-Z\\d-]|${beyondAscii}){1,63}(?<!-)`;
const address = new RegExp(`^${atom}(?:\\.${atom})* *@${label}(?:\\.${label})*$`, 'u');

/**
 * Laravel's `email` as measured: letters of all scripts but no symbols, dots between others only, and
 * blanks before the @. Quoted names, comments and `[1.2.3.4]`, which it also takes, are left out.
 */
export const isEmail = (value: unknown): boolean =>
	typeof value === 'string' && address.test(value);

function passes(name: string, argument: string, value: unknown): boolean {
	const [first = '', second = ''] = argument.split(',');
	switch (name) {
		case 'required':
			return isFilled(value);
		case 'string':
			return typeof value === 'string';
		case 'boolean':
			return [true, false, 0, 1, '0', '1'].some((accepted) => accepted === value);
		case 'array':
			return isArray(value);
		case 'email':
			return isEmail(value);
		case 'in':
			return !isArray(value) && argument.split(',').includes(textOf(value));
		case 'p_username':
			if (isArray(value)) throw crash('TypeError');
			return isUsername(value);
		case 'between':
			return sizeOf(value) >= Number(first) && sizeOf(value) <= Number(second);
		case 'min':
			return sizeOf(value) >= Number(first);
		case 'max':
			return sizeOf(value) <= Number(first);
		default:
			throw new Error(`The simulator does not know the validation rule "${name}"`);
	}
}

function messageOf(name: string, argument: string, label: string, kind: Kind): string {
	const [first = '', second = ''] = argument.split(',');
	const text = sized[name]?.[kind] ?? messages[name] ?? '';
	return text
		.replace(':attribute', label)
		.replace(':min', first)
		.replace(':max', name === 'max' ? first : second);
}

/** `permissions.*` becomes one field for each element that is there. */
function fieldsFor({ field }: FieldRules, data: Input): string[] {
	if (!field.endsWith('.*')) return [field];
	const parent = field.slice(0, -2);
	const list = getPath(data, parent);
	return isArray(list) ? Object.keys(list).map((key) => `${parent}.${key}`) : [];
}

type Failure = { field: string; rule: string; detail: string };

function checkField(rule: FieldRules, data: Input, label: string): Failure[] {
	const value = getPath(data, rule.field);
	const split = (text: string) => (text === '' ? [] : text.split('|'));
	const before = split(rule.rules);
	const after = split(rule.then ?? '');
	const names = [...before, ...after].map((text) => text.split(':')[0] ?? '');
	const kind = names.includes('array') ? 'array' : 'string';
	const failures: Failure[] = [];
	const fail = (name: string, argument: string) =>
		failures.push({
			field: rule.field,
			rule: name,
			detail: messageOf(name, argument, label, kind),
		});

	const run = (text: string) => {
		const colon = text.indexOf(':');
		const name = colon === -1 ? text : text.slice(0, colon);
		const argument = colon === -1 ? '' : text.slice(colon + 1);
		if (switches.includes(name)) return;
		const implicit = name === 'required';
		if (!implicit && value === undefined) return;
		if (!implicit && value === null && names.includes('nullable')) return;
		if (failures.some((failure) => failure.rule === 'required')) return;
		if (!passes(name, argument, value)) fail(name, argument);
	};

	if (value === undefined && names.includes('sometimes')) return [];
	before.forEach(run);
	const looked = value !== undefined && value !== null && failures.length === 0;
	if (looked && rule.lookup && !rule.lookup.passes(value)) fail(rule.lookup.name, '');
	after.forEach(run);
	return failures;
}

/**
 * Laravel's validator as far as the panel uses it. Throws the 422 with one entry per failed rule.
 * `labels` replace field names in messages; elements go by the label of their pattern.
 */
export function validate(data: Input, rules: FieldRules[], labels: Input = {}): void {
	const failures = rules.flatMap((rule) =>
		fieldsFor(rule, data).flatMap((field) => {
			const label = labels[field] ?? labels[rule.field] ?? field.replaceAll('_', ' ');
			return checkField({ ...rule, field }, data, String(label));
		}),
	);
	if (failures.length > 0) throw invalid(failures);
}
