/**
 * Invisible are white space, control characters, and what Unicode calls ignorable, such as zero-width
 * spaces and Hangul fillers. Laravel 11 trims nearly the same set, so the panel treats a name of only
 * these as empty.
 */
const INVISIBLE = String.raw`[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]`;

/** Linear in the text's length: a run of them is looked at only from its beginning. */
const OUTER = new RegExp(`^${INVISIBLE}+|(?<!${INVISIBLE})${INVISIBLE}+$`, 'gu');

/** Trims invisible characters at both ends; empty if nothing is visible. */
export const trimInvisible = (text: string): string => text.replace(OUTER, '');

/** Splits at white space and drops invisible parts. */
export const visibleWords = (text: string): string[] =>
	text
		.split(/\s+/u)
		.map(trimInvisible)
		.filter((word) => word !== '');

/** Whether the text contains an invisible character other than a space. */
export const hasIgnorable = (text: string): boolean =>
	/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);

/**
 * Normalizes a text for comparison, ignoring letter case and whether an accent is a separate
 * character. Upper case, because lower case depends on a letter's position (Σ) and may add
 * characters (İ).
 */
export const comparable = (text: string): string =>
	trimInvisible(text).normalize('NFC').toUpperCase().normalize('NFC');

/** The entries of a comma-separated list. An entry with a comma must be in double quotes. */
export function listOf(text: string): string[] {
	const entries: string[] = [];
	for (let rest = text; rest !== '';) {
		const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:,|$)/.exec(rest);
		const [taken, entry = ''] = quoted ?? /^([^,]*)(?:,|$)/.exec(rest) ?? [rest];
		entries.push(trimInvisible(quoted ? entry.replaceAll('""', '"') : entry));
		rest = rest.slice(taken.length);
	}
	return entries.filter((entry) => entry !== '');
}

/** Whether an entry of the list fits the text. A list that equals the text as a whole counts, too. */
export const isListed = (
	list: string,
	text: string,
	fits: (entry: string, text: string) => boolean,
): boolean =>
	comparable(list) === comparable(text) || listOf(list).some((entry) => fits(entry, text));

/** Whether the whole text matches the pattern, where `*` matches anything. Linear in the text's length. */
export function isLike(pattern: string, text: string): boolean {
	const value = comparable(text);
	const parts = comparable(pattern).split('*');
	const [first = '', ...others] = parts;
	const last = others.pop();
	if (last === undefined) return value === first;
	const end = value.length - last.length;
	if (first.length > end || !value.startsWith(first) || !value.endsWith(last)) return false;
	let at = first.length;
	for (const part of others) {
		const found = value.indexOf(part, at);
		if (found === -1 || found + part.length > end) return false;
		at = found + part.length;
	}
	return true;
}

/** For sorting. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether the text may be part of a command or a path as it is: no spaces, no quotes. */
export const isPlainName = (text: string): boolean => /^[\w.-]{1,36}$/.test(text);

/** A column or a field as text; null if it is empty. */
export function textOrNull(value: unknown): string | null {
	return value === undefined || value === null || value === '' ? null : String(value);
}
