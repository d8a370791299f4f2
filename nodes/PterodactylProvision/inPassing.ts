const underWay = new Map<string, Promise<unknown>>();

/**
 * What `read` yields; who asks for the same while it is under way gets the same. A hundred customers who
 * buy in one minute would else spend half of the panel's calls a minute on the same list.
 */
export async function inPassing<T>(what: string, read: () => Promise<T>): Promise<T> {
	const asked = underWay.get(what) ?? read().finally(() => underWay.delete(what));
	underWay.set(what, asked);
	return (await asked) as T;
}
