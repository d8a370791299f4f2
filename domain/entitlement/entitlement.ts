import type { LoggedEvent } from '../events/event';

/** `customer:<Paymenter's id>`, or `email:<address>` where no event told an id. */
export type CustomerKey = `customer:${string}` | `email:${string}`;

export type State = 'active' | 'grace' | 'suspended' | 'cancelled' | 'none';

/** One line of the event log; override events say more than billing's. */
export interface LogEvent extends LoggedEvent {
	/** Moment or date up to which an override or a longer grace counts; null: until it is cleared. */
	override_until?: string | null;
	reason?: string | null;
	actor?: string | null;
}

/** A subscription as the events and the clock leave it. */
export interface Subscription {
	subscription_id: string;
	product_id: string | null;
	tier: string | null;
	state: State;
	paid_until: string | null;
	ends_at: string | null;
	/** Date before which billing does not suspend. */
	hold_until: string | null;
	/** When the payment failed that the grace runs from. */
	failed_at: string | null;
	grace_until: string | null;
	/** By whom, and why, the grace lasts longer than the rule says. */
	grace_extended: Pick<Override, 'actor' | 'reason'> | null;
	/** When it was cancelled, or ended by `ends_at`. */
	cancelled_at: string | null;
	/** When the state will change by itself, should nothing be reported. */
	next_change_at: string | null;
}

export interface Override {
	/** `hold`: nothing is changed on the panel, whatever billing says. */
	what: 'grant' | 'suspend' | 'remove' | 'hold';
	/** Of a grant. */
	tier: string | null;
	until: string | null;
	reason: string | null;
	actor: string | null;
}

/** What a customer is entitled to now. */
export interface Entitlement {
	customer: CustomerKey;
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	/** Addresses they had before. */
	previous_emails: string[];
	/** Of those, the ones that another customer has now. */
	taken_emails: string[];
	state: State;
	/** Somebody else with this address is entitled to something: an account that carries no mark may be theirs. */
	address_is_live: boolean;
	/** What the tier plan has to turn into access: a product, its tier, or both. */
	grants: Array<{ product_id: string | null; tier: string | null }>;
	/** `remove`: the account is to go as well; `hold`: the panel is left as it is. */
	access: 'sync' | 'remove' | 'hold';
	override: Override | null;
	subscriptions: Subscription[];
	next_change_at: string | null;
	explanation: string;
}
