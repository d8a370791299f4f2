import { createHash } from 'crypto';

import type { LogEvent } from '../events/event';
import { lastOf, type LoggedSubscription } from './loggedSubscriptions';
import type { ServiceState } from './service';

/** An event that corrects a difference between Paymenter and the log. */
export interface Correction extends Omit<LogEvent, 'recorded'> {
	received_at: string;
	source: 'reconcile';
	/** The difference that was found, as a sentence. */
	reason: string;
}

/** What an event says apart from the service's present state. */
export type Draft = Pick<Correction, 'event' | 'reason'> & {
	/** Absent: now. */
	occurred_at?: string;
	/** Because today's would contradict an event in the past. */
	status?: null;
	/** Clears the planned end, because the paid period goes beyond it. */
	ends_at?: null;
};

export const draft = (
	event: Draft['event'],
	reason: string,
	more: Omit<Draft, 'event' | 'reason'> = {},
): Draft => ({ event, reason, ...more });

const NAMES = {
	product_id: 'product',
	customer_id: 'owner',
	customer_email: 'e-mail address',
	hold_until: '“Do not suspend until” date',
} as const;

/** Whether Paymenter says something else; what it does not say is no difference. */
function differs(
	column: keyof typeof NAMES,
	service: ServiceState,
	known: LoggedSubscription | undefined,
): boolean {
	const said = service[column];
	const isSaid = column === 'hold_until' ? said !== undefined : said !== null;
	return known !== undefined && isSaid && said !== known[column];
}

/** The fields other than status and date that differ. */
export const changesOf = (service: ServiceState, known: LoggedSubscription): string[] =>
	(Object.keys(NAMES) as Array<keyof typeof NAMES>)
		.filter((column) => differs(column, service, known))
		.map((column) => NAMES[column]);

/** Whether the paid period is over by the shop's clock. */
export const isOverdue = ({ paid_day_ends_at: end }: ServiceState, readAt: string): boolean =>
	end !== null && end <= readAt;

export function eventOf(
	{ event, reason, occurred_at, ...said }: Draft,
	service: ServiceState,
	known: LoggedSubscription | undefined,
	readAt: string,
): Correction {
	// An event in the past gets today's owner; only an event of today reports a change of owner.
	const before = occurred_at === undefined ? known : undefined;
	const hasNewOwner = differs('customer_id', service, before);
	const hasNewEmail = !hasNewOwner && differs('customer_email', service, before);
	const { subscription_id, product_id, hold_until } = service;
	const state = {
		subscription_id,
		customer_id: service.customer_id,
		customer_email: service.customer_email,
		customer_name: service.customer_name,
		previous_email: (hasNewEmail && before?.customer_email) || null,
		previous_customer_id: (hasNewOwner && before?.customer_id) || null,
		product_id: product_id ?? known?.product_id ?? null,
		tier: product_id === null ? (known?.tier ?? null) : null,
		status: service.status,
		paid_until: service.paid_until,
		is_overdue: isOverdue(service, readAt),
		...(hold_until === undefined ? {} : { hold_until }),
		...said,
	};
	const content = occurred_at
		? [event, subscription_id, occurred_at]
		: [event, state, lastOf(known?.events ?? [])];
	return {
		event_id: idOf(content),
		event,
		occurred_at: occurred_at ?? readAt,
		state_at: readAt,
		received_at: readAt,
		...state,
		source: 'reconcile',
		reason,
	};
}

/** For a subscription that no longer exists in Paymenter. */
export const goneCorrection = (known: LoggedSubscription, readAt: string): Correction =>
	eventOf(
		draft('subscription.cancelled', 'No longer exists in Paymenter'),
		{ ...known, status: 'cancelled', paid_day_ends_at: null },
		known,
		readAt,
	);

/** The same difference gets the same id, so that two comparisons at once count once. */
export function idOf(content: unknown[]): string {
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return `reconcile-${hash.slice(0, 32)}`;
}
