import { endOfAccess } from '../dates';
import type { LogEvent } from '../events/event';

/** A subscription's state after some events. Grace and suspension for an unpaid invoice are both `failed`. */
export interface SubscriptionState {
	state: 'none' | 'active' | 'failed' | 'suspended' | 'cancelled';
	failedAt: string | null;
	/** The first of the present uninterrupted series of failures. */
	failingSince: string | null;
	/** `paid_until` as the failure event carries it, and when it was read. */
	failedPaidUntil: string | null;
	failedReadAt: string;
	cancelledAt: string | null;
}

export const START: SubscriptionState = {
	state: 'none',
	failedAt: null,
	failingSince: null,
	failedPaidUntil: null,
	failedReadAt: '',
	cancelledAt: null,
};

/** Applies one event to a subscription. Feed events in the order in which they happened. */
export function reduce(
	step: SubscriptionState,
	event: LogEvent,
	{ paidUntil, revives }: { paidUntil: string | null; revives: boolean },
): SubscriptionState {
	if (event.event === 'subscription.cancelled' || event.status === 'cancelled') {
		return cancel(step, event);
	}
	if (event.status === 'pending') return START;
	const active: SubscriptionState = { ...START, state: 'active' };
	const isStart = event.event === 'subscription.created';
	if (event.status === 'suspended') {
		// Compare with the time at which the status was read, not with now: otherwise a manual suspension
		// would turn into a failed payment as time passes, and give a week of grace.
		const isPast = paidUntil !== null && paidUntil < event.state_at.slice(0, 10);
		// A purchase that arrives this late was active before.
		return (event.is_overdue ?? isPast)
			? fail(isStart ? active : step, event)
			: { ...(isStart ? START : step), state: 'suspended' };
	}
	switch (event.event) {
		case 'subscription.created':
			return active;
		case 'subscription.updated': {
			if (event.status !== 'active') return step;
			// Lifting a manual suspension restores the state before it: an unpaid invoice is still unpaid.
			if (step.state === 'suspended' && step.failedAt) return { ...step, state: 'failed' };
			return step.state === 'none' || step.state === 'suspended' ? active : step;
		}
		case 'payment.failed':
			return fail(step, event);
		case 'payment.succeeded':
			return step.state === 'cancelled' && !revives ? step : active;
		default:
			return step;
	}
}

/** Another event that carries the status `cancelled` may predate the cancellation: its `state_at` counts. */
function cancel(
	step: SubscriptionState,
	{ event, occurred_at, state_at }: LogEvent,
): SubscriptionState {
	const at = event === 'subscription.cancelled' ? occurred_at : state_at;
	const known = step.state === 'cancelled' ? step.cancelledAt : null;
	return { ...START, state: 'cancelled', cancelledAt: known !== null && known < at ? known : at };
}

function fail(step: SubscriptionState, event: LogEvent): SubscriptionState {
	const streak: SubscriptionState = {
		...START,
		state: 'failed',
		failedAt: event.occurred_at,
		failingSince: (step.state === 'failed' ? step.failingSince : null) ?? event.occurred_at,
		failedPaidUntil: event.paid_until ?? null,
		failedReadAt: event.state_at,
	};
	if (step.state === 'active') return streak;
	const isNewStreak =
		step.state === 'failed' &&
		step.failedPaidUntil !== null &&
		(event.paid_until ?? '') > step.failedPaidUntil;
	return isNewStreak ? streak : step;
}

/** A refund or a dispute that no later payment has made up for. */
export interface Stop {
	why: 'refunded' | 'disputed';
	at: string;
	/** The refunded period lasts until then; null: it ends at once. */
	until: string | null;
}

/**
 * What one event does to a stop. Only a later payment lifts it: billing goes on calling the
 * subscription active. A dispute outweighs a refund, and of two refunds the first counts.
 * @param paidUntil as it is known with this event; null: no period could be kept
 */
export function stopAfter(
	stop: Stop | null,
	{ event, occurred_at: at }: LogEvent,
	{ paidUntil, refundKeepsPeriod }: { paidUntil: string | null; refundKeepsPeriod: boolean },
): Stop | null {
	switch (event) {
		case 'payment.succeeded':
			return null;
		case 'payment.refunded': {
			const until = refundKeepsPeriod && paidUntil !== null ? endOfAccess(paidUntil) : null;
			return stop ?? { why: 'refunded', at, until };
		}
		case 'payment.disputed':
			return stop?.why === 'disputed' ? stop : { why: 'disputed', at, until: null };
		default:
			return stop;
	}
}

/** Whether it has ended access. */
export const isInForce = ({ until }: Stop, now: Date): boolean =>
	until === null || until <= now.toISOString();
