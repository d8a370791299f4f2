import { earliest, endOfAccess } from '../dates';
import type { LogEvent, Status } from '../events/event';
import type { State, Subscription } from './entitlement';
import { graceEnd } from './gracePeriod';
import { extensionOf } from './override';
import type { ResolveSettings } from './resolve';
import {
	START,
	isInForce,
	reduce,
	stopAfter,
	type Stop,
	type SubscriptionState,
} from './subscriptionState';

/** A subscription now, from its events in the order in which they happened, and what operators said. */
export function resolveSubscription(
	events: LogEvent[],
	operators: LogEvent[],
	now: Date,
	{ graceDays, refundKeepsPeriod = false, ignoreStops = false }: ResolveSettings,
): Subscription {
	const carried = nothing();
	const { known } = carried;
	let last = START;
	let stopped: Stop | null = null;
	for (const event of events) {
		const status = take(carried, event);
		// A payment that reactivates it still counts if an older event is redelivered after the payment.
		const revives = event.status === 'active' && carried.status === 'active';
		const paidUntil = known.paid_until;
		last = reduce(last, { ...event, status }, { paidUntil, revives });
		stopped = stopAfter(stopped, event, { paidUntil, refundKeepsPeriod });
	}

	const { ends_at: endsAt } = known;
	const graceByRule = graceEnd(last, carried, graceDays);
	const longer = extensionOf(operators, last.failingSince, graceByRule);
	const graceUntil = longer ? longer.until : graceByRule;
	const end = endsAt && last.state !== 'none' ? endOfAccess(endsAt) : null;
	const isOver = end !== null && end <= now.toISOString() && last.state !== 'cancelled';
	const billed = isOver ? 'cancelled' : stateNow(last, graceUntil, now);
	const isLive = billed === 'active' || billed === 'grace' || billed === 'suspended';
	const isStopped = isLive && !ignoreStops && stopped !== null && isInForce(stopped, now);
	const state = isStopped ? 'suspended' : billed;
	const isOpen = state === 'active' || state === 'grace';
	return {
		subscription_id: events[0]?.subscription_id ?? '',
		...known,
		state,
		failed_at: last.state === 'failed' ? last.failedAt : null,
		grace_until: graceUntil,
		grace_extended: longer && { actor: longer.actor, reason: longer.reason },
		stopped,
		cancelled_at: isOver ? end : state === 'cancelled' ? last.cancelledAt : null,
		next_change_at: earliest([
			state === 'grace' ? graceUntil : null,
			isOpen && !ignoreStops ? (stopped?.until ?? null) : null,
			isLive ? end : null,
		]),
	};
}

function stateNow(last: SubscriptionState, graceUntil: string | null, now: Date): State {
	if (last.state !== 'failed') return last.state;
	return graceUntil !== null && now.toISOString() < graceUntil ? 'grace' : 'suspended';
}

/** What events say of a subscription, and when each part was read. */
const nothing = () => ({
	known: {
		...{ product_id: null, tier: null },
		...{ paid_until: null, ends_at: null, hold_until: null },
	} as Pick<Subscription, 'product_id' | 'tier' | 'paid_until' | 'ends_at' | 'hold_until'>,
	status: null as Status | null,
	readAt: { status: '', product: '', paid_until: '', ends_at: '', hold_until: '' },
});

type Carried = ReturnType<typeof nothing>;

/**
 * Carries what an event says over to what is known. For each field the value with the newest `state_at`
 * wins: an event that is delivered late carries a newer state than events that happened after it. Feed
 * events in the order in which they happened.
 * @returns the event's status; null if it has none, or if a newer one has already been taken
 */
function take(carried: Carried, event: LogEvent): Status | null {
	const { known, readAt } = carried;
	const { state_at: at, product_id, tier, status } = event;
	// Product and tier belong together: a new value for one makes the old value of the other wrong.
	if ((product_id || tier) && at >= readAt.product) {
		Object.assign(known, { product_id, tier });
		readAt.product = at;
	}
	for (const date of ['paid_until', 'ends_at', 'hold_until'] as const) {
		const startsAnew = event.event === 'subscription.created';
		const said = event[date] === undefined && startsAnew ? null : event[date];
		if (said === undefined || at < readAt[date]) continue;
		known[date] = said;
		readAt[date] = at;
	}
	if (status === null || at < readAt.status) return null;
	readAt.status = at;
	carried.status = status;
	return status;
}
