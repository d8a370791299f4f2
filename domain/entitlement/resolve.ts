import { endOfAccess, plusDays } from '../dates';
import { withValues } from '../events/customerProperties';
import { dedupe, sortEvents } from '../events/dedupe';
import type {
	CustomerKey,
	Entitlement,
	LogEvent,
	Override,
	State,
	Subscription,
} from './entitlement';
import { CarriedState } from './carriedState';
import { explain } from './explain';
import { graceEnd } from './gracePeriod';
import { accessUntil } from './accessUntil';
import {
	extensionOf,
	heldChanges,
	overrideNow,
	propertiesByOperator,
	restoreUnderHold,
} from './override';
import { isInForce, stopAfter, type Stop } from './stop';
import { attributeEvents, type Attribution } from './ownership';
import { START, reduce, type SubscriptionState } from './subscriptionState';

export type * from './entitlement';

export interface ResolveSettings {
	graceDays: number;
	/** Days between the last cancellation and the deletion of the account; null: never delete. */
	deleteAccountAfterDays: number | null;
	/** A refund lets the paid period run to its end. */
	refundKeepsPeriod?: boolean;
	/** Say what it would be without refunds and disputes, of which Paymenter knows nothing. */
	ignoreStops?: boolean;
}

/**
 * What each customer is entitled to now. A pure function of the events and the clock: repeats and the
 * order of arrival do not change the result.
 */
export function resolveEntitlements(
	events: LogEvent[],
	now: Date,
	options: ResolveSettings,
): Entitlement[] {
	const attributed = attributeEvents(sortEvents(dedupe(events)), sortEvents(events));
	const subscriptions = new Map<CustomerKey, Subscription[]>();
	const operatorsOf = (key: CustomerKey) => attributed.operators.get(key) ?? [];
	for (const { owner, own } of attributed.subscriptions.values()) {
		const resolved = resolveSubscription(own, operatorsOf(owner), now, options);
		subscriptions.set(owner, [...(subscriptions.get(owner) ?? []), resolved]);
	}
	const customers = [...attributed.customers.values()].map((customer) => {
		const held = subscriptions.get(customer.key) ?? [];
		const override = overrideNow(operatorsOf(customer.key), now);
		return { customer, held, override, summary: summarize(held, override, now, options) };
	});
	const former = formerSubscriptions(attributed);
	const presentEmails = new Set(customers.map(({ customer }) => customer.email));
	const liveEmails = new Set(
		customers.flatMap(({ customer, summary }) =>
			summary.grants.length > 0 && customer.email ? [customer.email] : [],
		),
	);
	return customers
		.map(({ customer, held, override, summary }) => {
			const { email } = customer;
			const previous = [...customer.emails].filter((address) => address !== email);
			const said = operatorsOf(customer.key);
			const restored = restoreUnderHold(said);
			return {
				customer: customer.key,
				customer_id: customer.id,
				customer_email: customer.email,
				customer_name: customer.name,
				previous_emails: previous,
				taken_emails: previous.filter((address) => presentEmails.has(address)),
				...summary,
				address_is_live: summary.grants.length === 0 && email !== null && liveEmails.has(email),
				override,
				held_changes: heldChanges(said),
				...(restored ? { restored_under_hold: restored } : {}),
				subscriptions: held,
				former_subscriptions: former.get(customer.key) ?? [],
				access_until: accessUntil(held, override, options.graceDays),
				customer_properties: withValues({ ...customer.properties, ...propertiesByOperator(said) }),
				explanation: explain(summary.state, held, override, summary.access),
			};
		})
		.sort((a, b) => b.grants.length - a.grants.length || (a.customer < b.customer ? -1 : 1));
}

function formerSubscriptions({ named, subscriptions }: Attribution): Map<CustomerKey, string[]> {
	const former = new Map<CustomerKey, string[]>();
	for (const [id, customers] of named) {
		for (const key of customers) {
			if (key === subscriptions.get(id)?.owner) continue;
			former.set(key, [...(former.get(key) ?? []), id]);
		}
	}
	return former;
}

function summarize(
	held: Subscription[],
	override: Override | null,
	now: Date,
	{ deleteAccountAfterDays }: ResolveSettings,
): Pick<Entitlement, 'state' | 'grants' | 'access' | 'next_change_at'> {
	const changes = [...held.map(({ next_change_at }) => next_change_at), override?.until ?? null];
	if (override && override.what !== 'hold') {
		return {
			...IN_PLACE_OF_BILLING[override.what],
			grants: override.tier ? [{ product_id: null, tier: override.tier }] : [],
			next_change_at: earliest(changes),
		};
	}
	const order: State[] = ['active', 'grace', 'suspended', 'cancelled', 'none'];
	const state = order.find((candidate) => held.some((one) => one.state === candidate)) ?? 'none';
	const deletion = state === 'cancelled' ? deletionOf(held, deleteAccountAfterDays) : null;
	const isDue = deletion !== null && deletion <= now.toISOString();
	return {
		state,
		grants: held
			.filter((one) => one.state === 'active' || one.state === 'grace')
			.map(({ product_id, tier }) => ({ product_id, tier })),
		access: override ? 'hold' : isDue ? 'remove' : 'sync',
		next_change_at: earliest([...changes, isDue ? null : deletion]),
	};
}

const IN_PLACE_OF_BILLING: Record<
	Exclude<Override['what'], 'hold'>,
	Pick<Entitlement, 'state' | 'access'>
> = {
	grant: { state: 'active', access: 'sync' },
	suspend: { state: 'suspended', access: 'sync' },
	remove: { state: 'cancelled', access: 'remove' },
};

function deletionOf(held: Subscription[], days: number | null): string | null {
	const last = held
		.map(({ cancelled_at }) => cancelled_at)
		.filter((at) => at !== null)
		.sort()
		.at(-1);
	return days === null || !last ? null : plusDays(last, days);
}

function resolveSubscription(
	events: LogEvent[],
	operators: LogEvent[],
	now: Date,
	{ graceDays, refundKeepsPeriod = false, ignoreStops = false }: ResolveSettings,
): Subscription {
	const carried = new CarriedState();
	let last = START;
	let stopped: Stop | null = null;
	for (const event of events) {
		const status = carried.take(event);
		// A payment that reactivates it still counts if an older event is redelivered after the payment.
		const revives = event.status === 'active' && carried.status === 'active';
		const paidUntil = carried.paid_until;
		last = reduce(last, { ...event, status }, { paidUntil, revives });
		stopped = stopAfter(stopped, event, { paidUntil, refundKeepsPeriod });
	}

	const { ends_at: endsAt } = carried;
	const graceByRule = graceEnd(last, carried, graceDays);
	const longer = extensionOf(operators, last.failingSince, graceByRule);
	const graceUntil = longer ? longer.until : graceByRule;
	const end = endsAt && last.state !== 'none' ? endOfAccess(endsAt) : null;
	const isOver = end !== null && end <= now.toISOString() && last.state !== 'cancelled';
	const billed = isOver ? 'cancelled' : stateNow(last, graceUntil, now);
	const isLive = billed === 'active' || billed === 'grace' || billed === 'suspended';
	const isStopped = isLive && !ignoreStops && stopped !== null && isInForce(stopped, now);
	const state = isStopped ? 'suspended' : billed;
	const isOpen = state === 'active' || state === 'grace';
	return {
		subscription_id: events[0]?.subscription_id ?? '',
		product_id: carried.product_id,
		tier: carried.tier,
		state,
		paid_until: carried.paid_until,
		ends_at: endsAt,
		hold_until: carried.hold_until,
		failed_at: last.state === 'failed' ? last.failedAt : null,
		grace_until: graceUntil,
		grace_extended: longer && { actor: longer.actor, reason: longer.reason },
		stopped,
		cancelled_at: isOver ? end : state === 'cancelled' ? last.cancelledAt : null,
		next_change_at: earliest([
			state === 'grace' ? graceUntil : null,
			isOpen && !ignoreStops ? (stopped?.until ?? null) : null,
			isLive ? end : null,
		]),
	};
}

function stateNow(last: SubscriptionState, graceUntil: string | null, now: Date): State {
	if (last.state !== 'failed') return last.state;
	return graceUntil !== null && now.toISOString() < graceUntil ? 'grace' : 'suspended';
}

function earliest(moments: Array<string | null>): string | null {
	return moments.filter((moment) => moment !== null).sort()[0] ?? null;
}
