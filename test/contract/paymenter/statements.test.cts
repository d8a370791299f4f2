import { request } from 'node:http';

import type { Send, Target, Thing } from './target.cjs';
import { caller, isReal, openTarget } from './target.cjs';

/** The contract's statements, for the simulator and for a real Paymenter 1.5.8 alike. */

jest.setTimeout(isReal ? 120_000 : 20_000);

let target: Target;
let api: Send;
let product: { id: number; plan: number };

const run = `contract${Date.now().toString(36)}`;
const made: string[] = [];
let counter = 0;

/** Something of our own; deleted at the end, the last first. */
async function make(path: string, fields: Record<string, unknown>): Promise<Thing['attributes']> {
	const answer = await api('POST', path, fields);
	expect([answer.status, answer.data]).toEqual([201, expect.anything()]);
	made.push(`${path}/${answer.data.data.id}`);
	return answer.data.data.attributes;
}

async function makeUser(email = `${run}x${++counter}@example.test`) {
	const names = { first_name: 'Con', last_name: 'Tract' };
	return (
		target.paymenter?.shop.addUser({ email, ...names }) ??
		(await make('/users', { email, password: 'contract-12345', ...names }))
	);
}

interface ServiceFields {
	user_id?: number;
	status?: 'active';
	price?: number;
	subscription_id?: string;
}

async function makeService({ user_id, price = 10, ...fields }: ServiceFields = {}) {
	const owner = user_id ?? (await makeUser()).id;
	const shop = target.paymenter?.shop;
	if (shop) {
		const { service } = shop.buy(owner, 'fire-knight');
		shop.setService(service.id, { price: price.toFixed(2), order_id: null, ...fields });
		return service;
	}
	return await make('/services', {
		product_id: product.id,
		plan_id: product.plan,
		currency_code: 'USD',
		price,
		user_id: owner,
		...fields,
	});
}

async function monthlyProduct() {
	const { data } = await api('GET', '/products?per_page=100&include=plans');
	const monthly = data.included
		.filter(({ type, attributes }) => type === 'plans' && attributes.billing_unit === 'month')
		.map(({ id }) => id);
	for (const { id, relationships } of data.data) {
		const plan = relationships.plans?.data.find((one) => monthly.includes(one.id));
		if (plan) return { id: Number(id), plan: Number(plan.id) };
	}
	throw new Error('The shop needs a product with a monthly plan.');
}

beforeAll(async () => {
	target = await openTarget();
	api = caller(target.url, target.apiKey);
	if (isReal) product = await monthlyProduct();
});

afterAll(async () => {
	for (const path of made.toReversed()) await api('DELETE', path);
	await target.close();
});

describe('Access', () => {
	const missing = { error: 'The request is missing a valid bearer token.' };

	it('without a bearer token is 401 under "error", in JSON whatever is accepted', async () => {
		const anonymous = caller(target.url, null);
		for (const answer of [
			await anonymous('GET', '/services'),
			await anonymous('GET', '/services', undefined, { Accept: null }),
			await anonymous('GET', `/services?token=${target.apiKey}`),
			await anonymous('GET', `/services?api_token=${target.apiKey}`),
			await api('GET', '/services', undefined, { Authorization: 'Basic Zm9vOmJhcg==' }),
		]) {
			expect([answer.status, answer.data]).toEqual([401, missing]);
		}
	});

	it('with an unknown key is 401 under "message"', async () => {
		const answer = await caller(target.url, `PAYM${'0'.repeat(64)}`)('GET', '/services');
		expect(answer.status).toBe(401);
		expect(answer.data).toEqual({
			message: 'The provided API key is invalid or has been disabled.',
		});
	});

	it('answers errors as HTML pages when JSON is not asked for', async () => {
		const plain = { Accept: null };
		const pages = [
			await caller(target.url, 'nonsense')('GET', '/services', undefined, plain),
			await api('GET', '/services?include=plan', undefined, plain),
			await api('GET', '/services/99999999', undefined, plain),
		];
		expect(pages.map(({ status }) => status)).toEqual([401, 400, 404]);
		for (const { headers, data } of pages) {
			expect(headers['content-type']).toMatch(/^text\/html; charset=utf-8$/i);
			expect(String(data)).toContain('<html');
		}
	});

	it('of an unknown route is 404, even without a key', async () => {
		const answer = await caller(target.url, null)('GET', '/nope');
		expect([answer.status, answer.data]).toEqual([
			404,
			{ message: 'The route api/v1/admin/nope could not be found.' },
		]);
		for (const path of ['', '/service-upgrades', '/services/1/upgrades', '/invoice-transactions']) {
			expect((await api('GET', path)).status).toBe(404);
		}
	});

	it('is open to every origin and has no throttle', async () => {
		const answers = await Promise.all(
			Array.from({ length: 40 }, () => api('GET', '/services?per_page=1')),
		);
		for (const { status, headers } of answers) {
			expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
			expect(headers['content-type']).toBe('application/vnd.api+json');
			expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
		}
	});

	it('to something that is not there is 404 with its model and id; any text may be an id', async () => {
		const service = await api('GET', '/services/99999999');
		expect(service.data).toEqual({
			message: 'No query results for model [App\\Models\\Service] 99999999',
		});
		expect((await api('GET', '/services/abc')).data.message).toMatch(/Service\] abc$/);
		const vnd = { Accept: 'application/vnd.api+json' };
		const answer = await api('GET', '/services/99999999', undefined, vnd);
		expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/json']);
	});
});

describe('A page', () => {
	const list = async (query: string) => (await api('GET', `/users?${query}`)).data;

	beforeAll(async () => {
		for (let user = 0; user < 3; user++) await makeUser();
	});

	it('has 15 rows unless asked, tells no total, and a size as it was sent', async () => {
		const answer = await list('');
		expect(answer.meta).toMatchObject({ current_page: 1, from: 1, per_page: 15 });
		expect(Object.keys(answer.meta).sort()).toEqual([
			'current_page',
			'current_page_url',
			'from',
			'path',
			'per_page',
			'to',
		]);
		expect((await list('per_page=2')).meta.per_page).toBe('2');
		expect((await list('per_page=0')).meta.per_page).toBe(15);
		expect((await list('per_page=1000')).meta.per_page).toBe('1000');
		expect((await list('page[number]=2&page[size]=1')).meta).toMatchObject({
			current_page: 1,
			per_page: 15,
		});
	});

	it('links to the next one, without anything else that was asked', async () => {
		const { links, meta } = await list('per_page=1&page=2&sort=-id&include=properties');
		expect(links.next).toMatch(/\/users\?page=3$/);
		expect(links.prev).toMatch(/\/users\?page=1$/);
		expect(meta).toMatchObject({ from: 2, to: 2 });
	});

	it('beyond the end is empty, with no next one', async () => {
		const answer = await list('per_page=1000&page=99');
		expect([answer.data, answer.links.next, answer.meta.from]).toEqual([[], undefined, null]);
	});

	it('of -1 rows is empty with a next one; of text it is 500', async () => {
		const answer = await list('per_page=-1');
		expect([answer.data, answer.meta.per_page]).toEqual([[], '-1']);
		expect(answer.links.next).toMatch(/page=2$/);
		const broken = await api('GET', '/users?per_page=abc');
		expect([broken.status, broken.data]).toEqual([500, { message: 'Server Error' }]);
	});

	it('by page, sorted by id, shows everything once', async () => {
		const ids: number[] = [];
		for (let page = 1; ; page++) {
			const { data, links } = await list(`sort=id&per_page=7&page=${page}`);
			ids.push(...data.map(({ attributes }) => attributes.id));
			if (!links.next) break;
		}
		expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
		const all = await list('per_page=100000');
		expect(ids).toHaveLength(all.data.length);
	});
});

describe('A user', () => {
	const found = async (filter: string): Promise<string[]> => {
		const answer = await api('GET', `/users?filter[email]=${filter}&per_page=100`);
		return answer.data.data.map(({ attributes }) => attributes.email);
	};

	it('is found by any part of the address, in any letter case, and by one of several', async () => {
		const one = await makeUser();
		const two = await makeUser(`b${one.email}`);
		expect(await found(one.email)).toEqual([one.email, two.email]);
		expect(await found(two.email.toUpperCase())).toEqual([two.email]);
		expect(await found(`nobody@example.test,${two.email}`)).toEqual([two.email]);
		expect(await found(`no${two.email}`)).toEqual([]);
	});

	it('is found with "_", "%" and "%2B" as they are', async () => {
		const { email } = await makeUser(`${run}+a_b${++counter}@example.test`);
		expect(await found(email.replace('+', '%2B'))).toEqual([email]);
		expect(await found(email)).toEqual([]);
		expect(await found(`${run}%2Bb_b`)).toEqual([]);
		expect(await found(`${run}%25b`)).toEqual([]);
	});

	it('is everybody when the filter is empty', async () => {
		const answer = await api('GET', '/users?filter[email]=&per_page=2');
		expect(answer.data.data).toHaveLength(2);
	});

	it('comes with its properties, and with nothing nested', async () => {
		const user = await makeUser();
		const path = `/users?filter[email]=${user.email}&include=properties`;
		const { data } = (await api('GET', path)).data;
		expect(data[0]?.relationships).toEqual({ properties: { data: [] } });
		expect(data[0]?.meta).toEqual({ properties: [] });
		const nested = await api('GET', '/users?include=services.product');
		expect(nested.status).toBe(400);
	});
});

describe('A service', () => {
	it('shows eight attributes, and nothing of user, product and plan', async () => {
		const made = await makeService();
		const { data } = (await api('GET', `/services/${made.id}`)).data;
		expect(data).toEqual({ id: String(made.id), type: 'services', attributes: data.attributes });
		expect(data.attributes).toEqual({
			id: made.id,
			quantity: 1,
			price: '10.00',
			status: 'pending',
			currency_code: 'USD',
			expires_at: null,
			updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/),
			created_at: expect.stringMatching(/\.000000Z$/),
		});
	});

	it('comes with user and product, and with null where there is none', async () => {
		const service = await makeService();
		const { data, included } = (
			await api('GET', `/services/${service.id}?include=user,product,order,coupon`)
		).data;
		expect(Object.keys(data.relationships)).toEqual(['coupon', 'user', 'order', 'product']);
		expect(data.relationships).toMatchObject({
			coupon: { data: null },
			order: { data: null },
			product: { data: { type: 'products', id: expect.any(String) } },
		});
		expect(included.map(({ type }) => type)).toEqual(['users', 'products']);
		const counted = await api('GET', `/services/${service.id}?include=productCount,userExists`);
		expect([counted.status, counted.data.data.relationships]).toEqual([200, undefined]);
	});

	it('shows one user of two services once', async () => {
		const user = await makeUser();
		const one = await makeService({ user_id: user.id });
		const two = await makeService({ user_id: user.id });
		const { data, included } = (await api('GET', '/services?include=user&sort=-id&per_page=2'))
			.data;
		expect(data.map(({ attributes }) => attributes.id)).toEqual([two.id, one.id]);
		expect(included).toHaveLength(1);
	});

	it.each([
		['include', 'plan', 'plan'],
		['include', 'cancellation,user', 'cancellation'],
		['include', 'user.properties', 'user.properties'],
	])('refuses %s=%s', async (_what, asked, named) => {
		const answer = await api('GET', `/services?include=${asked}`);
		expect(answer.status).toBe(400);
		expect(answer.data.message).toBe(
			`Requested include(s) \`${named}\` are not allowed. Allowed include(s) are \`order, orderCount, orderExists, coupon, couponCount, couponExists, user, userCount, userExists, product, productCount, productExists, invoices, invoicesCount, invoicesExists, properties, propertiesCount, propertiesExists\`.`,
		);
	});

	it('refuses filters and sorts that it does not know, even empty ones', async () => {
		for (const name of ['id', 'user_id', 'product_id', 'updated_at']) {
			const answer = await api('GET', `/services?filter[${name}]=`);
			expect([answer.status, answer.data.message]).toEqual([
				400,
				`Requested filter(s) \`${name}\` are not allowed. Allowed filter(s) are \`quantity, price, expires_at, subscription_id, status\`.`,
			]);
		}
		const sort = await api('GET', '/services?sort=-price,id');
		expect([sort.status, sort.data.message]).toEqual([
			400,
			'Requested sort(s) `price` is not allowed. Allowed sort(s) are `id, created_at, updated_at, expires_at, status`.',
		]);
	});

	it('shows only the fields asked for, but not of what is included', async () => {
		const { id } = await makeService();
		const answer = await api('GET', `/services/${id}?fields[services]=id,status`);
		expect(answer.data.data.attributes).toEqual({ id, status: 'pending' });
		const refused = await api('GET', `/services/${id}?fields[users]=email&include=user`);
		expect([refused.status, refused.data.message]).toEqual([
			400,
			expect.stringMatching(/^Requested field\(s\) `email` are not allowed \(yet\)\./),
		]);
	});

	it('is filtered by a part of each value, and by one of several', async () => {
		const subscription_id = `${run}Sub${++counter}`;
		const active = await makeService({ status: 'active', price: 15, subscription_id });
		const pending = await makeService({ price: 50, subscription_id });
		const ids = async (filter: string) => {
			const path = `/services?filter[subscription_id]=${subscription_id.toLowerCase()}&sort=id&${filter}`;
			return (await api('GET', path)).data.data.map(({ attributes }) => attributes.id);
		};
		expect(await ids('filter[price]=5')).toEqual([active.id, pending.id]);
		expect(await ids('filter[price]=5.00')).toEqual([active.id]);
		expect(await ids('filter[status]=act')).toEqual([active.id]);
		expect(await ids('filter[status]=active,pending')).toEqual([active.id, pending.id]);
		expect(await ids('filter[status]=nonsense')).toEqual([]);
	});

	it('answers HEAD with nothing but headers', async () => {
		const status = await new Promise((resolve, reject) => {
			const headers = { Authorization: `Bearer ${target.apiKey}`, Accept: 'application/json' };
			const url = `${target.url}/api/v1/admin/services`;
			const call = request(url, { method: 'HEAD', headers }, (answer) => {
				answer.resume().on('end', () => resolve(answer.statusCode));
			});
			call.on('error', reject).end();
		});
		expect(status).toBe(200);
	});
});
