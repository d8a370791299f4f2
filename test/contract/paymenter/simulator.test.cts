import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import axios from 'axios';

import type { Fault } from '../../../simulators/faults.cjs';
import type { ApiKey } from '../../../simulators/paymenter/keys.cjs';
import type { Paymenter, PaymenterOptions } from '../../../simulators/paymenter/server.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';
import type { Send } from './target.cjs';
import { caller } from './target.cjs';

/** What the simulator can be told and a real Paymenter cannot: keys, versions, faults, time. */

jest.setTimeout(20_000);

let paymenter: Paymenter;
let api: Send;

async function start(options: PaymenterOptions = {}): Promise<void> {
	await paymenter?.close();
	paymenter = await startPaymenter(options);
	api = caller(paymenter.url, paymenter.apiKey);
}

beforeEach(() => start());
afterEach(() => paymenter.close());

const withKey = (key: Partial<ApiKey>): Send =>
	caller(paymenter.url, paymenter.control.addKey(key).token);

function addService(product = 'fire-knight') {
	const { shop } = paymenter;
	const user = shop.addUser({ email: `${product}@example.test`, first_name: 'Bea' });
	const { service } = shop.buy(user.id, product);
	shop.pay(service.id);
	return service;
}

describe('A key', () => {
	it('that is disabled is as unknown as any other', async () => {
		const answer = await withKey({ enabled: false })('GET', '/services');
		expect([answer.status, answer.data.message]).toEqual([
			401,
			'The provided API key is invalid or has been disabled.',
		]);
	});

	it('from another address or of another type is refused', async () => {
		const message = 'You do not have permission to access this resource.';
		for (const key of [{ ipAddresses: ['10.9.9.9'] }, { type: 'user' }]) {
			const answer = await withKey(key)('GET', '/services', undefined, {
				'X-Forwarded-For': '10.9.9.9',
			});
			expect([answer.status, answer.data]).toEqual([403, { message }]);
		}
		const here = await withKey({ ipAddresses: ['127.0.0.1'] })('GET', '/services');
		expect(here.status).toBe(200);
	});

	it('needs the permission for what it does', async () => {
		const { id } = addService();
		const reader = withKey({ permissions: ['admin.services.view'] });
		expect((await reader('GET', `/services/${id}`)).status).toBe(200);
		const answer = await reader('GET', '/users');
		expect([answer.status, answer.data]).toEqual([
			403,
			{ message: 'This action is unauthorized.' },
		]);
	});

	it('includes only what it may see; product, order and coupon need nothing', async () => {
		addService();
		const reader = withKey({ permissions: ['admin.services.view'] });
		expect((await reader('GET', '/services?include=product,order,coupon')).status).toBe(200);
		for (const name of ['user', 'invoices', 'properties']) {
			const answer = await reader('GET', `/services?include=${name}`);
			expect([answer.status, answer.data.message]).toEqual([
				400,
				`Requested include(s) \`${name}\` are not allowed. Allowed include(s) are \`order, orderCount, orderExists, coupon, couponCount, couponExists, product, productCount, productExists\`.`,
			]);
		}
		const sync = withKey({ permissions: ['admin.services.view', 'admin.users.view'] });
		expect((await sync('GET', '/services?include=user,product')).status).toBe(200);
	});

	it('is not even looked at where there is no such record', async () => {
		const answer = await caller(paymenter.url, null)('GET', '/services/99');
		expect([answer.status, answer.data.message]).toEqual([
			404,
			'No query results for model [App\\Models\\Service] 99',
		]);
	});
});

describe('Maintenance', () => {
	it('is 503 for everybody, and says for how long if it knows', async () => {
		paymenter.control.maintenance(true);
		const answer = await caller(paymenter.url, null)('GET', '/nope');
		expect([answer.status, answer.headers['retry-after'], answer.data]).toEqual([
			503,
			'60',
			{ message: 'Service Unavailable' },
		]);
		paymenter.control.maintenance(true, null);
		expect((await api('GET', '/services')).headers).not.toHaveProperty('retry-after');
		paymenter.control.maintenance(false);
		expect((await api('GET', '/services')).status).toBe(200);
	});
});

describe('An older version', () => {
	const attributes = async (path: string) =>
		Object.keys((await api('GET', path)).data.data.attributes);
	it('1.2.0 hides a service’s status, and has no slugs', async () => {
		await start({ version: '1.2.0' });
		const { id } = addService();
		expect(await attributes(`/services/${id}`)).not.toContain('status');
		const list = await api('GET', '/services?filter[status]=active&include=product,properties');
		expect(list.data.data).toHaveLength(1);
		expect(list.data.data[0]?.relationships).not.toHaveProperty('properties');
		expect(Object.keys(list.data.included[0]?.attributes ?? {})).toEqual([
			'id',
			'name',
			'permissions',
			'updated_at',
			'created_at',
		]);
		const wrong = await caller(paymenter.url, 'nonsense')('GET', '/services');
		expect([wrong.status, Object.keys(wrong.data)]).toEqual([401, ['error']]);
	});

	it('1.3.2 has messages, and still no status', async () => {
		await start({ version: '1.3.2' });
		const { id } = addService();
		expect(await attributes(`/services/${id}`)).not.toContain('status');
		expect(await attributes('/users/2')).toContain('email');
		const user = await api('GET', '/users/2?include=properties');
		expect(user.data.data).not.toHaveProperty('meta');
		const wrong = await caller(paymenter.url, 'nonsense')('GET', '/services');
		expect(Object.keys(wrong.data)).toEqual(['message']);
	});

	it('1.4.7 has status and meta.properties, but no slugs', async () => {
		await start({ version: '1.4.7' });
		const { id } = addService();
		paymenter.shop.setProperty(2, 'discord_id', '100');
		expect(await attributes(`/services/${id}`)).toContain('status');
		expect((await api('GET', '/users/2?include=properties')).data.data.meta).toEqual({
			properties: { discord_id: '100' },
		});
		const { included } = (await api('GET', `/services/${id}?include=product`)).data;
		expect(included[0]?.attributes).not.toHaveProperty('slug');
	});

	it('1.5.2 has slugs and lets every key include everything; 1.5.3 does not', async () => {
		await start({ version: '1.5.2' });
		const reader = () => withKey({ permissions: ['admin.services.view'] });
		expect((await reader()('GET', '/services?include=user')).status).toBe(200);
		const { id } = addService();
		const { included } = (await api('GET', `/services/${id}?include=product`)).data;
		expect(included[0]?.attributes).toHaveProperty('slug');
		paymenter.control.version('1.5.3');
		expect((await reader()('GET', '/services?include=user')).status).toBe(400);
	});

	it('before 1.2.0 has no Admin API', async () => {
		await expect(startPaymenter({ version: '1.1.1' })).rejects.toThrow('it came with 1.2.0');
	});
});

describe('An ordered fault', () => {
	const order = (fault: Fault) => paymenter.control.fault({ path: '/users', ...fault });
	const read = () => api('GET', '/users');

	it('"refuse" and "reset-after" cut the connection', async () => {
		order({ kind: 'refuse', times: 1 });
		await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
		order({ kind: 'reset-after', mid: true, times: 1 });
		await expect(read()).rejects.toThrow();
	});

	it('"hang" never answers', async () => {
		order({ kind: 'hang' });
		const call = axios.get(`${paymenter.url}/api/v1/admin/users`, { timeout: 100 });
		await expect(call).rejects.toMatchObject({ code: 'ECONNABORTED' });
	});

	it.each(['slow', 'drip'] as const)('"%s" answers rightly, but late', async (kind) => {
		order({ kind, ms: 100 });
		const started = Date.now();
		expect((await read()).status).toBe(200);
		expect(Date.now() - started).toBeGreaterThanOrEqual(90);
	});

	it.each([
		[{ kind: 'status', status: 500 }, 500, { message: 'Server Error' }],
		[{ kind: 'status', status: 502 }, 502, { message: 'Bad Gateway' }],
		[{ kind: '429', retryAfter: 7 }, 429, { message: 'Too Many Attempts.' }],
		[{ kind: 'html' }, 200, expect.stringContaining('<html>')],
		[{ kind: 'redirect' }, 302, expect.anything()],
		[{ kind: 'not-json' }, 200, 'Whoops'],
	] as Array<[Fault, number, unknown]>)('%j answers %i', async (fault, status, body) => {
		order(fault);
		const answer = await api('GET', '/users');
		expect([answer.status, answer.data]).toEqual([status, body]);
	});

	it('"truncated" cuts the JSON off', async () => {
		order({ kind: 'truncated' });
		const answer = await api('GET', '/users');
		expect(answer.status).toBe(200);
		expect(() => JSON.parse(String(answer.data)) as unknown).toThrow();
	});

	it('applies so often as it says, after as many as it skips, and is noted', async () => {
		order({ kind: 'status', status: 503, times: 1, skip: 1, method: 'GET' });
		const statuses = [];
		for (let call = 0; call < 3; call++) statuses.push((await api('GET', '/users')).status);
		expect(statuses).toEqual([200, 503, 200]);
		expect(paymenter.calls().map(({ status, fault }) => [status, fault])).toEqual([
			[200, undefined],
			[503, 'status'],
			[200, undefined],
		]);
	});
});

describe('Seeded customers', () => {
	it('are the same each time, most of them active, and found page by page', async () => {
		await start({ customers: 1000, now: () => new Date('2026-05-05T12:00:00Z') });
		const { data, included } = (
			await api('GET', '/services?include=user,product&sort=id&per_page=5000')
		).data;
		expect(data).toHaveLength(1100);
		expect(included.filter(({ type }) => type === 'users')).toHaveLength(1000);
		expect(included.filter(({ type }) => type === 'products')).toHaveLength(10);
		const count = (status: string) =>
			data.filter(({ attributes }) => attributes.status === status).length;
		expect(count('active')).toBeGreaterThan(850);
		for (const status of ['pending', 'suspended', 'cancelled']) {
			expect(count(status)).toBeGreaterThan(10);
		}
		const before = JSON.stringify(data);
		paymenter.control.reset();
		const again = await api('GET', '/services?include=user,product&sort=id&per_page=5000');
		expect(JSON.stringify(again.data.data)).toBe(before);
	});
});

describe('A service whose product was deleted', () => {
	it('is shown without one, and breaks the payment of its invoice', async () => {
		const { id } = addService();
		const { shop } = paymenter;
		shop.days(25);
		shop.deleteProduct('fire-knight');
		const { data } = (await api('GET', `/services/${id}?include=product`)).data;
		expect(data.relationships.product?.data).toBeNull();
		expect(() => shop.payInvoice(2)).toThrow('has no product any more');
	});
});

describe('"Do not suspend until"', () => {
	const attributes = async (id: number) =>
		(await api('GET', `/services/${id}`)).data.data.attributes;

	it('is no attribute up to 1.5.8, and one of every service in a newer shop', async () => {
		const { id } = addService();
		expect(await attributes(id)).not.toHaveProperty('suspend_hold_until');
		const { id: other } = addService('awakened');
		paymenter.shop.holdSuspension(id, '2099-01-01');
		expect(await attributes(id)).toMatchObject({
			suspend_hold_until: '2099-01-01T00:00:00.000000Z',
		});
		expect(await attributes(other)).toMatchObject({ suspend_hold_until: null });
		paymenter.control.reset();
		expect(await attributes(addService().id)).not.toHaveProperty('suspend_hold_until');
	});
});

describe('A shop in another time zone', () => {
	it('shows in UTC what its own clock shows at midnight', async () => {
		const now = () => new Date('2026-05-02T22:30:00Z');
		await start({ now, settings: { timezone: 'Europe/Berlin' } });
		const { id } = addService();
		const shown = async () => (await api('GET', `/services/${id}`)).data.data.attributes.expires_at;
		expect(await shown()).toBe('2026-06-02T22:00:00.000000Z');
		// It is 3 May there.
		paymenter.shop.setService(id, { expires_at: Date.parse('2026-05-03') });
		expect(await shown()).toBe('2026-05-02T22:00:00.000000Z');
		const { created_at } = (await api('GET', `/services/${id}`)).data.data.attributes;
		expect(created_at).toBe('2026-05-02T22:30:00.000000Z');
		paymenter.shop.holdSuspension(id, '2026-05-09');
		const held = (await api('GET', `/services/${id}`)).data.data.attributes;
		expect(held.suspend_hold_until).toBe('2026-05-08T22:00:00.000000Z');
	});
});

describe('The control API', () => {
	const control = (name: string, ...input: unknown[]) =>
		axios.post<Record<string, unknown>>(`${paymenter.url}/_control/${name}`, input, {
			validateStatus: () => true,
		});

	it('does over HTTP what tests in the same process do', async () => {
		await control('addUser', { email: 'bea@example.test' });
		const bought = await control('buy', 'bea@example.test', 'fire-knight');
		const { id } = bought.data.service as { id: number };
		expect((await control('pay', id)).status).toBe(200);
		expect(paymenter.shop.service(id).status).toBe('active');
		await control('fault', { kind: 'status', status: 503, times: 1 });
		expect((await api('GET', '/users')).status).toBe(503);
		expect((await control('calls')).data).toMatchObject([{ method: 'GET', status: 503 }]);
		await control('reset', { customers: 5 });
		expect((await api('GET', '/users')).data.data).toHaveLength(6);
	});

	it('refuses what it does not know', async () => {
		for (const name of ['nonsense', 'toString', 'world']) {
			expect((await control(name)).status).toBe(404);
		}
		const unknown = await control('pay', 99);
		expect([unknown.status, unknown.data]).toEqual([400, { error: 'No service 99' }]);
	});
});

describe('The webhook', () => {
	it('gets what an admin does, held back as long as it is told', async () => {
		const other = await startPaymenter();
		const { shop, control } = paymenter;
		control.webhook({ url: `${other.url}/webhook/paymenter`, mode: 'hold' });
		const { id } = addService();
		shop.suspend(id);
		shop.deleteService(id);
		control.webhook({ mode: 'off' });
		shop.ping();
		expect(control.events().map(({ outcome }) => outcome)).toEqual([
			'held',
			'held',
			'held',
			'lost',
		]);
		control.release('reversed');
		// Another Paymenter is no receiver: it says 404, which may pass.
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(other.calls().map(({ body }) => (body as { event: string }).event)).toEqual([
			'subscription.cancelled',
			'subscription.cancelled',
			'subscription.cancelled',
		]);
		await other.close();
	});
});

describe('npm run simulate:paymenter', () => {
	const run = (...flags: string[]) => {
		const root = join(__dirname, '..', '..', '..');
		const main = join(root, 'simulators', 'paymenter', 'main.cts');
		const child = spawn(process.execPath, ['--require', 'tsx/cjs', main, ...flags], { cwd: root });
		const output = { stdout: '', stderr: '' };
		child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
		child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
		return { child, output };
	};

	it('prints one line of JSON, serves, and ends cleanly on SIGTERM', async () => {
		const { child, output } = run();
		await once(child.stdout, 'data');
		const line = JSON.parse(output.stdout) as Record<string, string>;
		expect(line).toEqual({
			url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
			apiKey: expect.stringMatching(/^PAYM[0-9a-f]{64}$/),
			webhookSecret: expect.stringMatching(/^whsec_.{40,}/),
		});
		const list = await caller(line.url ?? '', line.apiKey ?? '')('GET', '/users');
		expect(list.data.data).toHaveLength(1);
		child.kill('SIGTERM');
		expect(await once(child, 'exit')).toEqual([0, null]);
		expect(output.stdout.trim().split('\n')).toHaveLength(1);
		expect(output.stderr).toBe('');
	});

	it('says in one sentence what is wrong, and fails', async () => {
		const busy = run('--port', new URL(paymenter.url).port);
		expect(await once(busy.child, 'exit')).toEqual([1, null]);
		expect(busy.output.stderr).toMatch(
			/^Port \d+ is already in use; choose another with --port\.\n$/,
		);
		const wrong = run('--port', 'many');
		expect(await once(wrong.child, 'exit')).toEqual([1, null]);
		expect(wrong.output.stderr).toMatch(/^--port must be a whole number from 0 to/);
	});
});
