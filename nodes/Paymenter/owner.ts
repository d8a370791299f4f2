import { OPERATOR_EVENTS } from '../PaymenterTrigger/event';
import type { FoldEvent } from './fold';

/** `customer:<Paymenter's id>`, or `email:<address>` where no event told an id. */
export type CustomerKey = `customer:${string}` | `email:${string}`;

export interface Customer {
	key: CustomerKey;
	id: string | null;
	name: string | null;
	/** All addresses they were seen with, the present one last. */
	emails: Set<string>;
}

export interface Attribution {
	customers: Map<CustomerKey, Customer>;
	subscriptions: Map<string, { owner: CustomerKey; own: FoldEvent[] }>;
	overrides: Map<CustomerKey, FoldEvent[]>;
}

/** When a customer id was seen with an address, in order. */
interface Claim {
	id: string;
	email: string;
	before: string | null;
	at: string;
}

export function currentEmail({ emails }: Customer): string | null {
	return [...emails].at(-1) ?? null;
}

/**
 * Says whose each event is. Two customer ids are never merged; an event with an address only
 * belongs to the id that held the address then, or to the address. A subscription belongs to whom
 * the event names whose state was read last.
 * @param events each counted once, in the order in which they happened
 */
export function attributeTo(events: FoldEvent[]): Attribution {
	const claims = claimsOf(events);
	const attribution: Attribution = {
		customers: new Map(),
		subscriptions: new Map(),
		overrides: new Map(),
	};
	const namedAt = new Map<string, string>();
	const knownAt = new Map<CustomerKey, string>();

	for (const event of events) {
		const key = keyOf(event, claims);
		if (key === null) continue;
		const customer = customerOf(attribution, key);
		if (event.state_at >= (knownAt.get(key) ?? '')) {
			if (event.customer_name) customer.name = event.customer_name;
			if (event.customer_email) {
				moveToEnd(customer.emails, event.customer_email);
				knownAt.set(key, event.state_at);
			}
		} else if (event.customer_email) {
			addBefore(customer.emails, event.customer_email);
		}
		if (event.previous_customer_id) {
			customerOf(attribution, `customer:${event.previous_customer_id}`);
		} else if (event.previous_email) {
			addBefore(customer.emails, event.previous_email);
		}
		if ((OPERATOR_EVENTS as readonly string[]).includes(event.event)) {
			attribution.overrides.set(key, [...(attribution.overrides.get(key) ?? []), event]);
			continue;
		}
		const known = attribution.subscriptions.get(event.subscription_id);
		const isLatest = event.state_at >= (namedAt.get(event.subscription_id) ?? '');
		if (isLatest) namedAt.set(event.subscription_id, event.state_at);
		attribution.subscriptions.set(event.subscription_id, {
			owner: isLatest || !known ? key : known.owner,
			own: [...(known?.own ?? []), event],
		});
	}
	return attribution;
}

function keyOf(event: FoldEvent, claims: Claim[]): CustomerKey | null {
	if (event.customer_id) return `customer:${event.customer_id}`;
	if (!event.customer_email) return null;
	const holder = holderOf(event.customer_email, event.occurred_at, claims);
	return holder === null ? `email:${event.customer_email}` : `customer:${holder}`;
}

function claimsOf(events: FoldEvent[]): Claim[] {
	return events.flatMap(({ customer_id: id, customer_email: email, ...event }) =>
		id && email
			? [
					{
						id,
						email,
						before: event.previous_customer_id ? null : event.previous_email,
						at: event.occurred_at,
					},
				]
			: [],
	);
}

/** The customer id whose address this was at that moment; of several, who came to it last. */
function holderOf(email: string, at: string, claims: Claim[]): string | null {
	const holds = new Map<string, { email: string | null; since: string }>();
	for (const claim of claims) {
		if (claim.at <= at) holds.set(claim.id, { email: claim.email, since: claim.at });
		else if (!holds.has(claim.id)) holds.set(claim.id, { email: claim.before, since: '' });
	}
	const holders = [...holds].filter(([, hold]) => hold.email === email);
	holders.sort(([, a], [, b]) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
	return holders.at(-1)?.[0] ?? null;
}

function customerOf({ customers }: Attribution, key: CustomerKey): Customer {
	const known = customers.get(key);
	if (known) return known;
	const [kind, ...rest] = key.split(':');
	const name = rest.join(':');
	const customer: Customer = {
		key,
		id: kind === 'customer' ? name : null,
		name: null,
		emails: new Set(kind === 'email' ? [name] : []),
	};
	customers.set(key, customer);
	return customer;
}

function moveToEnd(emails: Set<string>, email: string): void {
	emails.delete(email);
	emails.add(email);
}

function addBefore(emails: Set<string>, email: string): void {
	if (emails.has(email)) return;
	const later = [...emails];
	emails.clear();
	for (const one of [email, ...later]) emails.add(one);
}
