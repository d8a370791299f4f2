import type { IDataObject } from 'n8n-workflow';

import { execute, provision, type Run } from './support/node.cjs';
import {
	AURORA,
	GLACIER,
	SNOWFALL,
	accessOf,
	inventedBy,
	usePanel,
	writesTo,
} from './support/panel.cjs';

const panel = usePanel();
const C = 'websocket.connect';
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const customer = (id: number, fields: IDataObject = {}) => ({
	id,
	email: `c${id}@example.com`,
	name: `Player ${id}`,
	grants: 'knight',
	...fields,
});
const serversOf = (user: string) => Object.keys(accessOf(panel, user)).sort();

describe('Many customers', () => {
	it('of whom nobody’s access has drifted, 1,000 on 8 servers, take at most six calls', async () => {
		panel.control.reset({ customers: 1000 });
		const items = Array.from({ length: 1000 }, (_, index) => {
			const email = `customer${index + 1}@example.test`;
			panel.control.changeUser(email, { externalId: `paymenter-${index + 1}` });
			return { id: index + 1, email, grants: 'all' };
		});
		panel.control.clearCalls();
		const plan: Run['plan'] = {
			allow_harmful: true,
			server_groups: [{ name: 'all', match: 'all' }],
			tiers: [{ tier: 'all', serverGroups: ['all'], permissions: ['control.console'] }],
		};
		const output = await provision(panel, { items, plan });
		expect(output.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
		expect(output).toHaveLength(1000);
		expect(panel.calls().length).toBeLessThanOrEqual(6);
		expect(writesTo(panel)).toEqual([]);
	});

	it('are read page by page, with the page size in every call: the panel’s own links lose it [146]', async () => {
		for (let id = 1; id <= 7; id++)
			panel.control.addUser({
				email: `c${id}@example.com`,
				username: `c${id}`,
				externalId: `paymenter-${id}`,
			});
		await provision(panel, { items: [customer(1), customer(7)], connection: { pageSize: 3 } });
		expect(panel.state.users).toHaveLength(9);
		expect(serversOf('c7')).toEqual(FROST);
		const pages = panel.calls().filter(({ path }) => /application\/users\?/.test(path));
		expect(pages).toHaveLength(3);
		for (const { path } of pages) expect(path).toContain('per_page=3');
	});

	it('each get their own, and each item stands for its customer', async () => {
		const items = [customer(1), customer(2, { grants: '' }), customer(3, { grants: 'awakened' })];
		const output = await execute(panel, { items });
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(output.map(({ json }) => json.customer_id)).toEqual(['1', '2', '3']);
		expect(accessOf(panel, 'c1@example.com')[GLACIER]).toEqual([['activity.read', C]]);
		expect(accessOf(panel, 'c3@example.com')[GLACIER]).toEqual([[C]]);
		expect(panel.state.users).toHaveLength(4);
	});

	it('are created one at a time once the panel has failed at several at once [180]', async () => {
		panel.control.settings({ windowMs: 5, deadlocks: true });
		const output = await provision(panel, {
			items: Array.from({ length: 12 }, (_, index) => customer(index + 1)),
		});
		expect(output.map(({ outcome }) => outcome)).toEqual(Array(12).fill('changed'));
		expect(panel.calls().filter(({ status }) => status >= 500).length).toBeLessThan(6);
	});

	it('may hold one customer twice: one account, one row a server, and the later item counts', async () => {
		const output = await provision(panel, {
			items: [customer(1), customer(1), customer(1, { grants: 'awakened' })],
		});
		expect(output[1]?.outcome).toBe('unchanged');
		expect(panel.state.users).toHaveLength(3);
		expect(accessOf(panel, 'c1@example.com')).toEqual(
			Object.fromEntries(FROST.map((name) => [name, [[C]]])),
		);
	});

	it('may hold two customers with one address: the second is an error that names both', async () => {
		const output = await provision(panel, {
			items: [customer(1), customer(2, { email: 'C1@example.com' })],
			continueOnFail: true,
		});
		expect(output[1]?.error).toMatch(/\b1\b.*\b2\b/);
		expect(panel.state.users).toHaveLength(3);
	});

	it('are found where an account has come or gone since the bulk read, and the panel invents nobody', async () => {
		panel.control.addUser({ email: 'c2@example.com', username: 'c2', externalId: 'paymenter-2' });
		let isDone = false;
		await provision(panel, {
			items: [customer(1), customer(2), customer(3)],
			beforeCall: ({ method }) => {
				if (method !== 'POST' || isDone) return;
				isDone = true;
				panel.state.users = panel.state.users.filter(({ username }) => username !== 'c2');
				panel.control.addUser({
					email: 'c3@example.com',
					username: 'c3',
					externalId: 'paymenter-3',
				});
			},
		});
		expect(inventedBy(panel)).toEqual([]);
		for (const id of [1, 2, 3]) expect(serversOf(`c${id}@example.com`)).toEqual(FROST);
		expect(panel.state.users).toHaveLength(5);
	});
});

describe('One customer among many who cannot be served', () => {
	const bad: Array<[string, IDataObject]> = [
		['an unknown product', { grants: 'sovereign' }],
		['no address and no id', { id: '', email: '' }],
		['another customer’s account', { email: 'taken@example.com' }],
		['an address that the panel refuses', { email: 'no address' }],
		['a broken list', { grants: '[{' }],
	];

	it.each(bad)(
		'(%s) does not hold up the others; the item carries the error and what to do',
		async (_what, fields) => {
			panel.control.addUser({
				email: 'taken@example.com',
				username: 'taken',
				externalId: 'paymenter-9',
			});
			const output = await execute(panel, {
				items: [customer(1), customer(2, fields), customer(3)],
				continueOnFail: true,
			});
			expect(output).toHaveLength(3);
			expect(serversOf('c1@example.com')).toEqual(FROST);
			expect(serversOf('c3@example.com')).toEqual(FROST);
			const [, failed] = output;
			expect(failed?.pairedItem).toEqual({ item: 1 });
			expect(failed?.json.error).toEqual(expect.stringMatching(/.{10}/));
			// Other keys, or an error beside the JSON, and n8n's error output loses what to do.
			expect(Object.keys(failed?.json ?? {})).toEqual(['error', 'details']);
			expect(failed?.error).toBeUndefined();
			expect(failed?.json.details).toMatchObject({ outcome: 'failed' });
			expect(`${String(failed?.json.error)} ${JSON.stringify(failed?.json.details)}`).toMatch(
				/add it|\?|give one|correct|valid JSON/i,
			);
			expect(output[0]?.json.error).toBeUndefined();
		},
	);

	it.each(bad)(
		'(%s) stops the run where errors are to stop it, with the number of the item',
		async (_what, fields) => {
			panel.control.addUser({
				email: 'taken@example.com',
				username: 'taken',
				externalId: 'paymenter-9',
			});
			const run = execute(panel, { items: [customer(1), customer(2, fields)] });
			await expect(run).rejects.toMatchObject({ context: { itemIndex: 1 } });
		},
	);

	it('carries what was changed until then', async () => {
		panel.control.fault({
			kind: 'status',
			status: 422,
			method: 'POST',
			path: /client\/servers/,
			skip: 1,
			times: 1,
		});
		const [first, second] = await provision(panel, {
			items: [customer(1), customer(2)],
			continueOnFail: true,
		});
		expect(first?.changes.map(({ what }) => what)).toEqual([
			'account created',
			'access given',
			'access given',
		]);
		expect(second?.outcome).toBe('changed');
	});

	it('is told without the keys, whatever the error', async () => {
		panel.control.fault({ kind: 'refuse', method: 'POST' });
		const output = await execute(panel, {
			items: [customer(1), customer(2)],
			continueOnFail: true,
			connection: { retries: 0 },
		});
		for (const { json, error } of output) {
			const all = [
				JSON.stringify(json),
				String(error?.message),
				String(error?.description),
				String(error?.stack),
				JSON.stringify(error),
			].join();
			expect(all).not.toContain(panel.accountKey);
			expect(all).not.toContain(panel.applicationKey);
		}
		expect(output[0]?.json.error).toMatch(/customer 1\b/);
	});

	it('is not asked about again for each of them where the panel is down', async () => {
		panel.control.fault({ kind: 'status', status: 502 });
		const items = Array.from({ length: 50 }, (_, index) => customer(index + 1));
		const output = await provision(panel, {
			items,
			continueOnFail: true,
			connection: { retries: 2 },
		});
		expect(output.filter(({ error }) => error)).toHaveLength(50);
		expect(panel.calls().length).toBeLessThanOrEqual(10);
	});
});

it('A wrong plan is refused before any call', async () => {
	const plan = { tiers: [{ tier: 'knight', serverGroups: ['nowhere'], permissions: [C] }] };
	await expect(provision(panel, { items: [customer(1), customer(2)], plan })).rejects.toThrow(
		/row 1.*"nowhere"/,
	);
	expect(panel.calls()).toEqual([]);
});
