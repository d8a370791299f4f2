import { endOfAccess, laterOf, plusDays } from '../dates';
import type { CarriedState } from './carriedState';
import type { SubscriptionState } from './subscriptionState';

/**
 * When grace ends: `graceDays` after the end of the paid period. The paid period is the one that the
 * failure event carries, or one read after that event; without a date, grace counts from the failure.
 * So it ends on the same day whichever event reported the failure. Grace never ends before the paid
 * period does, nor before `hold_until`.
 */
export function graceEnd(
	{ state, failedAt, failedPaidUntil, failedReadAt }: SubscriptionState,
	carried: CarriedState,
	graceDays: number,
): string | null {
	if (state !== 'failed' || failedAt === null) return null;
	const paid = carried.paidUntilReadAfter(failedReadAt) ?? failedPaidUntil;
	const start = paid === null ? failedAt : endOfAccess(paid);
	return [carried.paid_until, carried.hold_until]
		.map((date) => (date === null ? '' : endOfAccess(date)))
		.reduce(laterOf, plusDays(start, graceDays));
}
