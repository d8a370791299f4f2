import { createHash } from 'crypto';

import { attributeEvents } from '../entitlement/ownership';
import { withValues, type CustomerProperties } from '../events/customerProperties';
import { dedupe, sortEvents } from '../events/dedupe';
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

/**
 * The events that bring these properties of the customers in line with Paymenter; the others stay as
 * they are. What an operator set does not matter.
 * @param truth the properties of everybody in Paymenter, by customer id
 */
export function propertyCorrections(
	log: LogEvent[],
	truth: Map<string, CustomerProperties>,
	keys: string[],
	readAt: string,
): Correction[] {
	const { customers } = attributeEvents(sortEvents(dedupe(log)), sortEvents(log));
	return [...customers.values()].flatMap(({ id, properties: known }): Correction[] => {
		const found = id === null ? undefined : truth.get(id);
		if (!found) return [];
		const changed = keys.filter((key) => (known[key] ?? null) !== (found[key] ?? null));
		if (changed.length === 0) return [];
		const now = Object.fromEntries(keys.map((key) => [key, found[key] ?? null]));
		const said = { customer_id: id, customer_properties: withValues({ ...known, ...now }) };
		const own = log.filter(({ customer_id }) => customer_id === id);
		const event = 'customer.updated';
		return [
			{
				event_id: idOf([event, said, lastOf(own)]),
				event,
				...{ occurred_at: readAt, state_at: readAt, received_at: readAt },
				subscription_id: '',
				...{ customer_email: null, customer_name: null, previous_email: null },
				...{ previous_customer_id: null, product_id: null, tier: null, status: null },
				...said,
				source: 'reconcile',
				reason: `Changed in Paymenter: ${changed.join(', ')}`,
			},
		];
	});
}

/** The same difference gets the same id, so that two comparisons at once count once. */
function idOf(content: unknown[]): string {
	const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
	return `reconcile-${hash.slice(0, 32)}`;
}
