import type { Service } from './service';
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
	/** What Paymenter says, all of it. */
	truth: Service[];
	/** Subscriptions that Paymenter itself denied, asked one by one. */
	gone: Set<string>;
	/** When reading Paymenter began: whatever happened since outranks what was read. ISO 8601, UTC. */
	readAt: string;
	/** Slugs of the products that count; empty: all. */
	products: string[];
}

/**
 * The live subscriptions that Paymenter's list lacks: to be asked for one by one. Paymenter's ids
 * are numbers; of others it knows nothing.
 */
export function missingOf({ known, truth }: Pick<Comparison, 'known' | 'truth'>): string[] {
	const listed = new Set(truth.map(({ subscription_id }) => subscription_id));
	return [...known.values()]
		.filter((one) => isLive(one) && /^\d+$/.test(one.subscription_id))
		.map(({ subscription_id }) => subscription_id)
		.filter((id) => !listed.has(id));
}

/**
 * The events that would bring the log to what Paymenter says, none where both agree: with these in
 * the log, the same comparison finds nothing. "active" alone is no proof of a payment; a date that
 * moved on is.
 */
export function compare(comparison: Comparison): Correction[] {
	const { known: subscriptions, logged, truth, gone, readAt, products } = comparison;
	const found = truth.flatMap((service): Correction[] => {
		const known = subscriptions.get(service.subscription_id);
		// Nobody could say whose it is, or what a new one gives.
		if (service.customer_id === null || (!known && service.product_id === null)) return [];
		const isSold =
			products.length === 0 || service.product_id === null || products.includes(service.product_id);
		const drafts = isSold
			? draftsFor(service, known, readAt)
			: known && isLive(known)
				? [draft('subscription.cancelled', `Its product is now ${service.product_id}`)]
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
	service: Service,
	known: LoggedSubscription | undefined,
	readAt: string,
): Draft[] {
	const drafts = stateDrafts(service, known, readAt);
	const isTold = drafts.some(({ occurredAt }) => occurredAt === undefined);
	if (!known || !isLive(known) || isTold || service.status === 'cancelled') return drafts;
	const changed = changesOf(service, known);
	return changed.length > 0
		? [...drafts, draft('subscription.updated', `Paymenter tells another ${changed.join(', ')}`)]
		: drafts;
}

/** What status and date give away. */
function stateDrafts(
	service: Service,
	known: LoggedSubscription | undefined,
	readAt: string,
): Draft[] {
	const { status, paid_until: paid } = service;
	// Where nothing runs out, nothing can be owed.
	const hasMovedOn =
		known !== undefined &&
		(paid === null
			? status === 'active' && (known.paid_until !== null || hasDebt(known))
			: known.paid_until !== null && paid > known.paid_until);
	switch (status) {
		case 'pending':
			return known && isLive(known)
				? [draft('subscription.updated', 'Paymenter says pending')]
				: [];
		case 'cancelled':
			return known && isLive(known)
				? [draft('subscription.cancelled', 'Paymenter says cancelled')]
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
				: [draft('subscription.created', 'Paymenter says active, the log did not')];
		}
	}
}

function activeDrafts(
	{ paid_until: paid }: Service,
	known: LoggedSubscription,
	isUnpaid: boolean,
	hasMovedOn: boolean,
): Draft[] {
	if (hasMovedOn) {
		const endIsOff = known.ends_at !== null && (paid === null || paid > known.ends_at);
		return [
			draft(
				'payment.succeeded',
				`Paid until ${paid ?? 'for ever'}, the log said ${known.paid_until ?? known.state}`,
				{ endIsOff },
			),
		];
	}
	if (isUnpaid && paid === known.paid_until) return [];
	if (isSuspendedByHand(known)) {
		return [draft('subscription.updated', 'Paymenter says active, the log suspended')];
	}
	return paid !== known.paid_until ? [draft('subscription.updated', dateChanged(paid, known))] : [];
}

const dateChanged = (paid: string | null, known: LoggedSubscription): string =>
	`Paid until ${paid ?? 'for ever'}, the log said ${known.paid_until ?? 'nothing'}`;

function suspendedDrafts(known: LoggedSubscription | undefined, readAt: string): Draft[] {
	const isKnown = known && (isSuspendedByHand(known) || hasEnded(known, readAt));
	return isKnown
		? []
		: [draft('subscription.updated', 'Paymenter says suspended, and nothing is overdue')];
}

/** A debt counts from the day to which it was paid: nobody gets a fresh week for an old one. */
function overdueDrafts(
	paid: string,
	known: LoggedSubscription | undefined,
	hasMovedOn: boolean,
	readAt: string,
): Draft[] {
	const at = { occurredAt: laterOf(`${paid}T00:00:00.000Z`, afterLastStart(known, readAt)) };
	const failed = draft('payment.failed', `Paymenter says suspended, paid until ${paid}`, at);
	const begun = draft('subscription.created', `It was active until ${paid}`, {
		...at,
		withoutStatus: true,
	});
	if (!known || known.state === 'none') return [begun, failed];
	const couldFail = isLive(known) && !isSuspendedByHand(known);
	if (!hasMovedOn && (!couldFail || known.failed_at !== null)) {
		const isNews = couldFail && paid !== known.paid_until;
		return isNews ? [draft('subscription.updated', dateChanged(paid, known))] : [];
	}
	return couldFail && couldFailAt(known, at.occurredAt) ? [failed] : [begun, failed];
}

/** A suspension by hand may hide one. */
const hasDebt = (known: LoggedSubscription) => known.failed_at !== null || isSuspendedByHand(known);

const STARTS_ANEW = ['subscription.created', 'payment.succeeded'];

/** The moment after the last event that ended debts, or nothing: a debt from before would not count. */
function afterLastStart(known: LoggedSubscription | undefined, readAt: string): string {
	const starts = (known?.events ?? [])
		.filter(({ event, status }) => STARTS_ANEW.includes(event) || status === 'pending')
		.map(({ occurred_at }) => occurred_at)
		.filter((at) => at < readAt)
		.sort();
	const last = starts.at(-1);
	return last === undefined ? '' : new Date(Date.parse(last) + 1).toISOString();
}
