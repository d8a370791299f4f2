import { endOfAccess } from '../dates';
import type { LogEvent } from './entitlement';

/** A refund or a dispute that no later payment has made up for. */
export interface Stop {
	why: 'refunded' | 'disputed';
	at: string;
	/** The refunded period lasts until then; null: it ends at once. */
	until: string | null;
}

/**
 * What one event does to a stop. Only a later payment lifts it: billing goes on calling the
 * subscription active. A dispute outweighs a refund, and of two refunds the first counts.
 * @param paidUntil as it is known with this event; null: no period could be kept
 */
export function stopAfter(
	stop: Stop | null,
	{ event, occurred_at: at }: LogEvent,
	{ paidUntil, refundKeepsPeriod }: { paidUntil: string | null; refundKeepsPeriod: boolean },
): Stop | null {
	switch (event) {
		case 'payment.succeeded':
			return null;
		case 'payment.refunded': {
			const until = refundKeepsPeriod && paidUntil !== null ? endOfAccess(paidUntil) : null;
			return stop ?? { why: 'refunded', at, until };
		}
		case 'payment.disputed':
			return stop?.why === 'disputed' ? stop : { why: 'disputed', at, until: null };
		default:
			return stop;
	}
}

/** Whether it has ended access. */
export const isInForce = ({ until }: Stop, now: Date): boolean =>
	until === null || until <= now.toISOString();
