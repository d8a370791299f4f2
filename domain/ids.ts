/** What senders write where there is no record: 0, null as a text, an empty UUID, "guest" … */
const NOBODY =
	/^[({<]?(?:[-+]?0+(?:\.0+)?|-\d+|0{8}(?:-?0{4}){3}-?0{12}|-*|null|nil|none|undefined|nan|false|guest|anon|anonymous|nobody|unknown|n\/?a|\\n)[)}>]?$/i;

/** An id, or null where it names nobody: all guests of a shop would otherwise be one customer. */
export const idOrNull = (id: string | null): string | null =>
	id === null || NOBODY.test(id) ? null : id;
