import type { ServiceState } from './service';
import {
	changesOf,
	draft,
	eventOf,
	goneCorrection,
	isOverdue,
	type Draft,
	type Correction,
} from './corrections';
import { endOfAccess, laterOf } from '../dates';
import {
	couldFailAt,
	hasEnded,
	isLive,
	isSuspendedByHand,
	type LoggedSubscription,
} from './loggedSubscriptions';

export interface Comparison {
	known: Map<string, LoggedSubscription>;
	/** The ids of all events in the log. */
	logged: Set<string>;
	truth: ServiceState[];
	/** Subscriptions that do not exist in Paymenter: each was asked for by its id. */
	gone: Set<string>;
	/** When reading Paymenter began: events after it outrank what was read. ISO 8601, UTC. */
	readAt: string;
	/** Slugs of the products to consider; empty: all. */
	products: string[];
}

/**
 * Live subscriptions that are missing from Paymenter's list: ask for each by its id. Paymenter's ids
 * are numbers, so it cannot have any others.
 */
export function missingOf({ known, truth }: Pick<Comparison, 'known' | 'truth'>): string[] {
	const listed = new Set(truth.map(({ subscription_id }) => subscription_id));
	return [...known.values()]
		.filter((one) => isLive(one) && /^\d+$/.test(one.subscription_id))
		.map(({ subscription_id }) => subscription_id)
		.filter((id) => !listed.has(id));
}

/**
 * The events that bring the log in line with Paymenter; none if both agree. Once they are appended,
 * the same comparison finds nothing. The status "active" alone does not prove a payment; a later
 * `paid_until` does.
 */
export function compare(comparison: Comparison): Correction[] {
	const { known: subscriptions, logged, truth, gone, readAt, products } = comparison;
	const found = truth.flatMap((service): Correction[] => {
		const known = subscriptions.get(service.subscription_id);
		// Without an owner, or for a new one without a product, there is nothing to report.
		if (service.customer_id === null || (!known && service.product_id === null)) return [];
		const isSold =
			products.length === 0 || service.product_id === null || products.includes(service.product_id);
		const drafts = isSold
			? draftsFor(service, known, readAt)
			: known && isLive(known)
				? [draft('subscription.cancelled', `Product changed to ${service.product_id}`)]
				: [];
		return drafts.map((one) => eventOf(one, service, known, readAt));
	});
	const ended = [...gone].flatMap((id): Correction[] => {
		const known = subscriptions.get(id);
		return known ? [goneCorrection(known, readAt)] : [];
	});
	return [...found, ...ended].filter(({ event_id }) => !logged.has(event_id));
}

function draftsFor(
	service: ServiceState,
	known: LoggedSubscription | undefined,
	readAt: string,
): Draft[] {
	const drafts = stateDrafts(service, known, readAt);
	const isTold = drafts.some(({ occurredAt }) => occurredAt === undefined);
	if (!known || !isLive(known) || isTold || service.status === 'cancelled') return drafts;
	const changed = changesOf(service, known);
	return changed.length > 0
		? [...drafts, draft('subscription.updated', `Changed in Paymenter: ${changed.join(', ')}`)]
		: drafts;
}

/** The drafts that follow from the status and the paid-until date. */
function stateDrafts(
	service: ServiceState,
	known: LoggedSubscription | undefined,
	readAt: string,
): Draft[] {
	const { status, paid_until: paid } = service;
	// A service that never expires cannot be overdue.
	const hasMovedOn =
		known !== undefined &&
		(paid === null
			? status === 'active' && (known.paid_until !== null || hasDebt(known))
			: known.paid_until !== null && paid > known.paid_until);
	switch (status) {
		case 'pending':
			return known && isLive(known) ? [draft('subscription.updated', 'Pending in Paymenter')] : [];
		case 'cancelled':
			return known && isLive(known)
				? [draft('subscription.cancelled', 'Cancelled in Paymenter')]
				: [];
		case 'suspended':
			return paid !== null && isOverdue(service, readAt)
				? overdueDrafts(paid, known, hasMovedOn, readAt)
				: suspendedDrafts(known, readAt);
		case 'active': {
			const isUnpaid = paid !== null && endOfAccess(paid) <= readAt;
			if (known && isLive(known)) return activeDrafts(service, known, isUnpaid, hasMovedOn);
			const isOver = known !== undefined && hasEnded(known, readAt) && !hasMovedOn;
			return isUnpaid || isOver
				? []
				: [draft('subscription.created', 'Active in Paymenter, but not in the log')];
		}
	}
}

function activeDrafts(
	{ paid_until: paid }: ServiceState,
	known: LoggedSubscription,
	isUnpaid: boolean,
	hasMovedOn: boolean,
): Draft[] {
	// A later date alone does not make up for a refund: only a payment does.
	if (hasMovedOn && !known.stopped) {
		const endIsOff = known.ends_at !== null && (paid === null || paid > known.ends_at);
		const reason = dateChanged(paid, known.paid_until ?? known.state);
		return [draft('payment.succeeded', reason, { endIsOff })];
	}
	if (isUnpaid && paid === known.paid_until) return [];
	if (isSuspendedByHand(known)) {
		return [draft('subscription.updated', 'Active in Paymenter, but suspended in the log')];
	}
	return newDate(paid, known);
}

const dateChanged = (paid: string | null, known: string): string =>
	`Paid until ${paid ?? 'forever'} in Paymenter, ${known} in the log`;

const newDate = (paid: string | null, { paid_until: known }: LoggedSubscription): Draft[] =>
	paid === known ? [] : [draft('subscription.updated', dateChanged(paid, known ?? 'no date'))];

function suspendedDrafts(known: LoggedSubscription | undefined, readAt: string): Draft[] {
	const isKnown = known && (isSuspendedByHand(known) || hasEnded(known, readAt));
	return isKnown
		? []
		: [draft('subscription.updated', 'Suspended in Paymenter, although nothing is overdue')];
}

/** The failure is dated at the end of the paid period, so that nobody gets a new grace period for an old debt. */
function overdueDrafts(
	paid: string,
	known: LoggedSubscription | undefined,
	hasMovedOn: boolean,
	readAt: string,
): Draft[] {
	const at = { occurredAt: laterOf(`${paid}T00:00:00.000Z`, afterLastStart(known, readAt)) };
	const failed = draft('payment.failed', `Suspended in Paymenter, paid until ${paid}`, at);
	const begun = draft('subscription.created', `Was active until ${paid}`, {
		...at,
		withoutStatus: true,
	});
	if (!known || known.state === 'none') return [begun, failed];
	const couldFail = isLive(known) && !isSuspendedByHand(known);
	if (!hasMovedOn && (!couldFail || known.failed_at !== null)) {
		return couldFail ? newDate(paid, known) : [];
	}
	return couldFail && couldFailAt(known, at.occurredAt) ? [failed] : [begun, failed];
}

/** A manual suspension may hide an unpaid invoice. */
const hasDebt = (known: LoggedSubscription) => known.failed_at !== null || isSuspendedByHand(known);

const STARTS_ANEW = ['subscription.created', 'payment.succeeded'];

/** Just after the last event that settled debts, or empty: an earlier failure would not count. */
function afterLastStart(known: LoggedSubscription | undefined, readAt: string): string {
	const starts = (known?.events ?? [])
		.filter(({ event, status }) => STARTS_ANEW.includes(event) || status === 'pending')
		.map(({ occurred_at }) => occurred_at)
		.filter((at) => at < readAt)
		.sort();
	const last = starts.at(-1);
	return last === undefined ? '' : new Date(Date.parse(last) + 1).toISOString();
}
