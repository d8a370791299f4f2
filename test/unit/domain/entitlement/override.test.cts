import {
	at,
	customer,
	event,
	moment,
	override,
	said,
	subscription,
	tiers,
} from '../../support/billing.cjs';

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

	it('says what an operator entered about the player, whatever else an operator says later', () => {
		const player = said('override.player', '05-03', { customer_properties: { minecraft: 'ada' } });
		const later = override('set', '05-04', { tier: 'master' });
		expect(customer([created, player, later], '05-05')).toMatchObject({
			customer_properties: { minecraft: 'ada' },
			grants: [{ tier: 'master' }],
		});
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

describe('a removal', () => {
	const removed = said('override.set', '05-03', { status: 'cancelled', actor: 'Kim' });

	it('takes all access and the account at once, whatever was bought', () => {
		expect(customer([created, removed], '05-03')).toMatchObject({
			state: 'cancelled',
			grants: [],
			access: 'remove',
			override: { what: 'remove', tier: null },
			explanation: expect.stringContaining('Overridden by Kim, is to be removed'),
		});
	});

	it('ends when it is cleared', () => {
		const events = [created, removed, override('clear', '05-04')];
		expect(customer(events, '05-04')).toMatchObject({ access: 'sync', state: 'active' });
	});
});

describe('a hold', () => {
	const held = said('override.hold', '05-03', { reason: 'undone', actor: 'Kim' });

	it('keeps what billing says, and leaves the panel as it is', () => {
		expect(customer([created, held], '05-04')).toMatchObject({
			state: 'active',
			grants: [{ product_id: 'fire-knight', tier: 'knight' }],
			access: 'hold',
			explanation: expect.stringContaining('by Kim, is held as it is on the panel: undone'),
		});
	});

	it('holds an account that is due for deletion', () => {
		const events = [created, event('cancelled', '05-02'), held];
		expect(customer(events, '08-01').access).toBe('hold');
	});

	it.each([
		['is cleared', override('clear', '05-05')],
		['an operator gives a tier', override('set', '05-05', { tier: 'master' })],
	])('ends when %s', (_what, next) => {
		expect(customer([created, held, next], '05-06').access).toBe('sync');
	});

	it('ends at its date', () => {
		const short = { ...held, override_until: '2026-05-10' };
		expect(customer([created, short], '2026-05-11T23:59:59Z')).toMatchObject({
			access: 'hold',
			next_change_at: '2026-05-12T00:00:00.000Z',
		});
		expect(customer([created, short], '2026-05-12T00:00:00Z').access).toBe('sync');
	});

	it('takes the place of an override, which does not come back', () => {
		const events = [created, override('set', '05-02', { tier: 'master' }), held];
		expect(customer(events, '05-04').override?.what).toBe('hold');
		expect(tiers(customer([...events, override('clear', '05-05')], '05-06'))).toEqual(['knight']);
	});
});

describe('a longer grace', () => {
	const failed = event('failed', '05-03');
	const extended = said('grace.extend', '05-05', {
		override_until: '2026-05-20',
		actor: 'Kim',
		reason: 'on holiday',
	});

	it('lasts to the end of its date and one more day', () => {
		const events = [created, failed, extended];
		expect(subscription(events, '2026-05-21T23:59:59Z')).toMatchObject({
			state: 'grace',
			grace_until: '2026-05-22T00:00:00.000Z',
			grace_extended: { actor: 'Kim', reason: 'on holiday' },
		});
		expect(subscription(events, '2026-05-22T00:00:00Z').state).toBe('suspended');
		expect(customer(events, '05-15').explanation).toContain('(extended by Kim: on holiday)');
	});

	it('brings somebody back whose grace was over already', () => {
		const late = { ...extended, occurred_at: moment('05-15') };
		expect(subscription([created, failed, late], '05-16').state).toBe('grace');
	});

	it('never shortens it', () => {
		const short = { ...extended, override_until: '2026-05-06' };
		expect(subscription([created, failed, short], '05-09')).toMatchObject({
			grace_until: moment('05-10'),
			grace_extended: null,
		});
	});

	it('counts from the moment of the failure, and not if it ends no later than by rule', () => {
		const at = (override_until: string) =>
			subscription([created, failed, { ...extended, ...failed_at, override_until }], '05-09');
		const failed_at = { occurred_at: failed.occurred_at };
		expect(at('2026-05-20').grace_extended).not.toBeNull();
		expect(at(moment('05-10')).grace_extended).toBeNull();
	});

	it('is the longest of several, whichever was given last', () => {
		const other = (until: string, when: string) =>
			said('grace.extend', when, { override_until: until, actor: until });
		const days = [
			other('2026-05-12', '05-04'),
			other('2026-05-25', '05-05'),
			other('2026-05-18', '05-06'),
		];
		for (const order of [days, [...days].reverse()]) {
			expect(subscription([created, failed, ...order], '05-09')).toMatchObject({
				grace_until: '2026-05-27T00:00:00.000Z',
				grace_extended: { actor: '2026-05-25' },
			});
		}
	});

	it('is nothing that the end of an override or a hold gives', () => {
		const others = [
			override('set', '05-04', { tier: 'master', override_until: '2026-06-30' }),
			said('override.hold', '05-05', { override_until: '2026-06-30' }),
			override('clear', '05-06'),
		];
		expect(subscription([created, failed, ...others], '05-09')).toMatchObject({
			grace_until: moment('05-10'),
			grace_extended: null,
		});
	});

	it('does not count for the next failed payment', () => {
		const events = [
			created,
			failed,
			extended,
			event('succeeded', '05-06'),
			event('failed', '05-07'),
		];
		expect(subscription(events, '05-08').grace_until).toBe(moment('05-14'));
	});

	it('gives nothing to somebody who owes nothing', () => {
		expect(subscription([created, extended], '05-06')).toMatchObject({
			state: 'active',
			grace_until: null,
		});
		expect(customer([event('cancelled', '05-02'), extended], '05-06').grants).toEqual([]);
	});

	it('is no override: a payment ends it, and an override counts beside it', () => {
		const gift = override('set', '05-04', { tier: 'master' });
		const events = [created, failed, gift, extended];
		expect(tiers(customer(events, '05-06'))).toEqual(['master']);
	});
});

it('a run that an operator asked for is in the log, and changes nothing', () => {
	const asked = said('apply.requested', '05-03', { actor: 'Kim' });
	expect(customer([created, asked], '05-04')).toEqual(customer([created], '05-04'));
	const gift = override('set', '05-02', { tier: 'master' });
	expect(tiers(customer([created, gift, asked], '05-04'))).toEqual(['master']);
});

it('An override until the last day there is lasts, and is not over', () => {
	const until = override('set', '05-10', { tier: 'legend', override_until: '9999-12-31' });
	expect(customer([event('created', '05-01'), until], '05-11').override).toMatchObject({
		until: '9999-12-31T23:59:59.999Z',
	});
});

describe('What the loss guard holds back', () => {
	const held = (when: string, reason: string | null = '40 would lose access') =>
		said('changes.held', when, { reason });
	const confirmed = said('changes.confirmed', '05-03', { actor: 'Kim' });
	const shown = (...events: Parameters<typeof customer>[0]) =>
		customer([created, ...events], '05-06').held_changes;

	it('is shown until an operator confirms it', () => {
		expect(shown()).toBe('');
		expect(shown(held('05-02'))).toBe('40 would lose access');
		expect(shown(held('05-02'), confirmed)).toBe('');
		expect(shown(confirmed, held('05-02'))).toBe('');
	});

	it('is shown anew when something is held back again', () => {
		expect(shown(held('05-02'), confirmed, held('05-04', '50 would'))).toBe('50 would');
		expect(shown(held('05-02'), held('05-04', null))).toBe('');
	});

	it('has nothing to do with overrides, and changes no access', () => {
		const gift = override('set', '05-04', { tier: 'master' });
		expect(shown(held('05-02'), gift)).toBe('40 would lose access');
		const { held_changes: _, ...rest } = customer([created, held('05-02')], '05-06');
		expect({ ...rest, held_changes: '' }).toEqual(customer([created], '05-06'));
		expect(tiers(customer([created, gift, held('05-05')], '05-06'))).toEqual(['master']);
	});
});

describe('Access that was to be restored', () => {
	const recorded = '{"abcd1234":["backup.read"]}';
	const hold = said('override.hold', '05-03');
	const restore = said('restore.requested', '05-03', { recorded });
	const left = (...events: Parameters<typeof customer>[0]) =>
		customer([created, ...events], '05-06').restored_under_hold;

	it('is known while the hold lasts that came with it', () => {
		expect(left(hold, restore)).toBe(recorded);
		expect(left(hold, said('restore.requested', '05-04', { recorded }))).toBe(recorded);
	});

	it('is the newest', () => {
		const newer = said('restore.requested', '05-04', { recorded: '{}' });
		expect(left(hold, newer, restore)).toBe('{}');
	});

	it('is over with that hold', () => {
		expect(left(hold, restore, said('override.hold', '05-04'))).toBeUndefined();
		expect(left(hold, restore, override('clear', '05-04'))).toBeUndefined();
		expect(left(hold, restore, override('set', '05-04', { tier: 'master' }))).toBeUndefined();
	});

	it('is none without a hold, without a restore, or for anybody else', () => {
		expect(left(restore)).toBeUndefined();
		expect(left(hold)).toBeUndefined();
		const other = { customer_id: '88', customer_email: 'b@example.com' };
		const both = at([created, hold, { ...restore, ...other, event_id: 'x' }], '05-06');
		expect(both.map((one) => one.restored_under_hold)).toEqual([undefined, undefined]);
	});
});
