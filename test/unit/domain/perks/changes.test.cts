import { isAccessChangedDue, isNightly, nextDue } from '../../../../domain/perks/changes';
import { TABLES } from '../../../../domain/tables';
import {
	DAY,
	MINUTE,
	NOON,
	ROLE,
	UNTIL,
	UUID,
	World,
	changed,
	customer,
	found,
	plan,
	settings,
	unreachable,
} from './world.cjs';

describe('what follows a change of access', () => {
	it('gives the rank, the role and an item for own steps, once', async () => {
		const world = new World();
		const [first, ...others] = await world.run([customer(1)]);
		expect(others).toEqual([]);
		expect(first?.change).toEqual({
			id: `customer:1@${changed(-1)}`,
			customer: 'customer:1',
			customer_id: '1',
			customer_email: 'c1@example.com',
			customer_name: 'C 1',
			before: null,
			after: {
				state: 'active',
				tiers: ['knight'],
				player: 'ada',
				player_uuid: UUID.ada,
				discord_id: '20000000000000001',
				rank: 'knight',
				roles: [ROLE.knight],
				expires_at: UNTIL,
			},
			reason: 'paid',
			expires_at: UNTIL,
		});
		expect(first?.ranks).toEqual([
			{ uuid: UUID.ada, group: 'knight', expires_at: UNTIL, take: [] },
		]);
		expect(first?.add).toEqual([
			{ customer: 'customer:1', discord_id: '20000000000000001', role: ROLE.knight },
		]);
		expect(first?.warning).toBeNull();
		expect(world.row(1)).toMatchObject({
			player: 'ada',
			player_uuid: UUID.ada,
			granted_ranks: JSON.stringify({ [UUID.ada ?? '']: ['knight'] }),
			granted_roles: JSON.stringify({ '20000000000000001': [ROLE.knight] }),
			result: 'done',
			failures: 0,
			retry_at: null,
		});
		expect(Object.keys(world.row(1)).sort()).toEqual(Object.keys(TABLES.paymenter_perks).sort());
		expect(await world.run([customer(1)])).toEqual([]);
	});

	it('moves the rank to the new tier, and takes the role of the old one', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const [planned] = await world.run([customer(1, { tiers: 'legend', changed_at: changed(5) })]);
		expect(planned?.ranks).toEqual([
			{ uuid: UUID.ada, group: 'legend', expires_at: UNTIL, take: ['knight'] },
		]);
		expect(planned?.add.map(({ role }) => role)).toEqual([ROLE.legend]);
		expect(planned?.remove.map(({ role }) => role)).toEqual([ROLE.knight]);
		expect(planned?.change?.before?.rank).toBe('knight');
	});

	it('takes the highest rank and all roles of several tiers', async () => {
		const [planned] = await new World().run([customer(1, { tiers: 'legend, knight' })]);
		expect(planned?.after).toMatchObject({ rank: 'legend', roles: [ROLE.knight, ROLE.legend] });
	});

	it('extends the rank with each payment', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const later = '2026-07-10T00:00:00.000Z';
		const [planned] = await world.run([
			customer(1, { access_until: later, changed_at: changed(5) }),
		]);
		expect(planned?.ranks).toEqual([
			{ uuid: UUID.ada, group: 'knight', expires_at: later, take: [] },
		]);
		expect(planned?.add).toEqual([]);
	});

	it('gives no end that is over while billing reports no failure', async () => {
		const world = new World();
		const until = '2026-05-04T00:00:00.000Z';
		const [active] = await world.run([customer(1, { access_until: until })]);
		expect(active?.ranks.map(({ expires_at }) => expires_at)).toEqual([null]);
		const grace = { state: 'grace', access_until: until, changed_at: changed(5) };
		const [ends] = await world.run([customer(1, grace)]);
		expect(ends?.ranks.map(({ expires_at }) => expires_at)).toEqual([until]);
	});

	it.each(['suspended', 'cancelled', 'none'])('takes what it gave when %s', async (state) => {
		const world = new World();
		await world.run([customer(1)]);
		const [planned] = await world.run([
			customer(1, { state, tiers: '', access_until: null, changed_at: changed(5) }),
		]);
		expect(planned?.ranks).toEqual([
			{ uuid: UUID.ada, group: null, expires_at: null, take: ['knight'] },
		]);
		expect(planned?.remove.map(({ role }) => role)).toEqual([ROLE.knight]);
		expect(world.row(1)).toMatchObject({ granted_ranks: '{}', granted_roles: '{}' });
	});

	it('takes nothing from somebody to whom it gave nothing', async () => {
		const [planned] = await new World().run([customer(1, { state: 'cancelled', tiers: '' })]);
		expect(planned).toMatchObject({ ranks: [], add: [], remove: [] });
	});

	it('gives the rank to the new player and takes it from the old one', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const [planned] = await world.run([
			customer(1, {
				customer_properties: JSON.stringify({
					minecraft_username: 'bob',
					discord_id: '30000000000000001',
				}),
				changed_at: changed(5),
			}),
		]);
		expect(planned?.ranks).toEqual([
			{ uuid: UUID.ada, group: null, expires_at: null, take: ['knight'] },
			{ uuid: UUID.bob, group: 'knight', expires_at: UNTIL, take: [] },
		]);
		expect(planned?.add.map((one) => one.discord_id)).toEqual(['30000000000000001']);
		expect(planned?.remove.map((one) => one.discord_id)).toEqual(['20000000000000001']);
	});

	it('gives neither rank nor role without a player and a Discord id', async () => {
		const world = new World();
		const [planned] = await world.run([customer(1, { customer_properties: '{}' })]);
		expect(planned).toMatchObject({ ranks: [], add: [], remove: [] });
		expect(planned?.change?.after.rank).toBe('knight');
	});

	it('leaves everything as it is while an operator holds the customer', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const held = { state: 'suspended', tiers: '', on_hold: true, changed_at: changed(5) };
		const [planned] = await world.run([customer(1, held)]);
		expect(planned).toMatchObject({ ranks: [], add: [], remove: [], warning: null });
		expect(planned?.after).toMatchObject({ rank: 'knight', roles: [ROLE.knight] });
		const [lifted] = await world.run([
			customer(1, { ...held, on_hold: false, changed_at: changed(9) }),
		]);
		expect(lifted?.ranks).toEqual([
			{ uuid: UUID.ada, group: null, expires_at: null, take: ['knight'] },
		]);
	});

	it('gives nothing to somebody who was on hold from the first', async () => {
		const world = new World();
		const [held] = await world.run([customer(1, { on_hold: true })]);
		expect(held).toMatchObject({ ranks: [], add: [], after: { rank: null, roles: [] } });
		const [lifted] = await world.run([customer(1, { changed_at: changed(5) })]);
		expect(lifted?.ranks.map(({ group }) => group)).toEqual(['knight']);
		expect(lifted?.add.map(({ role }) => role)).toEqual([ROLE.knight]);
	});

	it.each([
		['cancels', 'knight', { state: 'cancelled', tiers: '' }, null],
		['goes back', 'legend', {}, 'knight'],
	])('takes what may have been given before the hold if the customer %s', async (...args) => {
		const [, tried, then, group] = args;
		const once = { access_until: null };
		const world = new World();
		if (tried === 'legend') await world.run([customer(1, once)]);
		const fail = (step: string) => (step === 'Sync Ranks' ? 'it is down' : '');
		await world.run([customer(1, { ...once, tiers: tried, changed_at: changed(1) })], { fail });
		await world.run([
			customer(1, { ...once, tiers: tried, on_hold: true, changed_at: changed(2) }),
		]);
		const [lifted] = await world.run([customer(1, { ...once, ...then, changed_at: changed(3) })]);
		expect(lifted?.ranks).toEqual([{ uuid: UUID.ada, group, expires_at: null, take: [tried] }]);
	});

	it('gives the rank of a tier that has one after a tier that has none', async () => {
		const world = new World();
		await world.run([customer(1, { tiers: 'member' })]);
		const [planned] = await world.run([customer(1, { changed_at: changed(5) })]);
		expect(planned?.ranks.map(({ group }) => group)).toEqual(['knight']);
	});

	it('leaves ranks alone if none reach the game, and gives the role', async () => {
		const world = new World();
		await world.run([customer(1)]);
		world.settings = { ranks: { ...settings.ranks, way: 'none' } };
		const [planned] = await world.run([customer(1, { tiers: 'legend', changed_at: changed(5) })]);
		expect(planned?.ranks).toEqual([]);
		expect(planned?.add.map(({ role }) => role)).toEqual([ROLE.legend]);
		expect(world.row(1).granted_ranks).toBe(JSON.stringify({ [UUID.ada ?? '']: ['knight'] }));
	});

	it.each(['rest', 'console'] as const)('only notes a new address, by %s', async (way) => {
		const world = new World();
		world.settings = { ranks: { ...settings.ranks, way } };
		await world.run([customer(1)]);
		const moved = customer(1, { customer_email: 'new@example.com', changed_at: changed(5) });
		const [planned] = await world.run([moved]);
		expect(planned).toMatchObject({ change: null, ranks: [], add: [], remove: [], warning: null });
		expect(world.row(1).customer_email).toBe('new@example.com');
		expect(await world.run([moved])).toEqual([]);
	});

	it('takes nothing because of a tier that the plan does not know', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const [planned] = await world.run([
			customer(1, { tiers: 'legend, gold', changed_at: changed(5) }),
		]);
		expect(planned).toMatchObject({ ranks: [], add: [], remove: [] });
		expect(world.row(1).result).toBe('The tier plan has no tier legend, gold.');
	});

	it('takes what it gave for a tier that the plan does not know any more', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const over = { state: 'suspended', tiers: 'gold', changed_at: changed(5) };
		const [planned] = await world.run([customer(1, over)]);
		expect(planned?.ranks.map(({ group }) => group)).toEqual([null]);
		expect(planned?.after).toMatchObject({ rank: null, roles: [], expires_at: null });
	});

	it('knows a tier by its product, which is what a row of a failed sync may say', async () => {
		const [planned] = await new World().run([customer(1, { tiers: 'fire-legend' })]);
		expect(planned?.after.rank).toBe('legend');
	});
});

describe('who the player is', () => {
	it('says that a player is unknown, and does not ask again', async () => {
		const world = new World();
		const properties = { customer_properties: JSON.stringify({ minecraft_username: 'nobody' }) };
		await world.run([customer(1, properties)]);
		expect(world.row(1)).toMatchObject({
			result: 'There is no player named nobody.',
			what_to_do: 'Enter the player’s name in Paymenter, or in Manual Override.',
			retry_at: null,
			failures: 0,
		});
		expect(await world.run([customer(1, properties)])).toEqual([]);
	});

	it('keeps the old player until the new one can be looked up', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const renamed = customer(1, {
			customer_properties: JSON.stringify({ minecraft_username: 'bob' }),
			changed_at: changed(5),
		});
		const [waiting] = await world.run([renamed], { find: unreachable });
		expect(waiting?.ranks).toEqual([]);
		expect(world.row(1)).toMatchObject({ player_uuid: UUID.ada, failures: 1 });
		expect(world.row(1).retry_at).toBe(changed(5));

		world.now = NOON + 6 * MINUTE;
		const [later] = await world.run([]);
		expect(later?.ranks.map(({ uuid, group }) => [uuid, group])).toEqual([
			[UUID.ada, null],
			[UUID.bob, 'knight'],
		]);
		expect(world.row(1)).toMatchObject({ player_uuid: UUID.bob, failures: 0, retry_at: null });
	});

	it('looks up a name once', async () => {
		const world = new World();
		const find = jest.fn(found);
		await world.run([customer(1)], { find });
		await world.run([customer(1, { tiers: 'legend', changed_at: changed(5) })], { find });
		expect(find.mock.calls.flat(2)).toEqual(['ada']);
	});

	it.each([
		['the same name', 'ada'],
		['another name of the same player', 'ada_renamed'],
	])('lets the first customer keep a player: %s', async (_what, name) => {
		const world = new World();
		await world.run([customer(1)]);
		const second = customer(2, {
			customer_properties: JSON.stringify({ minecraft_username: name }),
			changed_at: changed(2),
		});
		const [planned] = await world.run([second]);
		expect(planned).toMatchObject({ ranks: [], isRefused: true });
		const find = jest.fn(found);
		expect(await world.run([], { find })).toEqual([]);
		expect(find.mock.calls.flat(2)).toEqual([]);
		expect(world.row(2)).toMatchObject({
			is_refused: true,
			result: `The player ${name} belongs to customer:1 already.`,
			what_to_do: expect.stringContaining('The first customer keeps it'),
		});

		const gone = { state: 'cancelled', tiers: '', access_until: null, changed_at: changed(9) };
		const both = await world.run([customer(1, gone)]);
		expect(
			both.map(({ facts, ranks }) => [
				facts.customer,
				ranks.map(({ group, take }) => [group, take]),
			]),
		).toEqual([
			['customer:2', [['knight', []]]],
			['customer:1', [['knight', []]]],
		]);
		expect(world.row(2)).toMatchObject({ is_refused: false, result: 'done' });
	});

	it('does not take later from a player what another customer gave them meanwhile', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const gone = { state: 'cancelled', tiers: '', access_until: null, changed_at: changed(1) };
		const fail = (step: string, who: string) =>
			step !== 'your own step' && who === 'customer:1' ? 'it is down' : '';
		await world.run([customer(1, gone)], { fail });
		const second = { tiers: 'legend, knight', changed_at: changed(2) };
		const properties = customer(1).customer_properties;
		await world.run([customer(2, { ...second, customer_properties: properties })], { fail });
		expect(world.row(2)).toMatchObject({ result: 'done' });

		world.now = NOON + 10 * MINUTE;
		const [again] = await world.run([]);
		expect(again?.facts.customer).toBe('customer:1');
		expect(again?.ranks).toEqual([
			{ uuid: UUID.ada, group: 'legend', expires_at: UNTIL, take: ['knight'] },
		]);
		expect(again?.remove).toEqual([]);
	});

	it('lets the first customer keep a Discord id', async () => {
		const world = new World();
		const same = { discord_id: '20000000000000009' };
		await world.run([
			customer(1, { customer_properties: JSON.stringify(same), changed_at: changed(-3) }),
			customer(2, { customer_properties: JSON.stringify(same), changed_at: changed(-2) }),
		]);
		expect(world.row(1)).toMatchObject({ is_refused: false });
		expect(world.row(2)).toMatchObject({
			is_refused: true,
			granted_roles: '{}',
			result: 'The Discord ID 20000000000000009 belongs to customer:1 already. No player is known.',
		});
	});
});

describe('what fails', () => {
	it('tries a rank again, keeps what may have been given, and holds up nobody', async () => {
		const world = new World();
		const fail = (step: string, who: string) =>
			step === 'Sync Ranks' && who === 'customer:1' ? 'LuckPerms did not answer' : '';
		const second = customer(2, {
			customer_properties: JSON.stringify({ minecraft_username: 'bob' }),
		});
		await world.run([customer(1), second], { fail });
		expect(world.row(1)).toMatchObject({
			failures: 1,
			result: 'LuckPerms did not answer',
			announced: 'null',
			granted_ranks: JSON.stringify({ [UUID.ada ?? '']: ['knight'] }),
			retry_at: changed(5),
		});
		expect(world.row(2)).toMatchObject({ result: 'done' });
		expect(world.alerts).toEqual([]);

		world.now = NOON + 3 * MINUTE;
		expect(await world.run([customer(1)])).toEqual([]);
		world.now = NOON + 5 * MINUTE;
		const [again] = await world.run([]);
		expect(again?.change?.id).toBe(`customer:1@${changed(-1)}`);
		expect(again?.ranks.map(({ group }) => group)).toEqual(['knight']);
		expect(again?.add).toEqual([]);
		expect(world.row(1)).toMatchObject({ failures: 0, retry_at: null, result: 'done' });
	});

	it('alerts at the third try of what may pass, once for all customers', async () => {
		const world = new World();
		const fail = (step: string) => (step === 'Sync Ranks' ? 'LuckPerms did not answer' : '');
		const second = customer(2, {
			customer_properties: JSON.stringify({ minecraft_username: 'bob' }),
		});
		const alerts = [];
		for (const minutes of [0, 6, 20, 60]) {
			world.now = NOON + minutes * MINUTE;
			await world.run([customer(1), second], { fail });
			alerts.push(world.alerts.map(({ cause }) => cause));
		}
		expect(alerts).toEqual([[], [], ['Access Changed, Sync Ranks: LuckPerms did not answer'], []]);
	});

	it('tries every ten minutes at the longest, and alerts only after a day of an offline server', async () => {
		const world = new World();
		let alerts = 0;
		let last = NOON;
		for (; world.now < NOON + 1.2 * DAY; world.now += MINUTE) {
			const planned = await world.run([customer(1)], { status: 'waiting' });
			if (planned.length > 0) {
				expect(world.now - last).toBeLessThanOrEqual(10 * MINUTE);
				last = world.now;
			}
			if (world.alerts.length > 0) expect(world.now - NOON).toBeGreaterThanOrEqual(DAY);
			alerts += world.alerts.length;
		}
		expect(alerts).toBe(1);
		expect(world.row(1).result).toContain('Survival is offline');
		await world.run([]);
		world.now += 10 * MINUTE;
		await world.run([]);
		expect(world.row(1).result).toBe('done');
	});

	it('is no error if somebody is not on the Discord server; the next night tries again', async () => {
		const world = new World();
		await world.run([customer(1)], {
			fail: (step) => (step === 'Add Role' ? 'Unknown Member' : ''),
		});
		expect(world.row(1)).toMatchObject({
			failures: 0,
			granted_roles: '{}',
			result: '20000000000000001 is not a member of the Discord server.',
		});
		expect(world.alerts).toEqual([]);
		world.now = NOON + DAY;
		const [again] = await world.run([]);
		expect(again?.add.map(({ role }) => role)).toEqual([ROLE.knight]);
	});

	it('adds a role again that Discord did not take, and removes it if that is no longer wanted', async () => {
		const fail = (step: string) => (step === 'Add Role' ? '500: Failed' : '');
		const role = { customer: 'customer:1', discord_id: '20000000000000001', role: ROLE.knight };
		const world = new World();
		await world.run([customer(1)], { fail });
		world.now = NOON + 5 * MINUTE;
		const [again] = await world.run([], { fail });
		expect(again?.add).toEqual([role]);
		const over = { state: 'cancelled', tiers: '', access_until: null, changed_at: changed(6) };
		const [after] = await world.run([customer(1, over)]);
		expect(after).toMatchObject({ add: [], remove: [role] });
	});

	it('names the role that the bot may not give, once', async () => {
		const world = new World();
		const properties = { minecraft_username: 'nobody', discord_id: '20000000000000001' };
		const one = customer(1, { customer_properties: JSON.stringify(properties) });
		const fail = (step: string) => (step === 'Add Role' ? 'Missing Permissions' : '');
		await world.run([one], { fail });
		const { alerts } = world;
		world.now = NOON + 5 * MINUTE;
		await world.run([], { fail });
		expect(world.alerts).toEqual([]);
		expect(alerts).toEqual([
			expect.objectContaining({
				what_happened: `Discord does not let the bot give the role ${ROLE.knight}.`,
				what_to_do: expect.stringContaining('Manage Roles'),
			}),
		]);
	});

	it('names a role that Discord does not have, and has removed one that was deleted', async () => {
		const fail = (step: string) => (/Role$/.test(step) ? 'Unknown Role' : '');
		const world = new World();
		await world.run([customer(1)], { fail });
		expect(world.alerts).toMatchObject([{ what_happened: `Discord has no role ${ROLE.knight}.` }]);
		const over = { state: 'cancelled', tiers: '', access_until: null, changed_at: changed(6) };
		await world.run([customer(1, over)], { fail });
		expect(world.row(1)).toMatchObject({ result: 'done', failures: 0, granted_roles: '{}' });
	});

	it('repeats a step of the owner with the same id', async () => {
		const world = new World();
		const fail = (step: string) => (step === 'your own step' ? 'the wiki is down' : '');
		const [first] = await world.run([customer(1)], { fail });
		world.now = NOON + 5 * MINUTE;
		const [second] = await world.run([], { fail });
		expect(second?.change?.id).toBe(first?.change?.id);
		expect(world.row(1)).toMatchObject({ failures: 2, announced: 'null' });
	});

	it.each([
		['for somebody who gets nothing else', 'member', 'member'],
		['although the customer went back meanwhile', 'knight', 'legend'],
	])('repeats a step of the owner %s', async (_what, tiers, tried) => {
		const fail = (step: string) => (step === 'your own step' ? 'the wiki is down' : '');
		const world = new World();
		if (tried !== tiers) await world.run([customer(1, { tiers })]);
		await world.run([customer(1, { tiers: tried, changed_at: changed(1) })], { fail });
		world.now = NOON + 5 * MINUTE;
		const last = customer(1, { tiers, changed_at: changed(1) });
		const [again] = await world.run([last]);
		expect(again?.change?.after.tiers).toEqual([tiers]);
		expect(await world.run([last])).toEqual([]);
	});
});

describe('the customer’s warnings', () => {
	const grace = (minutes: number) =>
		customer(1, {
			state: 'grace',
			access_until: '2026-05-10T00:00:00.000Z',
			changed_at: changed(minutes),
		});

	it('warns of a failed payment, two days before the end, of the end, and of the return', async () => {
		const world = new World();
		const told: Array<[string, string | undefined, string | null | undefined]> = [];
		const day = async (at: string, customers: Array<Record<string, unknown>>) => {
			world.now = Date.parse(at);
			for (const { warning } of await world.run(customers)) {
				told.push([at, warning?.kind, warning?.access_until]);
			}
		};
		await day('2026-05-03T12:00:00Z', [customer(1)]);
		await day('2026-05-03T13:00:00Z', [grace(30)]);
		await day('2026-05-07T23:00:00Z', []);
		await day('2026-05-08T00:00:00Z', []);
		await day('2026-05-08T00:01:00Z', []);
		const over = {
			state: 'suspended',
			tiers: '',
			access_until: null,
			changed_at: '2026-05-10T00:01:00.000Z',
		};
		await day('2026-05-10T00:01:00Z', [customer(1, over)]);
		await day('2026-05-12T00:01:00Z', [customer(1, { changed_at: '2026-05-12T00:01:00.000Z' })]);
		const end = '2026-05-10T00:00:00.000Z';
		expect(told.filter(([, kind]) => kind)).toEqual([
			['2026-05-03T13:00:00Z', 'payment failed', end],
			['2026-05-08T00:00:00Z', 'suspended soon', end],
			['2026-05-10T00:01:00Z', 'suspended', null],
			['2026-05-12T00:01:00Z', 'back', null],
		]);
	});

	it('warns nobody of what was so before its first run', async () => {
		const [planned] = await new World().run([grace(0)]);
		expect(planned?.warning).toBeNull();
	});

	it('repeats a warning that could not be sent', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const fail = (step: string) => (step === 'Warn Customer' ? 'no mail server' : '');
		const [first] = await world.run([grace(5)], { fail });
		world.now = NOON + 10 * MINUTE;
		const [second] = await world.run([]);
		expect(second?.warning).toEqual(first?.warning);
		expect(second?.warning?.text).toContain('until 2026-05-10');
	});
});

describe('the nightly run', () => {
	const night = Date.parse('2026-05-04T04:00:30Z');

	it('is the first run after four o’clock', () => {
		expect(isNightly(night - MINUTE, night)).toBe(true);
		expect(isNightly(night - 20_000, night)).toBe(false);
		expect(isNightly(night - DAY, night - MINUTE)).toBe(false);
		expect(isNightly(null, night)).toBe(false);
		const four = Date.parse('2026-05-04T04:00:00Z');
		expect(isNightly(four - 1, four)).toBe(true);
		expect(isNightly(four, four + 1)).toBe(false);
	});

	it('compares all ranks by REST', async () => {
		const world = new World();
		await world.run([customer(1)]);
		world.now = night;
		world.lastRunAt = night - MINUTE;
		const [planned] = await world.run([]);
		expect(planned).toMatchObject({ check: true, change: null, add: [], remove: [] });
		expect(planned?.ranks.map(({ group }) => group)).toEqual(['knight']);
	});

	it('repeats commands for those who changed within a day', async () => {
		const world = new World();
		world.settings = { ranks: { ...settings.ranks, way: 'console' } };
		await world.run([customer(1)]);
		world.now = night;
		world.lastRunAt = night - MINUTE;
		const [planned] = await world.run([]);
		expect(planned?.ranks.map(({ group }) => group)).toEqual(['knight']);
		world.now = night + 2 * DAY;
		expect(await world.run([])).toEqual([]);
	});

	it('does nothing for a row that cannot be read', async () => {
		const world = new World();
		await world.run([customer(1)]);
		world.perks.set('customer:1', { ...world.row(1), facts: '{' });
		world.now = night;
		expect(await world.run([])).toEqual([]);
	});
});

describe('the loss guard of the nightly run', () => {
	const night = Date.parse('2026-05-04T04:00:30Z');
	const roleOf = (id: number) =>
		customer(id, { customer_properties: JSON.stringify({ discord_id: `2000000000000000${id}` }) });
	const rankOf = (id: number, more: Record<string, unknown> = {}) =>
		customer(id, {
			customer_properties: JSON.stringify({ minecraft_username: `player${id}` }),
			...more,
		});
	const find = async (names: string[]) =>
		new Map(
			names.map((name) => [
				name,
				{ uuid: `00000000-0000-4000-8000-${name.slice(6).padStart(12, '0')}` },
			]),
		);
	const planWith = (more: object, only = 'knight') => ({
		plan: {
			...plan,
			tiers: plan.tiers.map((tier) => (tier.name === only ? { ...tier, ...more } : tier)),
		},
	});
	const people = (count: number, one: (id: number) => Record<string, unknown>) =>
		Array.from({ length: count }, (_, id) => one(id));
	const nightAfter = async (customers: Array<Record<string, unknown>>) => {
		const world = new World();
		await world.run(customers, { find });
		world.now = night;
		return world;
	};

	it.each([
		['roles', roleOf, { discordRole: null }],
		['ranks', rankOf, { luckPermsGroup: null }],
		['ranks for others', rankOf, { luckPermsGroup: 'squire' }],
	])('takes no %s from many at once, until it is allowed', async (_what, one, more) => {
		const world = await nightAfter(people(10, one));
		world.settings = planWith(more);
		expect(await world.run([])).toEqual([]);
		expect(world.held).toEqual(people(10, roleOf).map((row) => row.customer_email));
		world.now = night + DAY;
		world.settings.allowLosses = true;
		const taken = (await world.run([])).flatMap(({ ranks, remove }) => [
			...remove.map(({ role }) => role),
			...ranks.map(({ take }) => take[0]),
		]);
		expect(taken).toHaveLength(10);
		expect(world.held).toEqual([]);
	});

	it('names those by their key whose address is unknown', async () => {
		const world = await nightAfter(people(4, (id) => ({ ...roleOf(id), customer_email: null })));
		world.settings = planWith({ discordRole: null });
		await world.run([]);
		expect(world.held).toEqual([0, 1, 2, 3].map((id) => `customer:${id}`));
	});

	it.each([
		['3 of 3', 3, 3, 3],
		['4 of 79', 79, 4, 0],
		['4 of 80', 80, 4, 4],
	])('lets %s lose a rank', async (_what, all, losers, taken) => {
		const nobody = people(40, (id) => customer(1000 + id, { customer_properties: '{}' }));
		const world = await nightAfter([
			...people(all, (id) => rankOf(id, { tiers: id < losers ? 'legend' : 'knight' })),
			...nobody,
		]);
		world.settings = planWith({ luckPermsGroup: null }, 'legend');
		const planned = await world.run([], { find });
		const requests = planned.flatMap(({ ranks }) => ranks);
		expect(requests.filter(({ group }) => group === null)).toHaveLength(taken);
		// Whoever loses nothing is compared with the game all the same.
		expect(requests.filter(({ group }) => group === 'knight')).toHaveLength(all - losers);
	});

	it('does not hold back what news from billing take, or what was begun', async () => {
		const customers = people(8, roleOf);
		const world = new World();
		await world.run(customers);
		const over = { state: 'cancelled', tiers: '', access_until: null };
		const end = (from: number, to: number, minutes: number) =>
			customers.slice(from, to).map((one) => ({ ...one, ...over, changed_at: changed(minutes) }));
		const fail = (step: string) => (step === 'Remove Role' ? 'Discord is down' : '');
		world.now = night - MINUTE;
		await world.run(end(0, 4, 1), { fail });
		world.now = night;
		const planned = await world.run(end(4, 8, 2));
		expect(planned.flatMap(({ remove }) => remove)).toHaveLength(8);
	});
});

describe('Access Changed is due', () => {
	const lease = {
		name: 'access-changed',
		holder: '',
		term: 0,
		expires_at: '2000-01-01T00:00:00.000Z',
		last_run_at: new Date(NOON).toISOString(),
		due_at: null,
	};
	const last = (minutes: number) => ({ changed_at: changed(minutes) });

	it.each([
		['a customer changed since its last run', {}, last(1), true],
		['a row may have been saved after the last run', {}, last(-1), true],
		['nobody changed', {}, last(-3), false],
		['nobody ever changed', {}, {}, false],
		['a row was saved too late for that', {}, last(-2), false],
		['it never ran', { last_run_at: null }, last(-5000), true],
		['it never ran, and nobody ever changed', { last_run_at: null }, {}, false],
		['it is time to try something again', { due_at: changed(5) }, {}, true],
		['something is to be tried again', { due_at: changed(4) }, {}, true],
		['something is to be tried again later', { due_at: changed(6) }, {}, false],
		['it runs', { expires_at: changed(9) }, last(1), false],
	])('if %s: %#', (_what, more, newest, is) => {
		expect(isAccessChangedDue({ ...lease, ...more }, newest, NOON + 5 * MINUTE)).toBe(is);
	});

	it('once each night', () => {
		const night = Date.parse('2026-05-04T04:00:30Z');
		expect(isAccessChangedDue(lease, {}, night)).toBe(true);
		const ran = { ...lease, last_run_at: new Date(night).toISOString() };
		expect(isAccessChangedDue(ran, {}, night + MINUTE)).toBe(false);
	});

	it('never without its lease', () => {
		expect(isAccessChangedDue(undefined, last(1), NOON)).toBe(false);
	});

	it('next at the earliest time of all rows, as they are now', () => {
		const row = (id: number, retry_at: string | null, warn_at: string | null = null) => ({
			customer: `customer:${id}`,
			retry_at,
			warn_at,
		});
		expect(nextDue([], [])).toBeNull();
		expect(nextDue([row(1, null)], [])).toBeNull();
		expect(nextDue([row(1, changed(9)), row(2, null, changed(7))], [])).toBe(changed(7));
		expect(nextDue([row(1, changed(3)), row(2, changed(8))], [row(1, null)])).toBe(changed(8));
	});
});
