import { CreationBudget } from '../../../domain/access/creationBudget';
import type { Flavour } from './flavour';

const NEW_ACCOUNTS_AT_ONCE = 3;
const CALLS_AT_ONCE = 8;

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

const budgets = new Map<string, CreationBudget>();

/** What is known of a panel's limits; it outlives the run. */
export function budgetOf(panel: string): CreationBudget {
	const budget = budgets.get(panel) ?? new CreationBudget();
	budgets.set(panel, budget);
	return budget;
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
		/** Which panel it has shown to be. */
		flavour: null as Flavour | null,
		budget: new CreationBudget(),
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
