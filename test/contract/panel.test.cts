import type { Panel } from '../../simulators/panel/server.cjs';
import type { Send, Target } from './target.cjs';
import {
	caller,
	checkRealPanel,
	codes,
	isReal,
	openTarget,
	pause,
	roomy,
	rules,
} from './target.cjs';

/** What the product relies on, for the simulator and for a real panel alike. */

jest.setTimeout(isReal ? 300_000 : 20_000);
checkRealPanel();

let target: Target;
let application: Send;
let client: Send;
let anonymous: Send;

const run = `contract${Date.now().toString(36)}`;
let counter = 0;
const madeUsers: number[] = [];

const nameOf = () => `${run}n${++counter}`;

/** A user of our own; deleted at the end. */
async function makeUser(fields: Record<string, unknown> = {}) {
	const username = nameOf();
	const user = { username, email: `${username}@example.test`, first_name: 'C', last_name: 'T' };
	// With a password the panel does not deadlock and needs no link in its mail.
	const answer = await application('POST', '/api/application/users', {
		...user,
		password: 'Contract-12345',
		...fields,
	});
	if (answer.status === 201) madeUsers.push(answer.data.attributes.id);
	return answer;
}

async function newUser(fields: Record<string, unknown> = {}) {
	const answer = await makeUser(fields);
	expect(answer.status).toBe(201);
	return answer.data.attributes;
}

interface Example {
	user: number;
	egg: number;
	name: string;
	relationships: { location: { attributes: { id: number } } };
	container: { startup_command: string; image: string; environment: Record<string, unknown> };
}

interface OwnServer {
	id: number;
	uuid: string;
	identifier: string;
}

let server: OwnServer;

/** Our own server; deleted at the end. */
async function makeServer(): Promise<OwnServer> {
	if (target.panel) {
		const made = target.panel.control.addServer({ name: nameOf() });
		return { ...made, identifier: made.uuid.slice(0, 8) };
	}
	const list = await application('GET', '/api/application/servers?per_page=1&include=location');
	const example = list.data.data[0]?.attributes as unknown as Example;
	const answer = await application('POST', '/api/application/servers', {
		name: nameOf(),
		user: example.user,
		egg: example.egg,
		docker_image: example.container.image,
		startup: example.container.startup_command,
		environment: example.container.environment,
		limits: { memory: 128, swap: 0, disk: 128, io: 500, cpu: 10 },
		feature_limits: { databases: 0, allocations: 0, backups: 0 },
		deploy: {
			locations: [example.relationships.location.attributes.id],
			dedicated_ip: false,
			port_range: [],
		},
	});
	if (answer.status !== 201) {
		throw new Error(
			`The panel did not create a server (${answer.status}): ${JSON.stringify(answer.data)}. ` +
				`The node of ${example.name} needs a free allocation and room for 128 MiB.`,
		);
	}
	return answer.data.attributes as unknown as OwnServer;
}

const installSeconds = 240;

async function untilInstalled(id: number): Promise<void> {
	const start = Date.now();
	for (;;) {
		const { data } = await application('GET', `/api/application/servers/${id}`);
		const { status } = data.attributes;
		if (status === null) return;
		const seconds = Math.round((Date.now() - start) / 1000);
		if (status !== 'installing' || seconds > installSeconds) {
			throw new Error(
				`Server ${id} is "${String(status)}" ${seconds} seconds after its creation: Wings has not ` +
					'reported its installation as done. Is the Wings of its node running?',
			);
		}
		await pause(300);
	}
}

/** Another server of our own, in place of the one before. */
async function renewServer(): Promise<void> {
	await removeServer();
	server = await makeServer();
	await untilInstalled(server.id);
}

async function removeServer(): Promise<void> {
	if (server && isReal) await application('DELETE', `${servers}/${server.id}/force`);
}

/** By an administrator. */
async function suspend(isSuspended: boolean): Promise<void> {
	target.panel?.control.serverStatus(server.id, isSuspended ? 'suspended' : null);
	if (isReal) {
		const action = isSuspended ? 'suspend' : 'unsuspend';
		await application('POST', `${servers}/${server.id}/${action}`);
	}
}

beforeAll(async () => {
	target = await openTarget();
	application = caller(target.url, target.applicationKey);
	client = caller(target.url, target.accountKey);
	anonymous = caller(target.url, '');
	await renewServer();
});

afterAll(async () => {
	await removeServer();
	for (const id of madeUsers) await application('DELETE', `/api/application/users/${id}`);
	await target?.close();
});

const users = '/api/application/users';
const servers = '/api/application/servers';
const subusers = () => `/api/client/servers/${server.identifier}/users`;

describe('Every call', () => {
	it('needs a key: without one, or with a wrong one, it is 401', async () => {
		const none = await anonymous('GET', users, undefined, { Authorization: null });
		const wrong = await caller(target.url, `ptla_${'x'.repeat(43)}`)('GET', users);
		for (const answer of [none, wrong]) {
			expect(answer.status).toBe(401);
			expect(answer.data).toEqual({
				errors: [{ code: 'AuthenticationException', status: '401', detail: 'Unauthenticated.' }],
			});
			expect(answer.headers).not.toHaveProperty('x-ratelimit-limit');
		}
	});

	it('carries the rate limit of its API, and no retry-after', async () => {
		const one = await application('GET', `${users}?per_page=1`);
		const two = await client('GET', '/api/client/account');
		for (const { headers } of [one, two]) {
			expect(Number(headers['x-ratelimit-limit'])).toBeGreaterThan(0);
			expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(
				Number(headers['x-ratelimit-limit']),
			);
			expect(headers).not.toHaveProperty('retry-after');
			expect(headers).not.toHaveProperty('x-ratelimit-reset');
		}
	});

	it('is redirected, not refused, when it does not ask for JSON', async () => {
		const html = { Accept: '*/*' };
		const bad = await caller(target.url, 'nonsense')('GET', users, undefined, html);
		expect(bad.status).toBe(302);
		expect(String(bad.data)).toContain('/auth/login');
		const invalid = await application('POST', users, {}, html);
		expect(invalid.status).toBe(302);
		expect(invalid.headers['content-type']).toBe('text/html; charset=utf-8');
		const view = await application('GET', `${servers}/${server.id}`);
		const owner = String(view.data.attributes.user);
		const refused = await application('DELETE', `${users}/${owner}`, undefined, html);
		expect(refused.status).toBe(302);
		const missing = await application('GET', `${users}/99999999`, undefined, html);
		expect(missing.status).toBe(404);
		expect(String(missing.data)).toContain('<title>Not Found</title>');
	});

	it('is taken for the panel’s own front end when it carries its cookie or origin', async () => {
		const suspicious: Array<Record<string, string>> = [
			{ Cookie: 'pterodactyl_session=abc' },
			{ Origin: target.url },
			{ Referer: `${target.url}/` },
		];
		for (const headers of suspicious) {
			const answer = await application('POST', users, {}, headers);
			expect(answer.status).toBe(419);
			expect(answer.data.errors[0]?.detail).toBe('CSRF token mismatch.');
			expect(answer.headers).not.toHaveProperty('x-ratelimit-limit');
		}
	});

	it('to an unknown route is 404 and with a wrong method 405, even without a key', async () => {
		const unknown = await anonymous('GET', '/api/application/nope');
		expect(unknown.status).toBe(404);
		expect(unknown.data.errors[0]?.detail).toBe(
			'The route api/application/nope could not be found.',
		);
		const put = await anonymous('PUT', `${users}/1`, {});
		expect(put.status).toBe(405);
		expect(put.data.errors[0]?.detail).toBe(
			'The PUT method is not supported for route api/application/users/1. Supported methods: GET, HEAD, PATCH, DELETE.',
		);
	});

	it.each([
		'/api/api/application/users',
		'/api/client/api/application/users',
		'/api/application/api/client/permissions',
		'/api/application/api/application/users',
		'/admin/api/application/users',
		'/administrator/api/client',
		'/daemon/api/client',
		'/auth',
		'/api',
		'//api/application/users',
		'/api//application/users',
		'/api/application//users',
		'/api/application/servers/1%2F',
	])('to a wrong address is 404 in JSON, whatever the key and method: %s', async (path) => {
		const shown = path.replace(/^\/+/, '');
		for (const send of [application, client, anonymous]) {
			for (const method of ['GET', 'POST', 'DELETE']) {
				const answer = await send(method, path);
				expect(answer.status).toBe(404);
				expect(answer.data).toEqual({
					errors: [
						{
							code: 'NotFoundHttpException',
							status: '404',
							detail: `The route ${shown} could not be found.`,
						},
					],
				});
				expect(answer.headers).not.toHaveProperty('x-ratelimit-limit');
			}
		}
	});

	it.each([
		'/',
		'/server/1a7ce997/api/application/users',
		'/panel/api/application/users',
		'/account/api/client',
		'/auth/api/application/users',
		'/API/application/users',
		'//server/1a7ce997',
	])('to a page of the web interface is HTML with 200, whatever it asks for: %s', async (path) => {
		const shown = path.replace(/^\/+/, '') || '/';
		for (const send of [application, client, anonymous]) {
			const answer = await send('GET', path);
			expect([answer.status, answer.headers['content-type']]).toEqual([
				200,
				'text/html; charset=utf-8',
			]);
			expect(String(answer.data)).toMatch(/^<!DOCTYPE html>[^]*<title>[^<]+<\/title>/);
			expect(answer.headers).not.toHaveProperty('x-ratelimit-limit');
			const posted = await send('POST', path, {});
			expect([posted.status, posted.data.errors[0]?.detail]).toEqual([
				405,
				`The POST method is not supported for route ${shown}. Supported methods: GET, HEAD.`,
			]);
		}
	});

	it('to the administration is 403 without a word, also with a key', async () => {
		for (const path of ['/admin', '/admin/']) {
			const answer = await application('GET', path);
			expect([answer.status, answer.data]).toEqual([
				403,
				{ errors: [{ code: 'AccessDeniedHttpException', status: '403', detail: '' }] },
			]);
		}
	});

	it('may have slashes at the end of its path', async () => {
		for (const path of [`${users}/`, `${users}//`, `${users}%2F${(await newUser()).id}`]) {
			expect((await application('GET', path)).status).toBe(200);
		}
	});

	it('with broken JSON is 400, and JSON without its content type is not read', async () => {
		const broken = await application('POST', users, '{"email": ');
		expect(broken.status).toBe(400);
		expect(codes(broken)).toEqual(['BadRequestHttpException']);
		expect(broken.headers).not.toHaveProperty('x-ratelimit-limit');
		const typeless = await application('POST', users, '{"email":"a@example.test"}', {
			'Content-Type': 'text/plain',
		});
		expect(rules(typeless)).toContain('email: required');
	});

	it('of the client API refuses an application key, while an admin’s account key opens both', async () => {
		const refused = await caller(target.url, target.applicationKey)('GET', '/api/client');
		expect(refused.status).toBe(403);
		expect(codes(refused)).toEqual(['AccessDeniedHttpException']);
		const both = await client('GET', `${users}?per_page=1`);
		expect(both.status).toBe(200);
	});
});

describe('A user', () => {
	it('is made with 201, a lower-case username and the address as typed', async () => {
		const name = nameOf();
		const answer = await makeUser({
			username: name.toUpperCase(),
			email: `${name}+Tag@Example.TEST`,
			external_id: name,
			nonsense: true,
		});
		expect(answer.status).toBe(201);
		expect(answer.data.object).toBe('user');
		expect(answer.data.attributes).toEqual({
			id: expect.any(Number),
			external_id: name,
			uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
			username: name,
			email: `${name}+Tag@Example.TEST`,
			first_name: 'C',
			last_name: 'T',
			language: 'en',
			root_admin: false,
			'2fa': false,
			created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
			updated_at: expect.stringMatching(/\+00:00$/),
		});
		expect(answer.data.meta.resource).toMatch(
			new RegExp(`/api/application/users/${answer.data.attributes.id}$`),
		);
	});

	it.each([
		['_steve', 'starts with an underscore'],
		['Steve_', 'ends with an underscore'],
		['.bedrock', 'starts with a dot'],
		['a', 'has one character'],
		['with space', 'has a space'],
	])('is refused when the username %s: it %s', async (username) => {
		const answer = await makeUser({ username });
		expect(answer.status).toBe(422);
		expect(rules(answer)).toEqual(['username: p_username']);
		expect(answer.data.errors[0]?.detail).toMatch(/characters and\n {16}contain only/);
	});

	it('is refused with one entry for everything that is taken, whatever the letter case', async () => {
		const external = nameOf();
		const user = await newUser({ external_id: external });
		const again = await makeUser({
			email: user.email.toUpperCase(),
			username: String(user.username).toUpperCase(),
			external_id: external,
		});
		expect(again.status).toBe(422);
		expect(rules(again)).toEqual(['email: unique', 'external_id: unique', 'username: unique']);
	});

	it('is refused when the username is a number with which another one begins', async () => {
		const number = Date.now() % 1e9;
		await newUser({ username: `${number}abc` });
		expect(rules(await makeUser({ username: number }))).toEqual(['username: unique']);
		expect((await makeUser({ username: String(number) })).status).toBe(201);
	});

	it('needs four fields, a real address, and text as external id', async () => {
		const empty = await application('POST', users, {});
		expect(rules(empty)).toEqual([
			'email: required',
			'username: required',
			'first_name: required',
			'last_name: required',
		]);
		expect(rules(await makeUser({ email: 'nobody' }))).toEqual(['email: email']);
		expect(rules(await makeUser({ last_name: '' }))).toEqual(['last_name: required']);
		expect(rules(await makeUser({ external_id: 5 }))).toEqual(['external_id: string']);
		expect(rules(await makeUser({ language: 'tlh' }))).toEqual(['language: in']);
		expect(rules(await makeUser({ root_admin: 'false' }))).toEqual(['root_admin: boolean']);
	});

	it('is trimmed of blanks and of characters that nobody sees, then judged', async () => {
		const nothing = await makeUser({ first_name: '\u3164', last_name: ' \u200b\u00ad\ufeff' });
		expect(nothing.data.errors.map(({ detail }) => detail)).toEqual([
			'The first name field is required.',
			'The last name field is required.',
		]);
		const name = nameOf();
		const answer = await makeUser({
			username: `\u2800${name}\u034f`,
			email: `\u200b${name}@example.test\u3164`,
			first_name: 'Ada \u200b',
			last_name: '\u0085\u2028A\u200bB\0',
			external_id: '\u2063',
		});
		expect(answer.data.attributes).toMatchObject({
			username: name,
			email: `${name}@example.test`,
			first_name: 'Ada',
			last_name: 'A\u200bB',
			external_id: null,
		});
		const found = await application('GET', `${users}?filter[email]=%E2%80%8B${name}%E3%85%A4`);
		expect(found.data.data).toHaveLength(1);
	});

	it('is found by number and by exact external id, not by uuid or part of the id', async () => {
		const external = nameOf();
		const user = await newUser({ external_id: `${external}x` });
		expect((await application('GET', `${users}/${user.id}`)).data.attributes).toEqual(user);
		const byExternal = await application('GET', `${users}/external/${external}x`);
		expect(byExternal.data.attributes).toEqual(user);
		for (const path of [`external/${external}`, 'not-a-number', '0', 'external/a%2Fb']) {
			expect((await application('GET', `${users}/${path}`)).status).toBe(404);
		}
	});

	it.each([
		['josé', 'jose'],
		['jose', 'JOSÉ'],
		['josé', 'jos\u00e8'],
		['josé', 'jose\u0301'],
		['josé', '\uff4aosé'],
		['josé', 'joſé'],
		['strauß', 'STRAUSS'],
		['œuvre', 'oeuvre'],
		['ｘ①', 'x1'],
	])('has an address for himself, and the database takes %s for %s', async (one, other) => {
		const name = nameOf();
		const user = await newUser({ email: `${name}${one}@example.test` });
		const same = `${name}${other}@example.test`;
		const again = await makeUser({ email: same });
		expect(rules(again)).toEqual(['email: unique']);
		const { id, email, ...fields } = await newUser();
		const changed = await application('PATCH', `${users}/${id}`, { ...fields, email: same });
		expect(rules(changed)).toEqual(['email: unique']);
		const { username, first_name, last_name } = user;
		const own = { username, first_name, last_name, email: same };
		expect((await application('PATCH', `${users}/${user.id}`, own)).data.attributes.email).toBe(
			same,
		);
	});

	it.each([
		['soren', 'søren'],
		['lodz', 'łodz'],
		['aether', 'æther'],
		['straus', 'strauß'],
		['андрей', 'андреи'],
		['київ', 'киів'],
		['anna', 'аnna'],
	])('has an address for himself: %s is not %s', async (one, other) => {
		const name = nameOf();
		await newUser({ email: `${name}${one}@example.test` });
		await newUser({ email: `${name}${other}@example.test` });
	});

	it.each([
		['josé', 'JOSE', true],
		['josé', 'jose\u0301', false],
		['jose', 'josé', true],
		['jose', '\uff4aose', true],
		['strauß', 'strauß', true],
		['strauß', 'strauss', false],
		['œuvre', 'oeuvre', false],
		['andøy', 'andoy', false],
	])('%s is found by the filter %s: %p', async (one, wanted, isFound) => {
		const name = nameOf();
		const email = `${name}${one}@example.test`;
		await newUser({ email });
		const filter = encodeURIComponent(`${name}${wanted}@example.test`);
		const answer = await application('GET', `${users}?filter[email]=${filter}`);
		expect(answer.data.data.map((user) => user.attributes.email)).toEqual(isFound ? [email] : []);
	});

	it.each(['a b', '€', '😀', 'a\u200bb', 'a..b', '.a', 'a@b'])(
		'is refused when the address begins with %j: it is none',
		async (local) => {
			expect(rules(await makeUser({ email: `${local}@example.test` }))).toEqual(['email: email']);
		},
	);

	it.each(['exa_mple.test', 'exa+mple.test', '-example.test', 'example-.test', 'example..test'])(
		'is refused when the address ends with @%s: it is none',
		async (domain) => {
			expect(rules(await makeUser({ email: `${nameOf()}@${domain}` }))).toEqual(['email: email']);
		},
	);

	it('has an external id for himself, whatever the blanks at its end', async () => {
		const external = `É${nameOf()}`;
		const user = await newUser({ external_id: external });
		const same = external.toLowerCase().replace('é', 'e');
		expect(rules(await makeUser({ external_id: same }))).toEqual(['external_id: unique']);
		const found = await application('GET', `${users}/external/${same}%20`);
		expect(found.data.attributes.id).toBe(user.id);
		expect((await application('GET', `${users}/external/%20${same}`)).status).toBe(404);
	});

	it('is changed with all four required fields, and keeps what is left out', async () => {
		const external = nameOf();
		const user = await newUser({ external_id: external });
		const path = `${users}/${user.id}`;
		const alone = await application('PATCH', path, { email: user.email });
		expect(rules(alone)).toEqual([
			'username: required',
			'first_name: required',
			'last_name: required',
		]);
		const { email, username, last_name } = user;
		const full = { email, username, last_name, first_name: 'Renamed' };
		const changed = await application('PATCH', path, full);
		expect(changed.status).toBe(200);
		expect(changed.data.attributes).toMatchObject({ external_id: external, first_name: 'Renamed' });
		const cleared = await application('PATCH', path, { ...full, external_id: null });
		expect(cleared.data.attributes.external_id).toBeNull();
	});

	it('is deleted once: 204, then 404; and not at all while it owns a server', async () => {
		const user = await newUser();
		expect((await application('DELETE', `${users}/${user.id}`)).status).toBe(204);
		expect((await application('DELETE', `${users}/${user.id}`)).status).toBe(404);
		const owned = await application('GET', `${servers}/${server.id}`);
		const owner = await application('DELETE', `${users}/${String(owned.data.attributes.user)}`);
		expect(owner.status).toBe(400);
		expect(codes(owner)).toEqual(['DisplayException']);
	});
});

describe('The list of users', () => {
	const emails = async (query: string) => {
		const answer = await application('GET', `${users}?${query}`);
		expect(answer.status).toBe(200);
		return answer.data.data.map((user) => user.attributes.email);
	};

	it('filters by "contains", in any letter case, and by several values with a comma', async () => {
		const one = await newUser();
		const two = await newUser();
		expect(await emails(`filter[email]=${one.email.toUpperCase()}`)).toEqual([one.email]);
		expect(await emails(`filter[email]=${one.email.slice(1)}`)).toEqual([one.email]);
		expect(await emails(`filter[email]=${one.email},${two.email}&sort=id`)).toEqual([
			one.email,
			two.email,
		]);
		expect(await emails(`filter[email]=${one.email}&filter[uuid]=${two.uuid}`)).toEqual([]);
		expect(await emails(`filter[email]=${one.email}&filter[uuid]=${one.uuid}`)).toEqual([
			one.email,
		]);
	});

	it('takes "+" for a space, "%2B" for a plus, "_" and "%" as they are', async () => {
		const name = nameOf();
		const user = await newUser({ email: `${name}_x+tag@example.test` });
		expect(await emails(`filter[email]=${name}_x+tag`)).toEqual([]);
		expect(await emails(`filter[email]=${name}_x%2Btag`)).toEqual([user.email]);
		expect(await emails(`filter[email]=${name.slice(0, -1)}_`)).toEqual([]);
		expect(await emails(`filter[email]=${name}%25`)).toEqual([]);
	});

	it('is everybody when the filter is empty, and nobody when nothing matches', async () => {
		const everybody = await application('GET', `${users}?per_page=1`);
		const filtered = await application('GET', `${users}?filter[email]=&per_page=1`);
		expect(filtered.data.meta.pagination.total).toBe(everybody.data.meta.pagination.total);
		expect(await emails(`filter[email]=nobody-${run}@example.test`)).toEqual([]);
	});

	it('refuses unknown filters and sorts and ignores unknown includes', async () => {
		expect(codes(await application('GET', `${users}?filter[id]=1`))).toEqual([
			'InvalidFilterQuery',
		]);
		expect(codes(await application('GET', `${users}?sort=email`))).toEqual(['InvalidSortQuery']);
		expect((await application('GET', `${users}?include=foo&per_page=1`)).status).toBe(200);
	});

	it('is paged without upper limit, in links that forget the page size', async () => {
		await newUser();
		await newUser();
		const page = await application('GET', `${users}?per_page=1&page=2`);
		const { pagination } = page.data.meta;
		expect(pagination).toMatchObject({ count: 1, per_page: 1, current_page: 2 });
		expect(pagination.links.previous).toMatch(/\/api\/application\/users\?page=1$/);
		const size = async (asked: string) =>
			(await application('GET', `${users}?per_page=${asked}`)).data.meta.pagination.per_page;
		expect(await size('1000')).toBe(1000);
		expect(await size('0')).toBe(15);
		const negative = await application('GET', `${users}?per_page=-1`);
		expect([negative.status, codes(negative)]).toEqual([500, ['QueryException']]);
	});
});

describe('A server', () => {
	it('is shown with its owner, node and nest', async () => {
		const answer = await application('GET', `${servers}/${server.id}`);
		expect(answer.data.attributes).toMatchObject({
			id: server.id,
			uuid: server.uuid,
			identifier: server.uuid.slice(0, 8),
			description: '',
			status: null,
			suspended: false,
			user: expect.any(Number),
			node: expect.any(Number),
			nest: expect.any(Number),
		});
	});

	it('shows what is included, as list or as array', async () => {
		const names = 'user,subusers,location,node';
		const all = await application('GET', `${servers}/${server.id}?include=${names}`);
		expect(Object.keys(all.data.attributes.relationships as object)).toEqual(names.split(','));
		const some = await application('GET', `${servers}/${server.id}?include[]=user&include[]=node`);
		expect(Object.keys(some.data.attributes.relationships as object)).toEqual(['user', 'node']);
		const none = await application('GET', `${servers}/${server.id}?include=nope`);
		expect(none.data.attributes).not.toHaveProperty('relationships');
	});
});

describe('An id in a path', () => {
	/** A uuid that nobody has, behind the number of somebody. */
	const unknown = (id: unknown) => `${String(id)}aaaaaaa-1111-4222-8333-444455556666`;
	const statuses = async (send: Send, calls: Array<[string, string, unknown?]>) => {
		const found: number[] = [];
		for (const [method, path, body] of calls) found.push((await send(method, path, body)).status);
		return found;
	};

	it.each([
		['a uuid', unknown],
		['zeros before it', (id: number) => `00${id}`],
		['a blank before it', (id: number) => `%20${id}`],
		['a plus before it', (id: number) => `+${id}`],
		['a fraction of nothing', (id: number) => `${id}.0`],
		['an exponent', (id: number) => `${id}e0aaaaa-1111-4222-8333-444455556666`],
		['a comma', (id: number) => `${id},2`],
	])('of the application API is the number at its beginning: with %s', async (_, form) => {
		const answer = await application('GET', `${servers}/${form(server.id)}`);
		expect([answer.status, answer.data.attributes.uuid]).toEqual([200, server.uuid]);
	});

	it('of the application API is of nobody without a whole number at its beginning', async () => {
		const { id } = server;
		const forms = [`${id}.5`, `-${id}`, `x${id}`, `0x${id}`, `%C2%A0${id}`, unknown('a')];
		for (const form of [...forms, unknown(0), unknown(99999999)]) {
			const answer = await application('GET', `${servers}/${form}`);
			expect([form, answer.status]).toEqual([form, 404]);
			expect(answer.data.errors[0]?.detail).toBe(
				'The requested resource could not be found on the server.',
			);
		}
	});

	it('of the application API is cast for whatever is done there, but not as external id', async () => {
		const user = await newUser();
		const { id, email, username, last_name } = user;
		const person = `${users}/${unknown(id)}`;
		const calls: Array<[string, string, unknown?]> = [
			['GET', person],
			['PATCH', person, { email, username, last_name, first_name: 'Somebody else' }],
			['DELETE', person],
			['GET', `${users}/${id}`],
			['GET', `${users}/external/${unknown(1)}`],
		];
		expect(await statuses(application, calls)).toEqual([200, 200, 204, 404, 404]);
	});

	it('of the client API is text: a uuid or its first eight characters, whole', async () => {
		const { uuid } = await newUser();
		const other = `${server.identifier}-1111-4222-8333-444455556666`;
		const ids = [unknown(server.id), unknown(server.id).slice(0, 8), String(server.id), other];
		const wish = { email: 'nobody@example.test', permissions: ['control.console'] };
		for (const id of [...ids, server.uuid.slice(0, 9), `%20${server.uuid}`]) {
			const path = `/api/client/servers/${id}`;
			const calls: Array<[string, string, unknown?]> = [
				['GET', path],
				['GET', `${path}/users`],
				['POST', `${path}/users`, wish],
				['GET', `${path}/users/${uuid}`],
				['POST', `${path}/users/${uuid}`, wish],
				['DELETE', `${path}/users/${uuid}`],
				['POST', `${path}/command`, { command: 'say hi' }],
			];
			expect([id, ...(await statuses(client, calls))]).toEqual([id, ...calls.map(() => 404)]);
		}
		expect((await client('GET', `${subusers()}/${unknown(1)}`)).status).toBe(404);
		const same = [server.uuid.toUpperCase(), `${server.uuid}%20`, `${server.uuid}%00`];
		for (const id of same) {
			const answer = await client('GET', `/api/client/servers/${id}`);
			expect([id, answer.data.attributes.internal_id]).toEqual([id, server.id]);
		}
	});
});

describe('What fills drop-downs', () => {
	it.each(['nodes', 'locations', 'nests'])('is listed in pages: %s', async (name) => {
		const answer = await application('GET', `/api/application/${name}`);
		expect(answer.status).toBe(200);
		expect(answer.data.object).toBe('list');
		expect(answer.data.data[0]?.object).toBe(name.slice(0, -1));
		expect(answer.data.meta.pagination.total).toBeGreaterThan(0);
	});
});

describe('The client API', () => {
	it('knows the account without its uuid, and the permissions', async () => {
		const account = await client('GET', '/api/client/account');
		expect(Object.keys(account.data.attributes)).toEqual([
			'id',
			'admin',
			'username',
			'email',
			'first_name',
			'last_name',
			'language',
		]);
		const system = await client('GET', '/api/client/permissions');
		expect(system.data.object).toBe('system_permissions');
		expect(system.data.attributes.permissions).toMatchObject({
			control: { keys: { console: expect.any(String), start: expect.any(String) } },
			websocket: { keys: { connect: expect.any(String) } },
		});
	});

	it('lists every server to an admin with subusers, without external ids', async () => {
		const answer = await client('GET', '/api/client?type=admin-all&include=subusers');
		const mine = answer.data.data.find((one) => one.attributes.uuid === server.uuid);
		expect(mine?.attributes).toMatchObject({
			internal_id: server.id,
			identifier: server.identifier,
			relationships: { subusers: { object: 'list', data: [] } },
		});
		expect(mine?.attributes).not.toHaveProperty('external_id');
	});

	it('keeps the query in its links', async () => {
		const answer = await client('GET', '/api/client?type=admin-all&per_page=1');
		const { links, total } = answer.data.meta.pagination;
		expect(total).toBeGreaterThan(1);
		expect(links.next).toMatch(/\/api\/client\?type=admin-all&per_page=1&page=2$/);
	});

	it('addresses a server by uuid or identifier, not by number', async () => {
		for (const name of [server.uuid, server.identifier]) {
			const answer = await client('GET', `/api/client/servers/${name}`);
			expect(answer.data.attributes.internal_id).toBe(server.id);
		}
		expect((await client('GET', `/api/client/servers/${server.id}`)).status).toBe(404);
	});

	it('wants a command in text', async () => {
		const path = `/api/client/servers/${server.identifier}/command`;
		expect(rules(await client('POST', path, { command: '' }))).toEqual(['command: required']);
	});
});

describe('A subuser', () => {
	const permissionsOf = async (uuid: string) =>
		(await client('GET', `${subusers()}/${uuid}`)).data.attributes.permissions;

	it('is added with 200 and gets websocket.connect at the end', async () => {
		const user = await newUser();
		const wish = { email: user.email.toUpperCase(), permissions: ['control.console', 'file.read'] };
		const answer = await client('POST', subusers(), wish);
		expect(answer.status).toBe(200);
		expect(answer.data).toEqual({
			object: 'server_subuser',
			attributes: {
				uuid: user.uuid,
				username: user.username,
				email: user.email,
				image: expect.stringMatching(/^https:\/\/gravatar\.com\/avatar\/[0-9a-f]{32}$/),
				'2fa_enabled': false,
				created_at: user.created_at,
				permissions: ['control.console', 'file.read', 'websocket.connect'],
			},
		});
		const list = await client('GET', subusers());
		expect(list.data.data.map((row) => row.attributes.uuid)).toContain(user.uuid);
		expect(list.data).not.toHaveProperty('meta');
		const again = await client('POST', subusers(), wish);
		expect([again.status, codes(again)]).toEqual([400, ['ServerSubuserExistsException']]);
	});

	it('keeps only known permissions, and needs some to be named', async () => {
		const user = await newUser();
		const permissions = ['*', 'nope.nope', 'websocket.connect', 'control.start'];
		const answer = await client('POST', subusers(), { email: user.email, permissions });
		expect(answer.data.attributes.permissions).toEqual(['websocket.connect', 'control.start']);
		const path = `${subusers()}/${user.uuid}`;
		for (const wish of [{ permissions: [] }, {}]) {
			expect(rules(await client('POST', path, wish))).toEqual(['permissions: required']);
		}
		expect(rules(await client('POST', path, { permissions: [null] }))).toEqual([
			'permissions.0: string',
		]);
		const text = await client('POST', path, { permissions: 'control.console' });
		expect([text.status, codes(text)]).toEqual([500, ['TypeError']]);
	});

	it('has permissions in an object for ever after one was given twice', async () => {
		const user = await newUser();
		const permissions = ['control.console', 'control.console', 'control.start'];
		const gaps = { '0': 'control.console', '2': 'control.start', '3': 'websocket.connect' };
		const answer = await client('POST', subusers(), { email: user.email, permissions });
		expect(answer.data.attributes.permissions).toEqual(gaps);
		expect(await permissionsOf(user.uuid)).toEqual(gaps);
		// The same set in another shape is no change for the panel.
		const same = ['control.console', 'control.start'];
		await client('POST', `${subusers()}/${user.uuid}`, { permissions: same });
		expect(await permissionsOf(user.uuid)).toEqual(gaps);
	});

	it('is updated by POST alone, which replaces the set', async () => {
		const user = await newUser();
		await client('POST', subusers(), { email: user.email, permissions: ['control.console'] });
		const path = `${subusers()}/${user.uuid}`;
		const wish = { permissions: ['file.read', 'control.stop'] };
		const changed = await client('POST', path, wish);
		expect(changed.status).toBe(200);
		expect(changed.data.attributes.permissions).toEqual([...wish.permissions, 'websocket.connect']);
		const turned = { permissions: ['websocket.connect', 'control.stop', 'file.read'] };
		const same = await client('POST', path, turned);
		expect(same.data.attributes.permissions).toEqual(changed.data.attributes.permissions);
		expect((await client('PATCH', path, wish)).status).toBe(405);
		expect((await client('PUT', path, wish)).status).toBe(405);
	});

	it('is removed with 204, then 404', async () => {
		const user = await newUser();
		await client('POST', subusers(), { email: user.email, permissions: ['control.console'] });
		const path = `${subusers()}/${user.uuid}`;
		const answer = await client('DELETE', path);
		expect([answer.status, answer.data]).toEqual([204, '']);
		expect((await client('DELETE', path)).status).toBe(404);
		expect((await client('GET', path)).status).toBe(404);
	});
});

describe('Who becomes a subuser', () => {
	// Since Pterodactyl 1.12 a server gets ten new subusers in 15 minutes at most.
	beforeAll(renewServer);

	it('is whoever has an address that the database takes for the same', async () => {
		const name = nameOf();
		const { uuid } = await newUser({ email: `${name}josé@example.test` });
		const wish = { email: `${name}JOSE@example.test`, permissions: ['control.console'] };
		const added = await client('POST', subusers(), wish);
		expect([added.status, added.data.attributes.uuid]).toEqual([200, uuid]);
		const again = await client('POST', subusers(), { ...wish, email: `${name}josè@example.test` });
		expect(codes(again)).toEqual(['ServerSubuserExistsException']);
	});

	it('cannot be the owner', async () => {
		const view = await application('GET', `${servers}/${server.id}?include=user`);
		const { user } = view.data.attributes.relationships as {
			user: { attributes: { email: string } };
		};
		const { email } = user.attributes;
		const answer = await client('POST', subusers(), { email, permissions: ['control.console'] });
		expect([answer.status, codes(answer)]).toEqual([400, ['UserIsServerOwnerException']]);
	});

	it('with an unknown address makes a user, unless the address starts oddly', async () => {
		const name = nameOf();
		const email = `${name}+Mc@Example.test`;
		const answer = await client('POST', subusers(), { email, permissions: ['control.console'] });
		expect(answer.status).toBe(200);
		expect(answer.data.attributes.username).toMatch(new RegExp(`^${name}mc[a-z0-9]{3}$`));
		const external = await application(
			'GET',
			`${users}?filter[uuid]=${answer.data.attributes.uuid}`,
		);
		const [made] = external.data.data;
		expect(made?.attributes).toMatchObject({ email, first_name: 'Server', last_name: 'Subuser' });
		madeUsers.push(made?.attributes.id ?? 0);
		const odd = { email: `_${name}@example.test`, permissions: ['control.console'] };
		const refused = await client('POST', subusers(), odd);
		expect([refused.status, codes(refused)]).toEqual([500, ['DataValidationException']]);
	});

	it('is none any more without an account', async () => {
		const user = await newUser();
		await client('POST', subusers(), { email: user.email, permissions: ['control.console'] });
		await application('DELETE', `${users}/${user.id}`);
		const list = await client('GET', subusers());
		expect(list.data.data.map((row) => row.attributes.uuid)).not.toContain(user.uuid);
	});

	it('cannot be touched while the server is suspended, but is still in the big lists', async () => {
		const user = await newUser();
		await client('POST', subusers(), { email: user.email, permissions: ['control.console'] });
		await suspend(true);
		const path = `${subusers()}/${user.uuid}`;
		const wish = { email: user.email, permissions: ['control.start'] };
		const answers = [
			await client('GET', subusers()),
			await client('POST', subusers(), wish),
			await client('GET', path),
			await client('POST', path, wish),
			await client('DELETE', path),
		];
		for (const answer of answers) {
			expect([answer.status, codes(answer)]).toEqual([409, ['ServerStateConflictException']]);
		}
		const include = '?type=admin-all&include=subusers';
		const inClient = await client('GET', `/api/client${include}`);
		expect(JSON.stringify(inClient.data)).toContain(user.uuid);
		const one = `${servers}/${server.id}?include=subusers`;
		const inApplication = await application('GET', one);
		expect(inApplication.data.attributes.relationships).toMatchObject({
			subusers: {
				data: expect.arrayContaining([
					{ object: 'subuser', attributes: expect.objectContaining({ user_id: user.id }) },
				]),
			},
		});
		await suspend(false);
		expect((await client('DELETE', path)).status).toBe(204);
	});
});

if (!isReal) {
	describe('A panel that a test has its hands on', () => {
		let panel: Panel;
		const wish = { email: 'bob@example.test', permissions: ['control.console'] };
		const hub = '/api/client/servers/22c03ec2';

		beforeEach(() => {
			panel = target.panel as Panel;
			panel.control.reset();
		});

		afterAll(() => panel.control.reset());

		it('limits the calls a minute per user and API, and starts anew after it', async () => {
			panel.control.limits({ application: 3 });
			for (const left of ['2', '1', '0']) {
				const { headers } = await application('GET', users);
				expect(headers['x-ratelimit-remaining']).toBe(left);
			}
			const other = panel.control.addKey({ kind: 'application', user: 'admin' }).token;
			const limited = await caller(target.url, other)('GET', users);
			expect([limited.status, codes(limited)]).toEqual([429, ['ThrottleRequestsException']]);
			const wait = Number(limited.headers['retry-after']);
			expect(wait).toBeGreaterThan(50);
			expect(wait).toBeLessThanOrEqual(60);
			expect(Number(limited.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
			expect((await client('GET', '/api/client')).status).toBe(200);
			// A busy machine needs some of the last seconds for itself.
			panel.control.advance((wait - 5) * 1000);
			expect((await application('GET', users)).status).toBe(429);
			panel.control.advance(5000);
			expect((await application('GET', users)).status).toBe(200);
			panel.control.limits(roomy);
		});

		it.each([
			['down', 504, 'DaemonConnectionException'],
			['500', 500, 'DaemonConnectionException'],
			['404', 404, 'DaemonConnectionException'],
			['hang', 504, 'DaemonConnectionException'],
		] as const)('says what is wrong with a Wings that is %s', async (mode, status, code) => {
			panel.control.wings({ mode, timeoutMs: 20 });
			const answer = await client('POST', `${hub}/command`, { command: 'say once' });
			expect([answer.status, codes(answer)]).toEqual([status, [code]]);
		});

		it('may have run a command that it says timed out', async () => {
			panel.control.wings({ mode: 'hang', timeoutMs: 20 });
			const answer = await client('POST', `${hub}/command`, { command: 'say once' });
			expect(answer.status).toBe(504);
			expect(panel.control.commands().map((one) => one.command)).toEqual(['say once']);
		});

		it('refuses a command to a stopped server with 502', async () => {
			panel.control.serverPower('hub', 'offline');
			const answer = await client('POST', `${hub}/command`, { command: 'say hi' });
			expect([answer.status, answer.data.errors[0]?.detail]).toEqual([
				502,
				'Server must be online in order to send commands.',
			]);
		});

		it('manages subusers without Wings, but waits for a slow one on update and delete', async () => {
			panel.control.wings({ mode: 'down' });
			const bob = panel.control.user('bob').uuid;
			expect((await client('POST', `${hub}/users`, wish)).status).toBe(200);
			const more = { permissions: ['control.start'] };
			expect((await client('POST', `${hub}/users/${bob}`, more)).status).toBe(200);
			panel.control.wings({ mode: 'slow', slowMs: 150 });
			const started = Date.now();
			expect((await client('DELETE', `${hub}/users/${bob}`)).status).toBe(204);
			expect(Date.now() - started).toBeGreaterThanOrEqual(145);
		});

		it('makes two rows of two equal calls at once, and loses them one by one', async () => {
			panel.control.settings({ windowMs: 200 });
			const answers = await Promise.all([
				client('POST', `${hub}/users`, wish),
				client('POST', `${hub}/users`, wish),
			]);
			expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
			const rows = () => panel.control.subusers('hub').map((row) => row.permissions);
			const first = ['control.console', 'websocket.connect'];
			expect(rows()).toEqual([first, first]);
			const path = `${hub}/users/${panel.control.user('bob').uuid}`;
			await client('POST', path, { permissions: ['control.stop'] });
			expect(rows()).toEqual([['control.stop', 'websocket.connect'], first]);
			expect((await client('DELETE', path)).status).toBe(204);
			expect(rows()).toEqual([first]);
			expect((await client('DELETE', path)).status).toBe(204);
			expect((await client('DELETE', path)).status).toBe(404);
		});

		it('makes several users with one external id when they come at once', async () => {
			panel.control.settings({ windowMs: 200 });
			const make = (name: string) => makeUser({ username: name, external_id: 'shared-1' });
			const answers = await Promise.all(['twin-a', 'twin-b', 'twin-c'].map(make));
			expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
		});

		it('deadlocks on users at once without passwords, until its table has rows', async () => {
			panel.control.settings({ windowMs: 200 });
			const make = (name: string) => makeUser({ username: name, password: undefined });
			const atOnce = () => Promise.all([make(nameOf()), make(nameOf()), make(nameOf())]);
			const empty = (await atOnce()).map((answer) => answer.status).sort();
			expect(empty).toEqual([201, 500, 500]);
			panel.state.passwordResets = 50;
			const full = (await atOnce()).map((answer) => answer.status);
			expect(full).toEqual([201, 201, 201]);
		});

		it('mails on every new account, every access given and taken, and on nothing else', async () => {
			const bob = panel.control.user('bob').uuid;
			await client('POST', `${hub}/users`, wish);
			await client('POST', `${hub}/users/${bob}`, { permissions: ['control.start'] });
			await client('DELETE', `${hub}/users/${bob}`);
			await client('POST', `${hub}/users`, { ...wish, email: 'new@example.test' });
			const { id } = panel.control.user('new@example.test');
			await application('DELETE', `${users}/${id}`);
			expect(panel.control.mails()).toEqual([
				{ to: 'bob@example.test', subject: 'Added To Server', server: 'Hub' },
				{ to: 'bob@example.test', subject: 'Removed From Server', server: 'Hub' },
				{ to: 'new@example.test', subject: 'Account Created' },
				{ to: 'new@example.test', subject: 'Added To Server', server: 'Hub' },
			]);
		});

		it('is out of order as a whole: maintenance, redis, database, demand for 2FA', async () => {
			const both = async () => [
				(await application('GET', users)).status,
				(await client('GET', '/api/client')).status,
			];
			panel.control.settings({ maintenance: true });
			expect(await both()).toEqual([503, 503]);
			panel.control.settings({ maintenance: false, redis: 'down' });
			expect(await both()).toEqual([500, 500]);
			panel.control.settings({ redis: 'up', database: 'down' });
			expect(await both()).toEqual([500, 500]);
			panel.control.settings({ database: 'up', twoFactor: 'admins' });
			expect(await both()).toEqual([400, 400]);
			// The panel's routes file exempts the account page; panel.md says "every call".
			expect((await client('GET', '/api/client/account')).status).toBe(200);
			panel.control.settings({ twoFactor: 'nobody' });
			expect(await both()).toEqual([200, 200]);
		});

		it('knows rights per resource, and hides what a key may not read', async () => {
			const rights = { servers: 'read', users: 'none' } as const;
			const key = panel.control.addKey({ kind: 'application', user: 'admin', rights }).token;
			const limited = caller(target.url, key);
			const seen = await limited('GET', `${servers}/1?include=user,node`);
			const nothing = { object: 'null_resource', attributes: null };
			expect(seen.data.attributes.relationships).toEqual({ user: nothing, node: nothing });
			expect((await limited('GET', users)).status).toBe(403);
		});

		it('shuts out the keys of a demoted admin, expired keys and other addresses', async () => {
			panel.control.changeUser('admin', { rootAdmin: false });
			expect((await application('GET', users)).status).toBe(403);
			panel.control.changeUser('admin', { rootAdmin: true });
			const { token } = panel.control.addKey({ kind: 'account', user: 'admin' });
			const extra = caller(target.url, token);
			panel.control.changeKey(token, { allowedIps: ['127.0.0.0/8'] });
			expect((await extra('GET', '/api/client')).status).toBe(200);
			panel.control.changeKey(token, { allowedIps: ['192.0.2.1'] });
			expect((await extra('GET', '/api/client')).status).toBe(403);
			panel.control.changeKey(token, { allowedIps: [], expired: true });
			expect((await extra('GET', '/api/client')).status).toBe(401);
		});

		it('lets an account with user.* manage others within its own rights', async () => {
			const { token } = panel.control.addKey({ kind: 'account', user: 'bob' });
			const asBob = caller(target.url, token);
			const held = ['user.create', 'user.read', 'user.update', 'user.delete', 'control.console'];
			panel.control.addSubuser({ server: 'hub', user: 'bob', permissions: held });
			panel.control.addUser({ username: 'carol', email: 'carol@example.test' });
			const carol = { email: 'carol@example.test', permissions: ['control.console'] };
			expect((await asBob('POST', `${hub}/users`, carol)).status).toBe(200);
			const more = { ...carol, permissions: ['control.start'] };
			const { uuid } = panel.control.user('carol');
			const tooMuch = await asBob('POST', `${hub}/users/${uuid}`, more);
			expect([tooMuch.status, codes(tooMuch)]).toEqual([403, ['HttpForbiddenException']]);
			const own = await asBob('DELETE', `${hub}/users/${panel.control.user('bob').uuid}`);
			expect(own.status).toBe(403);
			const list = await asBob('GET', '/api/client?include=subusers');
			expect(list.data.data.map((one) => one.attributes.name)).toEqual(['Hub']);
			expect(JSON.stringify(list.data)).toContain('carol@example.test');
			expect((await asBob('GET', '/api/client?type=admin-all')).data.data).toEqual([]);
			expect((await asBob('GET', '/api/client/servers/319f0c21/users')).status).toBe(404);
		});
	});
}
