import type { ServiceState } from './service';
import { changesOf, draft, eventOf, isOverdue, type Draft, type Correction } from './corrections';
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
	/** What Paymenter says of each subscription; null: it does not exist. */
	truth: Map<string, ServiceState | null>;
	/** When reading Paymenter began: events after it outrank what was read. ISO 8601, UTC. */
	readAt: string;
	/** Slugs of the products to consider; empty: all. */
	products: string[];
}

/** Live subscriptions that Paymenter's list lacks: ask for each by its id, which is a number there. */
export const missingOf = ({ known, truth }: Pick<Comparison, 'known' | 'truth'>): string[] =>
	[...known.values()]
		.filter((one) => isLive(one) && /^\d+$/.test(one.subscription_id))
		.map(({ subscription_id }) => subscription_id)
		.filter((id) => !truth.has(id));

/**
 * The events that bring the log in line with Paymenter; none if both agree. Once they are appended,
 * the same comparison finds nothing. The status "active" alone does not prove a payment; a later
 * `paid_until` does.
 */
export function compare(comparison: Comparison): Correction[] {
	const { logged, truth, readAt, products } = comparison;
	const found = [...truth].flatMap(([id, service]): Correction[] => {
		const known = comparison.known.get(id);
		if (service === null) {
			if (!known) return [];
			const gone = { ...known, status: 'cancelled' as const, paid_day_ends_at: null };
			const ended = draft('subscription.cancelled', 'No longer exists in Paymenter');
			return [eventOf(ended, gone, known, readAt)];
		}
		const { customer_id, product_id } = service;
		// Without an owner, or for a new one without a product, there is nothing to report.
		if (customer_id === null || (!known && product_id === null)) return [];
		const isSold = products.length === 0 || product_id === null || products.includes(product_id);
		const drafts = isSold
			? draftsFor(service, known, readAt)
			: known && isLive(known)
				? [draft('subscription.cancelled', `Product changed to ${product_id}`)]
				: [];
		return drafts.map((one) => eventOf(one, service, known, readAt));
	});
	return found.filter(({ event_id }) => !logged.has(event_id));
}

function draftsFor(
	service: ServiceState,
	known: LoggedSubscription | undefined,
	readAt: string,
): Draft[] {
	const drafts = stateDrafts(service, known, readAt);
	const isTold = drafts.some(({ occurred_at }) => occurred_at === undefined);
	if (!known || !isLive(known) || isTold) return drafts;
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
	const live = known && isLive(known) ? known : null;
	if (status === 'pending') {
		return live ? [draft('subscription.updated', 'Pending in Paymenter')] : [];
	}
	if (status === 'cancelled') {
		return live ? [draft('subscription.cancelled', 'Cancelled in Paymenter')] : [];
	}
	// A service that never expires cannot be overdue.
	const hasMovedOn =
		known !== undefined &&
		(paid === null
			? status === 'active' && (known.paid_until !== null || hasDebt(known))
			: known.paid_until !== null && paid > known.paid_until);
	const isOver = known !== undefined && hasEnded(known, readAt);
	if (status === 'suspended') {
		if (paid !== null && isOverdue(service, readAt)) {
			return overdueDrafts(paid, known, hasMovedOn, readAt);
		}
		return isOver || (known && isSuspendedByHand(known))
			? []
			: [draft('subscription.updated', 'Suspended in Paymenter, although nothing is overdue')];
	}
	const isUnpaid = paid !== null && endOfAccess(paid) <= readAt;
	if (!live) {
		return isUnpaid || (isOver && !hasMovedOn)
			? []
			: [draft('subscription.created', 'Active in Paymenter, but not in the log')];
	}
	// A later date alone does not make up for a refund: only a payment does.
	if (hasMovedOn && !live.stopped) {
		const endIsOff = live.ends_at !== null && (paid === null || paid > live.ends_at);
		const reason = dateChanged(paid, live.paid_until ?? live.state);
		return [draft('payment.succeeded', reason, endIsOff ? { ends_at: null } : {})];
	}
	if (isUnpaid && paid === live.paid_until) return [];
	return isSuspendedByHand(live)
		? [draft('subscription.updated', 'Active in Paymenter, but suspended in the log')]
		: newDate(paid, live);
}

const dateChanged = (paid: string | null, known: string): string =>
	`Paid until ${paid ?? 'forever'} in Paymenter, ${known} in the log`;

const newDate = (paid: string | null, { paid_until: known }: LoggedSubscription): Draft[] =>
	paid === known ? [] : [draft('subscription.updated', dateChanged(paid, known ?? 'no date'))];

/** The failure is dated at the end of the paid period, so that nobody gets a new grace period for an old debt. */
function overdueDrafts(
	paid: string,
	known: LoggedSubscription | undefined,
	hasMovedOn: boolean,
	readAt: string,
): Draft[] {
	const occurred_at = laterOf(`${paid}T00:00:00.000Z`, afterLastStart(known, readAt));
	const at = { occurred_at };
	const failed = draft('payment.failed', `Suspended in Paymenter, paid until ${paid}`, at);
	const began = `Was active until ${paid}`;
	const begun = draft('subscription.created', began, { ...at, status: null });
	if (!known || known.state === 'none') return [begun, failed];
	const couldFail = isLive(known) && !isSuspendedByHand(known);
	if (!hasMovedOn && (!couldFail || known.failed_at !== null)) {
		return couldFail ? newDate(paid, known) : [];
	}
	return couldFail && couldFailAt(known, occurred_at) ? [failed] : [begun, failed];
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
