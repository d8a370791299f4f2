import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import { sender } from './limited.cjs';
import type { Exchange } from './replay.cjs';

/** What Pelican's source says and no recording shows. */

interface Answer {
	object: string;
	attributes: Record<string, unknown> & { permissions: string[]; email: string };
	data: Array<{ attributes: Record<string, unknown> }>;
	errors: Array<{ code: string; detail: string; meta?: { source_field: string; rule: string } }>;
}

const bodyOf = ({ body }: Exchange): Answer => body as Answer;
const codeOf = ({ status, body }: Exchange) => [status, (body as Answer).errors[0]?.code];

let panel: Panel;
const application = (method: string, path: string, body?: unknown) =>
	sender(panel.url, panel.applicationKey)(method, `/api/application/${path}`, body);
const client = (method: string, path: string, body?: unknown) =>
	sender(panel.url, panel.accountKey)(method, `/api/client${path}`, body);

describe('A Pelican', () => {
	beforeEach(async () => {
		panel = await startPanel({ panel: 'pelican' });
	});

	afterEach(() => panel.close());

	it('makes keys of its own form', () => {
		expect(panel.applicationKey).toMatch(/^papp_\w{43}$/);
		expect(panel.accountKey).toMatch(/^pacc_\w{43}$/);
	});

	it('lists its 44 permissions flat', async () => {
		const { object, attributes } = bodyOf(await client('GET', '/permissions'));
		expect(object).toBe('system_permissions');
		expect(attributes.permissions).toHaveLength(44);
		expect(attributes.permissions[0]).toBe('websocket.connect');
		expect(attributes.permissions).toContain('file.read-content');
	});

	it('stores addresses and usernames in lower case, and trips over them', async () => {
		const made = await application('POST', 'users', { email: 'Ada@B.test', username: 'ADA L' });
		expect(bodyOf(made).attributes).toMatchObject({ email: 'ada@b.test', username: 'ada l' });
		const other = { email: 'other@b.test', username: 'Ada L' };
		const taken = [500, 'UniqueConstraintViolationException'];
		expect(codeOf(await application('POST', 'users', other))).toEqual(taken);
		const change = { email: 'ADA@b.test', username: 'bob' };
		expect(codeOf(await application('PATCH', 'users/2', change))).toEqual(taken);
		const own = await application('PATCH', 'users/3', { email: 'ADA@b.test', username: 'ada l' });
		expect(own.status).toBe(200);
	});

	it('accepts languages and time zones that PHP knows', async () => {
		const create = (more: object) =>
			application('POST', 'users', { email: `${panel.calls().length}@b.test`, ...more });
		const good = { username: 'good', language: 'pt_BR', timezone: 'Europe/Berlin' };
		expect((await create(good)).status).toBe(201);
		const bad = await create({ username: 'bad', language: 'xx_', timezone: 'Moon' });
		const fields = bodyOf(bad).errors.map(({ detail, meta }) => [detail, meta?.rule]);
		expect(fields).toEqual([
			['The selected language is invalid.', 'in'],
			['The selected timezone is invalid.', 'in'],
		]);
	});

	it('invents a stranger’s name from all of the local part', async () => {
		const { uuid } = panel.control.server('hub');
		const body = { email: '_New+Mc@b.test', permissions: ['control.console', 'nothing.here'] };
		const { attributes } = bodyOf(await client('POST', `/servers/${uuid}/users`, body));
		expect(attributes.email).toBe('_new+mc@b.test');
		expect(attributes.username).toMatch(/^_new\+mc[a-z\d]{3}$/);
		expect(attributes.permissions).toEqual(['control.console', 'websocket.connect']);
	});

	it('keeps administrators, and owners of servers', async () => {
		panel.control.server('hub').ownerId = 2;
		expect((await application('DELETE', 'users/1')).body).toEqual([]);
		expect(codeOf(await application('DELETE', 'users/2'))).toEqual([400, 'DisplayException']);
	});

	it('has no locations and nests, but tags', async () => {
		for (const path of ['locations', 'nests']) {
			expect((await application('GET', path)).status).toBe(404);
		}
		const nodes = bodyOf(await application('GET', 'nodes'));
		expect(nodes.data.map(({ attributes }) => attributes.tags)).toEqual(['["tx1"]', '["nc1"]']);
		const filtered = bodyOf(await application('GET', 'servers?filter[uuid_short]=319f0c21'));
		expect(filtered.data).toHaveLength(1);
		expect((await application('GET', 'servers?filter[uuidShort]=1')).status).toBe(400);
	});

	it('counts no call that it cannot place, or whose key may not call at all', async () => {
		const bob = panel.control.addKey({ kind: 'account', user: 'bob' }).token;
		const uncounted = [
			await application('GET', 'users/999'),
			await application('GET', 'servers/319f0c21-34bd-4cd2-8a12-5f8e36d96648'),
			await client('GET', '/servers/00000000'),
			await sender(panel.url, bob)('GET', '/api/application/users'),
			await sender(panel.url, panel.applicationKey)('GET', '/api/client/account'),
		];
		expect(uncounted.map(({ status }) => status)).toEqual([404, 404, 404, 403, 403]);
		for (const { headers } of uncounted) expect(headers['x-ratelimit-limit']).toBeUndefined();
		const strange = await sender(panel.url, bob)('GET', '/api/client/servers/319f0c21');
		expect([strange.status, strange.headers['x-ratelimit-limit']]).toEqual([404, '256']);
	});

	it('has no lists for names', async () => {
		const list = { email: 'list@b.test', username: ['list'] };
		expect(codeOf(await application('POST', 'users', list))).toEqual([500, 'TypeError']);
	});

	it('demands two factors of the web interface only', async () => {
		panel.control.settings({ twoFactor: 'everybody' });
		expect((await client('GET', '')).status).toBe(200);
	});

	it('says nothing of Wings but that it is down', async () => {
		panel.control.wings({ mode: 'down' });
		const { uuid } = panel.control.server('hub');
		const answer = await client('POST', `/servers/${uuid}/command`, { command: 'list' });
		expect(codeOf(answer)).toEqual([500, 'ConnectionException']);
	});

	it('sends those without a key to its own login', async () => {
		const headers = { Accept: 'text/html' };
		const answer = await fetch(`${panel.url}/api/client`, { headers, redirect: 'manual' });
		expect(answer.headers.get('location')).toBe(`${panel.url}/login`);
	});
});

describe('The new identifiers of Pterodactyl', () => {
	beforeEach(async () => {
		panel = await startPanel({ serverIdentifiers: 'serv' });
	});

	afterEach(() => panel.close());

	it('are shown by the client API alone, beside the old ones, and work like those', async () => {
		const { uuid } = panel.control.server('hub');
		const long = 'serv_elad5qxtnffbrhc7w5o54gcr4m';
		for (const name of [long, uuid, '22c03ec2']) {
			const { status, body } = await client('GET', `/servers/${name}`);
			expect([name, status]).toEqual([name, 200]);
			const { identifier, server_identifier, __deprecated_uuid_short } = (body as Answer)
				.attributes;
			expect(identifier).toBe(long);
			expect([server_identifier, __deprecated_uuid_short]).toEqual([identifier, '22c03ec2']);
		}
		expect((await client('GET', '/servers/serv_nothing')).status).toBe(404);
		const servers = bodyOf(await application('GET', 'servers?per_page=1'));
		expect(servers.data[0]?.attributes.identifier).toBe('319f0c21');
	});
});
