import type { LoggedEvent, Status } from '../events/event';

/**
 * What a subscription's events say of its present state: of each fact what was read last (an event
 * that was delivered late carries a state read later than that of events which happened after it).
 * Fed in the order in which the events happened.
 */
export class CarriedState {
	product_id: string | null = null;

	tier: string | null = null;

	status: Status | null = null;

	paid_until: string | null = null;

	ends_at: string | null = null;

	hold_until: string | null = null;

	private readAt = { status: '', product: '', paid_until: '', ends_at: '', hold_until: '' };

	/** @returns the event's status, unless a status that was read later is known already */
	take(event: LoggedEvent): Status | null {
		const { state_at: at } = event;
		const startsAnew = event.event === 'subscription.created';
		// A product and its tier belong together: a new one of either makes the other's old value wrong.
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

	/** `paid_until`, if it was read later than `moment`. */
	paidUntilReadAfter(moment: string): string | null {
		return this.readAt.paid_until > moment ? this.paid_until : null;
	}
}
