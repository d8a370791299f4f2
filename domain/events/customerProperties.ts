import { trimInvisible } from '../text';

/** What billing knows of a customer beside name and address, such as the player's name. Null: no value. */
export type CustomerProperties = Record<string, string | null>;

const KEY = /^[\w.-]{1,64}$/;
const MAX_PROPERTIES = 20;
const MAX_TEXT = 255;

/** Which part of the properties is wrong: a value by its key, or all of them. */
export class InvalidProperties extends Error {
	constructor(
		readonly key: string | null,
		readonly why: string,
	) {
		super(key === null ? why : `${key} ${why}`);
	}
}

/** Reads a flat object of texts. Throws `InvalidProperties`. */
export function readProperties(value: unknown): CustomerProperties {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new InvalidProperties(null, 'must be an object of texts');
	}
	const entries = Object.entries(value);
	if (entries.length > MAX_PROPERTIES) {
		throw new InvalidProperties(null, `has more than ${MAX_PROPERTIES} keys`);
	}
	return Object.fromEntries(entries.map(([key, text]) => [checked(key), readText(key, text)]));
}

function checked(key: string): string {
	if (KEY.test(key)) return key;
	throw new InvalidProperties(
		null,
		'has a key that is not made of 1 to 64 letters, digits, ".", "-" and "_"',
	);
}

function readText(key: string, value: unknown): string | null {
	if (value === null) return null;
	if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
		throw new InvalidProperties(key, 'must be a string, an integer or null');
	}
	const text = cleanText(String(value));
	if (text.length > MAX_TEXT) {
		throw new InvalidProperties(key, `is longer than ${MAX_TEXT} characters`);
	}
	return text || null;
}

/** Without line breaks and outer invisible characters. */
export const cleanText = (text: string): string =>
	trimInvisible(text.replace(/[\p{Cc}\p{Cs}]+/gu, ' '));

/** The properties that have a value, sorted by key. */
export const withValues = (properties: CustomerProperties): Record<string, string> =>
	Object.fromEntries(
		Object.entries(properties)
			.filter((entry): entry is [string, string] => entry[1] !== null)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
