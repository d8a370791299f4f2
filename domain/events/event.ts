/** What billing can report, in the order in which events of the same moment count. */
export const BILLING_EVENTS = [
	'subscription.created',
	'subscription.updated',
	'payment.failed',
	'payment.succeeded',
	'subscription.cancelled',
] as const;

/**
 * What only an operator can report. The webhook never accepts these. `access.reapply` changes
 * nothing: it tells who asked for it.
 */
export const OPERATOR_EVENTS = [
	'override.set',
	'override.hold',
	'override.clear',
	'grace.extend',
	'access.reapply',
] as const;

export const STATUSES = ['pending', 'active', 'suspended', 'cancelled'] as const;

export type BillingEventType = (typeof BILLING_EVENTS)[number];
export type EventType = BillingEventType | (typeof OPERATOR_EVENTS)[number];
export type Status = (typeof STATUSES)[number];

/** What every event in the log says: who, and when. Moments are ISO 8601 in UTC. */
export interface LoggedEvent {
	event_id: string;
	event: EventType;
	/** When it happened. */
	occurred_at: string;
	/** When the state that it carries was read. */
	state_at: string;
	subscription_id: string;
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	previous_email: string | null;
	previous_customer_id: string | null;
	product_id: string | null;
	tier: string | null;
	status: Status | null;
	/** Date `YYYY-MM-DD`; null: nothing runs out (bought once); absent: not said. */
	paid_until?: string | null;
	/** Whether `paid_until` is over by the shop's own clock; absent: not said. */
	is_overdue?: boolean;
	/** Date `YYYY-MM-DD`; null: no end is planned; absent: not said. */
	ends_at?: string | null;
	/** Date `YYYY-MM-DD` before which billing does not suspend; null: none; absent: not said. */
	hold_until?: string | null;
}

/** The normalized event, as the trigger hands it on. */
export interface BillingEvent extends LoggedEvent {
	event: BillingEventType;
	received_at: string;
	source: 'webhook';
}

export function isOneOf<const T extends readonly string[]>(
	list: T,
	value: string,
): value is T[number] {
	return list.includes(value);
}
