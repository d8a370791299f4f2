import type { LogEvent } from '../../../../domain/events/event';
import {
	OPTIONS,
	at,
	customer,
	event,
	moment,
	override,
	said,
	subscription,
} from '../../support/billing.cjs';

const PAID = { paid_until: '2026-05-31' };
const created = event('created', '05-01', PAID);
const refunded = event('refunded', '05-05');
const disputed = event('disputed', '05-06');
const KEEPS = { ...OPTIONS, refundKeepsPeriod: true };

const state = (events: LogEvent[], when = '05-20') => subscription(events, when).state;
const kept = (events: LogEvent[], when: string) => customer(events, when, undefined, KEEPS);

describe('A refund', () => {
	it('suspends at once, and says so', () => {
		expect(state([created, refunded], '05-05')).toBe('suspended');
		expect(customer([created, refunded], '05-06')).toMatchObject({
			state: 'suspended',
			grants: [],
			access: 'sync',
			next_change_at: null,
			access_until: null,
			explanation: 'Subscription s1 (fire-knight): refunded on 5 May 2026, suspended.',
			subscriptions: [{ stopped: { why: 'refunded', at: moment('05-05'), until: null } }],
		});
	});

	it('does not count before it happens', () => {
		expect(subscription([created], '05-04').stopped).toBeNull();
	});

	it.each([
		['another creation', event('created', '05-10', PAID)],
		['an update', event('updated', '05-10', PAID)],
		['a new date', event('updated', '05-10', { paid_until: '2026-07-31' })],
		['a failed payment', event('failed', '05-10', PAID)],
		['an earlier payment that arrives late', event('succeeded', '05-04', { state_at: '05-12' })],
		['a payment of the same time', event('succeeded', '05-05')],
		['a longer grace', said('grace.extend', '05-10', { override_until: '2026-09-01' })],
	])('is not lifted by %s', (_, later) => {
		for (const events of [
			[created, refunded, later],
			[later, refunded, created],
		]) {
			expect(state(events)).toBe('suspended');
			expect(customer(events, '05-20').explanation).toContain('refunded on 5 May');
		}
	});

	it('is not lifted where billing was pending for a while', () => {
		const pending = event('updated', '05-10', { status: 'pending' });
		expect(state([created, refunded, pending])).toBe('none');
		expect(state([created, refunded, pending, event('updated', '05-11')])).toBe('suspended');
	});

	it('is lifted by a later payment', () => {
		const events = [created, refunded, event('succeeded', '05-10', PAID)];
		expect(subscription(events, '05-20')).toMatchObject({ state: 'active', stopped: null });
		expect(state([...events, event('refunded', '05-12')])).toBe('suspended');
	});

	it('is outdone by an operator, until that ends', () => {
		const given = override('set', '05-10', { tier: 'elder', override_until: '2026-05-20' });
		const events = [created, refunded, given];
		expect(customer(events, '05-11')).toMatchObject({
			state: 'active',
			grants: [{ tier: 'elder' }],
		});
		expect(customer(events, '05-25').state).toBe('suspended');
	});

	it('is over with a cancellation or the planned end', () => {
		expect(state([created, refunded, event('cancelled', '05-10')])).toBe('cancelled');
		const ends = event('created', '05-01', { ...PAID, ends_at: '2026-05-10' });
		expect(customer([ends, refunded], '05-06')).toMatchObject({
			state: 'suspended',
			next_change_at: moment('05-12 00:00'),
		});
		expect(state([ends, refunded], '05-12 00:00')).toBe('cancelled');
	});

	it('holds for what begins anew after a cancellation, until it is paid', () => {
		const events = [created, refunded, event('cancelled', '05-10'), event('created', '05-11')];
		expect(state(events)).toBe('suspended');
		expect(state([...events, event('succeeded', '05-12')])).toBe('active');
	});

	it('of nothing that was bought gives nothing', () => {
		expect(state([event('refunded', '05-05', { status: null })])).toBe('none');
	});

	it('takes the place of grace, which no longer changes anything', () => {
		const events = [created, event('failed', '06-01', PAID), event('refunded', '06-03')];
		expect(customer(events, '06-04')).toMatchObject({ state: 'suspended', next_change_at: null });
	});

	it('concerns its own subscription only', () => {
		const other = event('created', '05-01', { subscription_id: 's2', tier: 'elder' });
		expect(customer([created, refunded, other], '05-20')).toMatchObject({
			state: 'active',
			grants: [{ tier: 'elder' }],
		});
	});
});

describe('A refund that lets the paid period run to its end', () => {
	const end = moment('06-02 00:00');

	it('suspends afterwards, without a grace', () => {
		expect(kept([created, refunded], '05-20')).toMatchObject({
			state: 'active',
			next_change_at: end,
			access_until: end,
			explanation:
				'Subscription s1 (fire-knight): active, paid until 31 May 2026, refunded on 5 May 2026, suspended afterwards.',
			subscriptions: [{ stopped: { why: 'refunded', until: end } }],
		});
		expect(kept([created, refunded], '06-01 23:59').state).toBe('active');
		const failed = event('failed', '06-01', PAID);
		for (const events of [
			[created, refunded],
			[created, refunded, failed],
		]) {
			expect(kept(events, '06-02 00:00')).toMatchObject({
				state: 'suspended',
				next_change_at: null,
				explanation: 'Subscription s1 (fire-knight): refunded on 5 May 2026, suspended.',
			});
		}
		expect(kept([created, refunded, failed], '06-01 12:00')).toMatchObject({
			state: 'grace',
			next_change_at: end,
			access_until: end,
		});
	});

	it('keeps the period that it knew of, whatever date is entered later', () => {
		const later = event('updated', '05-10', { paid_until: '2026-07-31' });
		expect(kept([created, refunded, later], '06-02 00:00').state).toBe('suspended');
		const own = event('refunded', '05-05', { paid_until: '2026-06-30' });
		expect(kept([created, own], '06-05').state).toBe('active');
	});

	it.each([
		['bought once', { paid_until: null }],
		['without a date', { paid_until: undefined }],
	])('has no period to keep if it was %s', (_, paid) => {
		expect(kept([event('created', '05-01', paid), refunded], '05-05').state).toBe('suspended');
	});

	it('stays suspended where somebody suspends it by hand', () => {
		const byHand = event('updated', '05-10', { status: 'suspended', is_overdue: false });
		expect(kept([created, refunded, byHand], '05-20')).toMatchObject({
			state: 'suspended',
			next_change_at: null,
		});
	});

	it('is lifted by a later payment', () => {
		const paid = event('succeeded', '05-10', PAID);
		expect(kept([created, refunded, paid], '05-20')).toMatchObject({
			next_change_at: null,
			access_until: moment('06-09 00:00'),
		});
	});

	it('counts once: another refund moves nothing', () => {
		const again = event('refunded', '05-20', { paid_until: '2026-06-30' });
		expect(kept([created, refunded, again], '06-02 00:00').state).toBe('suspended');
		expect(subscription([created, refunded, again], '06-03').stopped?.at).toBe(moment('05-05'));
	});

	it('comes to an end with a dispute', () => {
		expect(kept([created, refunded, disputed], '05-06').state).toBe('suspended');
	});
});

describe('A dispute', () => {
	it('suspends at once in any case, and says so', () => {
		for (const options of [OPTIONS, KEEPS]) {
			expect(customer([created, disputed], '05-06', undefined, options)).toMatchObject({
				state: 'suspended',
				explanation:
					'Subscription s1 (fire-knight): disputed (chargeback) on 6 May 2026, suspended.',
			});
		}
	});

	it('outweighs a refund, before it or after it; of several the first counts', () => {
		const later = event('refunded', '05-10');
		const again = event('disputed', '05-12');
		const first = { why: 'disputed', at: moment('05-06'), until: null };
		for (const events of [
			[created, refunded, disputed],
			[created, disputed, later],
			[created, disputed, later, again],
		]) {
			expect(kept(events, '05-20').subscriptions[0]?.stopped).toEqual(first);
		}
	});

	it('is lifted by a later payment', () => {
		expect(state([created, disputed, event('succeeded', '05-10')])).toBe('active');
	});
});

describe('Refunds and disputes that are ignored', () => {
	const ignoring = { ...KEEPS, ignoreStops: true };

	it('are known, but change nothing', () => {
		for (const stop of [refunded, disputed]) {
			const [one] = at([created, stop], '07-20', ignoring);
			expect(one).toMatchObject({ state: 'active', next_change_at: null });
			expect(one?.subscriptions[0]?.stopped?.at).toBe(stop.occurred_at);
		}
	});
});
