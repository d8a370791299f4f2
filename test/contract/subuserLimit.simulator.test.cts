import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import type { Created } from './limited.cjs';
import { numbers, sender, wish } from './limited.cjs';
import type { Exchange } from './replay.cjs';
import { recording, replay } from './replay.cjs';

/** What needs a hand on the panel. Measured on a Pelican, and on a Pterodactyl with 1.12's limit. */

jest.setTimeout(20_000);

describe('The limit on new subusers of a server', () => {
	let panel: Panel;
	const hub = '/api/client/servers/22c03ec2/users';
	const withUuid = (uuid: string) => hub.replace('22c03ec2', uuid);

	const start = async (options: Parameters<typeof startPanel>[0] = {}) => {
		panel = await startPanel(options);
	};
	const as = (user: string) =>
		sender(panel.url, panel.control.addKey({ kind: 'account', user }).token);
	const admin = () => sender(panel.url, panel.accountKey);
	const create = (path = hub, body: unknown = wish()) => admin()('POST', path, body);
	const fill = async (attempts: number) => {
		for (let attempt = 0; attempt < attempts; attempt++) await create();
	};

	afterEach(() => panel.close());

	it('answers as a Pelican was recorded', async () => {
		await start({ servers: [] });
		const [full, other] = ['501', '522'].map((number) => {
			const uuid = recording(number, 'pelican').request.path.split('/')[4] ?? '';
			return panel.control.addServer({ name: number, uuid });
		});
		panel.control.addUser({ username: 'service', email: 'service@example.test' });
		const permissions = ['user.create', 'websocket.connect'];
		for (const { id } of [full, other].flatMap((server) => server ?? [])) {
			panel.control.serverStatus(id, null);
			panel.control.addSubuser({ server: id, user: 'service', permissions });
		}
		const keys = {
			'account-key': panel.accountKey,
			'service-key': panel.control.addKey({ kind: 'account', user: 'service' }).token,
		};

		/** The API's own limit is another one there; a list of permissions has an order of its own. */
		const shown = ({ status, headers, body }: Exchange) => {
			const { attributes } = body as Partial<Created>;
			const isOfServer = headers['x-ratelimit-limit'] === '10';
			return {
				status,
				limit: isOfServer && headers['x-ratelimit-limit'],
				remaining: isOfServer && headers['x-ratelimit-remaining'],
				wait: headers['retry-after'] !== undefined,
				reset: headers['x-ratelimit-reset'] !== undefined,
				body: attributes ? [attributes.email, [...attributes.permissions].sort()] : body,
			};
		};
		const again = async (number: string, change = (path: string) => path) => {
			const wanted = recording(number, 'pelican');
			const { request } = wanted;
			const sent = { ...wanted, request: { ...request, path: change(request.path) } };
			const given = await replay(panel, keys, sent);
			expect([number, shown(given)]).toEqual([number, shown(wanted.response)]);
			return given;
		};

		const first = await again('501');
		for (let attempt = 2; attempt <= 8; attempt++) {
			await create(withUuid(full?.uuid ?? ''), wish(`lim${attempt}@example.com`));
		}
		for (const number of ['509', '510', '511']) await again(number);
		const { uuid } = (first.body as Created).attributes;
		await again('520', (path) => path.replace(/[^/]+$/, uuid));
		for (const number of ['522', '523', '524', '525']) await again(number);
	});

	it('comes after the key, the server, who may see it, and its state', async () => {
		await start();
		panel.control.addUser({ username: 'stranger', email: 'stranger@example.test' });
		const body = wish();
		const refusals = async () => {
			const sent = [
				await sender(panel.url, '')('POST', hub, body),
				await sender(panel.url, panel.applicationKey)('POST', hub, body),
				await create(withUuid('00000000'), body),
				await create(hub, '{"email":'),
				await as('stranger')('POST', hub, body),
			];
			panel.control.serverStatus('hub', 'suspended');
			sent.push(await create());
			panel.control.serverStatus('hub', null);
			for (const { headers } of sent) expect(headers['x-ratelimit-limit']).not.toBe('10');
			return sent.map(({ status }) => status);
		};
		const expected = [401, 403, 404, 400, 404, 409];
		expect(await refusals()).toEqual(expected);
		expect(numbers(await create())).toEqual([200, '10', '9']);
		await fill(9);
		expect(await refusals()).toEqual(expected);
		expect((await create()).status).toBe(429);
	});

	it('comes before rights and values: what they refuse is counted', async () => {
		await start();
		const bob = { server: 'hub', user: 'bob', permissions: ['user.read'] };
		const rows = panel.control.addSubuser(bob);
		expect(numbers(await as('bob')('POST', hub, wish()))).toEqual([403, '10', '9']);
		for (const row of rows) row.permissions = ['user.create'];
		const tooMuch = { ...wish(), permissions: ['control.start'] };
		expect(numbers(await as('bob')('POST', hub, tooMuch))).toEqual([403, '10', '8']);
		const { email } = panel.control.user('admin');
		expect(numbers(await create(hub, wish(email)))).toEqual([400, '10', '7']);
		expect(numbers(await create(hub, {}))).toEqual([422, '10', '6']);
		expect(numbers(await create(hub, { ...wish(), permissions: 'x' }))).toEqual([500, '10', '5']);
		const { uuid } = panel.control.server('hub');
		expect(numbers(await create(withUuid(uuid)))).toEqual([200, '10', '4']);
		await fill(4);
		expect(numbers(await as('bob')('POST', hub, wish()))).toEqual([429, '10', '0']);
	});

	it('lets ten of fourteen through that come at once', async () => {
		await start();
		panel.control.settings({ windowMs: 50 });
		// A table with rows, so that new accounts do not deadlock.
		panel.state.passwordResets = 50;
		const answers = await Promise.all(Array.from({ length: 14 }, () => create()));
		const statuses = answers.map(({ status }) => status);
		expect(statuses.filter((status) => status === 200)).toHaveLength(10);
		expect(statuses.filter((status) => status === 429)).toHaveLength(4);
		expect(panel.control.subusers('hub')).toHaveLength(10);
	});

	it('ends 15 minutes after the first attempt, all at once', async () => {
		await start();
		await create();
		panel.control.advance(600_000);
		await fill(9);
		const refused = await create();
		const wait = Number(refused.headers['retry-after']);
		expect(wait).toBeGreaterThan(290);
		expect(wait).toBeLessThanOrEqual(300);
		panel.control.advance((wait - 2) * 1000);
		expect((await create()).status).toBe(429);
		panel.control.advance(2000);
		expect(numbers(await create())).toEqual([200, '10', '9']);
	});

	it('shows whichever limit leaves fewer calls', async () => {
		await start({ rateLimits: { client: 11 } });
		await admin()('GET', hub);
		expect(numbers(await create())).toEqual([200, '10', '9']);
		await admin()('GET', hub);
		expect(numbers(await create())).toEqual([200, '11', '7']);
	});

	it.each([
		['off when all limits are', { rateLimits: false as const }, undefined],
		['off by itself', { subuserLimit: 0 }, '256'],
		['on by itself', { rateLimits: false as const, subuserLimit: 3 }, '3'],
	])('is %s', async (_title, options, limit) => {
		await start(options);
		expect((await create()).headers['x-ratelimit-limit']).toBe(limit);
	});

	it('has a window as short as a test wants it', async () => {
		await start({ subuserLimit: 1, subuserWindow: 20 });
		expect((await create()).status).toBe(200);
		const wait = Number((await create()).headers['retry-after']);
		expect(wait).toBeGreaterThan(0);
		expect(wait).toBeLessThanOrEqual(20);
		panel.control.advance(20_000);
		expect((await create()).status).toBe(200);
	});

	it('is changed and emptied by the control API', async () => {
		await start();
		panel.control.limits({ subuser: 1, subuserWindow: 60 });
		expect(numbers(await create())).toEqual([200, '1', '0']);
		expect((await create()).status).toBe(429);
		panel.control.clearBuckets();
		expect((await create()).status).toBe(200);
		panel.control.limits({ subuser: 0 });
		expect(numbers(await create())).toEqual([200, '256', '254']);
	});
});
