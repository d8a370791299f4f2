import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { PlanDocument } from '../../../../domain/access/planDocument';
import { TABLES } from '../../../../domain/tables';
import { readLease } from '../../../../domain/work/lease';
import {
	reportAddress,
	reportClock,
} from '../../../../nodes/PterodactylProvision/actions/setup/panel';
import { reportPlan } from '../../../../nodes/PterodactylProvision/actions/setup/plan';
import { Report, type Finding } from '../../../../nodes/PterodactylProvision/actions/setup/report';
import {
	reportTables,
	type Table,
} from '../../../../nodes/PterodactylProvision/actions/setup/tables';
import { readPlanDocument } from '../../../../domain/access/planDocument';
import { execute, executeAll, planDocument, type Keys } from './support/node.cjs';
import { AURORA, EMBER, GLACIER, SNOWFALL, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();

async function check(
	parameters: INodeParameters = {},
	keys: Keys = panel,
	plan: Partial<PlanDocument> = {},
	rows: object[] = [{}],
): Promise<Finding[]> {
	const tierPlan = JSON.stringify(planDocument(plan));
	const setup = { resource: 'setup', operation: 'check', tierPlan, ...parameters };
	const run = { parameters: setup, items: rows as IDataObject[] };
	return (await execute(keys, run)).map(({ json }) => json as unknown as Finding);
}

const of = (all: Finding[], name: string) => all.filter((one) => one.check === name);
const problems = (all: Finding[]) =>
	all.filter(({ check: name, level }) => level === 'problem' && name !== 'Summary');

describe('Setup → Check', () => {
	it('says first what there is, and finds no problem where all is in order', async () => {
		const all = await check();
		expect(all[0]).toMatchObject({ check: 'Summary', level: 'warning' });
		expect(all[0]?.finding).toMatch(/^2 warnings, 5 notes, \d+ in order$/);
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

	it('looks for the accounts that the plan leaves alone', async () => {
		const all = await check({}, panel, { left_alone: 'admin, nobody@example.com' });
		expect(of(all, 'Accounts left alone')).toMatchObject([
			{ level: 'warning', finding: expect.stringContaining('nobody@example.com') },
		]);
	});

	it('says which version of the plan runs', async () => {
		expect(of(await check(), 'Tier plan')).toMatchObject([
			{
				level: 'note',
				finding: expect.stringContaining('Apply Access uses the published version of Tier Plan'),
			},
		]);
	});

	it.each([
		['', 'The tier plan is missing'],
		['{}', 'The tier plan is missing'],
		['{"error":"Tier plan, there are no tiers."}', 'there are no tiers'],
		['{"error":{"message":"Workflow is not active"}}', 'Workflow is not active'],
	])('takes %j instead of a plan for a finding, and still checks the keys', async (plan, words) => {
		const all = await check({ tierPlan: plan });
		expect(problems(all)).toMatchObject([
			{ check: 'Tier plan', finding: expect.stringContaining(words) },
		]);
		expect(of(all, 'Application key')).toMatchObject([{ level: 'ok' }]);
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
		const all = await check({}, panel, { left_alone: 'admin' });
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

	it('does not say that a key lacks rights where the panel could not tell', async () => {
		const keeper = panel.control.addUser({ email: 'keeper@example.com', username: 'keeper' });
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: keeper.email });
		const permissions = ['user.create', 'user.read', 'user.update', 'user.delete', 'activity.read'];
		for (const server of [SNOWFALL, GLACIER, AURORA, EMBER]) {
			const all = [...permissions, 'websocket.connect', 'backup.read'];
			panel.control.addSubuser({ server, user: keeper.email, permissions: all });
		}
		const aurora = `client/servers/${panel.control.server(AURORA).uuid}`;
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
		const all = await check({}, panel, { tiers: [] });
		expect(problems(all)).toMatchObject([
			{ check: 'Tier plan', finding: expect.stringContaining('no tiers') },
		]);
	});

	it('finds groups without servers, permissions that the panel does not know, and products of no tier', async () => {
		const all = await check({ productsSold: 'fire-knight' }, panel, {
			server_groups: [{ name: 'lost', match: 'name', pattern: 'Lots*' }],
			tiers: [
				{ tier: 'knight', products: '', serverGroups: ['lost'], permissions: ['magic.wand'] },
			],
			allow_harmful: true,
		});
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
		const frost = {
			name: 'frost',
			match: 'name' as const,
			pattern: 'Frost Path*, Ice Path*',
			except: 'İstanbul*',
			exceptDescription: 'staff only',
		};
		const tiers = planDocument().tiers.slice(0, 1);
		const all = await check({}, panel, { server_groups: [frost], tiers });
		expect(
			of(all, 'Server groups').map(({ level, finding: words }) => `${level}: ${words}`),
		).toEqual(
			['pattern "Ice Path*"', 'exception "İstanbul*"', 'exception "staff only"'].map(
				(what) => `warning: The ${what} of the group "frost" matches no server.`,
			),
		);
	});

	it('refuses tables that are no list of objects', async () => {
		for (const dataTables of ['{}', 'null', '[']) {
			await expect(check({ dataTables })).rejects.toThrow('"dataTables" must be a list of objects');
		}
	});

	describe('with what the Data Table node tells', () => {
		const listed = Object.entries(TABLES).map(([name, columns]) => ({
			name,
			columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
		}));
		const lease = { id: 1, name: 'apply', holder: '', term: 0 };
		const leases = [lease, { ...lease, id: 2, name: 'access-changed' }];
		const told = async (tables: object[], rows: object[]) =>
			await check({ dataTables: JSON.stringify(tables) }, panel, {}, rows);

		it('finds tables, lease and rows in order', async () => {
			const all = await told(listed, [
				{ id: 12, event_id: 'e12', product_id: 'fire-knight' },
				{ id: 11, event_id: 'e11', product_id: null },
				{ id: 3, account_id: 9 },
				{ id: 20, server_id: '1a7ce997' },
				...leases,
			]);
			expect(problems(all)).toEqual([]);
			expect(of(all, 'Data Tables')).toMatchObject([
				{
					level: 'ok',
					finding: expect.stringContaining(
						'paymenter_events 12, paymenter_customers 3, paymenter_provisioning_log 20, paymenter_perks 0, paymenter_lease 2;',
					),
				},
			]);
		});

		it('finds products of the newest events that no tier has', async () => {
			const rows = ['t-shirt', 't-shirt', 'mug'].map((product_id, id) => ({
				id,
				event_id: 'e',
				product_id,
			}));
			const [found] = of(await told(listed, [...rows, ...leases]), 'Products');
			expect(found?.finding).toContain('not part of any tier: t-shirt, mug.');
		});

		it.each([
			['no row "apply" and no row "access-changed"', [{}]],
			['no row "access-changed"', [lease]],
			['no row "apply"', [{ ...lease, name: 'access-changed' }]],
		])('finds that a lease is missing: %s', async (said, rows) => {
			expect(problems(await told(listed, rows))).toMatchObject([
				{
					check: 'Lease',
					finding: expect.stringContaining(`${said}, so`),
					what_to_do: expect.stringContaining('Run Setup'),
				},
			]);
		});

		it('finds that all tables are missing where the node lists none', async () => {
			expect(problems(await told([{}], [{}]))).toMatchObject([
				{
					check: 'Data Tables',
					finding: expect.stringContaining(Object.keys(TABLES).join(', ')),
				},
			]);
		});
	});
});

describe('Setup → Check, which is to create what is missing', () => {
	const listed = (...names: string[]) => names.map((name) => ({ name, columns: [] }));
	const all = Object.keys(TABLES);
	const synced = { account_id: 9, last_run_at: '2026-05-03T10:00:00.000Z' };
	const lease = { name: 'apply', holder: '', term: 4 };
	const other = { ...lease, name: 'access-changed' };

	async function missing(tables: object[], rows: object[], more: INodeParameters = {}) {
		const outputs = await executeAll(panel, {
			parameters: {
				...{ resource: 'setup', operation: 'check', create: true },
				dataTables: JSON.stringify(tables),
				...more,
			},
			items: rows as IDataObject[],
		});
		return outputs.map((output) => output.map(({ json }) => json));
	}

	it('outputs the tables first, without asking the panel', async () => {
		expect(await missing([{}], [{}])).toEqual([[], [{}], []]);
		expect(await missing(listed(...all.slice(1)), [{ account_id: 9 }])).toEqual([[], [{}], []]);
		expect(panel.calls()).toEqual([]);
	});

	it('outputs then the leases that are missing, which anybody can acquire', async () => {
		const [, , rows] = (await missing(listed(...all), [{}])) as [[], [], IDataObject[]];
		expect(rows.map(({ name }) => name)).toEqual(['apply', 'access-changed']);
		for (const row of rows) {
			expect(row).toMatchObject({ holder: '', term: 0 });
			expect(Object.keys(TABLES.paymenter_lease)).toEqual(expect.arrayContaining(Object.keys(row)));
			expect(readLease(row)?.expiresAt).toBeLessThan(Date.now());
		}
		const [, , [row]] = (await missing(listed(...all), [lease])) as [[], [], IDataObject[]];
		expect(row).toMatchObject({ name: 'access-changed' });
	});

	it('checks where nothing is missing', async () => {
		const [found, ...rest] = await missing(listed(...all), [lease, other, synced]);
		expect(found?.[0]).toMatchObject({ check: 'Summary' });
		expect(rest).toEqual([[], []]);
	});

	it('puts no empty event log beside customers who were synced, unless told to', async () => {
		const rest = listed(...all.filter((name) => name !== 'paymenter_events'));
		await expect(missing(rest, [synced])).rejects.toThrow('an empty log would take their access');
		expect(await missing(rest, [synced], { allowEmptyEventLog: true })).toEqual([[], [{}], []]);
		expect(await missing(rest, [{ ...synced, last_run_at: null }])).toEqual([[], [{}], []]);
	});
});

describe('What is found', () => {
	function judged(name: string, tell: (report: Report) => void): Finding[] {
		const report = new Report();
		tell(report);
		return of(report.findings, name);
	}

	it.each([
		[60, 'ok'],
		[-61, 'warning'],
		[240, 'warning'],
		[-241, 'problem'],
	])('a clock that is off by %i s: %s', (clockAhead, level) => {
		expect(judged('Clock', (report) => reportClock(clockAhead, report))).toMatchObject([{ level }]);
	});

	const panelAt = (url: string, callsPerMinute = {}) =>
		judged('Panel', (report) => reportAddress(url, callsPerMinute, report));

	it.each([
		['http://panel.example.com', 'warning'],
		['http://10.0.0.2:8080/panel', 'warning'],
		['http://localhost.example.com', 'warning'],
		['http://127.0.0.1', 'ok'],
		['http://localhost:8080', 'ok'],
		['http://[::1]/panel', 'ok'],
		['https://localhost', 'ok'],
	])('of a panel at %s: %s', (url, level) => {
		expect(panelAt(url)).toMatchObject([{ level }]);
	});

	it('of a panel over https: in order, with its limit of calls', () => {
		expect(panelAt('https://panel.example.com', { application: 240, client: 720 })).toMatchObject([
			{
				level: 'ok',
				finding:
					'Panel URL: https://panel.example.com. It allows 240 calls a minute with the application key, 720 with the account key.',
			},
		]);
	});

	const table = (name: keyof typeof TABLES, rows: number) => ({
		name,
		columns: { ...TABLES[name] } as Record<string, string>,
		rows,
	});
	const tables = (rows: number) => [
		table('paymenter_events', rows),
		table('paymenter_customers', rows),
		table('paymenter_provisioning_log', rows),
		table('paymenter_perks', 1),
		table('paymenter_lease', 2),
	];

	const ofTables = (given: Table[], name = 'Data Tables', leases: string[] = []) =>
		judged(name, (report) => reportTables(given, leases, report));

	it.each([
		[40_000, 'ok'],
		[60_000, 'warning'],
		[90_000, 'warning'],
	])('of the three tables that grow, with %i rows each: %s', (rows, level) => {
		expect(ofTables(tables(rows))).toMatchObject([{ level }]);
	});

	it('of a copy that n8n could take for a table: a problem', () => {
		const copy = { ...table('paymenter_events', 1), name: 'old paymenter_events' };
		expect(ofTables([...tables(1), copy])).toMatchObject([
			{ level: 'problem', finding: expect.stringContaining('old paymenter_events') },
			{ level: 'ok' },
		]);
	});

	it('of a copy without the table itself: a problem as well, for the table is made beside it', () => {
		const copy = { ...table('paymenter_events', 1), name: 'paymenter_events_old' };
		const found = ofTables([copy]);
		expect(found[0]).toMatchObject({ level: 'problem' });
	});

	it('of a tier without servers: in order; its customers cannot read any console', () => {
		const plan = readPlanDocument({
			server_groups: [],
			tiers: [{ tier: 'patron', products: 'patron' }],
			allow_harmful: false,
		}).plan;
		const ofPlan = (name: string) =>
			judged(name, (report) => reportPlan(plan, { servers: [], permissions: null }, [], report));
		expect(ofPlan('Tier patron')).toEqual([
			{
				check: 'Tier patron',
				level: 'ok',
				finding: 'No servers: its customers get no account on the panel.',
				what_to_do: '',
			},
		]);
		expect(ofPlan('Console')).toEqual([]);
	});

	it('of columns that are missing or of another type: a problem that names them', () => {
		const [events, ...others] = tables(1);
		const { queue, processed_at: _, ...columns } = events?.columns ?? {};
		const old = { ...table('paymenter_events', 1), columns: { ...columns, is_overdue: 'string' } };
		expect(queue).toBe('string');
		expect(ofTables([old, ...others])).toMatchObject([
			{
				level: 'problem',
				finding: 'paymenter_events lacks columns: queue (string), processed_at (date).',
			},
			{ level: 'problem', finding: expect.stringContaining(': is_overdue (boolean).') },
			{ level: 'ok' },
		]);
	});

	it('of a lease without a row: a problem only where its table is there', () => {
		expect(ofTables(tables(1), 'Lease', ['apply'])).toMatchObject([{ level: 'problem' }]);
		const without = tables(1).slice(0, 4);
		expect(ofTables(without, 'Lease', ['apply'])).toEqual([]);
	});

	it('of tables that are missing: a problem, and that Setup creates them', () => {
		expect(ofTables(tables(1).slice(1))[0]).toMatchObject({
			level: 'problem',
			finding: expect.stringContaining('paymenter_events'),
			what_to_do: expect.stringContaining('Setup'),
		});
	});
});
