import type { Stop } from './subscriptionState';

/** `customer:<id in Paymenter>`, or `email:<address>` if no event carries an id. */
export type CustomerKey = `customer:${string}` | `email:${string}`;

export type State = 'active' | 'grace' | 'suspended' | 'cancelled' | 'none';

export interface Subscription {
	subscription_id: string;
	product_id: string | null;
	tier: string | null;
	state: State;
	paid_until: string | null;
	ends_at: string | null;
	hold_until: string | null;
	/** When the payment failed that started the grace period. */
	failed_at: string | null;
	grace_until: string | null;
	grace_extended: Pick<Override, 'actor' | 'reason'> | null;
	/** A refund or a dispute since the last payment; null: none. */
	stopped: Stop | null;
	/** When it was cancelled, or when `ends_at` passed. */
	cancelled_at: string | null;
	/** When the state changes if no further event arrives. */
	next_change_at: string | null;
}

export interface Override {
	/** `hold`: change nothing on the panel, whatever billing says. */
	what: 'grant' | 'suspend' | 'remove' | 'hold';
	/** For `grant` only. */
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
	previous_emails: string[];
	/** Previous addresses that another customer has now. */
	taken_emails: string[];
	state: State;
	/** Another customer with this address is entitled to access, so an account without external ID may be theirs. */
	address_is_live: boolean;
	/** What was bought: a product, its tier, or both. The tier plan turns this into access. */
	grants: Array<{ product_id: string | null; tier: string | null }>;
	/** `remove`: delete the account as well; `hold`: change nothing on the panel. */
	access: 'sync' | 'remove' | 'hold';
	override: Override | null;
	/** What the loss guard holds back, until an operator confirms it; empty: nothing. */
	held_changes: string;
	/** The recorded access that was to be restored under the present hold, as JSON; absent: none. */
	restored_under_hold?: string;
	subscriptions: Subscription[];
	/** Subscriptions that were once theirs and now belong to another customer. */
	former_subscriptions: string[];
	next_change_at: string | null;
	/** When access ends if nothing more is paid (it may have passed); null: never, or there is none. */
	access_until: string | null;
	/** What billing says of them, such as the player's name, unless an operator said otherwise. */
	customer_properties: Record<string, string>;
	explanation: string;
}
