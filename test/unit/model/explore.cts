/** Every order in which things can happen, until nothing can happen any more. */

/** What may happen next in a state; each gives the state after it. None: all has come to rest. */
export type Moves<S> = (state: S) => Array<[what: string, after: S]>;

export interface Exploration {
	/** How many different states were seen. */
	states: number;
	/** How many of them were at rest. */
	ends: number;
	/** One of the shortest ways to an end that is wrong; null: all ends are right. */
	wrong: { steps: string[]; why: string } | null;
}

/**
 * Breadth first, each state once.
 * @param judge why an end is wrong; null: it is right
 */
export function explore<S>(
	start: S,
	moves: Moves<S>,
	judge: (end: S) => string | null,
): Exploration {
	const cameFrom = new Map<string, { before: string | null; what: string }>();
	const keyOf = (state: S) => JSON.stringify(state);
	let ends = 0;
	let layer = [start];
	cameFrom.set(keyOf(start), { before: null, what: '' });
	while (layer.length > 0) {
		const next: S[] = [];
		for (const state of layer) {
			const before = keyOf(state);
			const possible = moves(state);
			if (possible.length === 0) {
				ends++;
				const why = judge(state);
				if (why) {
					return { states: cameFrom.size, ends, wrong: { steps: wayTo(before), why } };
				}
			}
			for (const [what, after] of possible) {
				const key = keyOf(after);
				if (cameFrom.has(key)) continue;
				cameFrom.set(key, { before, what });
				next.push(after);
			}
		}
		layer = next;
	}
	return { states: cameFrom.size, ends, wrong: null };

	function wayTo(end: string): string[] {
		const steps: string[] = [];
		for (let key: string | null = end; key !== null;) {
			const { before, what } = cameFrom.get(key) as { before: string | null; what: string };
			if (what) steps.unshift(what);
			key = before;
		}
		return steps;
	}
}
