import fc from 'fast-check';

import { OPERATOR_EVENTS, type EventType, type Status } from '../../../../domain/events/event';
import { resolveEntitlements } from '../../../../domain/entitlement/resolve';
import type { LogEvent } from '../../../../domain/events/event';
import { OPTIONS } from '../../support/billing.cjs';

const HOUR = 3_600_000;
const START = Date.parse('2026-05-01T00:00:00Z');
const iso = (hours: number) => new Date(START + hours * HOUR).toISOString();

// Few moments, people and things, so that much falls together.
const hours = fc.integer({ min: 0, max: 40 }).map((days) => days * 12);
const date = fc.option(
	fc.integer({ min: -5, max: 60 }).map((days) => iso(days * 24).slice(0, 10)),
	{ nil: null },
);
const email = fc.constantFrom('a@x.y', 'b@x.y', 'c@x.y');
const id = fc.constantFrom('1', '2', '3');
const who = fc.oneof(
	fc.record({ customer_id: id, customer_email: email }),
	fc.record({ customer_id: id, customer_email: fc.constant(null) }),
	fc.record({ customer_id: fc.constant(null), customer_email: email }),
);
const before = fc.record({
	previous_email: fc.option(email, { nil: null, freq: 1 }),
	previous_customer_id: fc.option(id, { nil: null, freq: 1 }),
});
const tier = fc.constantFrom('knight', 'master', 'awakened');
const billing = fc.constantFrom<EventType>(
	'subscription.created',
	'subscription.updated',
	'payment.failed',
	'payment.succeeded',
	'payment.refunded',
	'payment.disputed',
	'subscription.cancelled',
);
const status = fc.constantFrom<Status | null>('active', 'active', 'pending', 'suspended', null);

const customer_properties = fc.dictionary(
	fc.constantFrom('player', 'discord_id'),
	fc.constantFrom('ada', 'bob', null),
);

const state = fc.record(
	{
		customer_properties,
		paid_until: date,
		ends_at: date,
		status: fc.oneof(status, fc.constant<Status>('cancelled')),
	},
	{ requiredKeys: ['status'] },
);

const billingEvent = fc
	.tuple(
		fc.integer({ min: 0, max: 12 }),
		billing,
		hours,
		fc.constantFrom('s1', 's2', 's3', 's4'),
		who,
		before,
		fc.option(tier, { nil: null }),
		state,
	)
	.map(([number, type, hour, subscription, person, past, bought, said]): LogEvent => ({
		event_id: `evt-${number}`,
		event: type,
		occurred_at: iso(hour),
		state_at: iso(hour),
		subscription_id: subscription,
		...person,
		customer_name: `Name ${number}`,
		...past,
		product_id: bought && `fire-${bought}`,
		tier: bought,
		...said,
	}));

const customerEvent = fc
	.tuple(fc.integer({ min: 0, max: 12 }), hours, who, fc.option(email, { nil: null }), state)
	.map(([number, hour, person, previous_email, { customer_properties: properties }]): LogEvent => ({
		event_id: `evt-c${number}`,
		event: 'customer.updated',
		occurred_at: iso(hour),
		state_at: iso(hour),
		subscription_id: '',
		...person,
		customer_name: null,
		previous_email,
		previous_customer_id: null,
		product_id: null,
		tier: null,
		status: null,
		...(properties && { customer_properties: properties }),
	}));

const operatorEvent = fc
	.tuple(
		fc.integer({ min: 0, max: 12 }),
		fc.constantFrom<EventType>(...OPERATOR_EVENTS),
		hours,
		who,
		fc.option(tier, { nil: null }),
		fc.option(hours.map(iso), { nil: null }),
		fc.constantFrom(null, 'cancelled' as const),
		customer_properties,
	)
	.map(([number, type, hour, person, granted, until, status, properties]): LogEvent => ({
		event_id: `op-${number}`,
		event: type,
		occurred_at: iso(hour),
		state_at: iso(hour),
		subscription_id: '',
		...person,
		customer_name: null,
		previous_email: null,
		previous_customer_id: null,
		product_id: null,
		tier: granted,
		status,
		override_until: until,
		reason: null,
		actor: null,
		customer_properties: properties,
	}));

/** The same body without an id, sent at one or two moments. */
const bodies = fc
	.tuple(billingEvent, fc.integer({ min: 0, max: 3 }), fc.array(fc.constantFrom(0, 5, 10, 11, 30)))
	.map(([event, number, minutes]) =>
		minutes.map((minute) => {
			const at = new Date(Date.parse(event.occurred_at) + minute * 60_000).toISOString();
			const event_id = `body-${number}-${event.event}-${event.subscription_id}`;
			return { ...event, event_id, occurred_at: at, state_at: at };
		}),
	);

/** One payment for two subscriptions, as on one invoice: one id, one moment. */
const invoices = billingEvent.map((event) =>
	['s1', 's2'].map((subscription) => ({ ...event, subscription_id: subscription })),
);

/** One to three deliveries of each event: as it was, or with the state as it was read later. */
const deliveries = fc
	.tuple(
		fc.oneof(
			{ weight: 8, arbitrary: billingEvent.map((event) => [event]) },
			{ weight: 2, arbitrary: operatorEvent.map((event) => [event]) },
			{ weight: 2, arbitrary: customerEvent.map((event) => [event]) },
			{ weight: 1, arbitrary: bodies },
			{ weight: 1, arbitrary: invoices },
		),
		fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), state), { maxLength: 2 }),
	)
	.map(([events, repeats]) =>
		events.flatMap((event) => [
			event,
			...repeats.map(([later, said]) =>
				event.event_id.startsWith('evt-')
					? {
							...event,
							...said,
							state_at: new Date(Date.parse(event.state_at) + later * HOUR).toISOString(),
						}
					: event,
			),
		]),
	);

const history = fc
	.array(deliveries, { minLength: 1, maxLength: 14 })
	.map((groups) => groups.flat())
	.filter((events) => events.length > 0);
const now = fc.integer({ min: 0, max: 1800 }).map((hour) => new Date(START + hour * HOUR));

function shuffled(events: LogEvent[], keys: number[]): LogEvent[] {
	return events
		.map((event, index) => ({ event, key: keys[index % keys.length] ?? 0, index }))
		.sort((a, b) => a.key - b.key || b.index - a.index)
		.map(({ event }) => event);
}

const keys = fc.array(fc.integer(), { minLength: 41, maxLength: 41 });

describe('whatever happened', () => {
	it('the order of arrival and repeats change nothing', () => {
		fc.assert(
			fc.property(history, now, keys, keys, (events, clock, order, again) => {
				const options = { ...OPTIONS, refundKeepsPeriod: events.length % 2 === 0 };
				const once = resolveEntitlements(events, clock, options);
				const repeated = [...events, ...shuffled(events, again).slice(0, events.length * 2)];
				expect(resolveEntitlements(shuffled(events, order), clock, options)).toEqual(once);
				expect(resolveEntitlements(shuffled(repeated, order), clock, options)).toEqual(once);
				expect(resolveEntitlements(shuffled(repeated, again), clock, options)).toEqual(once);
			}),
			{ numRuns: 500 },
		);
	});

	it('nothing changes before the moment that is told, and nothing after the last one', () => {
		fc.assert(
			fc.property(
				history,
				now,
				fc.double({ min: 0, max: 1, noNaN: true }),
				(events, clock, part) => {
					const options = { ...OPTIONS, refundKeepsPeriod: events.length % 2 === 0 };
					const first = resolveEntitlements(events, clock, options);
					const changes = first.map((one) => one.next_change_at).filter((at) => at !== null);
					const until = Math.min(...changes.map((at) => Date.parse(at)), START + 9e11);
					const between = clock.getTime() + Math.floor((until - clock.getTime() - 1) * part);
					const later = resolveEntitlements(events, new Date(between), options);
					expect(later).toEqual(first);
				},
			),
			{ numRuns: 500 },
		);
	});

	it('the next change always lies ahead', () => {
		fc.assert(
			fc.property(history, now, (events, clock) => {
				for (const { next_change_at: at, subscriptions } of resolveEntitlements(
					events,
					clock,
					OPTIONS,
				)) {
					for (const change of [at, ...subscriptions.map((one) => one.next_change_at)]) {
						expect(change === null || Date.parse(change) > clock.getTime()).toBe(true);
					}
				}
			}),
		);
	});

	it('time alone gives nobody more than they had, unless an override ends', () => {
		const billed = history.map((events) =>
			events.filter((event) => !event.event.startsWith('override.')),
		);
		fc.assert(
			fc.property(billed, now, now, (events, one, two) => {
				const [early, late] = one <= two ? [one, two] : [two, one];
				const then = new Map(
					resolveEntitlements(events, early, OPTIONS).map((who_) => [who_.customer, who_]),
				);
				for (const { customer, grants } of resolveEntitlements(events, late, OPTIONS)) {
					expect(grants.length).toBeLessThanOrEqual(then.get(customer)?.grants.length ?? -1);
				}
			}),
		);
	});

	it('only who is active or in grace is given anything, and only they', () => {
		fc.assert(
			fc.property(history, now, (events, clock) => {
				for (const entitlement of resolveEntitlements(events, clock, OPTIONS)) {
					const { state: is, grants, access, override, subscriptions } = entitlement;
					expect(grants.length > 0).toBe(is === 'active' || is === 'grace');
					if (access === 'remove') expect([is, grants.length]).toEqual(['cancelled', 0]);
					if (override && override.what !== 'hold')
						expect(grants.length).toBe(override.tier === null ? 0 : 1);
					else {
						if (override) expect(access).toBe('hold');
						const live = subscriptions.filter((one) => ['active', 'grace'].includes(one.state));
						expect(grants).toHaveLength(live.length);
					}
				}
			}),
		);
	});

	it('every subscription has one owner, and every customer who was named comes out once', () => {
		fc.assert(
			fc.property(history, now, (events, clock) => {
				const all = resolveEntitlements(events, clock, OPTIONS);
				const held = all.flatMap(({ subscriptions }) =>
					subscriptions.map((one) => one.subscription_id),
				);
				const sold = events.filter((event) => event.subscription_id !== '');
				expect([...held].sort()).toEqual(
					[...new Set(sold.map((event) => event.subscription_id))].sort(),
				);
				const customers = all.map(({ customer }) => customer);
				expect(new Set(customers).size).toBe(customers.length);
				for (const { customer_id: named, event: type } of events) {
					if (named !== null && type !== 'customer.updated')
						expect(customers).toContain(`customer:${named}`);
				}
			}),
		);
	});

	it('the last word of Paymenter counts: cancelled or pending gives nothing', () => {
		fc.assert(
			fc.property(history, now, fc.constantFrom('cancelled', 'pending'), (events, clock, last) => {
				const final: LogEvent = {
					event_id: 'last',
					event: 'subscription.updated',
					occurred_at: iso(2000),
					state_at: iso(2000),
					subscription_id: 's1',
					customer_id: '1',
					customer_email: 'a@x.y',
					customer_name: null,
					previous_email: null,
					previous_customer_id: null,
					product_id: null,
					tier: null,
					status: last as Status,
				};
				const late = new Date(Math.max(clock.getTime(), START + 2000 * HOUR));
				const s1 = resolveEntitlements([...events, final], late, OPTIONS)
					.flatMap(({ subscriptions }) => subscriptions)
					.find((one) => one.subscription_id === 's1');
				expect(s1?.state).toBe(last === 'cancelled' ? 'cancelled' : 'none');
			}),
		);
	});

	it('what is said of customers changes nothing that was bought', () => {
		fc.assert(
			fc.property(history, now, (events, clock) => {
				// An event without an id is somebody's by the address that the customer had.
				const named = events.filter((event) => event.customer_id !== null);
				const bought = named.filter((event) => event.event !== 'customer.updated');
				const brief = (all: LogEvent[]) =>
					resolveEntitlements(all, clock, OPTIONS).map(
						({ customer, state: is, grants, access, subscriptions, explanation }) => {
							return { customer, is, grants, access, subscriptions, explanation };
						},
					);
				expect(brief(named)).toEqual(brief(bought));
			}),
		);
	});

	it('after a refund or a dispute, nothing but a payment gives anything again', () => {
		const stop = fc.constantFrom<EventType>('payment.refunded', 'payment.disputed');
		const unpaid = fc.array(
			billingEvent.filter((event) => event.event !== 'payment.succeeded'),
			{ maxLength: 6 },
		);
		fc.assert(
			fc.property(history, stop, unpaid, (before, type, after) => {
				const late = (event: LogEvent, hour: number): LogEvent => ({
					...event,
					...{ event_id: `late-${hour}`, subscription_id: 's1' },
					...{ occurred_at: iso(1000 + hour), state_at: iso(1000 + hour) },
				});
				const [first] = before;
				if (!first) return;
				const stopped = { ...late(first, 0), ...{ event: type, customer_id: '1', status: null } };
				const events = [...before, stopped, ...after.map((one, index) => late(one, index + 1))];
				const clock = new Date(START + 1010 * HOUR);
				const s1 = resolveEntitlements(events, clock, OPTIONS)
					.flatMap(({ subscriptions }) => subscriptions)
					.find((one) => one.subscription_id === 's1');
				expect(['suspended', 'cancelled', 'none']).toContain(s1?.state);
			}),
		);
	});

	it('nothing about one customer changes what another one has', () => {
		fc.assert(
			fc.property(history, history, now, (first, second, clock) => {
				const strangers = second.map((event) => ({
					...event,
					event_id: `x${event.event_id}`,
					subscription_id: event.subscription_id && `x${event.subscription_id}`,
					customer_id: event.customer_id && `x${event.customer_id}`,
					customer_email: event.customer_email && `x${event.customer_email}`,
					previous_email: event.previous_email && `x${event.previous_email}`,
					previous_customer_id: event.previous_customer_id && `x${event.previous_customer_id}`,
				}));
				const alone = resolveEntitlements(first, clock, OPTIONS);
				const known = new Set<string>(alone.map(({ customer }) => customer));
				const together = resolveEntitlements([...first, ...strangers], clock, OPTIONS);
				expect(together.filter(({ customer }) => known.has(customer))).toEqual(alone);
			}),
		);
	});
});
