/**
 * Characters that show nothing: white space, controls, and what Unicode calls ignorable, such as
 * zero-width spaces and Hangul fillers. Laravel 11 trims nearly the same, so the panel takes a name
 * of these for an empty one.
 */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/u;

/**
 * The text without invisible characters at its ends; empty where nothing of it can be seen. It walks
 * in from the end, because a pattern anchored there takes time by the square of the text's length.
 */
export function trimInvisible(text: string): string {
	const start = text.search(VISIBLE);
	if (start === -1) return '';
	for (let end = text.length; ;) {
		const isPair = (text.codePointAt(end - 2) ?? 0) > 0xffff;
		const last = end - (isPair ? 2 : 1);
		if (VISIBLE.test(text.slice(last, end))) return text.slice(start, end);
		end = last;
	}
}

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

/** Whether a text is in a list, by what fits an entry. A list that reads like the text holds it, too. */
export const isListed = (
	list: string,
	text: string,
	fits: (entry: string, text: string) => boolean,
): boolean =>
	comparable(list) === comparable(text) || listOf(list).some((entry) => fits(entry, text));

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
