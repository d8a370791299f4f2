import { CreationBudget } from '../../../domain/access/creationBudget';
import type { Server } from '../../../domain/access/panelRecords';
import type { Flavour } from './flavour';

const NEW_ACCOUNTS_AT_ONCE = 3;
const CALLS_AT_ONCE = 8;
/** How long a list of servers may be taken from another run. */
const RECENT_MS = 2000;

/** Runs so many tasks at the same time; the others wait in the order in which they came. */
export class Slots {
	private running = 0;
	private readonly waiting: Array<() => void> = [];

	constructor(public most: number) {}

	async run<T>(task: () => Promise<T>): Promise<T> {
		if (this.running >= this.most) await new Promise<void>((go) => this.waiting.push(go));
		else this.running++;
		try {
			return await task();
		} finally {
			const next = this.running <= this.most ? this.waiting.shift() : undefined;
			if (next) next();
			else this.running--;
		}
	}
}

/** What is known of a panel; it outlives the run. */
export class PanelMemory {
	readonly budget = new CreationBudget();
	/** Which panel it has shown to be. */
	flavour: Flavour | null = null;
	private readonly lists = new Map<string, { list: Promise<Server[]>; readAt: number }>();

	/** Concurrent callers, and those within two seconds afterwards, share one list of servers. */
	async recent(what: string, read: () => Promise<Server[]>): Promise<Server[]> {
		const known = this.lists.get(what);
		if (known && Date.now() - known.readAt < RECENT_MS) return await known.list;
		const entry = { list: read(), readAt: Infinity };
		this.lists.set(what, entry);
		entry.list.then(
			() => (entry.readAt = Date.now()),
			() => this.lists.delete(what),
		);
		return await entry.list;
	}
}

const memories = new Map<string, PanelMemory>();

export function memoryOf(panel: string): PanelMemory {
	const memory = memories.get(panel) ?? new PanelMemory();
	memories.set(panel, memory);
	return memory;
}

export type PanelRun = ReturnType<typeof startRun>;

/**
 * What all customers of one run share. Times are milliseconds.
 * @param deadline no call starts after this time
 * @param callsAtOnce how many calls to the panel may be under way
 */
export function startRun(deadline = Infinity, callsAtOnce = CALLS_AT_ONCE) {
	const turns = new Map<string, Slots>();
	return {
		deadline,
		/** Whether the panel has answered any call of the run. */
		hasAnswered: false,
		/** The panel's rate limit for a key is used up until then, by API. */
		pausedUntil: {} as Record<string, number>,
		memory: new PanelMemory(),
		/** Runs the tasks with the same key one after the other. */
		inTurn: async <T>(key: string, task: () => Promise<T>): Promise<T> => {
			const turn = turns.get(key) ?? new Slots(1);
			turns.set(key, turn);
			return await turn.run(task);
		},
		newAccounts: new Slots(NEW_ACCOUNTS_AT_ONCE),
		calls: new Slots(callsAtOnce),
	};
}
