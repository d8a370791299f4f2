import { randomUUID } from 'node:crypto';

import type { Service, User } from './model.cjs';

/**
 * A payment that was taken back. Paymenter and our extension know nothing of it: another sender, such
 * as a workflow behind the payment gateway, reports it, and the service stays as it is.
 */
export interface Reversal {
	event: 'payment.refunded' | 'payment.disputed';
	event_id: string;
	occurred_at: string;
	subscription_id: string;
	customer_id: string;
	customer_email: string;
}

export const reversalOf = (
	event: Reversal['event'],
	service: Service,
	user: User,
	at: Date,
): Reversal => ({
	event,
	event_id: `other_${randomUUID()}`,
	occurred_at: at.toISOString(),
	subscription_id: String(service.id),
	customer_id: String(user.id),
	customer_email: user.email,
});
