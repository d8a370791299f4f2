import type { LoggedEvent, Status } from '../events/event';

/**
 * The present state of a subscription, collected from its events. For each field the value with the
 * newest `state_at` wins: an event that is delivered late carries a newer state than events that
 * happened after it. Feed events in the order in which they happened.
 */
export class CarriedState {
	product_id: string | null = null;

	tier: string | null = null;

	status: Status | null = null;

	paid_until: string | null = null;

	ends_at: string | null = null;

	hold_until: string | null = null;

	private readAt = { status: '', product: '', paid_until: '', ends_at: '', hold_until: '' };

	/** @returns the event's status; null if it has none, or if a newer one has already been taken */
	take(event: LoggedEvent): Status | null {
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
