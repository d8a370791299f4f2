import { earliest, laterOf, plusDays } from '../dates';
import { withValues } from '../events/customerProperties';
import { dedupe, sortEvents } from '../events/dedupe';
import type { CustomerKey, Entitlement, Override, State, Subscription } from './entitlement';
import type { LogEvent } from '../events/event';
import { compare } from '../text';
import { accessUntil } from './accessUntil';
import { explain } from './explain';
import { heldChanges, overrideNow, propertiesByOperator, restoreUnderHold } from './override';
import { attributeEvents } from './ownership';
import { resolveSubscription } from './subscription';

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
	for (const { owner, own } of attributed.subscriptions.values()) {
		const operators = attributed.customers.get(owner)?.operators ?? [];
		const resolved = resolveSubscription(own, operators, now, options);
		subscriptions.set(owner, [...(subscriptions.get(owner) ?? []), resolved]);
	}
	const customers = [...attributed.customers.values()].map((customer) => {
		const held = subscriptions.get(customer.key) ?? [];
		const override = overrideNow(customer.operators, now);
		return { customer, held, override, summary: summarize(held, override, now, options) };
	});
	const presentEmails = new Set(customers.map(({ customer }) => customer.email));
	const liveEmails = new Set(
		customers.flatMap(({ customer, summary }) =>
			summary.grants.length > 0 && customer.email ? [customer.email] : [],
		),
	);
	return customers
		.map(({ customer, held, override, summary }) => {
			const { key, email, operators, properties, named } = customer;
			const previous = [...customer.emails].filter((address) => address !== email);
			const restored = restoreUnderHold(operators);
			return {
				customer: key,
				customer_id: customer.id,
				customer_email: email,
				customer_name: customer.name,
				previous_emails: previous,
				taken_emails: previous.filter((address) => presentEmails.has(address)),
				...summary,
				address_is_live: summary.grants.length === 0 && email !== null && liveEmails.has(email),
				override,
				held_changes: heldChanges(operators),
				...(restored ? { restored_under_hold: restored } : {}),
				subscriptions: held,
				former_subscriptions: [...named].filter(
					(id) => attributed.subscriptions.get(id)?.owner !== key,
				),
				access_until: accessUntil(held, override, options.graceDays),
				customer_properties: withValues({ ...properties, ...propertiesByOperator(operators) }),
				explanation: explain(summary.state, held, override, summary.access),
			};
		})
		.sort((a, b) => b.grants.length - a.grants.length || compare(a.customer, b.customer));
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
	const last = held.map((one) => one.cancelled_at ?? '').reduce(laterOf, '');
	return days === null || !last ? null : plusDays(last, days);
}
