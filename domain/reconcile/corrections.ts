import { createHash } from 'crypto';

import type { LogEvent } from '../events/event';
import type { ServiceState } from './service';
import type { LoggedSubscription } from './loggedSubscriptions';

/** An event that corrects a difference between Paymenter and the log. */
export interface Correction extends Omit<LogEvent, 'recorded'> {
	received_at: string;
	source: 'reconcile';
	/** The difference that was found, as a sentence. */
	reason: string;
}

export interface Draft {
	event: Correction['event'];
	reason: string;
	occurredAt?: string;
	/** Leave the status out, because today's would contradict an event in the past. */
	withoutStatus?: boolean;
	/** Clear the planned end, because the paid period goes beyond it. */
	endIsOff?: boolean;
}

export function draft(
	event: Draft['event'],
	reason: string,
	more: Omit<Draft, 'event' | 'reason'> = {},
): Draft {
	return { event, reason, ...more };
}

/** The fields other than status and date that differ. */
export function changesOf(service: ServiceState, known: LoggedSubscription): string[] {
	return [
		...(service.product_id !== null && service.product_id !== known.product_id ? ['product'] : []),
		...(hasNewOwner(service, known) ? ['owner'] : []),
		...(hasNewEmail(service, known) ? ['e-mail address'] : []),
		...(service.hold_until !== undefined && service.hold_until !== known.hold_until
			? ['“Do not suspend until” date']
			: []),
	];
}

/** Whether the paid period is over by the shop's clock. */
export const isOverdue = ({ paid_day_ends_at: end }: ServiceState, readAt: string): boolean =>
	end !== null && end <= readAt;

const hasNewOwner = (service: ServiceState, known: LoggedSubscription) =>
	service.customer_id !== null && service.customer_id !== known.customer_id;

const hasNewEmail = (service: ServiceState, known: LoggedSubscription) =>
	service.customer_email !== null && service.customer_email !== known.customer_email;

export function eventOf(
	{ event, reason, occurredAt, withoutStatus = false, endIsOff = false }: Draft,
	service: ServiceState,
	known: LoggedSubscription | undefined,
	readAt: string,
): Correction {
	// An event in the past gets today's owner; only an event of today reports a change of owner.
	const isToday = occurredAt === undefined;
	const newOwner = known && isToday && hasNewOwner(service, known) ? known : null;
	const newEmail = known && isToday && !newOwner && hasNewEmail(service, known) ? known : null;
	const state = {
		subscription_id: service.subscription_id,
		customer_id: service.customer_id,
		customer_email: service.customer_email,
		customer_name: service.customer_name,
		previous_email: newEmail?.customer_email ?? null,
		previous_customer_id: newOwner?.customer_id ?? null,
		product_id: service.product_id ?? known?.product_id ?? null,
		tier: service.product_id === null ? (known?.tier ?? null) : null,
		status: withoutStatus ? null : service.status,
		paid_until: service.paid_until,
		is_overdue: isOverdue(service, readAt),
		...(service.hold_until === undefined ? {} : { hold_until: service.hold_until }),
		...(endIsOff ? { ends_at: null } : {}),
	};
	return {
		event_id: idOf(
			isToday ? [event, state, known?.last ?? ''] : [event, state.subscription_id, occurredAt],
		),
		event,
		occurred_at: occurredAt ?? readAt,
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
