import { endOfAccess, laterOf, plusDays } from '../dates';
import type { Subscription } from './entitlement';
import type { SubscriptionState } from './subscriptionState';

/** The dates as all events so far say them, and when the paid period was read. */
interface Known {
	known: Pick<Subscription, 'paid_until' | 'hold_until'>;
	readAt: { paid_until: string };
}

/**
 * When grace ends: `graceDays` after the end of the paid period. The paid period is the one that the
 * failure event carries, or one read after that event; without a date, grace counts from the failure.
 * So it ends on the same day whichever event reported the failure. Grace never ends before the paid
 * period does, nor before `hold_until`.
 */
export function graceEnd(
	{ state, failedAt, failedPaidUntil, failedReadAt }: SubscriptionState,
	{ known, readAt }: Known,
	graceDays: number,
): string | null {
	if (state !== 'failed' || failedAt === null) return null;
	const newer = readAt.paid_until > failedReadAt ? known.paid_until : null;
	const paid = newer ?? failedPaidUntil;
	const start = paid === null ? failedAt : endOfAccess(paid);
	return [known.paid_until, known.hold_until]
		.map((date) => (date === null ? '' : endOfAccess(date)))
		.reduce(laterOf, plusDays(start, graceDays));
}
