/** Does the task for each item, in their order; `most` at the same time, or all (`Infinity`). */
export async function inParallel<T>(
	items: readonly T[],
	most: number,
	task: (item: T) => Promise<void>,
): Promise<void> {
	const left = items.values();
	const work = async () => {
		for (let next = left.next(); !next.done; next = left.next()) await task(next.value);
	};
	await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
}
