import {
	announcementOf,
	factsOf,
	perkOf,
	rolesFor,
	tiersIn,
	unite,
} from '../../../../domain/perks/perks';
import { DAY, NOON, ROLE, UNTIL, customer, plan, settings } from './world.cjs';

const facts = (more: Record<string, unknown> = {}) => factsOf(customer(1, more), settings.ranks);

describe('A customer’s row', () => {
	it('says what is known of the customer', () => {
		expect(facts({ tiers: 'knight, legend', on_hold: true })).toEqual({
			customer: 'customer:1',
			customer_id: '1',
			customer_email: 'c1@example.com',
			customer_name: 'C 1',
			state: 'active',
			tiers: ['knight', 'legend'],
			why: 'paid',
			player: 'ada',
			discord_id: '20000000000000001',
			access_until: UNTIL,
			on_hold: true,
			changed_at: '2026-05-03T11:59:00.000Z',
		});
	});

	it.each([[null], [undefined], ['']])('may have columns without a value: %j', (nothing) => {
		const { customer: key, ...columns } = customer(1);
		const row = Object.fromEntries(Object.keys(columns).map((column) => [column, nothing]));
		expect(factsOf({ customer: key, ...row }, settings.ranks)).toEqual({
			customer: 'customer:1',
			customer_id: null,
			customer_email: null,
			customer_name: null,
			state: 'none',
			tiers: [],
			why: '',
			player: null,
			discord_id: null,
			access_until: null,
			on_hold: false,
			changed_at: '1970-01-01T00:00:00.000Z',
		});
	});

	it('may have spaces around a name, or nothing but spaces', () => {
		const properties = { minecraft_username: ' ada ', discord_id: '  ' };
		expect(facts({ customer_properties: JSON.stringify(properties) })).toMatchObject({
			player: 'ada',
			discord_id: null,
		});
	});
});

describe('A row of what was done', () => {
	it.each([[null], [undefined], ['']])('is as good as none without values: %j', (nothing) => {
		const columns = ['facts', 'announced', 'player', 'player_uuid', 'granted_ranks'];
		columns.push('granted_roles', 'warned', 'result', 'is_refused', 'needs_attention');
		const times = { failures: null, warn_at: null, failing_since: null, retry_at: null };
		const row = Object.fromEntries(columns.map((column) => [column, nothing]));
		expect(perkOf({ ...row, ...times })).toEqual(perkOf({}));
	});
});

describe('Tiers', () => {
	const names = (more: Record<string, unknown>) =>
		tiersIn(plan, facts(more))?.map(({ name }) => name) ?? null;

	it.each([
		[{ tiers: 'legend, knight' }, ['knight', 'legend']],
		[{ tiers: 'fire-legend', state: 'grace' }, ['legend']],
		[{ tiers: 'knight, gold' }, null],
		[{ tiers: '' }, []],
		[{ tiers: 'knight', state: 'suspended' }, []],
		[{ tiers: 'gold', state: 'cancelled' }, []],
	])('count while there is access: %j', (more, expected) => {
		expect(names(more)).toEqual(expected);
	});
});

describe('What is announced', () => {
	const announced = (more: Record<string, unknown>, tiers = plan.tiers) =>
		announcementOf(facts(more), tiers, { uuid: null, discordId: null }, NOON);

	it('has the rank of the highest tier that has one, and only roles that there are', () => {
		expect(announced({}, plan.tiers.slice(0, 1))).toMatchObject({ rank: null, roles: [] });
		const reversed = [...plan.tiers].reverse();
		expect(announced({}, reversed)).toMatchObject({
			rank: 'knight',
			roles: [ROLE.legend, ROLE.knight],
		});
	});

	it('has no end without tiers', () => {
		expect(announced({ tiers: '' }).expires_at).toBeNull();
	});

	it.each([
		['active', NOON + DAY, false],
		['active', NOON + DAY + 1, true],
		['grace', NOON + DAY, true],
		['suspended', NOON + 9 * DAY, false],
	])('ends, when %s, at %d: %s', (state, end, ends) => {
		const access_until = new Date(end).toISOString();
		expect(announced({ state, access_until }).expires_at).toBe(ends ? access_until : null);
	});
});

describe('Roles', () => {
	const [one, other] = ['20000000000000001', '30000000000000001'];
	const announcement = (discordId: string | null) =>
		announcementOf(facts(), plan.tiers.slice(1, 2), { uuid: null, discordId }, NOON);
	const steps = (id: string | null, granted: Record<string, string[]>) => {
		const { add, remove } = rolesFor('customer:1', announcement(id), granted);
		const brief = (all: typeof add) => all.map((step) => [step.discord_id, step.role]);
		return { add: brief(add), remove: brief(remove) };
	};

	it('are added where they are missing, and removed where they do not belong', () => {
		expect(steps(one, {})).toEqual({ add: [[one, ROLE.knight]], remove: [] });
		expect(steps(one, { [one]: [ROLE.knight] })).toEqual({ add: [], remove: [] });
		expect(steps(one, { [one]: [ROLE.legend, ROLE.knight], [other]: [ROLE.knight] })).toEqual({
			add: [],
			remove: [
				[one, ROLE.legend],
				[other, ROLE.knight],
			],
		});
	});

	it('are only removed without a Discord id', () => {
		expect(steps(null, { [one]: [ROLE.knight] })).toEqual({
			add: [],
			remove: [[one, ROLE.knight]],
		});
	});

	it('are united without doubles', () => {
		expect(unite({ [one]: ['a'] }, { [one]: ['b', 'a'], [other]: ['c'] })).toEqual({
			[one]: ['a', 'b'],
			[other]: ['c'],
		});
	});
});
