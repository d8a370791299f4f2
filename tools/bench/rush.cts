/** Events of many customers, and what must have come of them. */
import { promised } from '../lifecycle/panelView.cjs';
import { ONE_OF_EACH_TIER, type TierName } from '../lifecycle/story.cjs';
import { send } from '../../simulators/events/sender.cjs';
import { permissionList } from '../../simulators/panel/state.cjs';
import type { Stage } from './stage.cjs';

export interface Buyer {
	email: string;
	events: Array<Record<string, unknown>>;
	/** The tier whose access they must end with. */
	ends: TierName | null;
}

const product = (number: number) =>
	ONE_OF_EACH_TIER[number % ONE_OF_EACH_TIER.length] as [string, TierName];

function eventOf(name: string, number: number, event: string, more: object) {
	// Events of one customer a second apart, and all in the past.
	const at = new Date(Date.now() - 60_000 + number * 1000).toISOString();
	return {
		event,
		event_id: `evt_${name}_${number}`,
		occurred_at: at,
		state_at: at,
		subscription_id: `sub-${name}`,
		customer_id: `id-${name}`,
		customer_email: `${name}@example.com`,
		customer_name: `${name} Example`,
		status: 'active',
		...more,
	};
}

/** A purchase each. */
export function firstPurchases(run: string, count: number, only?: TierName): Buyer[] {
	return Array.from({ length: count }, (_, index) => {
		const name = `${run}${index}`;
		const [slug, tier] = ONE_OF_EACH_TIER.find(([, one]) => one === only) ?? product(index);
		const bought = eventOf(name, 0, 'subscription.created', { product_id: slug });
		return { email: `${name}@example.com`, events: [bought], ends: tier };
	});
}

/** A purchase each, and one thing more: another tier, a payment that fails, one that comes, an end. */
export function shortLives(run: string, count: number): Buyer[] {
	return firstPurchases(run, count).map((buyer, index) => {
		const name = `${run}${index}`;
		const [slug] = product(index);
		const [nextSlug, nextTier] = product(index + 1 + (index % 3));
		const lives: Array<[string, object, TierName | null]> = [
			['subscription.updated', { product_id: nextSlug }, nextTier],
			['payment.failed', { product_id: slug }, buyer.ends],
			['payment.succeeded', { product_id: slug }, buyer.ends],
			['subscription.updated', { product_id: nextSlug }, nextTier],
			['subscription.cancelled', { product_id: slug, status: 'cancelled' }, null],
		];
		const [event, more, ends] = lives[index % lives.length] as (typeof lives)[number];
		return { ...buyer, events: [...buyer.events, eventOf(name, 1, event, more)], ends };
	});
}

/** In another order, which is the same in every run. */
export function shuffled<T>(things: T[]): T[] {
	let seed = 7;
	const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
	return things
		.map((thing) => ({ thing, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ thing }) => thing);
}

/** An overloaded n8n answers 503 for seconds; Paymenter's extension tries for hours. */
const PAUSES_MS = [500, 1000, 2000, 4000, ...Array<number>(20).fill(8000)];

/** Sends an event until it is taken. @returns milliseconds until it was, and how often it was sent */
export const deliver = ({ n8n, secret }: Stage, event: Record<string, unknown>) =>
	send(event, {
		url: `${n8n.webhookUrl}/webhook/paymenter`,
		secret,
		timeoutMs: 60_000,
		backoffMs: PAUSES_MS,
	});

/** What is not as it should be, by the panel's own tables. */
export function judge({ simulator }: Stage, buyers: Buyer[]) {
	const { servers, subusers, users } = simulator.state;
	const nameOf = new Map(servers.map(({ id, name }) => [id, name]));
	const rowsOf = new Map<number, string[]>();
	for (const { userId, serverId, permissions } of subusers) {
		const row = `${nameOf.get(serverId)}: ${permissionList(permissions).sort().join()}`;
		rowsOf.set(userId, [...(rowsOf.get(userId) ?? []), row]);
	}
	let right = 0;
	let doubled = 0;
	const wrong: string[] = [];
	for (const { email, ends } of buyers) {
		const accounts = users.filter((user) => user.email === email);
		const rows = accounts.flatMap(({ id }) => rowsOf.get(id) ?? []);
		const reached = rows.map((row) => row.split(': ')[0]);
		if (accounts.length > 1 || new Set(reached).size < reached.length) doubled++;
		const expected = Object.entries(promised(ends, servers)).map(
			([server, keys]) => `${server}: ${keys.join()}`,
		);
		const isRight = JSON.stringify(rows.sort()) === JSON.stringify(expected.sort());
		if (isRight) right++;
		else wrong.push(email);
	}
	return { right, doubled, wrong };
}
