import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import type { Send } from './target.cjs';
import { caller, codes, newcomer, rules } from './target.cjs';

/** Odd requests: what the panel's Laravel, PHP and MariaDB make of them, not the panel itself. */

let panel: Panel;
let application: Send;
let client: Send;

beforeEach(async () => {
	panel = await startPanel({ customers: 3 });
	application = caller(panel.url, panel.applicationKey);
	client = caller(panel.url, panel.accountKey);
});

afterEach(() => panel.close());

const users = '/api/application/users';
const create = (fields: Record<string, unknown> = {}) =>
	application('POST', users, { ...newcomer, ...fields });
const total = async (path: string) => (await application('GET', path)).data.meta.pagination.total;

describe('An error page', () => {
	const page = async (send: Send, method: string, path: string, body?: unknown) => {
		const { status, data } = await send(method, path, body, { Accept: '*/*' });
		const [, title] = /<title>(.*)<\/title>/.exec(String(data)) ?? [];
		return [status, title, String(data)] as const;
	};

	it('is Symfony’s where Laravel has none', async () => {
		panel.control.serverStatus('hub', 'suspended');
		const pages = [
			await page(application, 'GET', `${users}?filter[id]=1`),
			await page(application, 'PUT', `${users}/1`),
			await page(client, 'GET', `/api/client/servers/${panel.control.server('hub').uuid}/users`),
		];
		expect(pages.map(([status, title]) => [status, title])).toEqual([
			[400, 'An Error Occurred: Bad Request'],
			[405, 'An Error Occurred: Method Not Allowed'],
			[409, 'An Error Occurred: Conflict'],
		]);
		expect(pages[1]?.[2]).toContain('The server returned a "405 Method Not Allowed".');
	});

	it('says the refusal itself for 403, and only the status’ name for others', async () => {
		const key = panel.control.addKey({ kind: 'application', user: 'admin', rights: {} }).token;
		const [status, title, text] = await page(caller(panel.url, key), 'GET', users);
		expect([status, title]).toEqual([403, 'Forbidden']);
		expect(text).toMatch(/tracking-wider">\s+This action is unauthorized\.\s+<\/div>/);
		panel.control.settings({ maintenance: true });
		const down = await page(application, 'GET', users);
		expect(down.slice(0, 2)).toEqual([503, 'Service Unavailable']);
	});
});

describe('Malformed JSON', () => {
	const malformed = 'The JSON data passed in the request appears to be malformed:';

	it.each([
		['{"a":1,}', 'Syntax error'],
		['{"a":"\\x"}', 'Syntax error'],
		['{"a":"b', 'Control character error, possibly incorrectly encoded'],
		['{"a":"b\nc"}', 'Control character error, possibly incorrectly encoded'],
		['{"a":"\xff"}', 'Malformed UTF-8 characters, possibly incorrectly encoded'],
		['{"a":1,}"\xff"', 'Syntax error'],
	])('%j: %s', async (text, problem) => {
		const answer = await fetch(`${panel.url}${users}`, {
			method: 'POST',
			headers: {
				Accept: 'application/json',
				Authorization: `Bearer ${panel.applicationKey}`,
				'Content-Type': 'application/json',
			},
			body: Buffer.from(text, 'latin1'),
		});
		expect([answer.status, await answer.json()]).toMatchObject([
			400,
			{ errors: [{ code: 'BadRequestHttpException', detail: `${malformed} ${problem}` }] },
		]);
	});
});

describe('A list', () => {
	it('takes sorts and filters as arrays', async () => {
		const sorted = await application('GET', `${users}?sort[]=-id&per_page=1`);
		expect(sorted.data.data[0]?.attributes.id).toBe(5);
		expect(codes(await application('GET', `${users}?sort[]=nope`))).toEqual(['InvalidSortQuery']);
		const refused = await application('GET', `${users}?filter[]=x`);
		expect(refused.data.errors[0]?.detail).toMatch(/^Requested filter\(s\) `0` are not allowed/);
		expect(await total(`${users}?filter[username][]=bob&filter[username][]=admin`)).toBe(2);
	});

	it('cuts a broken page size, and counts the pages by it', async () => {
		const { status, data } = await application('GET', `${users}?per_page=1.5&page=3&sort=id`);
		expect(status).toBe(200);
		expect(data.data.map(({ attributes }) => attributes.id)).toEqual([4]);
		expect(data.meta.pagination).toMatchObject({ per_page: 1, total: 5, total_pages: 4 });
		expect(codes(await application('GET', `${users}?per_page=text`))).toEqual(['TypeError']);
	});

	it('takes true for 1 and false for whatever is not NULL', async () => {
		await create({ external_id: 'shop-7' });
		await create({ external_id: 'shop-1', email: 'b@example.test', username: 'newcomer2' });
		const filter = (text: string) => total(`${users}?filter[external_id]${text}`);
		expect(await filter('=true')).toBe(1);
		expect(await filter('=false')).toBe(2);
		expect(await filter('=true,false')).toBe(0);
		expect(await filter('[]=true')).toBe(1);
		expect(await filter('[]=false')).toBe(7);
	});
});

describe('Text', () => {
	it('is the same with other accents and in other case', async () => {
		await create({ email: 'zoë@example.test', external_id: 'Éa-1' });
		const again = await create({
			email: 'ZOE@example.test',
			username: 'zoe1',
			external_id: 'ea-1',
		});
		expect(rules(again)).toEqual(['email: unique', 'external_id: unique']);
		expect((await application('GET', `${users}/external/EA-1`)).status).toBe(200);
		expect(await total(`${users}?filter[email]=zöe`)).toBe(1);
	});

	it('is 1 for true and nothing for false', async () => {
		expect(rules(await create({ username: false }))).toEqual([
			'username: between',
			'username: p_username',
		]);
		expect(rules(await create({ username: true }))).toEqual(['username: p_username']);
		expect(codes(await create({ username: ['newcomer'] }))).toEqual(['TypeError']);
		expect(rules(await create({ first_name: false }))).toEqual([
			'first_name: string',
			'first_name: between',
		]);
	});
});

it('OPTIONS names the methods of a known route, to everybody', async () => {
	const nobody = caller(panel.url, '');
	const list = await nobody('OPTIONS', users);
	expect([list.status, list.headers.allow, list.data]).toEqual([200, 'GET,HEAD,POST', '']);
	const one = await nobody('OPTIONS', `${users}/1`);
	expect(one.headers.allow).toBe('GET,HEAD,PATCH,DELETE');
	expect((await nobody('OPTIONS', '/api/application/nope')).status).toBe(404);
});
