const FRESH_MS = 2000;

const latest = new Map<string, { asked: Promise<unknown>; at: number }>();

/**
 * What `read` yields; who asks for the same while it is under way, or in the two seconds after, gets the
 * same. A hundred customers who buy in one minute would else spend half of the panel's calls a minute
 * on the same list.
 */
export async function coalesce<T>(what: string, read: () => Promise<T>): Promise<T> {
	const known = latest.get(what);
	if (known && Date.now() - known.at < FRESH_MS) return (await known.asked) as T;
	const asked = read();
	const entry = { asked, at: Infinity };
	latest.set(what, entry);
	asked.then(
		() => (entry.at = Date.now()),
		() => latest.delete(what),
	);
	return await asked;
}
