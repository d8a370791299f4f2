import { endOfAccess, laterOf, plusDays, sayDay, sayLastDay } from '../../../../domain/dates';
import { customer, event, override } from '../../support/billing.cjs';

const created = event('created', '05-01', { paid_until: null });
const one = 'Subscription s1 (fire-knight)';

describe('the explanation', () => {
	it.each([
		['bought once', [created], '05-02', `${one}: active.`],
		[
			'paid for a time',
			[{ ...created, paid_until: '2026-06-01' }],
			'05-02',
			`${one}: active, paid until 1 June 2026.`,
		],
		[
			'with a planned end',
			[{ ...created, paid_until: '2026-06-01', ends_at: '2026-06-01' }],
			'05-02',
			`${one}: active, paid until 1 June 2026, ends after 1 June 2026.`,
		],
		[
			'in grace',
			[created, event('failed', '05-03')],
			'05-04',
			`${one}: payment failed on 3 May 2026, grace until 10 May 2026.`,
		],
		[
			'suspended for want of payment',
			[created, event('failed', '05-03')],
			'05-11',
			`${one}: payment failed on 3 May 2026 and was not made up for by 10 May 2026, suspended.`,
		],
		[
			'suspended by hand',
			[created, event('updated', '05-03', { status: 'suspended' })],
			'05-04',
			`${one}: suspended in Paymenter.`,
		],
		[
			'cancelled',
			[created, event('cancelled', '05-03')],
			'05-04',
			`${one}: cancelled on 3 May 2026.`,
		],
		[
			'gone long ago',
			[created, event('cancelled', '05-03')],
			'07-01',
			`${one}: cancelled on 3 May 2026. The account is due for deletion.`,
		],
		['pending', [{ ...created, status: 'pending' as const }], '05-04', `${one}: not active yet.`],
		[
			'known by its tier only',
			[{ ...created, product_id: null }],
			'05-04',
			'Subscription s1 (knight): active.',
		],
		[
			'of an unknown product',
			[event('succeeded', '05-03', { product_id: null, tier: null })],
			'05-04',
			'Subscription s1 (product not known): active.',
		],
	])('of a subscription %s', (_what, events, when, words) => {
		expect(customer(events, when).explanation).toBe(words);
	});

	it('names every subscription', () => {
		const events = [created, event('created', '05-02', { subscription_id: 's2' })];
		expect(customer(events, '05-03').explanation).toBe(
			'Subscription s1 (fire-knight): active. Subscription s2 (fire-knight): active.',
		);
	});

	it('begins with the override, who set it, until when and why', () => {
		const said = override('set', '05-03', {
			tier: 'master',
			actor: 'Kim',
			reason: 'prize',
			override_until: '2026-05-20T12:00:00Z',
		});
		expect(customer([created, said], '05-04').explanation).toBe(
			`Overridden by Kim, has the tier master until 20 May 2026: prize. ${one}: active.`,
		);
	});

	it('says that an override takes access, also where nobody gave a reason', () => {
		expect(customer([override('set', '05-03')], '05-04').explanation).toBe(
			'Overridden, has no access.',
		);
	});

	it('says so where nothing belongs to a customer', () => {
		const events = [override('set', '05-03'), override('clear', '05-04')];
		expect(customer(events, '05-05').explanation).toBe('No subscription belongs to this customer.');
	});
});

describe('dates', () => {
	it.each([
		['2026-05-31', '2026-06-02T00:00:00.000Z'],
		['2026-12-30', '2027-01-01T00:00:00.000Z'],
		['2028-02-28', '2028-03-01T00:00:00.000Z'],
	])('access to %s ends at %s', (date, end) => {
		expect(endOfAccess(date)).toBe(end);
	});

	it('are counted in days of 24 hours, whatever the clocks do', () => {
		expect(plusDays('2026-03-28T10:00:00.000Z', 7)).toBe('2026-04-04T10:00:00.000Z');
		expect(plusDays('2026-05-03T10:00:00.000Z', 0)).toBe('2026-05-03T10:00:00.000Z');
	});

	it('are compared as moments', () => {
		const [a, b] = ['2026-05-03T10:00:00.000Z', '2026-05-03T10:00:00.001Z'];
		expect([laterOf(a, b), laterOf(b, a), laterOf(a, a)]).toEqual([b, b, a]);
	});

	it('are said in UTC, and what ends at midnight ends with the day before', () => {
		expect(sayDay('2026-05-03T23:59:59.999Z')).toBe('3 May 2026');
		expect(sayLastDay('2026-05-10T00:00:00.000Z')).toBe('9 May 2026');
		expect(sayLastDay('2026-05-10T00:00:00.001Z')).toBe('10 May 2026');
	});
});
