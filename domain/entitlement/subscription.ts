import { earliest, endOfAccess, laterOf, plusDays } from '../dates';
import type { LogEvent, Status } from '../events/event';
import type { State, Subscription } from './entitlement';
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
	const carried = new CarriedState();
	let last = START;
	let stopped: Stop | null = null;
	for (const event of events) {
		const status = carried.take(event);
		// A payment that reactivates it still counts if an older event is redelivered after the payment.
		const revives = event.status === 'active' && carried.status === 'active';
		const paidUntil = carried.paid_until;
		last = reduce(last, { ...event, status }, { paidUntil, revives });
		stopped = stopAfter(stopped, event, { paidUntil, refundKeepsPeriod });
	}

	const { ends_at: endsAt } = carried;
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
		product_id: carried.product_id,
		tier: carried.tier,
		state,
		paid_until: carried.paid_until,
		ends_at: endsAt,
		hold_until: carried.hold_until,
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

/**
 * The present state of a subscription, collected from its events. For each field the value with the
 * newest `state_at` wins: an event that is delivered late carries a newer state than events that
 * happened after it. Feed events in the order in which they happened.
 */
class CarriedState {
	product_id: string | null = null;

	tier: string | null = null;

	status: Status | null = null;

	paid_until: string | null = null;

	ends_at: string | null = null;

	hold_until: string | null = null;

	private readAt = { status: '', product: '', paid_until: '', ends_at: '', hold_until: '' };

	/** @returns the event's status; null if it has none, or if a newer one has already been taken */
	take(event: LogEvent): Status | null {
		const { state_at: at } = event;
		const startsAnew = event.event === 'subscription.created';
		// Product and tier belong together: a new value for one makes the old value of the other wrong.
		if ((event.product_id || event.tier) && at >= this.readAt.product) {
			this.product_id = event.product_id;
			this.tier = event.tier;
			this.readAt.product = at;
		}
		for (const date of ['paid_until', 'ends_at', 'hold_until'] as const) {
			const said = event[date] === undefined && startsAnew ? null : event[date];
			if (said === undefined || at < this.readAt[date]) continue;
			this[date] = said;
			this.readAt[date] = at;
		}
		if (event.status === null || at < this.readAt.status) return null;
		this.readAt.status = at;
		this.status = event.status;
		return event.status;
	}

	/** `paid_until`, if it was read after this timestamp. */
	paidUntilReadAfter(moment: string): string | null {
		return this.readAt.paid_until > moment ? this.paid_until : null;
	}
}

/**
 * When grace ends: `graceDays` after the end of the paid period. The paid period is the one that the
 * failure event carries, or one read after that event; without a date, grace counts from the failure.
 * So it ends on the same day whichever event reported the failure. Grace never ends before the paid
 * period does, nor before `hold_until`.
 */
function graceEnd(
	{ state, failedAt, failedPaidUntil, failedReadAt }: SubscriptionState,
	carried: CarriedState,
	graceDays: number,
): string | null {
	if (state !== 'failed' || failedAt === null) return null;
	const paid = carried.paidUntilReadAfter(failedReadAt) ?? failedPaidUntil;
	const start = paid === null ? failedAt : endOfAccess(paid);
	return [carried.paid_until, carried.hold_until]
		.map((date) => (date === null ? '' : endOfAccess(date)))
		.reduce(laterOf, plusDays(start, graceDays));
}
