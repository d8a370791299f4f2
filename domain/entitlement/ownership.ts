import type { CustomerProperties } from '../events/customerProperties';
import { OPERATOR_EVENTS, isOneOf } from '../events/event';
import { compare } from '../text';
import type { CustomerKey } from './entitlement';
import type { LogEvent } from '../events/event';

export interface Customer {
	key: CustomerKey;
	id: string | null;
	name: string | null;
	/** The present address: the one with the newest `state_at`. */
	email: string | null;
	emails: Set<string>;
	/** As billing last said them. */
	properties: CustomerProperties;
	/** All subscriptions of which an event names them. */
	named: Set<string>;
	/** What operators said about them. */
	operators: LogEvent[];
}

export interface Attribution {
	customers: Map<CustomerKey, Customer>;
	subscriptions: Map<string, { owner: CustomerKey; own: LogEvent[] }>;
}

/** An event that names both a customer id and an address. */
interface Claim {
	id: string;
	email: string;
	before: string | null;
	at: string;
	/** Among the events. */
	place: number;
}

type Claims = (email: string) => Claim[];

/**
 * Assigns each event to a customer. Two customer ids are never merged. An event with only an address
 * belongs to the customer id that had this address at that time, or else to the address itself. A
 * subscription belongs to the customer named by its event with the newest `state_at`.
 * @param events without repeats, in the order in which they happened
 * @param deliveries with repeats: anybody named in one of them may have been given access
 */
export function attributeEvents(events: LogEvent[], deliveries: LogEvent[]): Attribution {
	const claims = claimsOf(events);
	const customers: Attribution['customers'] = new Map();
	const subscriptions: Attribution['subscriptions'] = new Map();
	const customerOf = (key: CustomerKey): Customer => {
		const customer = customers.get(key) ?? newCustomer(key);
		customers.set(key, customer);
		return customer;
	};
	for (const event of deliveries.filter((one) => !isCustomers(one))) {
		const key = keyOf(event, claims);
		const customer = key && customerOf(key);
		if (event.customer_email) customer?.emails.add(event.customer_email);
		if (event.subscription_id) customer?.named.add(event.subscription_id);
		if (event.previous_customer_id) customerOf(`customer:${event.previous_customer_id}`);
		else if (event.previous_email) customer?.emails.add(event.previous_email);
	}
	// What is said of somebody who has bought nothing makes no customer of them.
	for (const event of deliveries.filter(isCustomers)) {
		const known = customers.get(keyOf(event, claims) ?? 'email:');
		for (const email of [event.customer_email, event.previous_email]) {
			if (email) known?.emails.add(email);
		}
	}
	const billing: Array<{ event: LogEvent; customer: Customer }> = [];
	for (const event of events) {
		const key = keyOf(event, claims);
		const customer = key && (isCustomers(event) ? customers.get(key) : customerOf(key));
		if (!customer) continue;
		if (isOneOf(OPERATOR_EVENTS, event.event)) {
			customer.operators.push(event);
			continue;
		}
		billing.push({ event, customer });
		if (isCustomers(event)) continue;
		const subscription = subscriptions.get(event.subscription_id);
		if (subscription) subscription.own.push(event);
		else subscriptions.set(event.subscription_id, { owner: customer.key, own: [event] });
	}
	// Of what was said twice, the newest `state_at` counts, and then the later event.
	billing.sort(({ event: a }, { event: b }) => compare(a.state_at, b.state_at));
	for (const { event, customer } of billing) {
		customer.name = event.customer_name || customer.name;
		customer.email = event.customer_email || customer.email;
		customer.properties = event.customer_properties ?? customer.properties;
		const subscription = subscriptions.get(event.subscription_id);
		if (subscription) subscription.owner = customer.key;
	}
	// An operator's event says who is meant; the present address comes from billing.
	for (const customer of customers.values()) {
		const said = customer.operators.find(({ customer_email }) => customer_email);
		customer.email ??= said?.customer_email ?? null;
	}
	return { customers, subscriptions };
}

const newCustomer = (key: CustomerKey): Customer => ({
	key,
	id: key.startsWith('customer:') ? key.slice('customer:'.length) : null,
	...{ name: null, email: null, emails: new Set(), properties: {} },
	...{ named: new Set(), operators: [] },
});

const isCustomers = ({ event }: LogEvent): boolean => event === 'customer.updated';

function keyOf(event: LogEvent, claims: Claims): CustomerKey | null {
	if (event.customer_id) return `customer:${event.customer_id}`;
	if (!event.customer_email) return null;
	const isOperators = isOneOf(OPERATOR_EVENTS, event.event);
	const holder =
		holderOf(event.customer_email, event.occurred_at, claims) ??
		// An operator means the person, even if billing sends the customer id only later.
		(isOperators ? holderOf(event.customer_email, END_OF_TIME, claims) : null);
	return holder === null ? `email:${event.customer_email}` : `customer:${holder}`;
}

const END_OF_TIME = '9999';

/** Finds the claims of all customer ids that ever had an address, in the order of the events. */
function claimsOf(events: LogEvent[]): Claims {
	const byId = new Map<string, Claim[]>();
	const idsOf = new Map<string, Set<string>>();
	for (const [place, event] of events.entries()) {
		const { customer_id: id, customer_email: email, occurred_at: at } = event;
		if (!id || !email || isOneOf(OPERATOR_EVENTS, event.event)) continue;
		const before = event.previous_customer_id ? null : event.previous_email;
		const mine = byId.get(id) ?? [];
		mine.push({ id, email, before, at, place });
		byId.set(id, mine);
		for (const address of [email, before]) {
			if (address) idsOf.set(address, (idsOf.get(address) ?? new Set()).add(id));
		}
	}
	return (email) =>
		[...(idsOf.get(email) ?? [])]
			.flatMap((id) => byId.get(id) ?? [])
			.sort((a, b) => a.place - b.place);
}

/** The customer id that had this address at that time; if several had it, the one who got it last. */
function holderOf(email: string, at: string, claims: Claims): string | null {
	const holds = new Map<string, { email: string | null; since: string }>();
	for (const claim of claims(email)) {
		if (claim.at <= at) holds.set(claim.id, { email: claim.email, since: claim.at });
		else if (!holds.has(claim.id)) holds.set(claim.id, { email: claim.before, since: '' });
	}
	const holders = [...holds].filter(([, hold]) => hold.email === email);
	holders.sort(([, a], [, b]) => compare(a.since, b.since));
	return holders.at(-1)?.[0] ?? null;
}
