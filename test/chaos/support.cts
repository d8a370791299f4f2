/** Customers who exist in events only, one event at a time, and all that is known of them afterwards. */
import { randomUUID } from 'node:crypto';

import type { Fault } from '../../simulators/faults.cjs';
import { send } from '../../simulators/events/sender.cjs';
import { promised, sameAccessMap, type AccessMap } from '../../tools/lifecycle/panelView.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import type { TableRow } from '../../tools/n8n/editor.cjs';
import { accessIn, atRest, eventually, simulatorOf } from '../e2e/support.cjs';

export interface Person {
	id: string;
	name: string;
	email: string;
	/** What they are to have after the last event that was accepted. */
	tier: TierName | null;
	/** Ids of the events that were accepted. */
	told: string[];
}

/** What tables and panel say of one customer. */
export interface Seen {
	rows: TableRow[];
	events: TableRow[];
	log: TableRow[];
	/** Accounts with their address or their mark. */
	accounts: number;
	access: AccessMap;
	/** What their tier promises on the panel as it is. */
	promised: AccessMap;
}

export type Deed =
	{ buys: TierName } | { upgrades: TierName } | { cancels: true } | { fails: true };

let people = 0;

export function person(name: string): Person {
	const id = String(90_000 + ++people);
	const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${id}@example.com`;
	return { id, name: `P${id} Example`, email, tier: null, told: [] };
}

/** Longer than a slow n8n takes to start. */
const PAUSES = Array.from({ length: 90 }, () => 1000);

/** Sends one event until it is accepted. */
export async function tell({ n8n, secret }: Stage, who: Person, deed: Deed): Promise<void> {
	const event = eventOf(n8n.now(), who, deed);
	await send(event, {
		url: `${n8n.webhookUrl}/webhook/paymenter`,
		secret,
		now: n8n.now,
		timeoutMs: 30_000,
		backoffMs: PAUSES,
	});
	noteTold(who, deed, event.event_id);
}

/** Stores one event without starting the writer. */
export async function store(stage: Stage, who: Person, deed: Deed): Promise<void> {
	const event = eventOf(stage.n8n.now(), who, deed);
	const at = event.occurred_at;
	const stored = { state_at: at, received_at: at, source: 'webhook', queue: `0 ${at}` };
	await (await stage.editor()).insert('paymenter_events', { ...event, ...stored });
	noteTold(who, deed, event.event_id);
}

function eventOf(now: Date, who: Person, deed: Deed) {
	const [event, tier] = meant(deed, who);
	return {
		event_id: `evt_${randomUUID()}`,
		event,
		occurred_at: now.toISOString(),
		subscription_id: `s${who.id}`,
		customer_id: who.id,
		customer_email: who.email,
		customer_name: who.name,
		product_id: productOf(tier ?? who.tier ?? 'awakened'),
		status: tier ? 'active' : 'cancelled',
	};
}

function noteTold(who: Person, deed: Deed, id: string): void {
	[, who.tier] = meant(deed, who);
	who.told.push(id);
}

/** The event, and what they are to have after it. */
function meant(deed: Deed, { tier }: Person): [string, TierName | null] {
	if ('buys' in deed) return ['subscription.created', deed.buys];
	if ('upgrades' in deed) return ['subscription.updated', deed.upgrades];
	return 'fails' in deed ? ['payment.failed', tier] : ['subscription.cancelled', null];
}

const productOf = (tier: TierName) =>
	tier === 'awakened' || tier === 'sovereign' ? tier : `fire-${tier}`;

/** Waits until each one's events are processed, nothing is due for them, and n8n has nothing to do. */
export async function settled(stage: Stage, those: Person[], ms = 240_000): Promise<void> {
	const left = await eventually(
		async () => await unsettled(stage, those),
		(found) => found.length === 0,
		ms,
	);
	if (left.length > 0) {
		throw new Error(
			`Not applied after ${ms / 1000} s: ${left.map(({ email }) => email).join(', ')}`,
		);
	}
	await atRest(stage, ms);
}

/** Those who have an event that is not processed, or for whom something is due. */
export async function unsettled(stage: Stage, those: Person[]): Promise<Person[]> {
	const editor = await stage.editor();
	const events = await editor.rows('paymenter_events');
	const customers = await editor.rows('paymenter_customers');
	const now = stage.n8n.now().getTime();
	return those.filter(({ email, told }) => {
		const mine = events.filter(({ customer_email }) => customer_email === email);
		const isStored = told.every((id) => mine.some(({ event_id }) => event_id === id));
		const isDue = customers.some(
			({ customer_email, due_at: at }) =>
				customer_email === email && at && Date.parse(String(at)) <= now,
		);
		return !isStored || mine.some(({ processed_at: at }) => !at) || isDue;
	});
}

/** The row of the writer's lease. */
export async function leaseOf(stage: Stage): Promise<TableRow> {
	const rows = (await (await stage.editor()).rows('paymenter_lease')).filter(
		({ name }) => name === 'apply',
	);
	if (rows.length !== 1) throw new Error(`There are ${rows.length} lease rows`);
	return rows[0] as TableRow;
}

export async function look(stage: Stage, those: Person[]): Promise<Map<Person, Seen>> {
	const editor = await stage.editor();
	const [rows, events, log] = await Promise.all(
		['paymenter_customers', 'paymenter_events', 'paymenter_provisioning_log'].map(
			async (table) => await editor.rows(table),
		),
	);
	const of = (table: TableRow[] | undefined, { email }: Person) =>
		(table ?? []).filter(({ customer_email }) => customer_email === email);
	const { servers } = simulatorOf(stage).state;
	return new Map(
		those.map((one) => [
			one,
			{
				rows: of(rows, one),
				events: of(events, one),
				log: of(log, one),
				...onPanel(stage, one),
				promised: promised(one.tier, servers),
			},
		]),
	);
}

function onPanel(stage: Stage, { id, email }: Person): Pick<Seen, 'accounts' | 'access'> {
	const accounts = simulatorOf(stage).state.users.filter(
		(user) => user.email.toLowerCase() === email || user.externalId === `paymenter-${id}`,
	);
	const access = accessIn(
		stage,
		accounts.map((account) => account.id),
	);
	return { accounts: accounts.length, access };
}

export const isRight = ({ access, promised: due }: Seen) => sameAccessMap(access, due);

/** Whether the call that has just arrived at the panel is about them. */
export function isAbout(stage: Stage, { id, email }: Person): () => boolean {
	return () => {
		const { state, calls } = simulatorOf(stage);
		const call = calls().at(-1);
		const account = state.users.find((user) => user.externalId === `paymenter-${id}`);
		const path = decodeURIComponent(call?.path ?? '');
		const said = `${path} ${JSON.stringify(call?.body ?? '')}`;
		const names = [email, `paymenter-${id}`, account?.uuid];
		return (
			names.some((name) => name !== undefined && said.includes(name)) ||
			(account !== undefined && path.endsWith(`/users/${account.id}`))
		);
	};
}

export const faultFor = (stage: Stage, who: Person, fault: Fault): Fault => ({
	...fault,
	when: isAbout(stage, who),
});

/** What the next minute would do, at once; until nothing waits and nothing is due. */
export async function applyDue(stage: Stage, ms = 240_000): Promise<void> {
	const { status } = await (await stage.editor()).run('paymenterDue', 'Every Minute');
	if (status !== 'success') throw new Error(`Due ended with ${status}`);
	const left = await eventually(
		async () => await waiting(stage),
		(found) => found.length === 0,
		ms,
	);
	if (left.length > 0) throw new Error(`Not applied after ${ms / 1000} s: ${left.join(', ')}`);
	await atRest(stage, ms);
}

/** All events that are not processed, all customers for whom something is due, and who holds the lease. */
export async function waiting(stage: Stage): Promise<string[]> {
	const editor = await stage.editor();
	const events = await editor.rows('paymenter_events');
	const customers = await editor.rows('paymenter_customers');
	const { holder, expires_at: until } = await leaseOf(stage);
	const now = stage.n8n.now().getTime();
	// A holder that died with nothing left to do stays in the row until somebody needs the lease.
	const isHeld = holder && Date.parse(String(until)) > now;
	return [
		...events.filter(({ processed_at: at }) => !at).map(({ event_id: id }) => `event ${id}`),
		...customers
			.filter(({ due_at: at }) => at && Date.parse(String(at)) <= now)
			.map(({ customer }) => String(customer)),
		...(isHeld ? [`the lease of ${holder}`] : []),
	];
}
