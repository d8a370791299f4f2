import { dateOf } from './calendar.cjs';
import type { Service, ServiceStatus, Time } from './model.cjs';

/** Which event a change of a service is. */

export type EventName =
	| 'subscription.created'
	| 'subscription.updated'
	| 'subscription.cancelled'
	| 'payment.succeeded'
	| 'payment.failed';

/** What the listener looks at; a date begins with that of the shop's calendar. */
export interface ServiceFacts {
	status: ServiceStatus | null;
	expires_at: string | null;
	suspend_hold_until?: string | null;
	product_id: number | null;
	plan_id: number | null;
	price: string | number | null;
	user_id: number;
}

const dateIn = (text: string | null | undefined): string | null => text?.slice(0, 10) ?? null;

/** By the shop's calendar, the day until which it is paid is over. */
export function isOverdue({ expires_at }: ServiceFacts, today: string): boolean {
	const ends = dateIn(expires_at);
	return ends !== null && ends < today;
}

const isNew = (status: ServiceStatus | null): boolean => status === null || status === 'pending';

/** What a status means that is new. `today` is a calendar date. */
function eventOfStatus(
	old: ServiceStatus | null,
	facts: ServiceFacts,
	today: string,
): EventName | null {
	switch (facts.status) {
		case 'active':
			return isNew(old) ? 'subscription.created' : 'payment.succeeded';
		case 'suspended':
			return isOverdue(facts, today) ? 'payment.failed' : 'subscription.updated';
		case 'cancelled':
			return 'subscription.cancelled';
		default:
			return isNew(old) ? null : 'subscription.updated';
	}
}

/** What `Service\Created` (no `before`) and `Service\Updated` mean; null: nothing to report. */
export function eventOfService(
	before: ServiceFacts | null,
	after: ServiceFacts,
	today: string,
): EventName | null {
	if (before === null) return after.status === 'active' ? 'subscription.created' : null;
	if (before.status !== after.status) return eventOfStatus(before.status, after, today);
	if (after.status !== 'active' && after.status !== 'suspended') return null;
	const [old, ends] = [dateIn(before.expires_at), dateIn(after.expires_at)];
	const isForEver = ends === null && after.status === 'active';
	if (old !== null && (isForEver || (ends !== null && ends > old))) return 'payment.succeeded';
	const changed =
		old !== ends ||
		dateIn(before.suspend_hold_until) !== dateIn(after.suspend_hold_until) ||
		before.product_id !== after.product_id ||
		before.plan_id !== after.plan_id ||
		Number(before.price) !== Number(after.price) ||
		before.user_id !== after.user_id;
	return changed ? 'subscription.updated' : null;
}

const dateOrNull = (time: Time | null): string | null => (time === null ? null : dateOf(time));

export const factsOf = (service: Service): ServiceFacts => ({
	...service,
	expires_at: dateOrNull(service.expires_at),
	suspend_hold_until: dateOrNull(service.suspend_hold_until),
});
