import { endOfAccess, laterOf, plusDays } from './dates';
import { countOnce, inOrder } from './order';
import type {
	CustomerKey,
	Entitlement,
	FoldEvent,
	Override,
	State,
	Subscription,
} from './entitlement';
import { extensionOf, overrideNow } from './override';
import { attributeTo } from './owner';

export type * from './entitlement';
import { explain } from './explain';
import { Facts } from './facts';

export interface FoldOptions {
	graceDays: number;
	/** Days from the last cancellation to the deletion of the account; null: never. */
	deleteAccountAfterDays: number | null;
}

/**
 * What each customer is entitled to now. A pure function of the events and the clock: neither the
 * order of arrival nor repeats can change its answer.
 */
export function fold(events: FoldEvent[], now: Date, options: FoldOptions): Entitlement[] {
	const attributed = attributeTo(inOrder(countOnce(events)), inOrder(events));
	const subscriptions = new Map<CustomerKey, Subscription[]>();
	const overrides = new Map<CustomerKey, Override>();

	for (const { owner, own } of attributed.subscriptions.values()) {
		const held = subscriptions.get(owner) ?? [];
		held.push(walk(own, attributed.operators.get(owner) ?? [], now, options));
		subscriptions.set(owner, held);
	}
	for (const [customer, said] of attributed.operators) {
		const override = overrideNow(said, now);
		if (override) overrides.set(customer, override);
	}
	const customers = [...attributed.customers.values()].map((customer) => {
		const held = subscriptions.get(customer.key) ?? [];
		const override = overrides.get(customer.key) ?? null;
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
			const { email } = customer;
			const previous = [...customer.emails].filter((address) => address !== email);
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
				subscriptions: held,
				explanation: explain(summary.state, held, override, summary.access),
			};
		})
		.sort((a, b) => b.grants.length - a.grants.length || (a.customer < b.customer ? -1 : 1));
}

function summarize(
	held: Subscription[],
	override: Override | null,
	now: Date,
	{ deleteAccountAfterDays }: FoldOptions,
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

/** Where the walk stands; grace and suspension for want of payment are both `failed`. */
interface Step {
	state: 'none' | 'active' | 'failed' | 'suspended' | 'cancelled';
	failedAt: string | null;
	/** The first failure of those that nothing has interrupted. */
	failingSince: string | null;
	/** The date up to which was paid, as the failure itself carries it, and when that was read. */
	failedPaidUntil: string | null;
	failedReadAt: string;
	cancelledAt: string | null;
}

const START: Step = {
	state: 'none',
	failedAt: null,
	failingSince: null,
	failedPaidUntil: null,
	failedReadAt: '',
	cancelledAt: null,
};

function walk(
	events: FoldEvent[],
	operators: FoldEvent[],
	now: Date,
	{ graceDays }: FoldOptions,
): Subscription {
	const facts = new Facts();
	let step = START;
	for (const event of events) {
		const status = facts.take(event);
		// A payment that brought it back to life, and was told before an older event's last try.
		const revives = event.status === 'active' && facts.status === 'active';
		step = next(step, { ...event, status }, { paidUntil: facts.paid_until, revives });
	}

	const { ends_at: endsAt } = facts;
	const graceByRule = graceEnd(step, facts, graceDays);
	const longer = extensionOf(operators, step.failingSince, graceByRule);
	const graceUntil = longer ? longer.until : graceByRule;
	const end = endsAt && step.state !== 'none' ? endOfAccess(endsAt) : null;
	const isOver = end !== null && end <= now.toISOString() && step.state !== 'cancelled';
	const state = isOver ? 'cancelled' : stateNow(step, graceUntil, now);
	const isLive = state === 'active' || state === 'grace' || state === 'suspended';
	return {
		subscription_id: events[0]?.subscription_id ?? '',
		product_id: facts.product_id,
		tier: facts.tier,
		state,
		paid_until: facts.paid_until,
		ends_at: endsAt,
		hold_until: facts.hold_until,
		failed_at: step.state === 'failed' ? step.failedAt : null,
		grace_until: graceUntil,
		grace_extended: longer && { actor: longer.actor, reason: longer.reason },
		cancelled_at: isOver ? end : state === 'cancelled' ? step.cancelledAt : null,
		next_change_at: earliest([state === 'grace' ? graceUntil : null, isLive ? end : null]),
	};
}

function stateNow(step: Step, graceUntil: string | null, now: Date): State {
	if (step.state !== 'failed') return step.state;
	return graceUntil !== null && now.toISOString() < graceUntil ? 'grace' : 'suspended';
}

/**
 * When grace ends: some days after the end of what was paid for, by the date that the failure itself
 * carries, or by one that was read later; without a date, after the failure. So it ends on the same
 * day whichever message told of it. It never ends before what is paid for, nor before a day up to
 * which billing does not suspend.
 */
function graceEnd(step: Step, facts: Facts, graceDays: number): string | null {
	const { state, failedAt, failedPaidUntil, failedReadAt } = step;
	if (state !== 'failed' || failedAt === null) return null;
	const paid = facts.paidUntilReadAfter(failedReadAt) ?? failedPaidUntil;
	const start = paid === null ? failedAt : endOfAccess(paid);
	return [facts.paid_until, facts.hold_until]
		.map((date) => (date === null ? '' : endOfAccess(date)))
		.reduce(laterOf, plusDays(start, graceDays));
}

/** The rules of design: what one event makes of a subscription. */
function next(
	step: Step,
	event: FoldEvent,
	{ paidUntil, revives }: { paidUntil: string | null; revives: boolean },
): Step {
	if (event.event === 'subscription.cancelled' || event.status === 'cancelled') {
		return cancel(step, event);
	}
	if (event.status === 'pending') return START;
	const active: Step = { ...START, state: 'active' };
	const isStart = event.event === 'subscription.created';
	if (event.status === 'suspended') {
		// The date is compared with when the status was read: time alone must not turn a suspension
		// by hand into a failed payment, which would give a week of grace.
		const isPast = paidUntil !== null && paidUntil < event.state_at.slice(0, 10);
		// A purchase that was delivered so late has been active before.
		return (event.is_overdue ?? isPast)
			? fail(isStart ? active : step, event)
			: { ...(isStart ? START : step), state: 'suspended' };
	}
	switch (event.event) {
		case 'subscription.created':
			return active;
		case 'subscription.updated': {
			if (event.status !== 'active') return step;
			// What was suspended by hand goes back to what it was: a debt is not forgotten by that.
			if (step.state === 'suspended' && step.failedAt) return { ...step, state: 'failed' };
			return step.state === 'none' || step.state === 'suspended' ? active : step;
		}
		case 'payment.failed':
			return fail(step, event);
		case 'payment.succeeded':
			return step.state === 'cancelled' && !revives ? step : active;
		default:
			return step;
	}
}

/** An event that only carries the status happened before the cancellation, or is it. */
function cancel(step: Step, { event, occurred_at, state_at }: FoldEvent): Step {
	const at = event === 'subscription.cancelled' ? occurred_at : state_at;
	const known = step.state === 'cancelled' ? step.cancelledAt : null;
	return { ...START, state: 'cancelled', cancelledAt: known !== null && known < at ? known : at };
}

function fail(step: Step, event: FoldEvent): Step {
	const streak: Step = {
		...START,
		state: 'failed',
		failedAt: event.occurred_at,
		failingSince: (step.state === 'failed' ? step.failingSince : null) ?? event.occurred_at,
		failedPaidUntil: event.paid_until ?? null,
		failedReadAt: event.state_at,
	};
	if (step.state === 'active') return streak;
	const isNewStreak =
		step.state === 'failed' &&
		step.failedPaidUntil !== null &&
		(event.paid_until ?? '') > step.failedPaidUntil;
	return isNewStreak ? streak : step;
}

function earliest(moments: Array<string | null>): string | null {
	return moments.filter((moment) => moment !== null).sort()[0] ?? null;
}
