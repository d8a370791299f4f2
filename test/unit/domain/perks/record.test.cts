import { heldAlert, recordPerks } from '../../../../domain/perks/record';
import { DAY, MINUTE, NOON, ROLE, UUID, World, changed, customer } from './world.cjs';

const ID = '20000000000000001';
const over = { state: 'cancelled', tiers: '', access_until: null, changed_at: changed(5) };
const failing =
	(failed: string, error = 'it is down') =>
	(step: string) =>
		step === failed ? error : '';
const rolesOf = (world: World) => JSON.parse(String(world.row(1).granted_roles));

describe('The row of a customer', () => {
	it('is empty where nothing is known', async () => {
		const world = new World();
		await world.run([customer(1, { customer_properties: '{}' })]);
		expect(world.row(1)).toMatchObject({
			player: '',
			player_uuid: '',
			discord_id: '',
			result: 'No player is known.',
			what_to_do: 'Enter the player’s name in Paymenter, or in Manual Override.',
			needs_attention: false,
			warned: 'active',
			warn_at: null,
			execution_url: 'url',
		});
	});

	it('says who the customer is, and all that is wrong', async () => {
		const world = new World();
		const unknown = JSON.stringify({ minecraft_username: 'nobody', discord_id: ID });
		const fail = failing('Add Role', 'Unknown Member');
		await world.run([customer(1, { customer_properties: unknown })], { fail });
		expect(world.row(1)).toMatchObject({
			player: 'nobody',
			player_uuid: '',
			discord_id: ID,
			result: `There is no player named nobody. ${ID} is not a member of the Discord server.`,
		});
	});

	it('asks for nobody’s attention because of what may pass within a day', async () => {
		const world = new World();
		await world.run([customer(1)], { fail: failing('Sync Ranks') });
		expect(world.row(1)).toMatchObject({
			what_to_do: 'It is tried again by itself.',
			needs_attention: false,
			failing_since: changed(0),
		});
		world.now = NOON + DAY;
		await world.run([], { fail: failing('Sync Ranks') });
		expect(world.row(1)).toMatchObject({ needs_attention: true, failing_since: changed(0) });
	});

	it('asks for attention at once, and tries less and less often, where a person must mend it', async () => {
		const world = new World();
		const pauses = [];
		for (let tries = 0; tries < 4; tries += 1) {
			await world.run([customer(1)], { fail: failing('Add Role', 'Missing Permissions') });
			expect(world.row(1).needs_attention).toBe(true);
			const next = Date.parse(String(world.row(1).retry_at));
			pauses.push((next - world.now) / MINUTE);
			world.now = next;
		}
		expect(pauses).toEqual([5, 10, 20, 40]);
	});

	it('knows that a missing permission is of the bot only where a role is given', async () => {
		const world = new World();
		await world.run([customer(1)], { fail: failing('your own step', 'Missing Permissions') });
		expect(world.row(1)).toMatchObject({
			result: 'Missing Permissions',
			what_to_do: 'Open the execution: "your own step" says why.',
			needs_attention: false,
		});
	});

	it('keeps the ranks that were given if only roles change', async () => {
		const world = new World();
		await world.run([customer(1, { tiers: 'legend, knight' })]);
		await world.run([customer(1, { tiers: 'legend', changed_at: changed(5) })]);
		expect(world.row(1).granted_ranks).toBe(JSON.stringify({ [UUID.ada ?? '']: ['legend'] }));
		await world.run([
			customer(1, { tiers: 'legend', customer_email: 'new@x.org', changed_at: changed(6) }),
		]);
		expect(world.row(1).granted_ranks).toBe(JSON.stringify({ [UUID.ada ?? '']: ['legend'] }));
	});
});

describe('A role', () => {
	it('that could not be removed is removed later', async () => {
		const world = new World();
		await world.run([customer(1, { tiers: 'legend, knight' })]);
		const fail = (_step: string, _who: string, role?: string) =>
			role === ROLE.knight ? '500: Failed' : '';
		await world.run([customer(1, over)], { fail });
		world.now = NOON + 10 * MINUTE;
		const [again] = await world.run([]);
		expect(again?.remove.map(({ role }) => role)).toEqual([ROLE.knight]);
		expect(rolesOf(world)).toEqual({});
	});

	it('is gone with the member, which is no news', async () => {
		const world = new World();
		await world.run([customer(1)]);
		await world.run([customer(1, over)], { fail: failing('Remove Role', 'Unknown Member') });
		expect(rolesOf(world)).toEqual({});
		expect(world.row(1)).toMatchObject({ result: 'done', failures: 0 });
	});

	it('counts as given where the step is switched off', async () => {
		const planned = await new World().run([customer(1)]);
		const { rows } = recordPerks(planned, [], { now: NOON, executionUrl: 'url' });
		expect(rows[0]?.granted_roles).toBe(JSON.stringify({ [ID]: [ROLE.knight] }));
	});

	it('of the old Discord id is not mistaken for that of the new one', async () => {
		const world = new World();
		await world.run([customer(1)]);
		const properties = JSON.stringify({ minecraft_username: 'ada', discord_id: '3' });
		await world.run([customer(1, { customer_properties: properties, changed_at: changed(5) })], {
			fail: failing('Add Role', 'Unknown Member'),
		});
		expect(rolesOf(world)).toEqual({});
		expect(world.row(1).result).toBe('3 is not a member of the Discord server.');
	});
});

describe('An alert', () => {
	const bob = customer(2, { customer_properties: JSON.stringify({ minecraft_username: 'bob' }) });
	const alertsAfterThreeTries = async (customers: Array<Record<string, unknown>>) => {
		const world = new World();
		for (const minutes of [0, 6, 20]) {
			world.now = NOON + minutes * MINUTE;
			await world.run(customers, { fail: failing('Sync Ranks') });
		}
		return world.alerts;
	};

	it('names the customer who alone is affected', async () => {
		expect(await alertsAfterThreeTries([customer(1)])).toEqual([
			{
				customer: 'customer:1',
				customer_email: 'c1@example.com',
				cause: 'Access Changed, Sync Ranks: it is down',
				what_happened: 'it is down',
				what_to_do: 'It is tried again by itself.',
				execution_url: 'url',
			},
		]);
	});

	it('names no customer if several are affected', async () => {
		expect(await alertsAfterThreeTries([customer(1), bob])).toEqual([
			{
				customer: '',
				customer_email: '',
				cause: 'Access Changed, Sync Ranks: it is down',
				what_happened: 'Access Changed, Sync Ranks: it is down',
				what_to_do: 'It is tried again by itself.',
				execution_url: 'url',
			},
		]);
	});

	it('tells what a person must mend, even while a server is offline', async () => {
		const world = new World();
		const fail = failing('Add Role', 'Missing Permissions');
		await world.run([customer(1)], { fail, status: 'waiting' });
		expect(world.alerts.map(({ cause }) => cause)).toEqual([
			`Access Changed, Add Role: Discord does not let the bot give the role ${ROLE.knight}.`,
		]);
	});

	it.each([
		[4, 'a@x.org, b@x.org, c@x.org, d@x.org.'],
		[5, 'a@x.org, b@x.org, c@x.org, d@x.org, e@x.org.'],
		[6, 'a@x.org, b@x.org, c@x.org, d@x.org, e@x.org …'],
	])('about a nightly run that was held back names up to five of %d', (count, names) => {
		const held = [...'abcdef'].slice(0, count).map((letter) => `${letter}@x.org`);
		expect(heldAlert(held, 'url')).toEqual({
			customer: '',
			customer_email: '',
			cause: 'Ranks or roles are held back',
			what_happened: `The nightly run would take ranks or Discord roles from ${count} customers, and took none: ${names}`,
			what_to_do:
				'Was the tier plan edited? If it is right, turn on "Allow Losses" in Plan Changes for a night.',
			execution_url: 'url',
		});
	});
});
