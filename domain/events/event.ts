import type { CustomerProperties } from './customerProperties';

/** What billing can report. Events with the same timestamp are applied in this order. */
export const BILLING_EVENTS = [
	'customer.updated',
	'subscription.created',
	'subscription.updated',
	'payment.failed',
	'payment.succeeded',
	'payment.refunded',
	'payment.disputed',
	'subscription.cancelled',
] as const;

/**
 * What only our own workflows append; the webhook never accepts these. The first four change what a
 * customer is entitled to, `override.player` says who plays, and the others change only what is done
 * about it: `apply.requested` asks for another sync, `restore.requested` for the access that it
 * records; `changes.held` and `changes.confirmed` say what the loss guard holds back.
 */
export const OPERATOR_EVENTS = [
	'override.set',
	'override.hold',
	'override.clear',
	'grace.extend',
	'override.player',
	'apply.requested',
	'restore.requested',
	'changes.held',
	'changes.confirmed',
] as const;

export const STATUSES = ['pending', 'active', 'suspended', 'cancelled'] as const;

export type BillingEventType = (typeof BILLING_EVENTS)[number];
export type EventType = BillingEventType | (typeof OPERATOR_EVENTS)[number];
export type Status = (typeof STATUSES)[number];

/** An entry of the event log. Timestamps are ISO 8601 in UTC. */
export interface LogEvent {
	event_id: string;
	event: EventType;
	/** When it happened. */
	occurred_at: string;
	/** When the state below was read from the shop. */
	state_at: string;
	/** Empty: it is about the customer. */
	subscription_id: string;
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	previous_email: string | null;
	previous_customer_id: string | null;
	product_id: string | null;
	tier: string | null;
	status: Status | null;
	/** Date `YYYY-MM-DD`; null: never expires (one-time purchase); absent: unknown. */
	paid_until?: string | null;
	/** Whether `paid_until` has passed by the shop's clock; absent: unknown. */
	is_overdue?: boolean;
	/** Date `YYYY-MM-DD`; null: no planned end; absent: unknown. */
	ends_at?: string | null;
	/** Date `YYYY-MM-DD` before which billing does not suspend; null: none; absent: unknown. */
	hold_until?: string | null;
	/** All of them; absent: unknown. */
	customer_properties?: CustomerProperties;
	/** Timestamp or date until which an override or an extended grace is valid; null: until it is cleared. */
	override_until?: string | null;
	reason?: string | null;
	actor?: string | null;
	/** For `restore.requested`: permissions by server uuid, as JSON. */
	recorded?: string;
}

/** The normalized event, as the trigger outputs it. */
export interface BillingEvent extends LogEvent {
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
