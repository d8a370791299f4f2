import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import axios from 'axios';

import type { Fault } from '../../simulators/faults.cjs';
import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import type { Send } from './target.cjs';
import { caller, codes, newcomer } from './target.cjs';

/** What the simulator has and a panel has not: faults to order, hands on its state, a command. */

jest.setTimeout(20_000);

let panel: Panel;
let application: Send;

beforeEach(async () => {
	panel = await startPanel();
	application = caller(panel.url, panel.applicationKey);
});

afterEach(() => panel.close());

const users = '/api/application/users';
const create = () => application('POST', users, newcomer);
const exists = () => panel.state.users.some((user) => user.email === newcomer.email);

describe('An ordered fault', () => {
	const order = (fault: Fault) => panel.control.fault({ method: 'POST', path: users, ...fault });

	it('"refuse" cuts the connection and executes nothing', async () => {
		order({ kind: 'refuse' });
		await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(exists()).toBe(false);
		expect(panel.calls()).toMatchObject([{ method: 'POST', status: 0, fault: 'refuse' }]);
	});

	it.each([false, true])('"reset-after" executes first, then cuts (mid: %s)', async (mid) => {
		order({ kind: 'reset-after', mid });
		await expect(create()).rejects.toThrow();
		expect(exists()).toBe(true);
	});

	it('"hang" never answers', async () => {
		order({ kind: 'hang' });
		const call = axios.post(`${panel.url}${users}`, newcomer, { timeout: 150 });
		await expect(call).rejects.toMatchObject({ code: 'ECONNABORTED' });
		expect(exists()).toBe(false);
	});

	it.each(['slow', 'drip'] as const)('"%s" answers rightly, but late', async (kind) => {
		order({ kind, ms: 150 });
		const started = Date.now();
		expect((await create()).status).toBe(201);
		expect(Date.now() - started).toBeGreaterThanOrEqual(140);
	});

	it('"status" answers in the panel’s shape, executed or not', async () => {
		order({ kind: 'status', status: 502, times: 1 });
		const first = await create();
		expect([first.status, codes(first), exists()]).toEqual([502, ['HttpException'], false]);
		order({ kind: 'status', status: 500, executed: true, times: 1 });
		const second = await create();
		expect([second.status, codes(second), exists()]).toEqual([500, ['QueryException'], true]);
	});

	it('"429" comes with the seconds to wait, or without', async () => {
		order({ kind: '429', retryAfter: 7, times: 1 });
		order({ kind: '429', times: 1 });
		const [told, untold] = [await create(), await create()];
		expect([told.status, told.headers['retry-after']]).toEqual([429, '7']);
		expect(Number(told.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
		expect(untold.status).toBe(429);
		expect(untold.headers).not.toHaveProperty('retry-after');
		expect(exists()).toBe(false);
	});

	it('"html", "redirect" and "not-json" are no answers of an API', async () => {
		order({ kind: 'html', times: 1 });
		order({ kind: 'redirect', times: 1 });
		order({ kind: 'not-json', times: 1 });
		const [html, redirect, text] = [await create(), await create(), await create()];
		expect([html.status, html.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
		expect([redirect.status, redirect.headers.location]).toEqual([302, `${panel.url}/auth/login`]);
		expect([text.status, text.data]).toEqual([200, 'Whoops']);
		expect(exists()).toBe(false);
	});

	it('"truncated" executes and cuts the JSON off', async () => {
		order({ kind: 'truncated' });
		const answer = await create();
		expect(answer.status).toBe(201);
		expect(() => JSON.parse(String(answer.data))).toThrow(SyntaxError);
		expect(exists()).toBe(true);
	});

	it('applies to what it names, so often as it says, after as many as it skips', async () => {
		panel.control.fault({ kind: 'status', pattern: 'users/\\d+$', times: 1, skip: 1 });
		const statuses = [];
		for (const path of [users, `${users}/1`, `${users}/1`, `${users}/1`]) {
			statuses.push((await application('GET', path)).status);
		}
		expect(statuses).toEqual([200, 200, 500, 200]);
		panel.control.fault({ kind: 'status' });
		panel.control.clearFaults();
		expect((await application('GET', users)).status).toBe(200);
	});
});

describe('A client that follows redirects', () => {
	it('ends on a login page with 200', async () => {
		const { status, headers } = await axios.get(`${panel.url}${users}`, {
			headers: { Accept: '*/*', Authorization: 'Bearer nonsense' },
		});
		expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
	});
});

describe('The control API', () => {
	const control = (name: string, ...input: unknown[]) =>
		axios.post<unknown>(`${panel.url}/_control/${name}`, input, { validateStatus: () => true });

	it('does over HTTP what tests in the same process do', async () => {
		await control('fault', { kind: 'status', status: 503, times: 1 });
		expect((await application('GET', users)).status).toBe(503);
		await control('settings', { maintenance: true });
		expect(panel.state.settings.maintenance).toBe(true);
		await control('settings', { maintenance: false });
		await control('serverStatus', 'hub', 'suspended');
		expect(panel.control.server('hub').status).toBe('suspended');
		await create();
		expect((await control('mails')).data).toEqual([
			{ to: newcomer.email, subject: 'Account Created' },
		]);
		await control('clearCalls');
		expect(panel.calls()).toEqual([]);
	});

	it('sets everything back but the two keys', async () => {
		await create();
		await control('reset', { customers: 3 });
		expect(panel.state.users.map((user) => user.username)).toEqual([
			'admin',
			'bob',
			'customer1',
			'customer2',
			'customer3',
		]);
		expect(panel.state.subusers).toHaveLength(3 * 8);
		expect((await application('GET', users)).status).toBe(200);
	});

	it('says what it does not know', async () => {
		expect((await control('nonsense')).status).toBe(404);
		const unknown = await control('serverStatus', 'nowhere', null);
		expect([unknown.status, unknown.data]).toEqual([400, { error: 'No server "nowhere"' }]);
	});
});

describe('Measured latency', () => {
	const timed = async (send: () => Promise<unknown>) => {
		const started = Date.now();
		await send();
		return Date.now() - started;
	};

	it('makes calls as slow as they were, and lists slower with every subuser row', async () => {
		const slow = await startPanel({ latency: 'measured', customers: 50 });
		const asAdmin = caller(slow.url, slow.accountKey);
		const list = '/api/client?type=admin-all';
		try {
			// 74 ms at no rows and 941 ms at 800: 507 ms at 400.
			const withRows = await timed(() => asAdmin('GET', `${list}&include=subusers`));
			expect(withRows).toBeGreaterThanOrEqual(500);
			const without = await timed(() => asAdmin('GET', list));
			expect(without).toBeGreaterThanOrEqual(70);
			expect(without).toBeLessThan(withRows);
			const make = () => caller(slow.url, slow.applicationKey)('POST', users, newcomer);
			expect(await timed(make)).toBeGreaterThanOrEqual(160);
		} finally {
			await slow.close();
		}
	});
});

describe('npm run simulate:panel', () => {
	const run = (...flags: string[]) => {
		const root = join(__dirname, '..', '..');
		const child = spawn(
			process.execPath,
			['--require', 'tsx/cjs', join(root, 'simulators', 'panel', 'main.cts'), ...flags],
			{ cwd: root },
		);
		const output = { stdout: '', stderr: '' };
		child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
		child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
		return { child, output };
	};

	it('prints one line of JSON, serves, and ends cleanly on SIGTERM', async () => {
		const { child, output } = run();
		await once(child.stdout, 'data');
		const { url, applicationKey, accountKey } = JSON.parse(output.stdout) as Record<string, string>;
		const list = await caller(url ?? '', applicationKey ?? '')('GET', users);
		expect(list.data.data).toHaveLength(2);
		const account = await caller(url ?? '', accountKey ?? '')('GET', '/api/client/account');
		expect(account.status).toBe(200);
		child.kill('SIGTERM');
		expect(await once(child, 'exit')).toEqual([0, null]);
		expect(output.stdout.trim().split('\n')).toHaveLength(1);
		expect(output.stderr).toBe('');
	});

	it('limits new subusers as it is told', async () => {
		const { child, output } = run('--subuser-limit', '1');
		await once(child.stdout, 'data');
		const { url, accountKey } = JSON.parse(output.stdout) as Record<string, string>;
		const path = '/api/client/servers/22c03ec2/users';
		const wish = { email: 'bob@example.test', permissions: ['control.console'] };
		const create = () => caller(url ?? '', accountKey ?? '')('POST', path, wish);
		expect((await create()).headers['x-ratelimit-limit']).toBe('1');
		const limited = await create();
		expect([limited.status, codes(limited)]).toEqual([429, ['ThrottleRequestsException']]);
		child.kill('SIGTERM');
		await once(child, 'exit');
	});

	it.each([
		['--subuser-limit', 'ten', 'must be a whole number from 0 to 65535, not "ten"'],
		['--panel', 'other', 'must be "pterodactyl" or "pelican", not "other"'],
	])('refuses %s %s', async (flag, value, problem) => {
		const { child, output } = run(`${flag}=${value}`);
		expect(await once(child, 'exit')).toEqual([1, null]);
		expect(output.stderr).toBe(`${flag} ${problem}.\n`);
	});

	it('has servers for the shipped tier plan, one of them for members only', async () => {
		const { child, output } = run();
		await once(child.stdout, 'data');
		const { url, applicationKey } = JSON.parse(output.stdout) as Record<string, string>;
		const { data } = await caller(url ?? '', applicationKey ?? '')(
			'GET',
			'/api/application/servers',
		);
		const sold = data.data.map(({ attributes }) => [
			attributes.name,
			String(attributes.description).includes('public'),
		]);
		expect(sold).toEqual([
			['Frost Path - Snowfall', false],
			['Frost Path - Glacier', true],
			['Frost Path - Aurora', true],
			['Fire Path - Ember', false],
			['Fire Path - Cinder', false],
			['Beta - Sandbox', false],
			['Staff - Build', false],
			['Hub', false],
		]);
		const recorded = (await application('GET', '/api/application/servers')).data.data;
		expect(data.data.map(({ attributes }) => attributes.uuid)).toEqual(
			recorded.map(({ attributes }) => attributes.uuid),
		);
		child.kill('SIGTERM');
		await once(child, 'exit');
	});

	it('says in one sentence that the port is busy, and fails', async () => {
		const port = new URL(panel.url).port;
		const { child, output } = run('--port', port);
		expect(await once(child, 'exit')).toEqual([1, null]);
		expect(output.stderr).toBe(`Port ${port} is already in use; choose another with --port.\n`);
		expect(output.stdout).toBe('');
	});
});
