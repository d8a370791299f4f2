import { CreationBudget } from '../../../domain/access/creationBudget';

/** What all customers of one run share. Times are milliseconds. */
export interface PanelRun {
	/** No call starts after this time. */
	deadline: number;
	/** Whether the panel has answered any call of the run. */
	hasAnswered: boolean;
	/** The panel's rate limit for a key is used up until then, by API. */
	pausedUntil: Record<string, number>;
	budget: CreationBudget;
	/** Runs the tasks with the same key one after the other. */
	inTurn: <T>(key: string, task: () => Promise<T>) => Promise<T>;
}

export function startRun(deadline = Infinity): PanelRun {
	const last = new Map<string, Promise<unknown>>();
	return {
		deadline,
		hasAnswered: false,
		pausedUntil: {},
		budget: new CreationBudget(),
		inTurn: async (key, task) => {
			const before = last.get(key) ?? Promise.resolve();
			const mine = before.then(task, task);
			last.set(key, mine);
			return await mine;
		},
	};
}
