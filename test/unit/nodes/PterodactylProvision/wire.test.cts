import nock from 'nock';

import { failing, provisionOne } from './support/node.cjs';

const KEYS = {
	url: 'https://panel.example.com/',
	applicationKey: `ptla_${'A'.repeat(43)}`,
	accountKey: `ptlc_${'C'.repeat(43)}`,
};
const ADA = { id: 77, email: 'ada+x@example.com', name: 'Ada', grants: 'awakened' };
const NOT_FOUND = {
	errors: [{ code: 'NotFoundHttpException', status: '404', detail: 'Not found.' }],
};
const list = (...entries: object[]) => ({
	object: 'list',
	data: entries.map((attributes) => ({ attributes })),
	meta: { pagination: { total_pages: 1 } },
});
const ACCOUNT = {
	id: 5,
	uuid: '16d08707-02cd-49c0-b4c0-ebb6f4d7d6ea',
	external_id: 'paymenter-77',
	username: 'ada',
	email: ADA.email,
	first_name: 'A',
	last_name: 'B',
	language: 'en',
	root_admin: false,
};
const SERVER = {
	id: 1,
	uuid: '319f0c21-34bd-4cd2-8a12-5f8e36d96648',
	identifier: '319f0c21',
	name: 'Frost Path - Snowfall',
	description: '',
	user: 1,
	node: 1,
	nest: 1,
	status: null,
	relationships: { subusers: { object: 'list', data: [] } },
};

interface Sent {
	method: string;
	path: string;
	headers: Record<string, string>;
	body: unknown;
}
const sent: Sent[] = [];

function answer(
	method: 'get' | 'post' | 'patch' | 'delete',
	path: string | RegExp,
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
) {
	nock('https://panel.example.com')
		[method](path)
		.reply(function (uri, requestBody) {
			sent.push({
				method,
				path: uri,
				headers: Object.fromEntries(
					Object.entries(this.req.headers).map(([name, value]) => [
						name.toLowerCase(),
						String(value),
					]),
				),
				body: requestBody,
			});
			return [status, body as nock.Body, { 'content-type': 'application/json', ...headers }];
		});
}

function purchase(cookie: Record<string, string> = {}) {
	answer('get', /users\/external\/paymenter-77$/, 404, NOT_FOUND, cookie);
	answer('get', /application\/users\?/, 200, list(), cookie);
	answer('get', /application\/servers\?/, 200, list(SERVER), cookie);
	answer('post', /application\/users$/, 201, { attributes: ACCOUNT }, cookie);
	answer(
		'post',
		/client\/servers\/319f0c21-34bd-4cd2-8a12-5f8e36d96648\/users$/,
		200,
		{ attributes: { uuid: ACCOUNT.uuid, permissions: ['websocket.connect'] } },
		cookie,
	);
}

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
	sent.length = 0;
});
afterEach(() => nock.cleanAll());
afterAll(() => {
	nock.enableNetConnect();
	nock.restore();
});

describe('What goes over the wire', () => {
	it('asks for JSON and says that it is JSON, in every call', async () => {
		purchase();
		await provisionOne(KEYS, ADA);
		expect(sent).toHaveLength(5);
		for (const { headers } of sent) expect(headers.accept).toBe('application/json');
		for (const { headers } of sent.filter(({ method }) => method === 'post')) {
			expect(headers['content-type']).toMatch(/^application\/json/);
		}
	});

	it('carries no cookie, referer or origin, also after the panel has set a cookie [532]', async () => {
		purchase({ 'set-cookie': 'pterodactyl_session=abc; path=/' });
		await provisionOne(KEYS, ADA);
		expect(sent).toHaveLength(5);
		for (const { headers } of sent) {
			expect(
				Object.keys(headers).filter((name) => ['cookie', 'referer', 'origin'].includes(name)),
			).toEqual([]);
		}
	});

	it('uses the key that fits, and only in the header', async () => {
		purchase();
		await provisionOne(KEYS, ADA);
		for (const { path, headers, body } of sent) {
			const key = path.startsWith('/api/application/') ? KEYS.applicationKey : KEYS.accountKey;
			expect(headers.authorization).toBe(`Bearer ${key}`);
			expect(`${path} ${JSON.stringify(body)}`).not.toMatch(/ptl[ac]_/);
		}
	});

	it('writes + as %2B in a filter [135], and leaves no filter empty', async () => {
		purchase();
		await provisionOne(KEYS, ADA);
		const filters = sent.filter(({ path }) => path.includes('filter'));
		expect(filters.map(({ path }) => path)).toEqual([
			expect.stringContaining('ada%2Bx%40example.com'),
		]);
	});

	it('escapes an odd customer id, which would else reach another path', async () => {
		answer('get', /./, 404, NOT_FOUND);
		await failing(KEYS, { ...ADA, id: '7\\..8?9#0' }, { connection: { retries: 0 } });
		expect(sent.map(({ path }) => path)).toEqual([
			'/api/application/users/external/paymenter-7%5C..8%3F9%230',
		]);
	});

	it('asks for an id with a slash by a filter: the panel takes it for another path [156]', async () => {
		answer('get', /./, 200, list());
		await failing(KEYS, { ...ADA, id: '7/8' }, { connection: { retries: 0 } });
		expect(sent.map(({ path }) => path)).toEqual([
			expect.stringMatching(/users\?filter%5Bexternal_id%5D=paymenter-7%2F8&/),
		]);
	});

	it('sends the external id as text [123], each permission once [319], and never root_admin', async () => {
		purchase();
		await provisionOne(KEYS, ADA);
		const [user, row] = sent.filter(({ method }) => method === 'post').map(({ body }) => body);
		expect(user).toMatchObject({ external_id: 'paymenter-77' });
		expect(user).not.toHaveProperty('root_admin');
		expect(row).toEqual({ email: ADA.email, permissions: ['websocket.connect'] });
	});

	it('follows no redirect with a key in hand', async () => {
		answer('get', /users\/external/, 302, '', { location: 'https://evil.example.com/' });
		const elsewhere = nock('https://evil.example.com').get('/').reply(200, {});
		const result = await failing(KEYS, ADA);
		expect(result.error).toMatch(/302/);
		expect(elsewhere.isDone()).toBe(false);
	});

	it('has no comma in a filter, where it would mean OR [137]; the answer is compared', async () => {
		answer('get', /users\/external/, 404, NOT_FOUND);
		answer(
			'get',
			/application\/users\?/,
			200,
			list(
				{ ...ACCOUNT, external_id: null, email: 'l"@example.com' },
				{ ...ACCOUNT, id: 6, external_id: 'whmcs-1', email: '"ADA,l"@example.com' },
			),
		);
		answer(
			'get',
			/application\/servers\?/,
			200,
			list({
				...SERVER,
				rows: [],
				relationships: {
					subusers: {
						object: 'list',
						data: [{ attributes: { user_id: 6, permissions: ['websocket.connect'] } }],
					},
				},
			}),
		);
		const result = await provisionOne(KEYS, { ...ADA, email: '"ada,l"@example.com' });
		expect(result).toMatchObject({ outcome: 'unchanged', account: { id: 6 } });
		const [filter] = sent.filter(({ path }) => path.includes('filter'));
		expect(decodeURIComponent(filter?.path ?? ',')).not.toContain(',');
	});
});

describe('What the panel cannot show', () => {
	it('(a null resource for the rows [417]) is an error, not "nobody has access"', async () => {
		answer('get', /users\/external/, 200, { attributes: ACCOUNT });
		answer(
			'get',
			/application\/servers\?/,
			200,
			list({
				...SERVER,
				relationships: { subusers: { object: 'null_resource', attributes: null } },
			}),
		);
		const result = await failing(KEYS, ADA);
		expect(result.error).toMatch(/may not read/);
		expect(result.advice).toMatch(/Users/);
		expect(sent.filter(({ method }) => method !== 'get')).toEqual([]);
	});

	it('(JSON of another shape) is an error with customer and what to do', async () => {
		answer('get', /users\/external/, 200, { hello: 'world' });
		const result = await failing(KEYS, ADA);
		expect(result.error).toMatch(/customer 77/);
		expect(result.advice).not.toBe('');
	});

	it('(a list of another shape) is an error with customer and what to do, and nobody is created', async () => {
		answer('get', /users\/external/, 404, NOT_FOUND);
		answer('get', /application\/users\?/, 200, { status: 'ok' });
		const result = await failing(KEYS, ADA, { connection: { retries: 0 } });
		expect(result.error).toMatch(/customer 77/);
		expect(result.advice).not.toBe('');
		expect(sent.filter(({ method }) => method !== 'get')).toEqual([]);
	});
});

describe('What somebody else answers', () => {
	it.each<[string, number, unknown, string]>([
		[
			'a proxy',
			403,
			{ title: 'Error 1020: Access denied', status: 403 },
			'Error 1020: Access denied',
		],
		['a gateway', 403, { message: 'Forbidden' }, 'Forbidden'],
		[
			'an API of another kind',
			400,
			{ success: false, errors: [{ code: 9, message: 'Bad key' }] },
			'Bad key',
		],
		['a balancer', 502, { error: { message: 'no healthy upstream' } }, 'no healthy upstream'],
		[
			'something that says why',
			403,
			{ error: 'blocked', detail: 'by rule 7' },
			'blocked: by rule 7',
		],
	])('(%s, %i) is shown, and that it is not the panel’s', async (_, status, body, words) => {
		answer('get', /users\/external/, status, body);
		const result = await failing(KEYS, ADA, { connection: { retries: 0 } });
		expect(result.error).toMatch(/Something in front of the panel answered/);
		expect(result.error).toContain(words ? `status ${status}: ${words}` : `(status ${status})`);
		expect(result.advice).toMatch(/proxy/);
	});

	it.each([
		['<html><head><title>Attention Required!\n</title></head></html>', 'Attention Required!'],
		['<body><h1><b>403</b> Forbidden</h1></body>', '403 Forbidden'],
		['upstream connect error', 'upstream connect error'],
		[`seen with ${KEYS.applicationKey}`, 'seen with …'],
		['x'.repeat(5000), `${'x'.repeat(200)}…`],
	])('(a text, %.40s) is shown without keys, and not for ever', async (body, words) => {
		answer('get', /users\/external/, 503, body, { 'content-type': 'text/html' });
		const result = await failing(KEYS, ADA, { connection: { retries: 0 } });
		expect(result.error).toContain(`was no JSON (status 503: ${words})`);
	});

	it('to a write, with a success and no content, is followed by a look whether it had worked', async () => {
		answer('get', /users\/external/, 200, { attributes: ACCOUNT });
		answer('get', /application\/servers\?/, 200, list(SERVER));
		answer('get', /application\/users\/5$/, 200, { attributes: ACCOUNT });
		answer('post', /319f0c21-34bd-4cd2-8a12-5f8e36d96648\/users$/, 204, '');
		const row = { attributes: { uuid: ACCOUNT.uuid, permissions: ['websocket.connect'] } };
		answer('get', /319f0c21-34bd-4cd2-8a12-5f8e36d96648\/users\/16d08707/, 200, row);
		expect(await provisionOne(KEYS, ADA)).toMatchObject({ outcome: 'changed' });
	});
});

describe('A DELETE that a proxy answers with 200', () => {
	const HAS_ROW = {
		...SERVER,
		relationships: {
			subusers: {
				object: 'list',
				data: [{ attributes: { user_id: 5, permissions: ['websocket.connect'] } }],
			},
		},
	};

	it.each([[[]], [''], [{}]])('(%j) has worked', async (body) => {
		answer('get', /users\/external/, 200, { attributes: ACCOUNT });
		answer('get', /application\/servers\?/, 200, list(HAS_ROW));
		answer('delete', /319f0c21-34bd-4cd2-8a12-5f8e36d96648\/users\/16d08707/, 200, body);
		const result = await provisionOne(KEYS, { ...ADA, grants: '' });
		expect(result.changes).toMatchObject([{ what: 'access taken' }]);
	});
});

describe('A wrong Panel URL', () => {
	it.each([
		['https://panel.example.com/api', '/api'],
		['https://panel.example.com/api/client/', '/api/client/'],
		['https://panel.example.com/admin', '/admin'],
		['https://panel.example.com/admin/api/1', '/admin/api/1'],
		['https://panel.example.com/server/1a7ce997', '/server/1a7ce997'],
		['https://panel.example.com/auth/login?x=1', '/auth/login?x=1'],
		['https://panel.example.com?', '?'],
		['https://panel.example.com/#/', '#/'],
	])('(%s) is told before anything is sent, with what to enter', async (url, path) => {
		const result = await failing({ ...KEYS, url }, ADA);
		expect(result.error).toContain(
			`Panel URL: enter only https://panel.example.com, without "${path}"`,
		);
		expect(sent).toEqual([]);
	});

	it('with a name and a password in it is refused: they would stand in the way of the keys', async () => {
		const result = await failing({ ...KEYS, url: 'https://me:pw@panel.example.com/sub' }, ADA);
		expect(result.error).toContain(
			'enter https://panel.example.com/sub, without a user name and password',
		);
		expect(JSON.stringify(result)).not.toContain('pw@');
	});

	it.each(['https://panel.example.com/server', 'https://panel.example.com/dashboard/'])(
		'(%s) may be the folder of a panel',
		async (url) => {
			answer('get', /^\/(server|dashboard)\/api\/application/, 503, '');
			expect((await failing({ ...KEYS, url }, ADA, { connection: { retries: 0 } })).error).toMatch(
				/503/,
			);
		},
	);

	const noRoute = (status: number, detail: string) => ({
		errors: [
			{ code: status === 404 ? 'NotFoundHttpException' : 'X', status: String(status), detail },
		],
	});

	it.each([
		[404, 'The route shop/api/application/users/external/paymenter-77 could not be found.'],
		[405, 'The GET method is not supported for route shop/api/x. Supported methods: POST.'],
	])('in another folder (%i) is not taken for "no such account"', async (status, detail) => {
		answer('get', /^\/shop\/api/, status, noRoute(status, detail));
		const result = await failing(
			{ ...KEYS, url: 'https://panel.example.com/shop' },
			{ id: 77, grants: '' },
		);
		expect(result.error).toMatch(/API is not at this address/);
		expect(result.advice).toMatch(/Panel URL/);
	});

	it('by http, where the panel redirects, is told with the address to enter', async () => {
		answer('get', /users\/external/, 301, '', { location: 'https://panel.example.com/api/x?y' });
		const result = await failing(KEYS, ADA);
		expect(result.advice).toMatch(/redirects to https:\/\/panel\.example\.com\. Enter/);
	});
});

it('Another server’s answer is not taken for the one that was asked for', async () => {
	const rows = {
		object: 'list',
		data: [{ attributes: { user_id: 5, permissions: ['websocket.connect'] } }],
	};
	answer('get', /users\/external/, 200, { attributes: ACCOUNT });
	answer(
		'get',
		/application\/servers\?/,
		200,
		list({ ...SERVER, relationships: { subusers: rows } }),
	);
	answer('delete', /319f0c21-34bd-4cd2-8a12-5f8e36d96648\/users\/16d08707/, 404, NOT_FOUND);
	// The panel's database reads 319f0c21… as 319, and there is a server 319.
	answer('get', /client\/servers\/319f0c21-34bd-4cd2-8a12-5f8e36d96648$/, 200, {
		attributes: { uuid: 'another' },
		meta: {},
	});
	const result = await failing(KEYS, { ...ADA, grants: '' }, { connection: { retries: 0 } });
	expect(result.error).toMatch(/server Frost Path - Snowfall no longer exists/);
	expect(result.changes).toEqual([]);
});

it('The panel’s own words are in the error, on one line [110]', async () => {
	answer('get', /users\/external/, 404, NOT_FOUND);
	answer('get', /application\/users\?/, 200, list());
	answer('get', /application\/servers\?/, 200, list(SERVER));
	answer('post', /application\/users$/, 422, {
		errors: [
			{
				code: 'ValidationException',
				status: '422',
				detail: 'The email\n              is   odd.',
				meta: { source_field: 'email', rule: 'email' },
			},
		],
	});
	const result = await failing(KEYS, ADA);
	expect(result.error).toMatch(/customer 77.*422.*The email is odd\./);
});
