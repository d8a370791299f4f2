import type { LogEvent } from './event';
import { rowOf } from './row';

/** Who appends an event. The reconcile's work waits for that of people. */
export type Source = 'webhook' | 'operator' | 'reconcile';

/**
 * Sorts the events that wait: those of billing and operators first, the oldest before the newest. The
 * id keeps keys apart that a run appends at the same time: a round takes all up to one key.
 */
export const queueKey = (source: Source, receivedAt: string, eventId: string): string =>
	`${source === 'reconcile' ? 1 : 0} ${receivedAt} ${eventId}`;

/** An event of our own workflows as a complete row of `paymenter_events`. Fields left out are unknown. */
export function eventRow(
	event: Pick<LogEvent, 'event_id' | 'event'> &
		Partial<Omit<LogEvent, 'recorded'>> & { recorded?: Record<string, string[]> },
	{ at, source }: { at: string; source: Exclude<Source, 'webhook'> },
) {
	const { recorded, ...said } = event;
	return {
		...rowOf({
			occurred_at: at,
			state_at: at,
			subscription_id: '',
			customer_id: null,
			customer_email: null,
			customer_name: null,
			previous_email: null,
			previous_customer_id: null,
			product_id: null,
			tier: null,
			status: null,
			override_until: null,
			reason: null,
			actor: null,
			...said,
		}),
		recorded: recorded ? JSON.stringify(recorded) : null,
		received_at: at,
		source,
		queue: queueKey(source, at, event.event_id),
	};
}
