import type { INodeParameters } from 'n8n-workflow';

import type { Finding } from '../../../../nodes/PterodactylProvision/actions/setup/finding';
import { findings } from '../../../../nodes/PterodactylProvision/actions/setup/findings';
import type { Facts } from '../../../../nodes/PterodactylProvision/actions/setup/facts';
import { readPlan } from '../../../../domain/access/tierPlan';
import { execute, PLAN, type Keys } from './support/node.cjs';
import { AURORA, EMBER, GLACIER, SNOWFALL, usePanel, writesTo } from './support/panel.cjs';

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
		await expect(check({ planFrom: 'node', plan: '{}' })).rejects.toThrow(/is not a tier plan/);
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
		expect(problems(all).map((one) => one.check)).toEqual(['Panel']);
		expect(problems(all)[0]?.finding).toContain('did not answer');
	});

	it('finds swapped keys, and an administrator’s account key in both places', async () => {
		const { applicationKey, accountKey, url } = panel;
		const swapped = await check(
			{},
			{ url, applicationKey: accountKey, accountKey: applicationKey },
		);
		expect(of(swapped, 'Credential')).toMatchObject([
			{ level: 'problem', finding: expect.stringContaining('swapped') },
		]);
		const twice = await check({}, { url, applicationKey: accountKey, accountKey });
		expect(of(twice, 'Credential')).toMatchObject([
			{ level: 'problem', finding: expect.stringContaining('this is an account key') },
		]);
	});

	it.each(['panel.example.com', 'panel.example.com:8443', ''])(
		'takes the address "%s" for a finding',
		async (url) => {
			const all = await check({}, { ...panel, url });
			expect(of(all, 'Credential')).toMatchObject([
				{ level: 'problem', finding: expect.stringContaining('https://') },
			]);
		},
	);

	it('keeps a password in the panel’s address to itself', async () => {
		const url = panel.url.replace('://', '://bob:hunter2@');
		expect(JSON.stringify(await check({}, { ...panel, url }))).not.toContain('hunter2');
	});

	it.each([
		['Tiers and servers', /application\/servers.*per_page=1000/],
		['Permissions', /client\/permissions/],
		['Accounts left alone', /application\/users.*per_page=1000/],
	])('%s that cannot be read are a problem, not in order', async (name, path) => {
		panel.control.fault({ kind: 'status', status: 500, path });
		const all = await check({}, panel, { leftAlone: 'admin' });
		expect(problems(all)).toMatchObject([
			{ check: name, finding: expect.stringMatching(/^Not checked\. Panel said 500/) },
		]);
	});

	it('tells how far the clock is off', async () => {
		const now = Date.now.bind(Date);
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 600_000);
		const all = await check();
		clock.mockRestore();
		expect(of(all, 'Clock')).toMatchObject([
			{ level: 'problem', finding: expect.stringMatching(/(599|600|601) s ahead/) },
		]);
	});

	it('takes a product’s name with a space for one product', async () => {
		const [found] = of(await check({ productsSold: 'Fire Squire, frost-knight' }), 'Products');
		expect(found?.finding).toContain('not part of any tier: Fire Squire.');
	});

	it('does not guess what expressions in another node’s plan give', async () => {
		const plan = JSON.stringify({
			...PLAN,
			serverGroups: { group: [{ name: 'frost', match: 'location', locations: '={{ [1] }}' }] },
			options: { leftAlone: '={{ $vars.staff }}', dryRun: '={{ $json.order.dry_run }}' },
		});
		const all = await check({ serverGroups: {}, tiers: {}, planFrom: 'node', plan });
		expect(problems(all)).toMatchObject([
			{
				check: 'Tier plan',
				finding: expect.stringMatching(/: serverGroups.group.0.locations, options.leftAlone\.$/),
			},
		]);
		expect(of(all, 'Accounts left alone')).toEqual([]);
	});

	it('does not say that a key lacks rights where the panel could not tell', async () => {
		const keeper = panel.control.addUser({ email: 'keeper@example.com', username: 'keeper' });
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: keeper.email });
		const permissions = ['user.create', 'user.read', 'user.update', 'user.delete', 'activity.read'];
		for (const server of [SNOWFALL, GLACIER, AURORA, EMBER]) {
			const all = [...permissions, 'websocket.connect', 'backup.read'];
			panel.control.addSubuser({ server, user: keeper.email, permissions: all });
		}
		const aurora = `client/servers/${panel.control.server(AURORA).uuid.slice(0, 8)}`;
		panel.control.fault({ kind: 'status', status: 500, path: aurora });
		const all = await check({}, { ...panel, accountKey });
		expect(problems(all)).toMatchObject([
			{ check: `Account key on ${AURORA}`, finding: expect.stringMatching(/^Not checked/) },
		]);
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
		expect(words.at(-1)).toMatch(/^note: .*does not reach servers that you add later/);
	});

	it('misses nothing on a server that the key’s account owns', async () => {
		const owner = panel.control.addUser({ email: 'owner@example.com', username: 'owner' });
		panel.control.server(SNOWFALL).ownerId = owner.id;
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: owner.email });
		const found = of(await check({}, { ...panel, accountKey }), 'Account key');
		const words = found.map(({ finding }) => finding).join();
		expect(words).toContain(GLACIER);
		expect(words).not.toContain(SNOWFALL);
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

	it('names each pattern and exception that no server fits', async () => {
		const group = [
			{
				name: 'frost',
				match: 'name',
				pattern: 'Frost Path*, Ice Path*',
				except: 'İstanbul*',
				exceptDescription: 'staff only',
			},
		];
		const tiers = { tier: PLAN.tiers && (PLAN.tiers as { tier: object[] }).tier.slice(0, 1) };
		const all = await check({ serverGroups: { group }, tiers } as INodeParameters);
		expect(
			of(all, 'Server groups').map(({ level, finding: words }) => `${level}: ${words}`),
		).toEqual(
			['pattern "Ice Path*"', 'exception "İstanbul*"', 'exception "staff only"'].map(
				(what) => `warning: The ${what} of the group "frost" matches no server.`,
			),
		);
	});

	it('refuses tables that are no list', async () => {
		for (const dataTables of ['{}', '["paymenter_events"]', 'null']) {
			await expect(check({ dataTables })).rejects.toThrow('"Data Tables" must be a JSON list');
		}
	});
});

describe('What is found', () => {
	const FACTS: Facts = {
		url: 'https://panel.example.com',
		wrongForm: null,
		silence: null,
		unread: [],
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
		callsPerMinute: {},
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
		expect(judged({ callsPerMinute: { application: 240, client: 720 } }, 'Panel')).toMatchObject([
			{
				level: 'ok',
				finding:
					'Panel URL: https://panel.example.com. It allows 240 calls a minute with the application key, 720 with the account key.',
			},
		]);
	});

	const TABLES = ['paymenter_events', 'paymenter_customers', 'paymenter_provisioning_log'];
	const WORK = { name: 'paymenter_work', rows: 0 };
	const tables = (rows: number) => [...TABLES.map((name) => ({ name, rows })), WORK];

	it.each([
		[40_000, 'ok'],
		[60_000, 'warning'],
		[90_000, 'warning'],
	])('of the three tables that grow, with %i rows each: %s', (rows, level) => {
		expect(judged({ tables: tables(rows) }, 'Data Tables')).toMatchObject([{ level }]);
	});

	it('of a copy that n8n could take for a table: a problem', () => {
		const copy = { name: 'old paymenter_events', rows: 1 };
		expect(judged({ tables: [...tables(1), copy] }, 'Data Tables')).toMatchObject([
			{ level: 'problem', finding: expect.stringContaining('old paymenter_events') },
			{ level: 'ok' },
		]);
	});

	it('of a copy without the table itself: a problem as well, for the table is made beside it', () => {
		const found = judged({ tables: [{ name: 'paymenter_events_old', rows: 1 }] }, 'Data Tables');
		expect(found[0]).toMatchObject({ level: 'problem' });
	});

	it('of tables whose rows nobody counted: not that they are empty', () => {
		const uncounted = [...TABLES.map((name) => ({ name, rows: null })), WORK];
		const [fullness] = judged({ tables: uncounted }, 'Data Tables');
		expect(fullness?.finding).toMatch(/paymenter_events unknown.*at least/);
	});

	it('of tables whose rows are counted in words: their sum', () => {
		const counted = [...TABLES.map((name) => ({ name, rows: '60000' })), WORK];
		expect(judged({ tables: counted }, 'Data Tables')).toMatchObject([{ level: 'warning' }]);
	});

	it('of tables that are missing: a problem, and that Setup creates them', () => {
		expect(judged({ tables: tables(1).slice(1) }, 'Data Tables')[0]).toMatchObject({
			level: 'problem',
			finding: expect.stringContaining('paymenter_events'),
			what_to_do: expect.stringContaining('Setup'),
		});
	});
});
