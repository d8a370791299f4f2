import { compare, trimInvisible } from '../text';

/** What billing knows of a customer beside name and address, such as the player's name. Null: no value. */
export type CustomerProperties = Record<string, string | null>;

const KEY = /^[\w.-]{1,64}$/;
const MAX_PROPERTIES = 20;
const MAX_TEXT = 255;

/** Says which value is wrong, by its key, or what is wrong with all of them (null). */
type Refuse = (key: string | null, why: string) => never;

/** Reads a flat object of texts. */
export function readProperties(value: unknown, refuse: Refuse): CustomerProperties {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return refuse(null, 'must be an object of texts');
	}
	const entries = Object.entries(value);
	if (entries.length > MAX_PROPERTIES) refuse(null, `has more than ${MAX_PROPERTIES} keys`);
	for (const [key] of entries) {
		if (KEY.test(key)) continue;
		refuse(null, 'has a key that is not made of 1 to 64 letters, digits, ".", "-" and "_"');
	}
	return Object.fromEntries(entries.map(([key, text]) => [key, readText(key, text, refuse)]));
}

function readText(key: string, value: unknown, refuse: Refuse): string | null {
	if (value === null) return null;
	if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
		return refuse(key, 'must be a string, an integer or null');
	}
	const text = cleanText(String(value));
	if (text.length > MAX_TEXT) refuse(key, `is longer than ${MAX_TEXT} characters`);
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
			.sort(([a], [b]) => compare(a, b)),
	);
