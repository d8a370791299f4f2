import type { LogEvent } from '../../../domain/events/event';

/** An event of Ada's only subscription, so many minutes after ten. */
export const event = (minute: number, more: Partial<LogEvent>): LogEvent => {
	const at = `2026-05-01T10:0${minute}:00.000Z`;
	return {
		event_id: `evt_${minute}_${more.subscription_id ?? '1'}`,
		event: 'subscription.updated',
		occurred_at: at,
		state_at: at,
		subscription_id: '1',
		customer_id: '7',
		customer_email: 'ada@example.com',
		customer_name: 'Ada',
		previous_email: null,
		previous_customer_id: null,
		product_id: 'low',
		tier: null,
		status: 'active',
		paid_until: '2026-07-01',
		...more,
	};
};

export const BOUGHT = event(1, { event: 'subscription.created' });
export const RAISED = event(2, { product_id: 'high' });
export const ENDED = event(4, { event: 'subscription.cancelled', status: 'cancelled' });
export const FAILED = event(2, { event: 'payment.failed', paid_until: '2026-05-01' });
export const PAID = event(3, { event: 'payment.succeeded' });

const BO = { customer_id: '8', customer_email: 'bo@example.com', customer_name: 'Bo' };
export const OF_BO = event(3, { ...BO, event: 'subscription.created', subscription_id: '2' });
/** Ada's subscription is Bo's from now on. */
export const HANDED_OVER = event(5, { ...BO, previous_customer_id: '7' });
/** The same, as a shop says it that does not know who had it before. */
export const TAKEN_OVER = event(5, BO);
