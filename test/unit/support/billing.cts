import type { EventType, OPERATOR_EVENTS, Status } from '../../../domain/events/event';
import {
	resolveEntitlements,
	type Entitlement,
	type ResolveSettings,
	type Subscription,
} from '../../../domain/entitlement/resolve';
import type { LogEvent } from '../../../domain/events/event';

export const OPTIONS: ResolveSettings = { graceDays: 7, deleteAccountAfterDays: 30 };

/** `05-03` is 3 May 2026 at 10:00 UTC, `05-03 23:59` that minute, a whole moment itself. */
export function moment(text: string): string {
	if (text.includes('T')) return new Date(text).toISOString();
	const [day = '', time = '10:00'] = text.split(' ');
	return new Date(`2026-${day}T${time}Z`).toISOString();
}

const STATUS: Partial<Record<EventType, Status>> = {
	'subscription.created': 'active',
	'subscription.updated': 'active',
	'payment.failed': 'active',
	'payment.succeeded': 'active',
	'payment.refunded': 'active',
	'payment.disputed': 'active',
	'subscription.cancelled': 'cancelled',
};

const NAMES = {
	created: 'subscription.created',
	updated: 'subscription.updated',
	failed: 'payment.failed',
	succeeded: 'payment.succeeded',
	refunded: 'payment.refunded',
	disputed: 'payment.disputed',
	cancelled: 'subscription.cancelled',
} as const;

type Short = keyof typeof NAMES;

/** An event about Ada's fire-knight subscription, read when it happened, unless said otherwise. */
export function event(short: Short, when: string, more: Partial<LogEvent> = {}): LogEvent {
	const { state_at: stateAt, ...said } = more;
	const name = NAMES[short];
	return {
		event_id: `${short} at ${when}`,
		event: name,
		occurred_at: moment(when),
		state_at: moment(stateAt ?? when),
		subscription_id: 's1',
		customer_id: '77',
		customer_email: 'ada@example.com',
		customer_name: null,
		previous_email: null,
		previous_customer_id: null,
		product_id: 'fire-knight',
		tier: 'knight',
		status: STATUS[name] ?? null,
		...said,
	};
}

/** What billing said about Ada herself. */
export const customerUpdated = (when: string, more: Partial<LogEvent> = {}): LogEvent => ({
	...event('updated', when),
	event_id: `customer at ${when}`,
	event: 'customer.updated',
	subscription_id: '',
	product_id: null,
	tier: null,
	status: null,
	...more,
});

/** What an operator said about Ada. */
export function said(
	type: (typeof OPERATOR_EVENTS)[number],
	when: string,
	more: Partial<LogEvent> = {},
): LogEvent {
	return {
		...event('updated', when),
		event_id: `${type} at ${when}`,
		event: type,
		subscription_id: '',
		product_id: null,
		tier: null,
		status: null,
		...more,
	};
}

export const override = (what: 'set' | 'clear', when: string, more: Partial<LogEvent> = {}) =>
	said(`override.${what}`, when, more);

export function at(events: LogEvent[], when: string, options = OPTIONS): Entitlement[] {
	return resolveEntitlements(events, new Date(moment(when)), options);
}

/** The entitlement of the only customer, or of one among several. */
export function customer(
	events: LogEvent[],
	when: string,
	key?: string,
	options = OPTIONS,
): Entitlement {
	const all = at(events, when, options);
	const found = key === undefined ? all : all.filter((one) => one.customer === key);
	if (found.length !== 1 || !found[0]) {
		throw new Error(`${found.length} customers, among ${all.map((one) => one.customer).join()}`);
	}
	return found[0];
}

export function subscription(events: LogEvent[], when: string): Subscription {
	const [first, ...more] = customer(events, when).subscriptions;
	if (!first || more.length > 0) throw new Error('not one subscription');
	return first;
}

export function tiers(entitlement: Entitlement): Array<string | null> {
	return entitlement.grants.map(({ tier }) => tier).sort();
}
