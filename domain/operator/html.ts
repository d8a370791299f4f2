/** A page of a form: its title, and its text as HTML. */
export interface Page {
	title: string;
	html: string;
}

/** Escapes text for a page of a form. Braces too, because n8n evaluates them once more. */
export const escapeHtml = (text: string | number | null | undefined): string =>
	String(text ?? '').replace(/[&<>"'{}]/g, (character) => `&#${character.charCodeAt(0)};`);

export const bold = (text: string | null | undefined): string => `<b>${escapeHtml(text)}</b>`;

/** A list of finished HTML, empty without entries; `where` says where the rest is. */
export function listHtml(entries: string[], most = Infinity, where = ''): string {
	const shown = entries.slice(0, most).map((entry) => `<li>${entry}</li>`);
	const rest = entries.length - shown.length;
	const more = rest > 0 ? `and ${rest} more${where}.` : '';
	return shown.length > 0 ? `<ul>${shown.join('')}</ul>${more}` : '';
}

/** Joins the parts that say something. */
export const paragraphs = (
	parts: Array<string | false | null | undefined>,
	separator = '<br><br>',
): string => parts.filter(Boolean).join(separator);

/** Groups names by what is true of them, in order of appearance. */
export function groupNames(entries: Array<[string, string]>): Array<[string, string[]]> {
	const groups = new Map<string, string[]>();
	for (const [what, name] of entries) groups.set(what, [...(groups.get(what) ?? []), name]);
	return [...groups];
}

export const permissionList = (permissions: string[]): string =>
	permissions.join(', ') || 'nothing';
