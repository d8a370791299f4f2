import {
	ROLE,
	UUID,
	MINUTE,
	NOON,
	World,
	changed,
	customer,
	found,
	unreachable,
} from './world.cjs';

const named = (player: string, more: Record<string, unknown> = {}) => ({
	customer_properties: JSON.stringify({ minecraft_username: player }),
	...more,
});
const member = (discord_id: string, more: Record<string, unknown> = {}) => ({
	customer_properties: JSON.stringify({ discord_id }),
	...more,
});
const ADA_ID = '20000000000000009';
const over = { state: 'cancelled', tiers: '', access_until: null };

describe('who comes first', () => {
	it.each([
		['changed first', changed(-3)],
		['has the lower id, of two who changed together', changed(-2)],
	])('is who %s', async (_what, first) => {
		const world = new World();
		await world.run([
			customer(2, named('ada', { changed_at: changed(-2) })),
			customer(1, named('ada', { changed_at: first })),
		]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([false, true]);
	});

	it('is who had it in the last run, not who names it before their next payment', async () => {
		const world = new World();
		await world.run([customer(1)]);
		await world.run([
			customer(1, { changed_at: changed(9) }),
			customer(2, { customer_properties: customer(1).customer_properties, changed_at: changed(5) }),
		]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([false, true]);
		expect(world.row(2).result).toBe(
			'The player ada belongs to customer:1 already. The Discord ID 20000000000000001 belongs to customer:1 already.',
		);
	});

	it.each([
		['player', named('ada')],
		['Discord id', member(ADA_ID)],
	])('is who has the %s now, not who comes back', async (_what, same) => {
		const world = new World();
		await world.run([customer(1, same)]);
		await world.run([customer(1, { ...same, ...over, changed_at: changed(1) })]);
		await world.run([customer(2, { ...same, changed_at: changed(2) })]);
		await world.run([
			customer(1, { ...same, changed_at: changed(5) }),
			customer(2, { ...same, changed_at: changed(6) }),
		]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([true, false]);
	});

	it.each([
		['player', named('ada')],
		['Discord id', member(ADA_ID)],
	])('keeps the %s while a step fails', async (_what, same) => {
		const world = new World();
		await world.run([customer(1, same)], { fail: () => 'it is down' });
		await world.run([customer(2, { ...same, changed_at: changed(1) })]);
		world.now = NOON + 10 * MINUTE;
		await world.run([]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([false, true]);
	});

	it.each([
		['player', named('ada'), named('bob')],
		['Discord id', member(ADA_ID), member('20000000000000008')],
	])('gives up the %s by naming another', async (_what, same, other) => {
		const world = new World();
		await world.run([customer(1, same)]);
		await world.run([
			customer(2, { ...same, changed_at: changed(4) }),
			customer(1, { ...other, changed_at: changed(5) }),
		]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([false, false]);
	});

	it.each([
		['player', named('ada'), named('bob')],
		['Discord id', member(ADA_ID), member('20000000000000008')],
	])('is not who had another %s before', async (_what, other, same) => {
		const world = new World();
		await world.run([customer(1, other)]);
		await world.run([
			customer(2, { ...same, changed_at: changed(4) }),
			customer(1, { ...same, changed_at: changed(5) }),
		]);
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([true, false]);
	});

	it('is nobody without access', async () => {
		const world = new World();
		await world.run([
			customer(1, { ...named('ada'), ...over, changed_at: changed(-3) }),
			customer(2, { ...member(ADA_ID), ...over, changed_at: changed(-3) }),
			customer(3, { changed_at: changed(-2) }),
			customer(4, member(ADA_ID, { changed_at: changed(-2) })),
		]);
		expect([1, 2, 3, 4].map((id) => world.row(id).is_refused)).toEqual(Array(4).fill(false));
	});

	it('is nobody of those who gave neither player nor Discord id', async () => {
		const world = new World();
		const neither = { customer_properties: '{}' };
		await world.run([customer(1, neither), customer(2, neither)]);
		await world.run([1, 2].map((id) => customer(id, { ...neither, changed_at: changed(5) })));
		expect([1, 2].map((id) => world.row(id).is_refused)).toEqual([false, false]);
	});
});

describe('the lookup', () => {
	it('is only for those who have access', async () => {
		const find = jest.fn(found);
		await new World().run([customer(1, over), customer(2, { customer_properties: '{}' })], {
			find,
		});
		expect(find.mock.calls.flat(2)).toEqual([]);
	});

	it('asks once for the name that two customers give', async () => {
		const find = jest.fn(found);
		await new World().run([customer(1), customer(2)], { find });
		expect(find.mock.calls).toEqual([[['ada']]]);
	});

	it('finds at night a player who took the name meanwhile', async () => {
		const world = new World();
		await world.run([customer(1, named('carl'))]);
		world.now = Date.parse('2026-05-04T04:00:30Z');
		const [planned] = await world.run([], {
			find: async () => new Map([['carl', { uuid: UUID.bob ?? '' }]]),
		});
		expect(planned?.ranks.map(({ uuid, group }) => [uuid, group])).toEqual([[UUID.bob, 'knight']]);
		expect(world.row(1).result).toBe('done');
	});

	it('refuses at night a name that another customer’s player took meanwhile', async () => {
		const world = new World();
		await world.run([customer(1), customer(2, named('carl'))]);
		world.now = Date.parse('2026-05-04T04:00:30Z');
		await world.run([], { find: async () => new Map([['carl', { uuid: UUID.ada ?? '' }]]) });
		expect(world.row(2)).toMatchObject({
			is_refused: true,
			result: 'The player carl belongs to customer:1 already.',
		});
	});

	it('says why it failed', async () => {
		const world = new World();
		await world.run([customer(1)], { find: unreachable });
		expect(world.row(1).result).toBe('The player ada could not be looked up: it took too long');
	});

	it('says nothing of the old player about a new name that was not looked up', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const [planned] = await world.run([
			customer(1, { ...named('bob'), ...over, changed_at: changed(5) }),
		]);
		expect(planned?.after).toMatchObject({ player: 'bob', player_uuid: null });
	});
});

describe('what another customer has by now', () => {
	const fail = (_step: string, who: string) => (who === 'customer:2' ? 'it is down' : '');
	const both = (player: string, discord_id: string, more: Record<string, unknown> = {}) => ({
		customer_properties: JSON.stringify({ minecraft_username: player, discord_id }),
		...more,
	});

	it('stays with them, whoever was recorded first', async () => {
		const world = new World();
		await world.run([
			customer(1, both('bob', '20000000000000008', { changed_at: changed(-3) })),
			customer(2, both('ada', ADA_ID)),
		]);
		await world.run([customer(2, { ...both('ada', ADA_ID), ...over, changed_at: changed(1) })], {
			fail,
		});
		await world.run([customer(1, both('ada', ADA_ID, { changed_at: changed(2) }))]);
		world.now = NOON + 10 * MINUTE;
		const [again, ...others] = await world.run([]);
		expect(others).toEqual([]);
		expect(again?.facts.customer).toBe('customer:2');
		expect(again?.ranks.map(({ uuid, group, take }) => [uuid, group, take])).toEqual([
			[UUID.ada, 'knight', []],
		]);
		expect(again?.remove).toEqual([]);
	});

	it('is given as their own tiers say, while the one of before cannot be taken', async () => {
		const world = new World();
		await world.run([customer(1, both('bob', '20000000000000008')), customer(2, named('ada'))]);
		await world.run([customer(2, named('carl', { changed_at: changed(1) }))], { fail });
		const [planned] = await world.run([
			customer(1, both('ada', ADA_ID, { tiers: 'legend', changed_at: changed(2) })),
		]);
		expect(planned?.ranks.map(({ uuid, group }) => [uuid, group])).toEqual([
			[UUID.bob, null],
			[UUID.ada, 'legend'],
		]);
	});

	it('is taken all the same if their tiers have neither rank nor role', async () => {
		const world = new World();
		await world.run([customer(2, both('ada', ADA_ID))]);
		await world.run([
			customer(2, { ...both('ada', ADA_ID), ...over, changed_at: changed(1) }),
			customer(1, both('ada', ADA_ID, { tiers: 'member', changed_at: changed(2) })),
		]);
		expect(world.row(2)).toMatchObject({ granted_ranks: '{}', granted_roles: '{}' });
	});

	it('does not keep the role of another tier', async () => {
		const world = new World();
		await world.run([customer(2, member(ADA_ID))]);
		const [first] = await world.run([
			customer(2, { ...member(ADA_ID), ...over, changed_at: changed(1) }),
			customer(1, member(ADA_ID, { tiers: 'legend', changed_at: changed(2) })),
		]);
		expect(first?.remove.map(({ role }) => role)).toEqual([ROLE.knight]);
	});
});
