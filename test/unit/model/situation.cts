/** What happens in a scenario, and what the product's own functions make of the events in it. */
import type { Entitlement } from '../../../domain/entitlement/entitlement';
import type { LogEvent } from '../../../domain/events/event';
import { resolveEntitlements } from '../../../domain/entitlement/resolve';
import { searchesFor, type LogKey } from '../../../domain/events/search';
import { diff, type Action } from '../../../domain/access/diff';
import type { Server } from '../../../domain/access/panelRecords';
import { readPlanDocument } from '../../../domain/access/planDocument';
import { targetOf, tiersOf } from '../../../domain/access/tierPlan';
import { chooseWork } from '../../../domain/work/due';
import type { WriterStep } from './state.cjs';

/** The clock stands still for Resolve; all other times are kept relative to now. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

export interface Situation {
	events: LogEvent[];
	/** So many of them have been applied before the scenario begins. */
	applied?: number;
	/** The others arrive in this order; else in any. */
	inOrder?: boolean;
	/** All but the first of them arrive only while an execution is suspended. */
	inNaps?: boolean;
	/** How many events a round claims. */
	batch?: number;
	/** How many executions may die. */
	deaths?: number;
	/** How many answers of the panel are lost, though the request may land until a lease later. */
	lostAnswers?: number;
	/** How many executions are suspended, for any time. */
	naps?: number;
	/** Only before these steps; else before any. */
	napsBefore?: WriterStep[];
	/** How many customers' syncs fail without a doubt about the outcome. */
	failures?: number;
	/** How many rounds are over before all of their customers were reached. */
	shortRounds?: number;
	/** Whether the schedule runs; without it, nothing may be left for it. */
	hasSchedule?: boolean;
}

const ACCOUNT = 7;
const plan = readPlanDocument({
	server_groups: [{ name: 'all', match: 'all' }],
	tiers: [
		{ tier: 'low', products: 'low', serverGroups: ['all'], permissions: ['activity.read'] },
		{ tier: 'high', products: 'high', serverGroups: ['all'], permissions: ['backup.read'] },
	],
	allow_harmful: false,
}).plan;

const serverWith = (subusers: string[][]): Server => ({
	id: 1,
	uuid: 'u',
	name: 'Server',
	description: '',
	user: -1,
	node: 1,
	nest: 1,
	location: null,
	tags: [],
	status: null,
	rows: new Map(subusers.length > 0 ? [[ACCOUNT, subusers]] : []),
});

/** What would make this customer's access right: at most one action on the one server. */
export const actionFor = (subusers: string[][], keys: string[]): Action | undefined =>
	diff({
		account: { id: ACCOUNT },
		target: new Map(keys.length > 0 ? [[1, keys]] : []),
		servers: [serverWith(subusers)],
		isOurs: () => true,
	})[0];

/** A set of events: one bit each. */
export type EventSet = number;

/** Remembers results: there are few sets of events, and many states. */
export function truthOf(events: LogEvent[]) {
	const entitled = new Map<EventSet, Entitlement[]>();
	const reads = new Map<string, EventSet>();
	const setOf = (those: LogEvent[]) =>
		those.reduce((set, event) => set | (1 << events.indexOf(event)), 0);
	const eventsOf = (set: EventSet) => events.filter((_, index) => set & (1 << index));
	const customers = entitlementsBy(setOf(events)).map((one) => ({
		customer: one.customer as string,
		customer_id: one.customer_id,
		customer_email: one.customer_email,
	}));

	function entitlementsBy(set: EventSet): Entitlement[] {
		const found =
			entitled.get(set) ??
			resolveEntitlements(eventsOf(set), new Date(NOW), {
				graceDays: 7,
				deleteAccountAfterDays: null,
			});
		entitled.set(set, found);
		return found;
	}

	/** The permissions to which the events entitle a customer. */
	function keysBy(set: EventSet, customer: string): string[] {
		const grants = entitlementsBy(set).find((one) => one.customer === customer)?.grants ?? [];
		return targetOf(plan, tiersOf(plan, grants), [serverWith([])]).get(1) ?? [];
	}

	/** Searches the log as the workflow does, until no new key appears. */
	function readLog(log: EventSet, claimed: number[], due: number[]): EventSet {
		const key = JSON.stringify([log, claimed, due]);
		let found = reads.get(key);
		if (found === undefined) {
			const rows = claimed.map((event) => ({ ...events[event] }));
			const people = due.map((customer) => ({ ...customers[customer] }));
			let searched = chooseWork(rows, people);
			for (let more = searched; more.length > 0;) {
				searched = more;
				found = setOf(eventsOf(log).filter((event) => searched.some((one) => finds(one, event))));
				more = searchesFor(eventsOf(found), searched);
			}
			reads.set(key, found ?? 0);
		}
		return found ?? 0;
	}

	return { customers, entitlementsBy, keysBy, readLog };
}

/** The conditions of "Get Customer Events". */
const finds = (search: LogKey, event: LogEvent): boolean =>
	[
		[search.customer_id, event.customer_id],
		[search.customer_id, event.previous_customer_id],
		[search.customer_email, event.customer_email],
		[search.customer_email, event.previous_email],
		[search.subscription_id, event.subscription_id],
	].some(([wanted, value]) => Boolean(wanted) && wanted === value);
