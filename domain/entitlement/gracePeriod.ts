import { endOfAccess, laterOf, plusDays } from '../dates';
import type { CarriedState } from './carriedState';
import type { SubscriptionState } from './subscriptionState';

/**
 * When grace ends: some days after the end of what was paid for, by the date that the failure itself
 * carries, or by one that was read later; without a date, after the failure. So it ends on the same
 * day whichever message told of it. It never ends before what is paid for, nor before a day up to
 * which billing does not suspend.
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
