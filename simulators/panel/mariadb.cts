import { textOf } from './php.cjs';

/**
 * How MariaDB compares text: case, accents, width and ligatures make no difference, letters of their
 * own (ø, ł, đ, æ, ı, й, ї) do. Measured for the panel's collation `utf8mb4_unicode_ci` and Latin,
 * Greek and Cyrillic letters. Paymenter's `utf8mb4_uca1400_ai_ci` is the same but for a few: there ø is
 * o, ł is l, đ is d, æ is ae and ї is і.
 */
const special: Record<string, string> = { ß: 'ss', œ: 'oe', Œ: 'oe', ς: 'σ' };
const ownLetter = /[йїўќѓ]/i;

/** Accents, control characters and characters without a width. */
const weightless = /[\p{M}\0-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff]/gu;

function weightOf(character: string): string {
	if (ownLetter.test(character)) return character.toLowerCase();
	return special[character] ?? character.normalize('NFKD').replace(weightless, '').toLowerCase();
}

const weightsOf = (text: string): string[] =>
	/^[ -~]*$/.test(text) ? [...text.toLowerCase()] : [...text].map(weightOf);

export const folded = (text: string): string => weightsOf(text).join('');

/** `column = value`: blanks at the end do not count, and a number is compared with a number. */
export function sameText(left: string | null, right: unknown): boolean {
	if (typeof right === 'number') return left !== null && leadingNumber(left) === right;
	const padded = (text: string) => folded(text).replace(/ +$/, '');
	return left !== null && padded(left) === padded(String(right));
}

/** `column LIKE %value%`: character by character, so `strauss` is not in `strauß`. */
export function contains(text: string | null, wanted: string): boolean {
	if (text === null) return false;
	const [inText, like] = [weightsOf(text), weightsOf(wanted)];
	const last = inText.length - like.length;
	for (let at = 0; at <= last; at++) {
		if (like.every((weight, index) => weight === inText[at + index])) return true;
	}
	return false;
}

/**
 * What a column of numbers is compared with when text comes: the number at its beginning, else 0.
 * So `1aaaaaaa-…` is 1, `2e0aaaaa-…` is 2 and `1.5` is no whole number (measured).
 */
export function leadingNumber(value: unknown): number {
	const number = /^[ \t\n\v\f\r]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(textOf(value));
	return Number(number?.[0] ?? 0);
}
