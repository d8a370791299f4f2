import type { LogEvent } from '../../../../domain/events/event';
import {
	at,
	customer,
	event,
	moment,
	OPTIONS,
	subscription,
	tiers,
} from '../../support/billing.cjs';

const stateAt = (events: LogEvent[], when: string) => subscription(events, when).state;

describe('a purchase', () => {
	it('gives the product and its tier', () => {
		expect(customer([event('created', '05-01')], '05-01')).toMatchObject({
			customer: 'customer:77',
			customer_id: '77',
			customer_email: 'ada@example.com',
			state: 'active',
			grants: [{ product_id: 'fire-knight', tier: 'knight' }],
			access: 'sync',
			next_change_at: null,
		});
	});

	it('gives nothing while it is pending, and is active when it was paid', () => {
		const ordered = event('created', '05-01', { status: 'pending' });
		expect(customer([ordered], '05-02')).toMatchObject({ state: 'none', grants: [] });
		expect(stateAt([ordered, event('succeeded', '05-02')], '05-02')).toBe('active');
		expect(stateAt([ordered, event('updated', '05-02')], '05-02')).toBe('active');
	});

	it('counts without a status, as in a bare payload', () => {
		expect(stateAt([event('created', '05-01', { status: null })], '05-01')).toBe('active');
	});

	it('that goes back to pending gives nothing any more', () => {
		const events = [event('created', '05-01'), event('updated', '05-02', { status: 'pending' })];
		expect(customer(events, '05-02')).toMatchObject({ state: 'none', grants: [] });
	});

	it('made once never lapses by itself', () => {
		const once = event('created', '05-01', { paid_until: null });
		expect(stateAt([once], '2046-05-01T00:00:00Z')).toBe('active');
		expect(customer([once], '05-01').next_change_at).toBeNull();
	});

	it('of a month does not lapse by the date alone: only an event ends it', () => {
		const monthly = event('created', '05-01', { paid_until: '2026-06-01' });
		expect(stateAt([monthly], '07-01')).toBe('active');
	});

	it('known only from a later report that it is active counts', () => {
		expect(stateAt([event('updated', '05-02')], '05-02')).toBe('active');
		expect(stateAt([event('updated', '05-02', { status: null })], '05-02')).toBe('none');
	});
});

describe('what a subscription is', () => {
	it('follows an upgrade and a downgrade', () => {
		const events = [
			event('created', '05-01'),
			event('updated', '05-02', { product_id: 'fire-master', tier: 'master' }),
		];
		expect(customer(events, '05-02').grants).toEqual([
			{ product_id: 'fire-master', tier: 'master' },
		]);
		events.push(event('updated', '05-03'));
		expect(tiers(customer(events, '05-03'))).toEqual(['knight']);
	});

	it('is what was read last, also when the event that brought it happened earlier', () => {
		const late = event('created', '05-01', { state_at: '05-05', product_id: 'fire-master' });
		const events = [late, event('updated', '05-02')];
		expect(subscription(events, '05-06').product_id).toBe('fire-master');
	});

	it('keeps product and tier where an event names neither', () => {
		const silent = event('failed', '05-02', { product_id: null, tier: null });
		expect(subscription([event('created', '05-01'), silent], '05-02')).toMatchObject({
			product_id: 'fire-knight',
			tier: 'knight',
		});
	});

	it('never joins the product of one event with the tier of another', () => {
		const tierOnly = event('updated', '05-02', { product_id: null, tier: 'master' });
		expect(customer([event('created', '05-01'), tierOnly], '05-02').grants).toEqual([
			{ product_id: null, tier: 'master' },
		]);
	});

	it('keeps paid_until where an event does not say it, and clears it by null', () => {
		const paid = event('created', '05-01', { paid_until: '2026-06-01' });
		const silent = event('updated', '05-02');
		const cleared = event('updated', '05-03', { paid_until: null });
		expect(subscription([paid, silent], '05-04').paid_until).toBe('2026-06-01');
		expect(subscription([paid, silent, cleared], '05-04').paid_until).toBeNull();
	});
});

describe('a failed payment', () => {
	const created = event('created', '04-03', { paid_until: null });

	it('leaves access for exactly seven days', () => {
		const events = [created, event('failed', '05-03')];
		expect(customer(events, '05-03')).toMatchObject({
			state: 'grace',
			grants: [{ product_id: 'fire-knight', tier: 'knight' }],
			next_change_at: moment('05-10'),
		});
		expect(stateAt(events, '2026-05-10T09:59:59.999Z')).toBe('grace');
		expect(stateAt(events, '2026-05-10T10:00:00.000Z')).toBe('suspended');
		expect(customer(events, '05-10')).toMatchObject({ grants: [], next_change_at: null });
	});

	it('of a customer whose days are still paid for leaves those days and seven more', () => {
		// Paid to the end of 8 May; that day and one more, so to 10 May 0:00, and seven days.
		const events = [created, event('failed', '05-03', { paid_until: '2026-05-08' })];
		expect(subscription(events, '05-04')).toMatchObject({
			failed_at: moment('05-03'),
			grace_until: '2026-05-17T00:00:00.000Z',
			next_change_at: '2026-05-17T00:00:00.000Z',
		});
		expect(stateAt(events, '2026-05-16T23:59:59.999Z')).toBe('grace');
		expect(stateAt(events, '2026-05-17T00:00:00.000Z')).toBe('suspended');
	});

	it('long after what is paid for counts from that day all the same', () => {
		const events = [created, event('failed', '05-03', { paid_until: '2026-04-20' })];
		expect(subscription(events, '05-04').grace_until).toBe('2026-04-29T00:00:00.000Z');
		expect(stateAt(events, '05-03')).toBe('suspended');
	});

	it('that carries no date counts from itself, whatever was known before, but takes no paid day', () => {
		const until = (paid: string) => {
			const created = event('created', '04-08', { paid_until: paid });
			return subscription([created, event('failed', '05-03')], '05-04').grace_until;
		};
		expect(until('2026-05-08')).toBe(moment('05-10'));
		expect(until('2026-05-31')).toBe('2026-06-02T00:00:00.000Z');
	});

	it.each([
		[0, '2026-05-03T10:00:00.000Z'],
		[3, '2026-05-06T10:00:00.000Z'],
		[14, '2026-05-17T10:00:00.000Z'],
	])('leaves %d days where that is set', (graceDays, until) => {
		const events = [created, event('failed', '05-03')];
		const options = { ...OPTIONS, graceDays };
		const before = new Date(Date.parse(until) - 1).toISOString();
		if (graceDays > 0) {
			expect(customer(events, before, undefined, options).state).toBe('grace');
		}
		expect(customer(events, until, undefined, options).state).toBe('suspended');
	});

	it('that fails again does not move the end', () => {
		const events = [created, event('failed', '05-03'), event('failed', '05-06')];
		expect(subscription(events, '05-07')).toMatchObject({
			failed_at: moment('05-03'),
			grace_until: moment('05-10'),
		});
	});

	it('that fails again after the grace does not begin another one', () => {
		const events = [created, event('failed', '05-03'), event('failed', '05-20')];
		expect(stateAt(events, '05-20')).toBe('suspended');
	});

	it('for the same period does not begin a new streak', () => {
		const paid = { paid_until: '2026-05-08' };
		const events = [created, event('failed', '05-03', paid), event('failed', '05-09', paid)];
		expect(subscription(events, '05-09').failed_at).toBe(moment('05-03'));
	});

	it('for a later period begins a new streak, even if the payment between was never reported', () => {
		const events = [
			created,
			event('failed', '05-03', { paid_until: '2026-05-08' }),
			event('failed', '06-03', { paid_until: '2026-06-08' }),
		];
		expect(subscription(events, '06-04')).toMatchObject({
			state: 'grace',
			failed_at: moment('06-03'),
			grace_until: '2026-06-17T00:00:00.000Z',
		});
	});

	it.each([
		['was never active', []],
		['is pending', [event('created', '05-01', { status: 'pending' })]],
		['is cancelled', [event('created', '04-01'), event('cancelled', '05-01')]],
		[
			'was suspended by hand',
			[event('created', '04-01'), event('updated', '05-01', { status: 'suspended' })],
		],
	])('gives no grace to a subscription that %s', (_what, before) => {
		const events = [...before, event('failed', '05-03')];
		expect(customer(events, '05-04').grants).toEqual([]);
		expect(subscription(events, '05-04').grace_until).toBeNull();
	});

	it('is not made good by an update', () => {
		const events = [created, event('failed', '05-03'), event('updated', '05-04')];
		expect(subscription(events, '05-05')).toMatchObject({
			state: 'grace',
			grace_until: moment('05-10'),
		});
		expect(stateAt(events, '05-11')).toBe('suspended');
	});

	it('takes no day that an update says is paid for', () => {
		// The payment itself was never reported, but Paymenter says that the period was paid.
		const events = [
			event('created', '04-08', { paid_until: '2026-05-08' }),
			event('failed', '05-03', { paid_until: '2026-05-08' }),
			event('updated', '05-05', { paid_until: '2026-06-08' }),
		];
		expect(customer(events, '05-30').grants).toHaveLength(1);
	});
});

describe('a payment', () => {
	const failed = [event('created', '04-03'), event('failed', '05-03')];

	it('ends the grace', () => {
		const events = [...failed, event('succeeded', '05-05')];
		expect(subscription(events, '05-20')).toMatchObject({
			state: 'active',
			failed_at: null,
			grace_until: null,
			next_change_at: null,
		});
	});

	it('brings access back after the grace', () => {
		expect(stateAt([...failed, event('succeeded', '05-20')], '05-20')).toBe('active');
	});

	it('lets a later failure begin a new grace', () => {
		const events = [...failed, event('succeeded', '05-05'), event('failed', '06-03')];
		expect(subscription(events, '06-04').grace_until).toBe(moment('06-10'));
	});

	it('lifts a suspension by hand', () => {
		const byHand = event('updated', '05-01', { status: 'suspended' });
		const events = [event('created', '04-01'), byHand, event('succeeded', '05-02')];
		expect(stateAt(events, '05-02')).toBe('active');
	});

	it.each(['suspended', 'cancelled'] as const)('that carries %s restores nothing', (status) => {
		const events = [...failed, event('succeeded', '05-12', { status })];
		expect(customer(events, '05-12').grants).toEqual([]);
	});

	it('that carries pending gives nothing', () => {
		const events = [...failed, event('succeeded', '05-05', { status: 'pending' })];
		expect(customer(events, '05-05').grants).toEqual([]);
	});
});

describe('a new purchase of the same subscription', () => {
	it('ends a grace', () => {
		const events = [event('created', '04-03'), event('failed', '05-03'), event('created', '05-05')];
		expect(stateAt(events, '06-01')).toBe('active');
	});

	it('starts a cancelled one anew, and nothing of its end is left', () => {
		const events = [
			event('created', '04-03', { ends_at: '2026-04-20' }),
			event('cancelled', '05-03'),
			event('created', '05-05'),
		];
		expect(subscription(events, '06-01')).toMatchObject({
			state: 'active',
			cancelled_at: null,
			ends_at: null,
		});
	});
});

describe('a suspension', () => {
	const created = event('created', '04-08', { paid_until: '2026-05-08' });

	it('of somebody who has paid takes access at once', () => {
		const events = [created, event('updated', '05-03', { status: 'suspended' })];
		expect(stateAt(events, '05-02')).toBe('suspended');
		expect(customer(events, '05-03')).toMatchObject({ state: 'suspended', grants: [] });
		expect(subscription(events, '05-03').failed_at).toBeNull();
	});

	it('of what never runs out takes access at once', () => {
		const once = event('created', '04-08', { paid_until: null });
		const events = [once, event('updated', '05-03', { status: 'suspended' })];
		expect(stateAt(events, '05-03')).toBe('suspended');
	});

	it('of somebody overdue counts as a failed payment, with its grace', () => {
		// Paymenter's cron suspends two days after the period is over.
		const events = [created, event('updated', '05-11', { status: 'suspended' })];
		expect(subscription(events, '05-11')).toMatchObject({
			state: 'grace',
			failed_at: moment('05-11'),
			grace_until: moment('05-18'),
		});
		expect(stateAt(events, '05-18')).toBe('suspended');
	});

	it('of somebody overdue does not move the end of a grace that runs', () => {
		const paid = { paid_until: '2026-05-08' };
		const events = [
			created,
			event('failed', '05-03', paid),
			event('updated', '05-11', { ...paid, status: 'suspended' }),
		];
		expect(subscription(events, '05-11').grace_until).toBe('2026-05-17T00:00:00.000Z');
	});

	it('by hand does not turn into a failed payment when the period is over', () => {
		const events = [created, event('updated', '05-03', { status: 'suspended' })];
		for (const later of ['05-11', '06-11', '12-31']) {
			expect(customer(events, later)).toMatchObject({ state: 'suspended', grants: [] });
		}
	});

	it('read when somebody was overdue counts as that, though the event happened before', () => {
		// The card failed a week early; the report came through only after Paymenter's own suspension.
		const state = { state_at: '05-11', status: 'suspended', paid_until: '2026-05-08' } as const;
		const late = event('failed', '05-03', state);
		expect(subscription([created, late], '05-11')).toMatchObject({
			state: 'grace',
			grace_until: '2026-05-17T00:00:00.000Z',
		});
	});

	it('on the day after the last paid one is overdue: Paymenter can be set to suspend so early', () => {
		const events = [created, event('updated', '05-09', { status: 'suspended' })];
		expect(stateAt(events, '05-09')).toBe('grace');
	});

	it('that is lifted gives access back', () => {
		const events = [
			created,
			event('updated', '05-03', { status: 'suspended' }),
			event('updated', '05-04'),
		];
		expect(stateAt(events, '05-04')).toBe('active');
	});

	it('that is lifted does not make a failed payment good', () => {
		const events = [
			created,
			event('failed', '05-03'),
			event('updated', '05-04', { status: 'suspended' }),
			event('updated', '05-05'),
		];
		expect(stateAt(events, '06-01')).toBe('suspended');
	});
});

describe('a cancellation', () => {
	const created = event('created', '04-03');
	const cancelled = event('cancelled', '05-03');

	it('takes access at once', () => {
		expect(customer([created, cancelled], '05-03')).toMatchObject({
			state: 'cancelled',
			grants: [],
			access: 'sync',
		});
	});

	it.each(['created', 'updated', 'failed', 'succeeded'] as const)(
		'is also what %s with the status cancelled means',
		(short) => {
			const events = [created, event(short, '05-03', { status: 'cancelled' })];
			expect(stateAt(events, '05-03')).toBe('cancelled');
		},
	);

	it('counts even when it carries another status', () => {
		const events = [created, event('cancelled', '05-03', { status: 'active' })];
		expect(stateAt(events, '05-03')).toBe('cancelled');
	});

	it('ends a grace', () => {
		const events = [created, event('failed', '05-01'), cancelled];
		expect(customer(events, '05-03').grants).toEqual([]);
	});

	it('is revived by a payment that carries active', () => {
		expect(stateAt([created, cancelled, event('succeeded', '05-05')], '05-05')).toBe('active');
	});

	it.each([null, 'suspended', 'cancelled', 'pending'] as const)(
		'is not revived by a payment that carries %s',
		(status) => {
			const events = [created, cancelled, event('succeeded', '05-05', { status })];
			expect(customer(events, '05-05').grants).toEqual([]);
		},
	);

	it('is revived by a payment, also where an older event is delivered only after it', () => {
		const life = (late: LogEvent) => [
			event('created', '05-01'),
			event('cancelled', '05-10'),
			event('succeeded', '05-10 10:03'),
			late,
		];
		const read = { state_at: '05-10 10:06' };
		const cancelled = event('cancelled', '05-10', { ...read, status: 'active' });
		expect(subscription(life(cancelled), '05-11').state).toBe('active');
		const moved = event('updated', '05-10 09:59', { ...read, status: 'active' });
		expect(subscription(life(moved), '05-11').state).toBe('active');
		const gone = event('updated', '05-10 09:59', { ...read, status: 'cancelled' });
		expect(subscription(life(gone), '05-11').state).toBe('cancelled');
	});

	it('is not revived by an update', () => {
		expect(stateAt([created, cancelled, event('updated', '05-05')], '05-05')).toBe('cancelled');
	});

	it('is not undone by what was read before it', () => {
		// The first report came through late and carries the state as it was by then: cancelled.
		const late = event('created', '04-03', { state_at: '05-05', status: 'cancelled' });
		const before = event('succeeded', '04-04');
		expect(stateAt([late, before], '05-06')).toBe('cancelled');
	});

	it('that is reported again keeps its moment', () => {
		const events = [created, cancelled, event('cancelled', '05-09')];
		expect(subscription(events, '05-10').cancelled_at).toBe(moment('05-03'));
	});
});

describe('the moment of a cancellation', () => {
	const moments = (events: LogEvent[]) => {
		const { cancelled_at } = subscription(events, '07-16 12:00');
		return cancelled_at;
	};

	it('is its own, not that of an older event that is delivered late and carries the status', () => {
		const late = event('updated', '05-02', { state_at: '07-16', status: 'cancelled' });
		const own = event('cancelled', '07-15');
		expect(moments([event('created', '05-01'), late, own])).toBe(moment('07-15'));
		expect(moments([event('created', '05-01'), late])).toBe(moment('07-16'));
	});

	it('is that of the last one, where it was something else in between', () => {
		const life = [
			event('created', '05-01'),
			event('cancelled', '05-02'),
			event('updated', '07-01', { status: 'suspended' }),
			event('cancelled', '07-15'),
		];
		expect(moments(life)).toBe(moment('07-15'));
	});
});

describe('a planned end', () => {
	const ending = event('created', '05-01', { ends_at: '2026-05-31' });

	it('leaves access to the end of that day and one more', () => {
		expect(customer([ending], '05-20').next_change_at).toBe('2026-06-02T00:00:00.000Z');
		expect(stateAt([ending], '2026-06-01T23:59:59.999Z')).toBe('active');
		expect(subscription([ending], '2026-06-02T00:00:00.000Z')).toMatchObject({
			state: 'cancelled',
			cancelled_at: '2026-06-02T00:00:00.000Z',
		});
	});

	it('is taken back by null and left by silence', () => {
		const silent = event('updated', '05-02');
		const takenBack = event('updated', '05-03', { ends_at: null });
		expect(stateAt([ending, silent], '07-01')).toBe('cancelled');
		expect(stateAt([ending, silent, takenBack], '07-01')).toBe('active');
	});

	it('moves when another date is said', () => {
		const later = event('updated', '05-02', { ends_at: '2026-06-30' });
		expect(stateAt([ending, later], '07-01')).toBe('active');
		expect(stateAt([ending, later], '07-02')).toBe('cancelled');
	});

	it('inside a grace comes first', () => {
		const events = [ending, event('failed', '05-30')];
		expect(customer(events, '05-30').next_change_at).toBe('2026-06-02T00:00:00.000Z');
		expect(stateAt(events, '06-03')).toBe('cancelled');
	});

	it('after a grace comes second', () => {
		const events = [ending, event('failed', '05-10')];
		expect(customer(events, '05-10').next_change_at).toBe(moment('05-17'));
		expect(customer(events, '05-18')).toMatchObject({
			state: 'suspended',
			next_change_at: '2026-06-02T00:00:00.000Z',
		});
	});

	it('says nothing about a purchase that was never active', () => {
		const pending = event('created', '05-01', { status: 'pending', ends_at: '2026-05-31' });
		expect(customer([pending], '07-01')).toMatchObject({ state: 'none', next_change_at: null });
	});
});

describe('several subscriptions', () => {
	const once = event('created', '04-01', {
		subscription_id: 'once',
		product_id: 'awakened',
		tier: 'awakened',
		paid_until: null,
	});
	const monthly = event('created', '04-02', {
		subscription_id: 'monthly',
		product_id: 'fire-elemental',
		tier: 'elemental',
	});
	const about = { subscription_id: 'monthly', product_id: 'fire-elemental', tier: 'elemental' };

	it('give all their tiers', () => {
		expect(tiers(customer([once, monthly], '05-01'))).toEqual(['awakened', 'elemental']);
	});

	it('end one by one: without Elemental, Awakened that was bought once is left', () => {
		const events = [once, monthly, event('cancelled', '05-01', about)];
		const left = customer(events, '05-01');
		expect(left.grants).toEqual([{ product_id: 'awakened', tier: 'awakened' }]);
		expect(left.state).toBe('active');
		expect(customer(events, '2036-05-01T00:00:00Z').access).toBe('sync');
	});

	it('fail one by one, and the next change is the earliest of theirs', () => {
		const events = [{ ...once, ends_at: '2026-05-20' }, monthly, event('failed', '05-01', about)];
		expect(customer(events, '05-02')).toMatchObject({
			state: 'active',
			next_change_at: moment('05-08'),
		});
		expect(customer(events, '05-09')).toMatchObject({
			grants: [{ product_id: 'awakened', tier: 'awakened' }],
			next_change_at: '2026-05-22T00:00:00.000Z',
		});
	});

	it('of two customers leave each with their own', () => {
		const bob = event('created', '04-03', {
			subscription_id: 's2',
			customer_id: '88',
			customer_email: 'bob@example.com',
			tier: 'master',
		});
		const both = at([once, bob], '05-01');
		expect(both.map((one) => [one.customer, tiers(one)])).toEqual([
			['customer:77', ['awakened']],
			['customer:88', ['master']],
		]);
	});
});

describe('the account of somebody who left', () => {
	const left = [event('created', '04-03'), event('cancelled', '05-03')];

	it('is to be deleted 30 days after the cancellation', () => {
		expect(customer(left, '05-04').next_change_at).toBe(moment('06-02'));
		expect(customer(left, '2026-06-02T09:59:59.999Z').access).toBe('sync');
		expect(customer(left, '2026-06-02T10:00:00.000Z')).toMatchObject({
			access: 'remove',
			next_change_at: null,
		});
	});

	it('is to be deleted 30 days after a planned end, too', () => {
		const ended = [event('created', '04-03', { ends_at: '2026-05-03' })];
		expect(customer(ended, '06-03').access).toBe('sync');
		expect(customer(ended, '2026-06-04T00:00:00Z').access).toBe('remove');
	});

	it('is never to be deleted where that is not wanted', () => {
		const never = { ...OPTIONS, deleteAccountAfterDays: null };
		const kept = customer(left, '2046-01-01T00:00:00Z', undefined, never);
		expect(kept).toMatchObject({ access: 'sync', next_change_at: null });
	});

	it('waits for the last of several subscriptions', () => {
		const second = { subscription_id: 's2' };
		const both = [...left, event('created', '04-04', second), event('cancelled', '05-13', second)];
		expect(customer(both, '06-03').access).toBe('sync');
		expect(customer(both, '06-12').access).toBe('remove');
	});

	it.each([
		['active', [event('created', '04-03', { subscription_id: 's2' })]],
		[
			'in want of payment',
			[
				event('created', '04-03', { subscription_id: 's2' }),
				event('failed', '04-13', { subscription_id: 's2' }),
			],
		],
	])('stays while another subscription is %s', (_what, other) => {
		expect(customer([...left, ...other], '09-01').access).toBe('sync');
	});

	it('stays when they come back', () => {
		const back = [...left, event('created', '05-20'), event('cancelled', '05-25')];
		expect(customer(back, '06-03').access).toBe('sync');
		expect(customer(back, '06-24').access).toBe('remove');
	});
});
