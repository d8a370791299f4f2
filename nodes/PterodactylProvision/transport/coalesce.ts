const latest = new Map<string, { asked: Promise<unknown>; at: number }>();

/**
 * Coalesces identical reads: concurrent callers, and those within `freshMs` afterwards, share one
 * result. Otherwise a hundred purchases in one minute would spend half of the panel's rate limit on
 * reading the same list.
 * @param what identifies the read
 */
export async function coalesce<T>(
	what: string,
	freshMs: number,
	read: () => Promise<T>,
): Promise<T> {
	const known = latest.get(what);
	if (known && Date.now() - known.at < freshMs) return (await known.asked) as T;
	const asked = read();
	const entry = { asked, at: Infinity };
	latest.set(what, entry);
	asked.then(
		() => (entry.at = Date.now()),
		() => latest.delete(what),
	);
	return await asked;
}

/** Records what such a read would yield now. */
export function learn(what: string, value: unknown): void {
	latest.set(what, { asked: Promise.resolve(value), at: Date.now() });
}
