import type { Status } from '../events/event';

/** What the Admin API says of a subscription, with the field names of the normalized event. */
export interface ServiceState {
	subscription_id: string;
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	/** The product's slug; null if the product was deleted. */
	product_id: string | null;
	status: Status;
	/** Date `YYYY-MM-DD` as Paymenter truncates it; null: never expires (one-time, free, not yet paid). */
	paid_until: string | null;
	/** When the last paid day ends by the shop's clock, ISO 8601 in UTC. */
	paid_day_ends_at: string | null;
	/** Paymenter does not suspend before this date; null: none; absent: this version has no such field. */
	hold_until?: string | null;
}

export interface Service extends ServiceState {
	product_name: string | null;
	price: string | null;
	currency_code: string | null;
	quantity: number;
	created_at: string | null;
	updated_at: string | null;
}
