/** Every order in which things can happen, until nothing can happen any more. */

/** What may happen next in a state; each gives the state after it. None: all has come to rest. */
export type Moves<S> = (state: S) => Array<[what: string, after: S]>;

export interface Exploration {
	/** How many different states were seen. */
	states: number;
	/** How many of them were at rest. */
	ends: number;
	/** One of the shortest ways to a state that is wrong; null: all are right. */
	wrong: { steps: string[]; why: string } | null;
}

interface Judges<S> {
	/** The same text for the same state. */
	keyOf: (state: S) => string;
	/** Why a state at rest is wrong; null: it is right. */
	atRest: (state: S) => string | null;
	/** The same of any state. */
	always?: (state: S) => string | null;
}

/** Breadth first, each state once. */
export function explore<S>(
	start: S,
	moves: Moves<S>,
	{ keyOf, atRest, always = () => null }: Judges<S>,
): Exploration {
	const seen = new Map<number, number>([[hash(keyOf(start)), 0]]);
	const edges: Array<[from: number, to: number]> = [];
	const resting: number[] = [];
	// By place in the order of discovery: from which state, and by what.
	const cameFrom = [-1];
	const cameBy = [''];
	let layer: Array<[place: number, state: S]> = [[0, start]];
	while (layer.length > 0) {
		const next: typeof layer = [];
		for (const [place, state] of layer) {
			const possible = moves(state);
			if (possible.length === 0) resting.push(place);
			const why = always(state) ?? (possible.length === 0 ? atRest(state) : null);
			if (why) return found({ steps: wayTo(place), why });
			for (const [what, after] of possible) {
				const key = hash(keyOf(after));
				const known = seen.get(key);
				edges.push([place, known ?? cameFrom.length]);
				if (known !== undefined) continue;
				seen.set(key, cameFrom.length);
				next.push([cameFrom.length, after]);
				cameFrom.push(place);
				cameBy.push(what);
			}
		}
		layer = next;
	}
	const lost = withoutWayTo(resting, edges, cameFrom.length);
	return found(lost < 0 ? null : { steps: wayTo(lost), why: 'it never comes to rest' });

	function found(wrong: Exploration['wrong']): Exploration {
		return { states: cameFrom.length, ends: resting.length, wrong };
	}

	function wayTo(end: number): string[] {
		const steps: string[] = [];
		for (let place = end; place > 0; place = cameFrom[place] ?? 0) {
			steps.unshift(cameBy[place] ?? '');
		}
		return steps;
	}
}

/** The first state from which none of these can be reached; -1: there is none. */
function withoutWayTo(ends: number[], edges: Array<[number, number]>, states: number): number {
	const before: number[][] = Array.from({ length: states }, () => []);
	for (const [from, to] of edges) before[to]?.push(from);
	const hasWay = new Uint8Array(states);
	const open = [...ends];
	for (let place = open.pop(); place !== undefined; place = open.pop()) {
		if (hasWay[place]) continue;
		hasWay[place] = 1;
		open.push(...(before[place] ?? []));
	}
	return hasWay.indexOf(0);
}

/** A global is slow to look up in Jest. */
const { imul } = Math;

/** 53 bits: among a million states, two share a hash with a chance of 1 : 18,000. */
function hash(text: string): number {
	let high = 0xdeadbeef;
	let low = 0x41c6ce57;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		high = imul(high ^ code, 2654435761);
		low = imul(low ^ code, 1597334677);
	}
	high = imul(high ^ (high >>> 16), 2246822507) ^ imul(low ^ (low >>> 13), 3266489909);
	low = imul(low ^ (low >>> 16), 2246822507) ^ imul(high ^ (high >>> 13), 3266489909);
	return 4294967296 * (2097151 & low) + (high >>> 0);
}
