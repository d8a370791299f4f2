import { at, customer, event, moment, override, tiers } from '../support/billing.cjs';

const created = event('created', '05-01');

describe('an override', () => {
	it('gives its tier in place of what was bought', () => {
		const said = override('set', '05-03', { tier: 'master', reason: 'prize', actor: 'Kim' });
		expect(customer([created, said], '05-03')).toMatchObject({
			state: 'active',
			grants: [{ product_id: null, tier: 'master' }],
			override: { tier: 'master', until: null, reason: 'prize', actor: 'Kim' },
			next_change_at: null,
		});
	});

	it('of no tier takes all access', () => {
		const said = override('set', '05-03', { tier: null });
		expect(customer([created, said], '05-04')).toMatchObject({
			state: 'suspended',
			grants: [],
			access: 'sync',
		});
	});

	it('gives a tier to somebody who bought nothing', () => {
		expect(tiers(customer([override('set', '05-03', { tier: 'knight' })], '05-04'))).toEqual([
			'knight',
		]);
	});

	it.each([
		['a new purchase', event('created', '05-05', { subscription_id: 's2', tier: 'master' })],
		['an update', event('updated', '05-05')],
		['a failed payment', event('failed', '05-05')],
		['a payment', event('succeeded', '05-05')],
		['a cancellation', event('cancelled', '05-05')],
	])('outlives %s', (_what, billing) => {
		const taken = [created, override('set', '05-03', { tier: null }), billing];
		expect(customer(taken, '09-01').grants).toEqual([]);
		const given = [created, override('set', '05-03', { tier: 'sovereign' }), billing];
		expect(customer(given, '09-01')).toMatchObject({
			grants: [{ product_id: null, tier: 'sovereign' }],
			access: 'sync',
		});
	});

	it('ends when it is cleared, and billing counts as it stands by then', () => {
		const events = [
			created,
			override('set', '05-03', { tier: null }),
			event('updated', '05-04', { product_id: 'x', tier: 'master' }),
			override('clear', '05-05'),
		];
		expect(customer(events, '05-05')).toMatchObject({ override: null, state: 'active' });
		expect(tiers(customer(events, '05-05'))).toEqual(['master']);
	});

	it('ends at its moment', () => {
		const until = '2026-05-20T12:00:00.000Z';
		const events = [created, override('set', '05-03', { tier: null, override_until: until })];
		expect(customer(events, '05-04').next_change_at).toBe(until);
		expect(customer(events, '2026-05-20T11:59:59.999Z').grants).toEqual([]);
		expect(tiers(customer(events, until))).toEqual(['knight']);
	});

	it('up to a date counts to the end of that day and one more, as all dates do', () => {
		const said = override('set', '05-03', { tier: null, override_until: '2026-05-20' });
		expect(customer([created, said], '2026-05-21T23:59:59.999Z').grants).toEqual([]);
		expect(tiers(customer([created, said], '2026-05-22T00:00:00.000Z'))).toEqual(['knight']);
	});

	it('takes the place of an earlier one, and does not fall back to it', () => {
		const long = override('set', '05-03', { tier: 'master' });
		const short = override('set', '05-04', {
			tier: 'knight',
			override_until: '2026-05-10T00:00:00Z',
		});
		const bought = { ...created, tier: 'awakened' };
		expect(tiers(customer([bought, long, short], '05-05'))).toEqual(['knight']);
		expect(tiers(customer([bought, long, short], '05-11'))).toEqual(['awakened']);
	});

	it('set and cleared at the same moment is cleared', () => {
		const events = [override('clear', '05-03'), override('set', '05-03', { tier: null }), created];
		expect(customer(events, '05-03').override).toBeNull();
	});

	it('touches nobody else', () => {
		const bob = event('created', '05-01', {
			subscription_id: 's2',
			customer_id: '88',
			customer_email: 'bob@example.com',
		});
		const all = at([created, bob, override('set', '05-03', { tier: null })], '05-04');
		expect(all.map((one) => [one.customer, one.grants.length])).toEqual([
			['customer:88', 1],
			['customer:77', 0],
		]);
	});

	it('keeps the account of somebody whose subscriptions are long cancelled', () => {
		const events = [created, event('cancelled', '05-02'), override('set', '05-03', { tier: 'x' })];
		expect(customer(events, '12-01').access).toBe('sync');
	});

	it('lets the change of a subscription under it be seen when it ends', () => {
		const events = [
			created,
			event('failed', '05-03'),
			override('set', '05-04', { tier: 'master', override_until: '2026-05-06T00:00:00Z' }),
		];
		expect(customer(events, '05-05').next_change_at).toBe('2026-05-06T00:00:00.000Z');
		expect(customer(events, '05-07').next_change_at).toBe(moment('05-10'));
	});
});
