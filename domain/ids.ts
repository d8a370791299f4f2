/** Placeholders that senders use for "no record": 0, the string "null", an empty UUID, "guest" … */
const NOBODY =
	/^[({<]?(?:[-+]?0+(?:\.0+)?|-\d+|0{8}(?:-?0{4}){3}-?0{12}|-*|null|nil|none|undefined|nan|false|guest|anon|anonymous|nobody|unknown|n\/?a|\\n)[)}>]?$/i;

/** The id, or null for a placeholder: otherwise all guests of a shop would be one customer. */
export const idOrNull = (id: string | null): string | null =>
	id === null || NOBODY.test(id) ? null : id;
