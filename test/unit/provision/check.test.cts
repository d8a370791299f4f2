import type { INodeParameters } from 'n8n-workflow';

import type { Finding } from '../../../nodes/PterodactylProvision/check/finding';
import { findings } from '../../../nodes/PterodactylProvision/check/findings';
import type { Facts } from '../../../nodes/PterodactylProvision/check/facts';
import { readPlan } from '../../../nodes/PterodactylProvision/plan';
import { execute, PLAN, type Keys } from './support/node.cjs';
import { AURORA, GLACIER, SNOWFALL, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();

async function check(
	parameters: INodeParameters = {},
	keys: Keys = panel,
	options: INodeParameters = {},
): Promise<Finding[]> {
	const run = { operation: 'checkSetup' as const, parameters, options };
	return (await execute(keys, run)).map(({ json }) => json as unknown as Finding);
}

const of = (all: Finding[], name: string) => all.filter((one) => one.check === name);
const problems = (all: Finding[]) =>
	all.filter(({ check: name, level }) => level === 'problem' && name !== 'Summary');

describe('Access → Check Setup', () => {
	it('says first what there is, and finds no problem where all is in order', async () => {
		const all = await check();
		expect(all[0]).toMatchObject({ check: 'Summary', level: 'warning' });
		expect(all[0]?.finding).toMatch(/^1 warning, 3 notes, \d+ in order$/);
		expect(problems(all)).toEqual([]);
		expect(of(all, 'Clock')).toMatchObject([{ level: 'ok' }]);
		expect(of(all, 'Application key')).toMatchObject([{ level: 'ok' }]);
	});

	it('shows which servers each tier reaches today, and with what', async () => {
		expect(of(await check(), 'Tier knight')).toMatchObject([
			{
				level: 'ok',
				details: {
					servers: [SNOWFALL, GLACIER, AURORA],
					permissions: ['websocket.connect', 'activity.read'],
				},
			},
		]);
	});

	it('writes nothing: what it asks in writing is refused for its content', async () => {
		const before = panel.state.users.length;
		await check();
		expect(writesTo(panel)).toEqual(['POST /api/application/users']);
		expect(panel.state.users).toHaveLength(before);
	});

	it('checks the plan of another node, by its parameters', async () => {
		const plan = JSON.stringify({ ...PLAN, options: { leftAlone: 'nobody@example.com' } });
		const all = await check({ serverGroups: {}, tiers: {}, planFrom: 'node', plan });
		expect(of(all, 'Tier elder')).toHaveLength(1);
		expect(of(all, 'Accounts left alone')).toMatchObject([
			{ level: 'warning', finding: expect.stringContaining('nobody@example.com') },
		]);
		await expect(check({ planFrom: 'node', plan: '{}' })).rejects.toThrow(/holds no tier plan/);
	});

	it('finds a wrong application key, and still judges the other one and the plan', async () => {
		const all = await check({}, { ...panel, applicationKey: 'ptla_wrong' });
		expect(all[0]?.level).toBe('problem');
		expect(problems(all)).toMatchObject([
			{ check: 'Application key', what_to_do: expect.stringContaining('Create a new one') },
		]);
		expect(of(all, 'Account key')).toHaveLength(1);
		expect(of(all, 'Products')).toHaveLength(1);
	});

	it('finds a wrong account key', async () => {
		const all = await check({}, { ...panel, accountKey: 'ptlc_wrong' });
		expect(problems(all)).toMatchObject([{ check: 'Account key' }]);
	});

	it('finds a panel that does not answer', async () => {
		panel.control.fault({ kind: 'refuse' });
		const all = await check();
		expect(problems(all).map((one) => one.check)).toEqual(['Application key', 'Account key']);
		expect(problems(all)[0]?.finding).toContain('did not answer');
	});

	it('tells what a non-administrator’s key lacks, server by server', async () => {
		const keeper = panel.control.addUser({ email: 'keeper@example.com', username: 'keeper' });
		const all = ['user.create', 'user.read', 'user.update', 'user.delete', 'activity.read'];
		const give = (server: string, permissions: string[]) =>
			panel.control.addSubuser({ server, user: keeper.email, permissions });
		give(SNOWFALL, ['websocket.connect', 'backup.read', ...all]);
		give(GLACIER, ['websocket.connect', 'backup.read', ...all.slice(1)]);
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: keeper.email });
		const found = of(await check({}, { ...panel, accountKey }), 'Account key');
		const words = found.map(({ level, finding }) => `${level}: ${finding}`);
		expect(words).toContain(`problem: keeper lacks user.create on ${GLACIER}.`);
		expect(words.join()).toContain(`on ${AURORA}`);
		expect(words.join()).not.toContain(SNOWFALL);
		expect(words.at(-1)).toMatch(/^warning: .*does not reach servers that you add later/);
	});

	it('tells of servers that take no changes now', async () => {
		panel.control.serverStatus(GLACIER, 'suspended');
		expect(of(await check(), 'Servers').map(({ finding }) => finding)).toContainEqual(
			expect.stringContaining(`${GLACIER} is suspended`),
		);
	});

	it('takes a wrong plan for a finding', async () => {
		const all = await check({ tiers: { tier: [] } });
		expect(problems(all)).toMatchObject([
			{ check: 'Tier plan', finding: expect.stringContaining('no tiers') },
		]);
	});

	it('finds groups without servers, permissions that the panel does not know, and products of no tier', async () => {
		const all = await check(
			{
				serverGroups: { group: [{ name: 'lost', match: 'name', pattern: 'Lots*', except: '' }] },
				tiers: {
					tier: [
						{
							tier: 'knight',
							products: '',
							serverGroups: ['lost'],
							permissions: ['magic.wand'],
							includesLower: true,
						},
					],
				},
				productsSold: 'fire-knight',
			},
			panel,
			{ allowHarmful: true },
		);
		expect(all.map(({ check: name, level }) => `${level} ${name}`)).toEqual(
			expect.arrayContaining([
				'problem Tier knight',
				'warning Server groups',
				'problem Permissions',
				'warning Permissions',
				'problem Products',
				'warning Products',
			]),
		);
		expect(of(all, 'Server groups')[0]?.what_to_do).toContain(SNOWFALL);
	});

	it('refuses tables that are no list', async () => {
		await expect(check({ dataTables: '{}' })).rejects.toThrow('"Data Tables" is no list');
	});
});

describe('What is found', () => {
	const FACTS: Facts = {
		url: 'https://panel.example.com',
		plan: readPlan({
			serverGroups: [{ name: 'all', match: 'all' }],
			tiers: [{ tier: 'one', products: 'p', serverGroups: ['all'], permissions: ['backup.read'] }],
			allowHarmful: false,
		}),
		planTrouble: null,
		allowsHarmful: false,
		applicationKeyTrouble: null,
		accountKeyTrouble: null,
		accountKeyOwner: { username: 'kim', admin: true },
		servers: [],
		lacking: {},
		knownPermissions: null,
		strangers: null,
		productsSold: [],
		tables: [],
		clockAhead: null,
		callsPerMinute: null,
	};
	const judged = (change: Partial<Facts>, name: string) =>
		of(findings({ ...FACTS, ...change }), name);

	it.each([
		[60, 'ok'],
		[-61, 'warning'],
		[240, 'warning'],
		[-241, 'problem'],
	])('a clock that is off by %i s: %s', (clockAhead, level) => {
		expect(judged({ clockAhead }, 'Clock')).toMatchObject([{ level }]);
	});

	it('of a panel over https: in order, with its limit of calls', () => {
		expect(judged({ callsPerMinute: 240 }, 'Panel')).toEqual([
			expect.objectContaining({ level: 'ok', finding: expect.stringContaining('240 calls') }),
		]);
	});

	const TABLES = ['paymenter_events', 'paymenter_customers', 'paymenter_provisioning_log'];
	const tables = (rows: number) => TABLES.map((name) => ({ name, rows }));

	it.each([
		[40_000, 'ok'],
		[60_000, 'warning'],
		[90_000, 'problem'],
	])('of three tables with %i rows each: %s', (rows, level) => {
		expect(judged({ tables: tables(rows) }, 'Data Tables')).toMatchObject([{ level }]);
	});

	it('of a copy that n8n could take for a table: a problem', () => {
		const copy = { name: 'old paymenter_events', rows: 1 };
		expect(judged({ tables: [...tables(1), copy] }, 'Data Tables')).toMatchObject([
			{ level: 'problem', finding: expect.stringContaining('old paymenter_events') },
			{ level: 'ok' },
		]);
	});

	it('of tables that are not made yet: a note', () => {
		expect(judged({ tables: tables(1).slice(1) }, 'Data Tables')[0]).toMatchObject({
			level: 'note',
			finding: expect.stringContaining('paymenter_events'),
		});
	});
});
