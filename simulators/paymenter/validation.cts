import type { Input } from '../panel/php.cjs';
import { isArray, isBlank, isFilled, isInteger, isNumeric, sizeOf, textOf } from '../panel/php.cjs';
import { isEmail } from '../panel/validation.cjs';
import { startOfDay } from './calendar.cjs';
import { readDate } from './dates.cjs';
import { invalid } from './laravel.cjs';
import type { World } from './world.cjs';

/** Laravel's validator as far as the Admin API uses it. */
export interface Rule {
	passes: (value: unknown, input: Input) => boolean;
	/** `:attribute` stands for the field's name. */
	message: string;
	/** Looks something up: asked only where nothing has failed yet. */
	isLookup?: boolean;
}

export interface Field {
	name: string;
	/** `sometimes`: may be missing; `required`: must not be empty; `nullable`: may be null. */
	presence: Array<'sometimes' | 'required' | 'nullable'>;
	rules: Rule[];
}

export const field = (name: string, presence: string, ...rules: Rule[]): Field => ({
	name,
	presence: presence === '' ? [] : (presence.split('|') as Field['presence']),
	rules,
});

export const text: Rule = {
	passes: (value) => typeof value === 'string',
	message: 'The :attribute field must be a string.',
};

export const longest = (characters: number): Rule => ({
	passes: (value) => sizeOf(value, false) <= characters,
	message: `The :attribute field must not be greater than ${characters} characters.`,
});

export const shortest = (characters: number): Rule => ({
	passes: (value) => sizeOf(value, false) >= characters,
	message: `The :attribute field must be at least ${characters} characters.`,
});

export const email: Rule = {
	passes: isEmail,
	message: 'The :attribute field must be a valid email address.',
};

export const integer: Rule = {
	passes: isInteger,
	message: 'The :attribute field must be an integer.',
};

export const numeric: Rule = {
	passes: isNumeric,
	message: 'The :attribute field must be a number.',
};

export const least = (number: number): Rule => ({
	passes: (value) => sizeOf(value, true) >= number,
	message: `The :attribute field must be at least ${number}.`,
});

export const oneOf = (values: readonly string[]): Rule => ({
	passes: (value) => !isArray(value) && values.includes(textOf(value)),
	message: 'The selected :attribute is invalid.',
});

export const exists = (has: (value: string) => boolean): Rule => ({
	passes: (value) => has(textOf(value)),
	message: 'The selected :attribute is invalid.',
	isLookup: true,
});

export const unique = (isTaken: (value: string) => boolean): Rule => ({
	passes: (value) => !isTaken(textOf(value)),
	message: 'The :attribute has already been taken.',
	isLookup: true,
});

export const date: Rule = {
	passes: (value) => readDate(value)?.isInCalendar === true,
	message: 'The :attribute field must be a valid date.',
};

export const notBeforeToday = ({ now, settings }: World): Rule => ({
	passes: (value) => {
		const today = startOfDay(now());
		return (readDate(value, today, settings.timezone)?.moment ?? 0) >= today;
	},
	message: 'The :attribute field must be a date after or equal to today.',
});

function problemsOf({ name, presence, rules }: Field, input: Input): string[] {
	const label = name.replaceAll('_', ' ');
	const value = input[name];
	const told = (message: string) => message.replace(':attribute', label);
	if (value === undefined && presence.includes('sometimes')) return [];
	if (presence.includes('required') && !isFilled(value)) {
		return [told('The :attribute field is required.')];
	}
	const isNothing = value === null && presence.includes('nullable');
	if (value === undefined || isBlank(value) || isNothing) return [];
	const problems: string[] = [];
	for (const { passes, message, isLookup } of rules) {
		if (isLookup && problems.length > 0) continue;
		if (!passes(value, input)) problems.push(told(message));
	}
	return problems;
}

/** The fields that the rules name, as they were sent; throws the 422 with all that is wrong. */
export function validated(input: Input, fields: Field[]): Input {
	const problems = fields.flatMap((one): Array<[string, string[]]> => {
		const found = problemsOf(one, input);
		return found.length > 0 ? [[one.name, found]] : [];
	});
	if (problems.length > 0) throw invalid(Object.fromEntries(problems));
	const sent = fields.filter(({ name }) => input[name] !== undefined);
	return Object.fromEntries(sent.map(({ name }) => [name, input[name]]));
}
