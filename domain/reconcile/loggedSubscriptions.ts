import { endOfAccess } from '../dates';
import type { Subscription } from '../entitlement/entitlement';
import type { LogEvent } from '../events/event';
import { resolveEntitlements } from '../entitlement/resolve';

export type LoggedSubscription = Subscription &
	Pick<LogEvent, 'customer_id' | 'customer_email' | 'customer_name'> & { events: LogEvent[] };

/** The subscriptions in the log by id, with their state at `now`. */
export function loggedSubscriptionsOf(log: LogEvent[], now: Date): Map<string, LoggedSubscription> {
	const entitlements = resolveEntitlements(log, now, {
		graceDays: 0,
		deleteAccountAfterDays: null,
		ignoreStops: true,
	});
	const eventsOf = new Map<string, LogEvent[]>();
	for (const event of log) {
		const own = eventsOf.get(event.subscription_id) ?? [];
		eventsOf.set(event.subscription_id, own);
		own.push(event);
	}
	return new Map(
		entitlements.flatMap(({ subscriptions, customer_id, customer_email, customer_name }) =>
			subscriptions.map((one) => {
				const events = eventsOf.get(one.subscription_id) ?? [];
				const logged = { ...one, customer_id, customer_email, customer_name, events };
				return [one.subscription_id, logged] as const;
			}),
		),
	);
}

/** The id of the event with the newest `state_at`: after another event, the same difference is a new one. */
export function lastOf(events: LogEvent[]): string {
	const keys = events.map(({ state_at, event_id }) => `${state_at} ${event_id}`).sort();
	return keys.at(-1)?.replace(/^\S+ /, '') ?? '';
}

/** Whether a payment could fail at that time, given the events up to then. */
export function couldFailAt(
	{ events, subscription_id: id }: LoggedSubscription,
	moment: string,
): boolean {
	const before = events.filter(({ occurred_at }) => occurred_at <= moment);
	const then = loggedSubscriptionsOf(before, new Date(moment)).get(id);
	return then !== undefined && isLive(then) && !isSuspendedByHand(then);
}

/** It may still give access, or regain it by a payment. */
export const isLive = ({ state }: LoggedSubscription) => state !== 'cancelled' && state !== 'none';

export const isSuspendedByHand = ({ state, failed_at }: LoggedSubscription) =>
	state === 'suspended' && failed_at === null;

/** Whether it ended at its planned end rather than by a cancellation. */
export const hasEnded = ({ state, ends_at }: LoggedSubscription, readAt: string) =>
	state === 'cancelled' && ends_at !== null && endOfAccess(ends_at) <= readAt;
