import { pauses, paymenter, type PaymenterRun } from '../../support/paymenterNode.cjs';

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { PAYMENTER } from '../../../../nodes/Paymenter/transport/errors';
import { startPaymenter, type Paymenter } from '../../../../simulators/paymenter/server.cjs';

let shop: Paymenter;

beforeEach(async () => {
	shop = await startPaymenter({ customers: 60 });
	shop.control.clearCalls();
});

const usual = { ...PAYMENTER };
afterEach(async () => {
	Object.assign(PAYMENTER, usual);
	await shop.close();
});

const getMany = async (parameters: PaymenterRun['parameters'] = {}) =>
	(
		await paymenter(shop, {
			operation: 'getAll',
			parameters: { returnAll: true, filters: {}, ...parameters },
		})
	).map(({ json }) => json);

const get = async (id: number | string, continueOnFail = false) =>
	(
		await paymenter(shop, {
			operation: 'get',
			parameters: { subscriptionId: String(id) },
			continueOnFail,
		})
	).map(({ json }) => json);

const services = () => [...shop.shop.tables.services.rows.values()];

describe('Subscription → Get Many', () => {
	it.each([1, 7, 33, 66, 1000])('counts all pages of %i', async (pageSize) => {
		PAYMENTER.pageSize = pageSize;
		const found = await getMany();
		expect(found.map((one) => one.subscription_id)).toEqual(services().map(({ id }) => String(id)));
		const queries = shop.calls().map(({ path }) => new URL(path, shop.url).searchParams);
		expect(queries).toHaveLength(Math.ceil(services().length / pageSize));
		for (const [index, query] of queries.entries()) {
			expect(Object.fromEntries(query)).toEqual({
				sort: 'id',
				include: 'user,product',
				page: String(index + 1),
				per_page: String(pageSize),
			});
		}
	});

	it('gives the normalized shape', async () => {
		const { id } = shop.shop.addUser({
			email: 'Ada.L@Example.com',
			first_name: 'Ada',
			last_name: 'L',
		});
		const { service } = shop.shop.buy(id, 'fire-knight');
		shop.shop.pay(service.id);
		expect((await getMany()).at(-1)).toEqual({
			subscription_id: String(service.id),
			customer_id: String(id),
			customer_email: 'ada.l@example.com',
			customer_name: 'Ada L',
			product_id: 'fire-knight',
			product_name: 'Fire Knight',
			status: 'active',
			paid_until: new Date(service.expires_at as number).toISOString().slice(0, 10),
			paid_day_ends_at: expect.stringMatching(/T00:00:00\.000Z$/),
			price: '10.00',
			currency_code: 'USD',
			quantity: 1,
			created_at: expect.any(String),
			updated_at: expect.any(String),
		});
	});

	it('gives only the statuses that were asked for', async () => {
		const found = await getMany({ filters: { status: ['suspended', 'cancelled'] } });
		const expected = services().filter(({ status }) => status !== 'active' && status !== 'pending');
		expect(found.map((one) => one.subscription_id)).toEqual(expected.map(({ id }) => String(id)));
	});

	it('compares address and product exactly, in any letter case of the address', async () => {
		shop.shop.addUser({ email: 'ea@example.test' });
		shop.shop.addUser({ email: 'bea@example.test' });
		shop.shop.buy('ea@example.test', 'fire-knight');
		shop.shop.buy('bea@example.test', 'fire-knight');
		const mine = await getMany({ filters: { customerEmail: 'EA@example.test' } });
		expect(mine).toMatchObject([{ customer_email: 'ea@example.test' }]);
		const knights = await getMany({ filters: { product: 'fire-knight' } });
		expect(new Set(knights.map((one) => one.product_id))).toEqual(new Set(['fire-knight']));
		expect(await getMany({ filters: { product: 'knight' } })).toEqual([]);
	});

	it('gives no more than the limit', async () => {
		expect(await getMany({ returnAll: false, limit: 5 })).toHaveLength(5);
	});

	it('gives a subscription whose product was deleted, without one', async () => {
		const { service } = shop.shop.buy('admin@example.test', 'fire-knight');
		shop.shop.deleteProduct('fire-knight');
		const found = (await getMany()).find((one) => one.subscription_id === String(service.id));
		expect(found).toMatchObject({ product_id: null, product_name: null, customer_id: '1' });
	});
});

describe('Subscription → Get', () => {
	it('gives one subscription as it is now', async () => {
		const [first] = services();
		expect(await get(first?.id ?? 0)).toMatchObject([{ subscription_id: String(first?.id) }]);
	});

	it.each([
		['99999', /Subscription 99999 does not exist/],
		['12abc', /Invalid subscription ID "12abc"/],
		['', /Invalid subscription ID/],
	])('says what is wrong with the id "%s"', async (id, words) => {
		await expect(get(id)).rejects.toThrow(words);
		expect(await get(id, true)).toEqual([
			{ error: expect.stringMatching(words), details: expect.any(Object) },
		]);
	});
});

describe('What Paymenter refuses', () => {
	beforeEach(() => (PAYMENTER.retries = 1));

	const failure = async (address = shop): Promise<{ message: string; description: string }> =>
		await paymenter(address, {
			operation: 'getAll',
			parameters: { returnAll: true, filters: {} },
		}).then(
			() => Promise.reject(new Error('It did not fail')),
			(error: { message: string; description: string }) => error,
		);

	it.each([
		['an unknown key', {}, /401.*invalid or has been disabled/, /Create a key/],
		['a disabled key', { enabled: false }, /401/, /Create a key/],
		['a key for another address', { ipAddresses: ['203.0.113.9'] }, /403/, /IP address/],
		['a key of another type', { type: 'user' }, /403/, /type admin/],
		[
			'a key that may not read services',
			{ permissions: ['admin.users.view'] },
			/403/,
			/admin\.services\.view/,
		],
		[
			'a key that may not read users',
			{ permissions: ['admin.services.view'] },
			/400/,
			/admin\.users\.view/,
		],
	])(
		'%s: the error says which permission or key, and what to do',
		async (what, fields, words, advice) => {
			const { token } = shop.control.addKey(fields as object);
			const apiKey = what === 'an unknown key' ? 'PAYMnobody' : token;
			const error = await failure({ ...shop, apiKey });
			expect(error.message).toMatch(words);
			expect(error.description).toMatch(advice);
			expect(pauses).toEqual([]);
		},
	);

	it.each([
		['1.2.0', /does not return the status/, /1\.5 or newer/],
		['1.3.2', /does not return the status/, /1\.5 or newer/],
		['1.4.0', /does not return the slug/, /1\.5 or newer/],
	])('version %s: one sentence says what is missing', async (version, words, advice) => {
		shop.control.version(version);
		const error = await failure();
		expect(error.message).toMatch(words);
		expect(error.description).toMatch(advice);
	});

	it('is tried again after a passing fault', async () => {
		PAYMENTER.retries = 2;
		shop.control.fault({ kind: 'status', status: 500, times: 2 } as never);
		expect(await getMany()).toHaveLength(services().length);
		expect(pauses).toHaveLength(2);
	});

	it('is tried again when Paymenter says that its maintenance is over', async () => {
		shop.control.maintenance(true, 60);
		const error = await failure();
		expect(error.message).toMatch(/503/);
		expect(error.description).toMatch(/maintenance/);
		expect(pauses).toEqual([60_000]);
	});

	it('is not waited for where Paymenter says that its maintenance takes an hour', async () => {
		shop.control.maintenance(true, 3600);
		expect((await failure()).message).toMatch(/503/);
		expect(pauses).toEqual([]);
	});

	it('is tried again when a proxy’s limit is over', async () => {
		shop.control.fault({ kind: '429', retryAfter: 7, times: 1 } as never);
		expect(await getMany()).toHaveLength(services().length);
		expect(pauses).toEqual([7000]);
	});

	it('nothing is asked where the address has no https://: the error says so', async () => {
		const error = await failure({ ...shop, url: shop.url.replace('http://', '') });
		expect(error.message).toMatch(/^Paymenter URL: enter the address with https:/);
		expect(pauses).toEqual([]);
		expect(shop.calls()).toEqual([]);
	});
});

describe('Something else at the address', () => {
	let server: Server;
	beforeEach(() => (PAYMENTER.retries = 0));
	afterEach(() => server.close());

	it.each([
		['an HTML page', 200, 'text/html', '<title>Log in</title>', /not Paymenter’s.*200: Log in\)/],
		['a redirect', 302, 'text/html', '', /not Paymenter’s.*\(status 302\)/],
		['a bad gateway', 502, 'text/html', '<html>502</html>', /not Paymenter’s.*\(status 502\)/],
		[
			'a proxy’s refusal in JSON',
			403,
			'application/json',
			'{"title":"Error 1020: Access denied","status":403}',
			/Something in front of Paymenter answered.*\(status 403: Error 1020: Access denied\)/,
		],
		[
			'a gateway’s refusal in the form of Paymenter’s',
			403,
			'application/json',
			'{"message":"Forbidden"}',
			/Something in front of Paymenter answered.*\(status 403: Forbidden\)/,
		],
		[
			'a gateway’s fault in the form of Paymenter’s',
			504,
			'application/json',
			'{"message":"Endpoint request timed out"}',
			/Something in front of Paymenter answered.*\(status 504: Endpoint request timed out\)/,
		],
		['half a JSON', 200, 'application/json', '{"data":[', /not Paymenter’s/],
		['another JSON', 200, 'application/json', '{"hello":1}', /not Paymenter’s/],
	])('%s is told, with what to do', async (_, status, contentType, body, words) => {
		server = createServer((_request, response) => {
			response.writeHead(status, { 'content-type': contentType, location: '/login' }).end(body);
		});
		await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
		const { port } = server.address() as AddressInfo;
		const error = await paymenter(
			{ url: `http://127.0.0.1:${port}`, apiKey: 'PAYMkey' },
			{ operation: 'get', parameters: { subscriptionId: '1' } },
		).catch((failure: Error & { description: string }) => failure);
		expect((error as Error).message).toMatch(words);
		expect((error as { description?: string }).description).toMatch(/Paymenter/);
	});

	it('nothing is told, with the address', async () => {
		server = createServer();
		const error = (await paymenter(
			{ url: 'http://127.0.0.1:1', apiKey: 'PAYMkey' },
			{ operation: 'get', parameters: { subscriptionId: '1' } },
		).catch((failure: Error) => failure)) as Error;
		expect(error.message).toMatch(
			/Paymenter at http:\/\/127\.0\.0\.1:1 did not answer.*connection was refused/,
		);
	});
});

describe('Subscription → Compare', () => {
	const compare = async (items: object[] = [{}]) =>
		(
			await paymenter(shop, {
				operation: 'compare',
				items: items as never,
				parameters: { compareOptions: {} },
			})
		).map(({ json }) => json);

	it('finds everything for an empty log, and nothing more with that in it', async () => {
		const found = await compare();
		const live = services().filter(({ status }) => status === 'active' || status === 'suspended');
		expect(new Set(found.map((one) => one.subscription_id)).size).toBeLessThanOrEqual(live.length);
		expect(found.length).toBeGreaterThan(40);
		expect(await compare(found)).toEqual([]);
	});

	it('asks for one that the list lacks, and believes only Paymenter’s own "not found"', async () => {
		const found = await compare();
		const [first, second] = services().filter(({ status }) => status === 'active');
		shop.shop.deleteUser(first?.user_id ?? 0);
		shop.control.clearCalls();
		const gone = await compare(found);
		expect(gone).toMatchObject([
			{ event: 'subscription.cancelled', subscription_id: String(first?.id), source: 'reconcile' },
		]);
		const asked = shop.calls().filter(({ path }) => /services\/\d/.test(path));
		expect(asked).toHaveLength(1);

		shop.shop.deleteUser(second?.user_id ?? 0);
		shop.control.fault({
			method: 'GET',
			path: `/api/v1/admin/services/${second?.id}`,
			kind: 'status',
			status: 404,
			times: 9,
		} as never);
		await expect(compare(found)).rejects.toThrow();
	});

	describe('with properties of customers', () => {
		const compareOptions = { customerProperties: 'minecraft_username, discord_id' };
		const withProperties = async (items: object[]) =>
			(
				await paymenter(shop, {
					operation: 'compare',
					items: items as never,
					parameters: { compareOptions },
				})
			).map(({ json }) => json);
		const isOfUser = ({ event }: object & { event?: unknown }) => event === 'customer.updated';
		let log: object[];
		let user: number;
		beforeEach(async () => {
			log = await compare();
			user = services().find(({ status }) => status === 'active')?.user_id ?? 0;
			shop.control.clearCalls();
		});

		it.each([7, 1000])('reads all users in pages of %i, and finds what differs', async (size) => {
			PAYMENTER.pageSize = size;
			shop.shop.setProperty(user, 'minecraft_username', ' Ada ');
			shop.shop.setProperty(user, 'other', 'x');
			const found = (await withProperties(log)).filter(isOfUser);
			expect(found.find(({ customer_id: id }) => id === String(user))).toMatchObject({
				...{ subscription_id: '', source: 'reconcile', customer_email: null },
				customer_properties: { minecraft_username: 'Ada' },
			});
			const pages = shop.calls().filter(({ path }) => path.includes('/users'));
			expect(pages).toHaveLength(Math.ceil(shop.shop.tables.users.rows.size / size));
			const query = new URL(pages[0]?.path ?? '', shop.url).searchParams;
			expect(Object.fromEntries(query)).toEqual({
				...{ sort: 'id', include: 'properties', page: '1', per_page: String(size) },
			});
			expect(await withProperties([...log, ...found])).toEqual([]);
		});

		it('reads no users where it need not', async () => {
			await compare(log);
			expect(shop.calls().filter(({ path }) => path.includes('/users'))).toEqual([]);
		});

		it('corrects the subscriptions even if the key may not read properties', async () => {
			const permissions = ['admin.services.view', 'admin.users.view'];
			const { token } = shop.control.addKey({ permissions });
			const said: PaymenterRun = { operation: 'compare', parameters: { compareOptions } };
			const found = await paymenter({ ...shop, apiKey: token }, { ...said, continueOnFail: true });
			expect(found.length).toBeGreaterThan(40);
			expect(found.at(-1)?.json).toEqual({
				error: expect.stringContaining('properties') as string,
				details: { advice: expect.stringContaining('admin.properties.view') as string },
			});
			await expect(paymenter({ ...shop, apiKey: token }, said)).rejects.toThrow();
		});
	});

	it('says which row of the log it cannot read', async () => {
		await expect(compare([{ event: 'nonsense' }])).rejects.toThrow(/Item 0 is not a row/);
	});
});
