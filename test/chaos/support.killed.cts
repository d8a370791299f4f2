/** The points of an execution at which n8n is killed. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Fault } from '../../simulators/faults.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { rowOf, simulatorOf } from '../e2e/support.cjs';
import { person, settled, tell, type Deed, type Person } from './support.cjs';

/** One who stands still at a call to the panel. */
export interface Held {
	title: string;
	who: Person;
	before: TierName | null;
	deed: Deed;
	/** The call that is never answered; `executed` where its work is done all the same. */
	call: Omit<Fault, 'kind'>;
}

const BUYS = { before: null, deed: { buys: 'knight' } } as const;
const UPGRADES = { before: 'elemental', deed: { upgrades: 'knight' } } as const;
const CANCELS = { before: 'knight', deed: { cancels: true } } as const;
const ACCOUNT = { method: 'POST', path: /application\/users$/ };
const NEW_ROW = { method: 'POST', path: /client\/servers\/\w+\/users$/ };
const ROW = /client\/servers\/\w+\/users\/.+/;

const held = (title: string, more: Omit<Held, 'title' | 'who'>): Held => ({
	title,
	who: person(title),
	...more,
});

export const heldPoints: Held[] = [
	held('as the account is looked up', {
		...UPGRADES,
		call: { method: 'GET', path: /users\/external\// },
	}),
	held('before the account is made', { ...BUYS, call: ACCOUNT }),
	held('as the account is made and nobody knows', {
		...BUYS,
		call: { ...ACCOUNT, executed: true },
	}),
	held('between two rows', { ...BUYS, call: { ...NEW_ROW, skip: 1 } }),
	held('as a row is made and nobody knows', {
		...BUYS,
		call: { ...NEW_ROW, skip: 1, executed: true },
	}),
	held('before the last row is changed', {
		...UPGRADES,
		call: { method: 'POST', path: ROW, skip: 2 },
	}),
	held('between two deletions', { ...CANCELS, call: { method: 'DELETE', path: ROW, skip: 1 } }),
];

export interface Moment {
	title: string;
	/** Ends when it has come. */
	reach: (stage: Stage, who: Person) => Promise<void>;
	/** How much later n8n starts again; left out: when its run no longer counts as in work. */
	laterMs?: number;
	/** What they are to have then; left out: what was bought. */
	then?: null;
}

const rowsOf = (stage: Stage, { email }: Person): number => {
	const { state } = simulatorOf(stage);
	const account = state.users.find((user) => user.email === email);
	return state.subusers.filter(({ userId }) => userId === account?.id).length;
};

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const end = Date.now() + 60_000;
	while (!(await isSo())) {
		if (Date.now() > end) throw new Error('The moment did not come within a minute');
		await pause(2);
	}
}

const FROST_SERVERS = 3;
const DAY_MS = 86_400_000;

export const moments: Moment[] = [
	{
		title: 'after the last row, before the customer’s row is written',
		reach: async (stage, who) => {
			await tell(stage, who, { buys: 'knight' });
			await until(() => rowsOf(stage, who) === FROST_SERVERS);
		},
	},
	{
		title: 'as the second look begins',
		reach: async (stage, who) => {
			await tell(stage, who, { buys: 'knight' });
			await until(async () => !!(await rowOf(stage, who.email))?.last_run_at);
		},
	},
	{
		title: 'in the seven days of grace',
		reach: async (stage, who) => {
			await tell(stage, who, { buys: 'knight' });
			await settled(stage, [who]);
			await tell(stage, who, { fails: true });
			await settled(stage, [who]);
			await until(
				async () => (await (await stage.editor()).executions({ status: ['waiting'] })).length > 0,
			);
		},
		laterMs: 8 * DAY_MS,
		then: null,
	},
	{
		title: 'in a run for the due that puts right what had failed',
		reach: async (stage, who) => {
			const { control } = simulatorOf(stage);
			control.fault({ ...NEW_ROW, kind: 'html' });
			await tell(stage, who, { buys: 'knight' });
			await settled(stage, [who]);
			control.clearFaults();
			await stage.n8n.later(11 * 60_000);
			let isReached = false;
			control.fault({ ...NEW_ROW, kind: 'hang', skip: 1, meanwhile: () => (isReached = true) });
			const editor = await stage.editor();
			await editor.api.post('/workflows/paymenterReconcile/run', {
				triggerToStartFrom: { name: 'Every 5 Minutes' },
			});
			await until(() => isReached);
		},
	},
];
