import type { LogEvent } from '../../../../domain/events/event';
import { customer, event, moment, subscription } from '../../support/billing.cjs';

const PAID = { paid_until: '2026-05-31' };
const created = event('created', '05-01', PAID);
const later = (day: string) => ({ paid_until: day, state_at: '05-20' });

describe('What is delivered late', () => {
	it('has the newer date, if that was read later, whenever it happened', () => {
		const late = event('updated', '05-03', later('2026-06-30'));
		const early = event('updated', '05-05', PAID);
		expect(subscription([created, late, early], '05-21').paid_until).toBe('2026-06-30');
	});

	it('loses to what was read at the same time and happened later', () => {
		const both = ['2026-06-30', '2026-07-31'].map((day, index) =>
			event('updated', `05-0${index + 3}`, later(day)),
		);
		expect(subscription([created, ...both], '05-21').paid_until).toBe('2026-07-31');
	});

	it('does not bring back a status that was read before another', () => {
		const suspended = event('updated', '05-03', { status: 'suspended', state_at: '05-20' });
		const early = event('updated', '05-05');
		expect(subscription([created, suspended, early], '05-21').state).toBe('suspended');
	});
});

describe('A suspension without a word about debts', () => {
	const suspendedOn = (when: string) =>
		subscription([created, event('updated', when, { status: 'suspended', ...PAID })], when);

	it('is one by hand until the paid day has passed', () => {
		expect(suspendedOn('05-31')).toMatchObject({ state: 'suspended', failed_at: null });
	});

	it('is a failed payment from the next day on', () => {
		expect(suspendedOn('06-01')).toMatchObject({ state: 'grace', failed_at: moment('06-01') });
	});
});

describe('A suspension by hand of somebody who owes', () => {
	const owing = [
		event('created', '05-01', { paid_until: '2026-05-01' }),
		event('failed', '05-03', { paid_until: '2026-05-01' }),
		event('updated', '05-04', { status: 'suspended', is_overdue: false }),
	];

	it('ends the grace', () => {
		expect(subscription(owing, '05-05')).toMatchObject({ state: 'suspended', grace_until: null });
	});

	it('is not ended by another failure', () => {
		const again = event('failed', '05-05', PAID);
		expect(subscription([...owing, again], '05-06').state).toBe('suspended');
	});

	it('is a debt as before when it is lifted', () => {
		const lifted = event('updated', '05-05');
		expect(subscription([...owing, lifted], '05-06')).toMatchObject({
			state: 'grace',
			failed_at: moment('05-03'),
		});
	});
});

describe('A payment', () => {
	it('ends a grace and a suspension also if it says nothing of the status', () => {
		const paid = event('succeeded', '05-20', { status: null });
		const failed = event('failed', '05-03');
		expect(subscription([event('created', '05-01'), failed, paid], '05-21').state).toBe('active');
		const byHand = event('updated', '05-03', { status: 'suspended' });
		expect(subscription([created, byHand, paid], '05-21').state).toBe('active');
	});

	it('revives a cancelled one only if it says that it is active', () => {
		const cancelled = event('cancelled', '05-10');
		const paid = (status: LogEvent['status']) =>
			subscription([created, cancelled, event('succeeded', '05-20', { status })], '05-21').state;
		expect(paid(null)).toBe('cancelled');
		expect(paid('active')).toBe('active');
	});
});

describe('A cancelled subscription', () => {
	const until = { ends_at: '2026-05-10' };

	it('ended when it was cancelled, also if that was read later', () => {
		const late = event('cancelled', '05-10', { state_at: '05-12' });
		expect(subscription([created, late], '05-13').cancelled_at).toBe(moment('05-10'));
	});

	it('ended when its status was read, if only that is known', () => {
		const seen = event('updated', '05-10', { status: 'cancelled', state_at: '05-12' });
		expect(subscription([created, seen], '05-13').cancelled_at).toBe(moment('05-12'));
	});

	it('ended then, though its planned end has passed since', () => {
		const planned = event('updated', '05-02', until);
		const cancelled = event('cancelled', '05-06');
		expect(subscription([created, planned, cancelled], '06-01').cancelled_at).toBe(moment('05-06'));
		expect(subscription([created, planned], '06-01').cancelled_at).toBe(moment('05-12 00:00'));
	});
});

it('The account of somebody who left counts from the last cancellation, in whatever order', () => {
	const second = { subscription_id: 's2' };
	const both = [
		event('created', '04-01', second),
		event('cancelled', '05-20', second),
		event('created', '04-02'),
		event('cancelled', '05-10'),
	];
	expect(customer(both, '05-21').next_change_at).toBe(moment('06-19'));
	expect(customer(both, '06-15').access).toBe('sync');
});
