/** The points of an execution at which n8n is killed. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Fault } from '../../simulators/faults.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { simulatorOf } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';
import { person, settled, tell, type Deed, type Person } from './support.cjs';

interface Point {
	title: string;
	who: Person;
	before: TierName | null;
	deed: Deed;
}

/** One whose call to the panel is never answered. */
export interface HeldPoint extends Point {
	/** `executed` if the panel carries it out all the same. */
	call: Omit<Fault, 'kind'>;
}

const BUYS = { before: null, deed: { buys: 'knight' } } as const;
const UPGRADES = { before: 'elemental', deed: { upgrades: 'knight' } } as const;
const CANCELS = { before: 'knight', deed: { cancels: true } } as const;
const FAILS = { before: 'knight', deed: { fails: true } } as const;
const NEW_ACCOUNT = { method: 'POST', path: /application\/users$/ };
const NEW_SUBUSER = { method: 'POST', path: /client\/servers\/[\w-]+\/users$/ };
const SUBUSER = /client\/servers\/[\w-]+\/users\/.+/;

const held = (title: string, more: Omit<HeldPoint, 'title' | 'who'>): HeldPoint => ({
	title,
	who: person(title),
	...more,
});

const lookedUp = held('while the account is looked up', {
	...UPGRADES,
	call: { method: 'GET', path: /users\/external\// },
});
const beforeAccount = held('before the account is created', { ...BUYS, call: NEW_ACCOUNT });
const accountUnknown = held('when the account has been created without an answer', {
	...BUYS,
	call: { ...NEW_ACCOUNT, executed: true },
});
const betweenSubusers = held('between two subusers', {
	...BUYS,
	call: { ...NEW_SUBUSER, skip: 1 },
});
const subuserUnknown = held('when a subuser has been created without an answer', {
	...BUYS,
	call: { ...NEW_SUBUSER, skip: 1, executed: true },
});
const beforeUpdate = held('before the last subuser is updated', {
	...UPGRADES,
	call: { method: 'POST', path: SUBUSER, skip: 2 },
});
const betweenDeletions = held('between two deletions', {
	...CANCELS,
	call: { method: 'DELETE', path: SUBUSER, skip: 1 },
});
const deletionUnknown = held('when a subuser has been deleted without an answer', {
	...CANCELS,
	call: { method: 'DELETE', path: SUBUSER, skip: 1, executed: true },
});

/**
 * Those of one life of n8n stand still in the same round. Accounts are created one at a time, and so
 * are the subusers of a server: at most one of these in each.
 */
export const heldLives: HeldPoint[][] = isLong
	? [
			[subuserUnknown, lookedUp, betweenDeletions, beforeUpdate],
			[beforeAccount, deletionUnknown],
			[accountUnknown],
			[betweenSubusers],
		]
	: [[subuserUnknown, lookedUp, betweenDeletions, beforeUpdate]];

/** n8n dies just before it runs a node. */
export interface NodePoint extends Point {
	/** As `tools/n8n/preload.cjs` takes it. */
	node: string;
	/** Nobody's event starts the writer. */
	isByItself: boolean;
}

const APPLY = 'paymenterApply';
const EVENTS = 'paymenterEvents';
const DUE = 'paymenterDue';

const all: Array<[title: string, node: string, point?: Omit<Point, 'title' | 'who'>]> = [
	['after a sync, before its changes are logged', `${APPLY}/Log Changes`],
	['after a customer is saved, before the event is marked', `${APPLY}/Mark Processed`],
	['with nothing left to do, before the lease is released', `${APPLY}/Release Lease`],
	['before the event is stored', `${EVENTS}/Store Event`],
	['after the event is stored, before it is answered', `${EVENTS}/Claim Start`],
	['before Apply Access is started', `${EVENTS}/Start Apply Access`],
	['when Due was about to start Apply Access', `${DUE}/Start Apply Access`],
	['before Apply Access acquires the lease', `${APPLY}/Acquire Lease`],
	['just after it has acquired the lease', `${APPLY}/Get Due Events`],
	['before the events are claimed', `${APPLY}/Claim Events`],
	['after the events are claimed', `${APPLY}/Choose Work`],
	['before the entitlements are resolved', `${APPLY}/Resolve Entitlements`],
	['before a sync', `${APPLY}/Sync Access`],
	['after the changes are logged, before the lease is renewed', `${APPLY}/Renew Lease`],
	['before a new customer gets a row', `${APPLY}/Add Customers`],
	['when a new customer has an empty row', `${APPLY}/Save Customers`],
	['before a grace period is started', `${APPLY}/Start Grace Period`, FAILS],
	['before the next round', `${APPLY}/Get Due Events#2`],
	['after the lease is released, before the last look', `${APPLY}/Look Once More`],
];

/** One after the other; the most telling first. */
export const nodePoints: NodePoint[] = (isLong ? all : all.slice(0, 3)).map(
	([title, node, point = BUYS]) => ({
		title,
		who: person(title),
		node,
		isByItself: node.startsWith(DUE),
		...point,
	}),
);

export interface Moment {
	title: string;
	/** Ends when it has come. */
	reach: (stage: Stage, who: Person) => Promise<void>;
	/** How much later n8n starts again; left out: when the lease has run out. */
	laterMs?: number;
	/** What they are to have then; left out: what was bought. */
	then?: null;
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const end = Date.now() + 120_000;
	while (!(await isSo())) {
		if (Date.now() > end) throw new Error('It did not happen within two minutes');
		await pause(20);
	}
}

const DAY_MS = 86_400_000;

export const moments: Moment[] = [
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
		title: 'while it retries what had failed',
		reach: async (stage, who) => {
			const { control } = simulatorOf(stage);
			control.fault({ ...NEW_SUBUSER, kind: 'html' });
			await tell(stage, who, { buys: 'knight' });
			await settled(stage, [who]);
			control.clearFaults();
			let isReached = false;
			control.fault({ ...NEW_SUBUSER, kind: 'hang', skip: 1, meanwhile: () => (isReached = true) });
			await stage.n8n.later(11 * 60_000);
			const editor = await stage.editor();
			await editor.api.post('/workflows/paymenterDue/run', {
				triggerToStartFrom: { name: 'Every Minute' },
			});
			await until(() => isReached);
		},
	},
];
