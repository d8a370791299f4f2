import { earliest, endOfAccess, laterOf, plusDays } from '../dates';
import type { Override, Subscription } from './entitlement';

/**
 * When access ends if nothing more is paid and nobody does anything; null: never, or there is none. It
 * may have passed: then access lasts until billing says that the payment failed.
 */
export function accessUntil(
	held: Subscription[],
	override: Override | null,
	graceDays: number,
): string | null {
	if (override?.what === 'grant') return override.until;
	if (override && override.what !== 'hold') return null;
	const ends = held
		.filter(({ state }) => state === 'active' || state === 'grace')
		.map((one) => endOf(one, graceDays));
	if (ends.length === 0) return null;
	if (override) ends.push(override.until);
	// Null is never, and so the latest.
	return ends.reduce((a, b) => (a === null || b === null ? null : laterOf(a, b)));
}

function endOf(subscription: Subscription, graceDays: number): string | null {
	const { ends_at: endsAt, stopped } = subscription;
	return earliest([
		unpaidEnd(subscription, graceDays),
		endsAt === null ? null : endOfAccess(endsAt),
		stopped?.until ?? null,
	]);
}

/** When grace ends, or would end if the next payment failed. */
function unpaidEnd(
	{ paid_until: paid, hold_until: hold, grace_until: grace, state }: Subscription,
	graceDays: number,
): string | null {
	if (state === 'grace') return grace;
	if (paid === null) return null;
	const end = plusDays(endOfAccess(paid), graceDays);
	return hold === null ? end : laterOf(end, endOfAccess(hold));
}
