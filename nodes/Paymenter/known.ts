import { endOfAccess } from './dates';
import type { FoldEvent, Subscription } from './entitlement';
import { fold } from './fold';

/** A subscription as the log knows it. */
export interface Known extends Subscription {
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	/** When its first event happened. */
	began: string;
	/** Its event whose state was read last: the same finding after that is a new one. */
	last: string;
}

/** The log's subscriptions by id, as they stand at `now`. */
export function knownOf(log: FoldEvent[], now: Date): Map<string, Known> {
	const entitlements = fold(log, now, {
		graceDays: 0,
		deleteAccountAfterDays: null,
	});
	const spans = spansOf(log);
	return new Map(
		entitlements.flatMap(({ subscriptions, customer_id, customer_email, customer_name }) =>
			subscriptions.map((one): [string, Known] => {
				const { began = '', last = '' } = spans.get(one.subscription_id) ?? {};
				return [
					one.subscription_id,
					{ ...one, customer_id, customer_email, customer_name, began, last },
				];
			}),
		),
	);
}

function spansOf(log: FoldEvent[]): Map<string, { began: string; last: string; lastAt: string }> {
	const spans = new Map<string, { began: string; last: string; lastAt: string }>();
	for (const { subscription_id: id, event_id, occurred_at, state_at } of log) {
		const span = spans.get(id) ?? { began: occurred_at, last: '', lastAt: '' };
		if (occurred_at < span.began) span.began = occurred_at;
		if (`${state_at} ${event_id}` > `${span.lastAt} ${span.last}`) {
			span.last = event_id;
			span.lastAt = state_at;
		}
		spans.set(id, span);
	}
	return spans;
}

/** Something of it may still be on the panel, or come back by a payment. */
export const isLive = ({ state }: Known) => state !== 'cancelled' && state !== 'none';

export const isSuspendedByHand = ({ state, failed_at }: Known) =>
	state === 'suspended' && failed_at === null;

/** By the end that was planned, not by a cancellation. */
export const hasEnded = ({ state, ends_at }: Known, readAt: string) =>
	state === 'cancelled' && ends_at !== null && endOfAccess(ends_at) <= readAt;
