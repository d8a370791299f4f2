const FRESH_MS = 2000;

const latest = new Map<string, { asked: Promise<unknown>; at: number }>();

/**
 * Coalesces identical reads: concurrent callers, and those within two seconds afterwards, share one
 * result. Otherwise a hundred purchases in one minute would spend half of the panel's rate limit on
 * reading the same list.
 * @param what identifies the read
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
