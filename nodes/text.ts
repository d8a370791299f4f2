/**
 * Characters that show nothing: white space, controls, and what Unicode calls ignorable, such as
 * zero-width spaces and Hangul fillers. Laravel 11 trims nearly the same, so the panel takes a name
 * of these for an empty one.
 */
const INVISIBLE =
	'[\\p{White_Space}\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2800\\u{1d159}]';
const INVISIBLE_ENDS = new RegExp(`^${INVISIBLE}+|${INVISIBLE}+$`, 'gu');

/** The text without invisible characters at its ends; empty where nothing of it can be seen. */
export const trimInvisible = (text: string): string => text.replace(INVISIBLE_ENDS, '');

/** The parts of a text between white space, without those that show nothing. */
export const visibleWords = (text: string): string[] =>
	text
		.split(/\s+/u)
		.map(trimInvisible)
		.filter((word) => word !== '');

/** Whether a character that shows nothing stands in it, spaces aside. */
export const hasIgnorable = (text: string): boolean =>
	/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(text);

/**
 * The form in which texts are compared: letter case does not matter, nor whether an accent is a
 * character of its own. Upper case, because lower case depends on a letter's place (Σ) and may add
 * characters (İ).
 */
export const comparable = (text: string): string =>
	trimInvisible(text).normalize('NFC').toUpperCase().normalize('NFC');

/** The entries of a list separated by commas. An entry that holds a comma is put in double quotes. */
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

/** Whether the whole text is like the pattern, in which `*` stands for anything. Linear in the text. */
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
