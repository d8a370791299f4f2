import type { Paymenter } from '../../../simulators/paymenter/server.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';
import type { Send } from './target.cjs';
import { caller } from './target.cjs';

/** Odd requests: what Paymenter's Laravel, PHP and MariaDB make of them, not Paymenter itself. */

let paymenter: Paymenter;
let api: Send;

beforeEach(async () => {
	paymenter = await startPaymenter({
		customers: 3,
		now: () => new Date('2026-11-25T12:00:00Z'),
	});
	api = caller(paymenter.url, paymenter.apiKey);
});

afterEach(() => paymenter.close());

const told = async (method: string, path: string, body?: unknown) => {
	const { status, data } = await api(method, path, body);
	return [status, data.errors ?? data.message];
};
const service = (fields: Record<string, unknown>) => told('PUT', '/services/1', fields);

describe('Parameters as arrays', () => {
	it.each([
		[
			'/services?include[]=user',
			'The include parameter must be a comma seperated list of relationship paths.',
		],
		['/services/1?include[]=nope', /^Requested include\(s\) `nope` are not allowed/],
		['/services?sort[]=nope', /^Requested sort\(s\) `nope` is not allowed/],
		['/services?filter[]=x', /^Requested filter\(s\) `0` are not allowed/],
		[
			'/services?fields[services][]=id',
			'The fields parameter value must be a comma seperated list of attributes.',
		],
	])('%s is refused', async (path, message) => {
		expect(await told('GET', path)).toEqual([400, expect.stringMatching(message)]);
	});

	it('sort, where they are sorts', async () => {
		const { data } = (await api('GET', '/services?sort[]=-id')).data;
		const ids = data.map(({ id }) => Number(id));
		expect(ids).toEqual([...ids].sort((one, other) => other - one));
		expect(ids.length).toBeGreaterThan(1);
	});

	it('ask nothing of an empty list', async () => {
		expect((await api('GET', '/tickets?include[]=user')).status).toBe(200);
	});
});

describe('A date', () => {
	const invalid = 'The expires at field must be a valid date.';
	const past = 'The expires at field must be a date after or equal to today.';

	it.each([
		['01/02/2027', '2027-01-02'],
		['2027-1-5', '2027-01-05'],
		['5.1.2027 10:00', '2027-01-05'],
		['2027-01-05T00:30:00+02:00', '2027-01-05'],
	])('%s is %s', async (expires_at, day) => {
		const answer = await api('PUT', '/services/1', { expires_at });
		expect(answer.data.data.attributes.expires_at).toBe(`${day}T00:00:00.000000Z`);
		const invoice = await api('POST', '/invoices', {
			user_id: 1,
			currency_code: 'USD',
			due_at: expires_at,
		});
		expect(invoice.data.data.attributes.due_at).toBe(`${day}T00:00:00.000000Z`);
	});

	it.each([
		['2030-02-30', [invalid]],
		['tomorrow', [invalid]],
		['yesterday', [invalid, past]],
		['2030-13-01', [invalid, past]],
		['nonsense', [invalid, past]],
		['11/24/2026', [past]],
	])('%s is none: %j', async (expires_at, errors) => {
		expect(await service({ expires_at })).toEqual([422, { expires_at: errors }]);
	});
});

describe('A value', () => {
	const required = (name: string) => [`The ${name} field is required.`];

	it('that is an empty object is none', async () => {
		expect(await service({ status: {} })).toEqual([422, { status: required('status') }]);
	});

	it('that is white space is none, also as a password', async () => {
		const user = { email: 'a@example.test', password: ' '.repeat(8) };
		expect(await told('POST', '/users', user)).toEqual([422, { password: required('password') }]);
	});

	it('that PHP takes for false asks no plan to belong to it', async () => {
		const selected = ['The selected product id is invalid.'];
		expect(await service({ product_id: [], plan_id: 3 })).toEqual([
			422,
			{ product_id: required('product id') },
		]);
		expect(await service({ product_id: '0', plan_id: 3 })).toEqual([422, { product_id: selected }]);
	});

	it('is a number as PHP spells it', async () => {
		const integer = 'The quantity field must be an integer.';
		expect(await service({ quantity: false })).toEqual([
			422,
			{ quantity: [integer, 'The quantity field must be at least 1.'] },
		]);
		for (const quantity of ['1.0', '9'.repeat(20), '01']) {
			expect(await service({ quantity })).toEqual([422, { quantity: [integer] }]);
		}
		for (const fields of [{ quantity: '+2' }, { price: '1e1' }, { price: '.5' }]) {
			expect((await api('PUT', '/services/1', fields)).status).toBe(200);
		}
		expect(paymenter.shop.service(1)).toMatchObject({ quantity: 2, price: '0.50' });
	});

	it('is the same with other accents and in other case', async () => {
		const user = { password: 'longenough' };
		await api('POST', '/users', { ...user, email: 'zoë@example.test' });
		expect(await told('POST', '/users', { ...user, email: 'ZOE@example.test' })).toEqual([
			422,
			{ email: ['The email has already been taken.'] },
		]);
		expect((await api('GET', '/users?filter[email]=zöe')).data.data).toHaveLength(1);
	});
});

describe('Credits, tickets and their messages', () => {
	const required = (...names: string[]) =>
		Object.fromEntries(
			names.map((name) => [name, [`The ${name.replace('_', ' ')} field is required.`]]),
		);

	it('are refused when something is missing', async () => {
		expect(await told('POST', '/credits', {})).toEqual([
			422,
			required('user_id', 'currency_code', 'amount'),
		]);
		expect(await told('POST', '/tickets', {})).toEqual([422, required('subject', 'user_id')]);
		expect(await told('POST', '/ticket-messages', {})).toEqual([
			422,
			required('message', 'user_id', 'ticket_id'),
		]);
	});

	it('are 404 when there is none', async () => {
		for (const [path, model] of [
			['credits', 'Credit'],
			['tickets', 'Ticket'],
			['ticket-messages', 'TicketMessage'],
		]) {
			expect(await told('DELETE', `/${path}/1`)).toEqual([
				404,
				`No query results for model [App\\Models\\${model}] 1`,
			]);
		}
		expect(await told('PUT', '/ticket-messages/1', {})).toEqual([500, 'Server Error']);
	});

	it('are made, changed and deleted', async () => {
		const owner = { user_id: 2 };
		const credit = { ...owner, currency_code: 'USD', amount: 5 };
		expect((await api('POST', '/credits', credit)).data.data.attributes).toMatchObject({
			currency_code: 'USD',
			amount: 5,
		});
		expect(await told('POST', '/credits', credit)).toEqual([
			422,
			{ currency_code: ['The currency code has already been taken.'] },
		]);
		expect((await api('PUT', '/credits/1', { amount: 7 })).status).toBe(200);
		expect((await api('GET', '/credits/1')).data.data.attributes).toMatchObject({ amount: '7.00' });
		const ticket = await api('POST', '/tickets', { ...owner, subject: 'Help' });
		expect([ticket.status, ticket.data.data.attributes]).toMatchObject([
			201,
			{ subject: 'Help', status: 'open', priority: 'medium', department: null, user_id: 2 },
		]);
		await api('POST', '/ticket-messages', { ...owner, ticket_id: 1, message: 'Please' });
		await api('PATCH', '/tickets/1', { status: 'closed' });
		const { data, included } = (await api('GET', '/tickets/1?include=messages')).data;
		expect(data.attributes.status).toBe('closed');
		expect(included).toMatchObject([{ type: 'ticketMessages', attributes: { message: 'Please' } }]);
		for (const path of ['/credits/1', '/tickets/1']) {
			expect((await api('DELETE', path)).status).toBe(204);
		}
		expect((await api('GET', '/ticket-messages/1')).status).toBe(404);
	});
});

it('OPTIONS names the methods of a known route, to everybody', async () => {
	const nobody = caller(paymenter.url, null);
	const list = await nobody('OPTIONS', '/products');
	expect([list.status, list.headers.allow, list.data]).toEqual([200, 'GET,HEAD,POST', '']);
	const one = await nobody('OPTIONS', '/services/99');
	expect(one.headers.allow).toBe('GET,HEAD,PUT,PATCH,DELETE');
	expect((await nobody('OPTIONS', '/nope')).status).toBe(404);
});
