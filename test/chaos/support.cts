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
	/** n8n's time when the last one was sent. */
	toldAt: number;
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
	return { id, name: `P${id} Example`, email, tier: null, told: [], toldAt: 0 };
}

/** Longer than a slow n8n takes to start. */
const PAUSES = Array.from({ length: 90 }, () => 1000);

/** Sends one event until it is accepted. */
export async function tell({ n8n, secret }: Stage, who: Person, deed: Deed): Promise<void> {
	const { now } = n8n;
	const [event, tier] = meant(deed, who);
	const event_id = `evt_${randomUUID()}`;
	who.toldAt = now().getTime();
	await send(
		{
			event_id,
			event,
			occurred_at: now().toISOString(),
			subscription_id: `s${who.id}`,
			customer_id: who.id,
			customer_email: who.email,
			customer_name: who.name,
			product_id: productOf(tier ?? who.tier ?? 'awakened'),
			status: tier ? 'active' : 'cancelled',
		},
		{
			url: `${n8n.webhookUrl}/webhook/paymenter`,
			secret,
			now,
			timeoutMs: 30_000,
			backoffMs: PAUSES,
		},
	);
	who.told.push(event_id);
	who.tier = tier;
}

/** The event, and what they are to have after it. */
function meant(deed: Deed, { tier }: Person): [string, TierName | null] {
	if ('buys' in deed) return ['subscription.created', deed.buys];
	if ('upgrades' in deed) return ['subscription.updated', deed.upgrades];
	return 'fails' in deed ? ['payment.failed', tier] : ['subscription.cancelled', null];
}

const productOf = (tier: TierName) =>
	tier === 'awakened' || tier === 'sovereign' ? tier : `fire-${tier}`;

/** Waits until a run has ended after each one's last event. */
export async function settled(stage: Stage, those: Person[], ms = 240_000): Promise<void> {
	const editor = await stage.editor();
	const open = async () => {
		const rows = await editor.rows('paymenter_customers');
		return those.filter(({ email, toldAt }) => {
			const row = rows.find((one) => one.customer_email === email);
			const isDone = row && !row.in_work && new Date(row.last_run_at ?? 0).getTime() > toldAt;
			return !isDone;
		});
	};
	const left = await eventually(open, (found) => found.length === 0, ms);
	if (left.length > 0) {
		throw new Error(`No run has ended for ${left.map(({ email }) => email).join(', ')}`);
	}
	await atRest(stage, ms);
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

/** The run every five minutes, once, until all that it began has ended. */
export async function applyTheDue(stage: Stage): Promise<void> {
	const { status } = await (await stage.editor()).run('paymenterReconcile', 'Every 5 Minutes');
	if (status !== 'success') throw new Error(`The run every five minutes ended with ${status}`);
	await atRest(stage);
}
