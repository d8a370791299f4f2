import type { Fault } from '../../../../simulators/faults.cjs';
import { failing, pauses, provision, provisionOne, type Run } from './support/node.cjs';
import {
	AURORA,
	EMBER,
	GLACIER,
	SNOWFALL,
	accessOf,
	inventedBy,
	usePanel,
	writesTo,
} from './support/panel.cjs';
import { silence } from '../../../../nodes/shared/httpClient';

const panel = usePanel();
const C = 'websocket.connect';
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada' };
const FROST = [SNOWFALL, GLACIER, AURORA];
const buys = (grants: string, connection = {}) =>
	provisionOne(panel, { ...ADA, grants }, { connection });
const has = () => accessOf(panel, ADA.email);
const knight = Object.fromEntries(FROST.map((name) => [name, [['activity.read', C]]]));
const KNIGHT = { grants: 'knight' };
const QUICK = { timeoutMs: 500 };

const USERS = /application\/users$/;
const GRANT = /client\/servers\/[\w-]+\/users$/;
const ROW = /client\/servers\/[\w-]+\/users\/.+/;

/** What goes wrong once; `isUnknown` where nobody told whether the call was carried out. */
/** A deletion is answered with 204 and nothing, which cannot be cut off. */
const isWhole = ({ kind }: { kind: string }) => kind === 'truncated';

const mishaps: Array<[string, Omit<Fault, 'method' | 'path'>, boolean]> = [
	['cut before it was carried out', { kind: 'refuse' }, true],
	['cut after it was carried out', { kind: 'reset-after' }, true],
	['cut in the middle of the answer', { kind: 'reset-after', mid: true }, true],
	['left without an answer', { kind: 'hang' }, true],
	['left without an answer though carried out', { kind: 'hang', executed: true }, true],
	['answered with half a JSON', { kind: 'truncated' }, true],
	['answered 504 though carried out', { kind: 'status', status: 504, executed: true }, true],
	['answered 502', { kind: 'status', status: 502 }, true],
	['answered 500', { kind: 'status', status: 500 }, false],
	['answered 500 though carried out', { kind: 'status', status: 500, executed: true }, false],
	['refused with 429 and retry-after', { kind: '429', retryAfter: 7 }, false],
	['refused with 429 without retry-after', { kind: '429' }, false],
];

describe.each(mishaps)('A call that is once %s', (_what, mishap, isUnknown) => {
	const once = (method: string, path: RegExp) =>
		panel.control.fault({ ...mishap, method, path, times: 1 });

	it('does no harm where an account is made: there is one, with all its access', async () => {
		once('POST', USERS);
		const result = await buys('knight', QUICK);
		expect(panel.state.users.filter(({ email }) => email === ADA.email)).toHaveLength(1);
		expect(has()).toEqual(knight);
		expect(result.uncertain).toBe(isUnknown);
	});

	it('does no harm where access is given: there is one row', async () => {
		once('POST', GRANT);
		const result = await buys('knight', QUICK);
		expect(has()).toEqual(knight);
		expect(result.uncertain).toBe(isUnknown);
		expect(
			panel.control.mails().filter(({ subject }) => subject === 'Added To Server'),
		).toHaveLength(3);
	});

	it('does no harm where access is added to: it is there', async () => {
		await buys('awakened');
		once('POST', ROW);
		const result = await buys('knight', QUICK);
		expect(has()).toEqual(knight);
		expect(result.uncertain).toBe(isUnknown);
	});

	it('does no harm where access is made less: it is gone, and told as changed', async () => {
		await buys('knight');
		once('POST', ROW);
		const result = await buys('awakened', QUICK);
		expect(has()).toEqual(Object.fromEntries(FROST.map((name) => [name, [[C]]])));
		expect(result.changes).toHaveLength(3);
		expect(result.uncertain).toBe(isUnknown);
	});

	it('does no harm where access is taken: it is gone', async () => {
		await buys('knight');
		once('DELETE', ROW);
		const result = await provisionOne(panel, ADA, { operation: 'suspend', connection: QUICK });
		expect(has()).toEqual({});
		expect(result.uncertain).toBe(isUnknown && !isWhole(mishap));
	});

	it('does no harm where an account is adopted', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada' });
		once('PATCH', /application\/users\//);
		const result = await buys('knight', QUICK);
		expect(panel.control.user(ADA.email).externalId).toBe('paymenter-77');
		expect(has()).toEqual(knight);
		expect(result.uncertain).toBe(isUnknown);
	});

	it('does no harm where an account is deleted: it is gone', async () => {
		await buys('knight');
		once('DELETE', /application\/users\//);
		const result = await provisionOne(panel, ADA, { operation: 'remove', connection: QUICK });
		expect(panel.state.users.map(({ email }) => email)).not.toContain(ADA.email);
		expect(result.uncertain).toBe(isUnknown && !isWhole(mishap));
	});

	it.each([/filter/, /application\/servers/])(
		'is repeated where it only reads (%s)',
		async (path) => {
			once('GET', path);
			const result = await buys('knight', QUICK);
			expect(has()).toEqual(knight);
			expect(result.uncertain).toBe(false);
			expect(panel.state.users).toHaveLength(3);
		},
	);
});

describe('A write of unknown outcome', () => {
	it('is repeated only after a look', async () => {
		panel.control.fault({ kind: 'refuse', method: 'POST', path: GRANT, times: 1 });
		await buys('knight');
		const calls = panel.calls().map(({ method, path }) => `${method} ${path.split('?')[0]}`);
		const cut = panel.calls().findIndex(({ fault }) => fault === 'refuse');
		expect(calls[cut + 1]).toMatch(/^GET .*users\/[0-9a-f-]{36}$/);
		expect(calls[cut + 2]).toBe(calls[cut]);
	});

	it('is uncertain also where the run ends with an error', async () => {
		panel.control.fault({ kind: 'hang', method: 'POST', path: GRANT });
		const result = await failing(
			panel,
			{ ...ADA, ...KNIGHT },
			{ connection: { ...QUICK, retries: 0 } },
		);
		expect(result.error).toBeTruthy();
		expect(result.uncertain).toBe(true);
	});

	it('that ends in an error is not told as done', async () => {
		panel.control.fault({ kind: 'refuse', method: 'POST', path: USERS });
		const result = await failing(panel, { ...ADA, ...KNIGHT }, { connection: { retries: 1 } });
		expect(result.error).toBeTruthy();
		expect(result.changes).toEqual([]);
	});

	it('is none where the connection was refused: nothing was carried out', async () => {
		const closed = {
			...panel,
			url: 'http://127.0.0.1:1',
			applicationKey: panel.applicationKey,
			accountKey: panel.accountKey,
		};
		const result = await failing(closed, { ...ADA, ...KNIGHT }, { connection: { retries: 1 } });
		expect(result.error).toBeTruthy();
		expect(result.uncertain).toBe(false);
	});
});

describe('The rate limit', () => {
	it('is waited out for as long as the panel says, and the call repeated', async () => {
		panel.control.fault({ kind: '429', retryAfter: 42, method: 'POST', path: GRANT, times: 2 });
		await buys('knight');
		expect(has()).toEqual(knight);
		expect(pauses).toHaveLength(2);
		for (const pause of pauses) {
			expect(pause).toBeGreaterThanOrEqual(42_000);
			expect(pause).toBeLessThan(45_000);
		}
	});

	it('without a time is waited out with growing pauses', async () => {
		panel.control.fault({ kind: '429', method: 'POST', path: USERS, times: 4 });
		await buys('knight');
		expect(has()).toEqual(knight);
		expect(pauses).toHaveLength(4);
		expect(pauses[3]).toBeGreaterThan(pauses[0] ?? Infinity);
	});

	it('after a success is waited out with short pauses again', async () => {
		panel.control.fault({ kind: '429', method: 'POST', path: USERS, times: 4 });
		panel.control.fault({ kind: '429', method: 'POST', path: GRANT, times: 1 });
		await buys('knight');
		expect(pauses).toHaveLength(5);
		expect(pauses[4]).toBeLessThan(pauses[2] ?? 0);
	});

	it('is waited out anew for the next customer of the same run', async () => {
		panel.control.fault({ kind: '429', retryAfter: 60, method: 'POST', path: GRANT, times: 4 });
		const ben = { id: 78, email: 'ben@example.com', ...KNIGHT };
		const [ada, other] = await provision(panel, {
			items: [{ ...ADA, ...KNIGHT }, ben],
			continueOnFail: true,
		});
		expect(ada?.error).toMatch(/429/);
		expect(other?.error).toBeUndefined();
		expect(accessOf(panel, ben.email)).toEqual(knight);
	});

	it.each([60, 100_000, undefined])(
		'that never ends is an error at last, after a bounded time (retry-after %s)',
		async (retryAfter) => {
			panel.control.fault({ kind: '429', retryAfter, path: GRANT, method: 'POST' });
			const everywhere: Run['plan'] = {
				server_groups: [
					{ name: 'frost', match: 'all' },
					{ name: 'ember', match: 'all' },
				],
			};
			const result = await failing(panel, { ...ADA, ...KNIGHT }, { plan: everywhere });
			expect(result.error).toMatch(/429/);
			expect(result.advice).toMatch(/limit/i);
			const waited = pauses.reduce((sum, pause) => sum + pause, 0);
			expect(waited).toBeLessThan(125_000);
		},
	);
});

describe('A panel that does not answer', () => {
	it('is asked again with growing pauses that are never the same, and an upper bound', async () => {
		panel.control.fault({ kind: 'status', status: 502 });
		await failing(panel, { ...ADA, ...KNIGHT }, { connection: { retries: 8 } });
		expect(panel.calls()).toHaveLength(9);
		expect(pauses).toHaveLength(8);
		expect(pauses[3]).toBeGreaterThan(pauses[0] ?? Infinity);
		expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
		expect(new Set(pauses).size).toBe(8);
	});

	it('for half a minute each time is not asked about all rows: the run ends before it counts as dead', async () => {
		const real = Date.now.bind(Date);
		let ahead = 0;
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + ahead);
		const takesLong = () => (ahead += 30_000);
		panel.control.fault({ kind: 'refuse', method: 'POST', path: GRANT, meanwhile: takesLong });
		const began = real() + ahead;
		await failing(panel, { ...ADA, ...KNIGHT }, {});
		clock.mockRestore();
		expect(writesTo(panel).filter((call) => GRANT.test(call)).length).toBeLessThan(6);
		expect(real() + ahead - began).toBeLessThan(200_000);
	});

	it.each<[string, Fault]>([
		['is in maintenance', { kind: 'status', status: 503 }],
		['takes no more calls', { kind: '429', retryAfter: 3600 }],
	])('(%s) is not tried on every server', async (_what, fault) => {
		panel.control.fault({ ...fault, method: 'POST', path: GRANT });
		await failing(panel, { ...ADA, ...KNIGHT }, { connection: { retries: 0 } });
		expect(writesTo(panel).filter((call) => GRANT.test(call))).toHaveLength(1);
	});

	it.each<[string, Fault]>([
		['cuts the connection', { kind: 'refuse' }],
		['never answers', { kind: 'hang' }],
	])('(%s) is told with customer, address of the panel and what to do', async (_what, fault) => {
		panel.control.fault(fault);
		const result = await failing(
			panel,
			{ ...ADA, ...KNIGHT },
			{ connection: { ...QUICK, retries: 0 } },
		);
		expect(result.error).toMatch(/customer 77/);
		expect(result.error).toContain(panel.url);
		expect(result.advice).toMatch(/Panel URL/);
	});

	it('about one server is told with customer and server', async () => {
		await buys('knight');
		panel.control.fault({ kind: 'refuse', method: 'DELETE' });
		const result = await failing(panel, ADA, { operation: 'suspend', connection: { retries: 0 } });
		expect(result.error).toMatch(/customer 77/);
		expect(result.error).toMatch(/Frost Path - /);
	});
});

describe('An answer that is not the panel’s', () => {
	it.each<[string, Fault, RegExp]>([
		['an HTML page', { kind: 'html' }, /JSON/],
		['text that says it is JSON', { kind: 'not-json' }, /JSON/],
		['half a JSON', { kind: 'truncated' }, /JSON/],
		['a redirect', { kind: 'redirect' }, /302|redirect/],
	])('(%s) is told, with customer and what to do', async (_what, fault, words) => {
		panel.control.fault({ ...fault, path: /users\/external/ });
		const result = await failing(panel, { ...ADA, ...KNIGHT });
		expect(result.error).toMatch(words);
		expect(result.error).toMatch(/customer 77/);
		expect(result.advice).toMatch(/Panel URL|address/);
		expect(writesTo(panel)).toEqual([]);
	});

	it('where a row is made does not end in two rows or a made-up user', async () => {
		panel.control.fault({ kind: 'truncated', method: 'POST', path: GRANT, times: 2 });
		await buys('knight');
		expect(has()).toEqual(knight);
		expect(inventedBy(panel)).toEqual([]);
	});

	it('that redirects is not followed', async () => {
		panel.control.fault({ kind: 'redirect' });
		await failing(panel, { ...ADA, ...KNIGHT });
		expect(panel.calls().filter(({ path }) => path.includes('/auth/login'))).toEqual([]);
	});
});

describe('One server that refuses', () => {
	const ofServer = (name: string) => new RegExp(`servers/${panel.control.server(name).uuid}`);

	it.each([403, 500, 422])(
		'with %i does not hold up the others; the error names it and carries what was done',
		async (status) => {
			panel.control.fault({ kind: 'status', status, method: 'POST', path: ofServer(GLACIER) });
			const result = await failing(panel, { ...ADA, ...KNIGHT });
			expect(Object.keys(has()).sort()).toEqual([AURORA, SNOWFALL].sort());
			expect(result.outcome).toBe('failed');
			expect(result.error).toMatch(/customer 77/);
			expect(result.error).toContain(GLACIER);
			expect(result.error).toMatch(String(status));
			expect(result.error).not.toContain(AURORA);
			expect(result.changes.map(({ server }) => server)).toEqual([null, SNOWFALL, AURORA]);
			expect(result.advice).not.toBe('');
		},
	);

	it('by not answering does not hold up the others', async () => {
		panel.control.fault({ kind: 'hang', method: 'POST', path: ofServer(SNOWFALL) });
		const result = await failing(
			panel,
			{ ...ADA, ...KNIGHT },
			{ connection: { ...QUICK, retries: 0 } },
		);
		expect(result.error).toContain(SNOWFALL);
		expect(Object.keys(has()).sort()).toEqual([AURORA, GLACIER].sort());
	});

	it('gives before it takes: who pays does not wait', async () => {
		await buys('elder');
		const { uuid } = panel.control.server(AURORA);
		panel.state.subusers = panel.state.subusers.filter(
			({ serverId }) => panel.control.server(serverId).uuid !== uuid,
		);
		panel.control.clearCalls();
		await buys('knight');
		expect(writesTo(panel)[0]).toContain(`POST /api/client/servers/${uuid}/users`);
		expect(Object.keys(has())).not.toContain(EMBER);
	});
});

describe('A key that is wrong', () => {
	const keys = () => ({
		url: panel.url,
		applicationKey: panel.applicationKey,
		accountKey: panel.accountKey,
	});
	const WRONG = 'x'.repeat(43);

	it.each<[string, () => Parameters<typeof failing>[0], RegExp[], RegExp[]]>([
		[
			'an unknown application key',
			() => ({ ...keys(), applicationKey: `ptla_${WRONG}` }),
			[/401/],
			[/application key/, /create/i],
		],
		[
			'an unknown account key',
			() => ({ ...keys(), accountKey: `ptlc_${WRONG}` }),
			[/401/],
			[/account key/, /create/i],
		],
		[
			'an application key that may not write users',
			() => (
				panel.control.changeKey(panel.applicationKey, {
					rights: { users: 'read', servers: 'read' },
				}),
				keys()
			),
			[/403/],
			[/application key/, /Users read & write/],
		],
		[
			'an application key that may not read servers',
			() => (
				panel.control.changeKey(panel.applicationKey, {
					rights: { users: 'write', servers: 'none' },
				}),
				keys()
			),
			[/403/],
			[/application key/, /Servers read/],
		],
		[
			'an account key of somebody without rights',
			() => ({
				...keys(),
				accountKey: panel.control.addKey({ kind: 'account', user: 'bob' }).token,
			}),
			[/404/, /Frost Path/],
			[/account key/, /admin|subuser/],
		],
		[
			'a panel that demands two-factor authentication',
			() => (panel.control.settings({ twoFactor: 'admins' }), keys()),
			[/customer 77/],
			[/two-factor/i, /application key/],
		],
		[
			'a panel in maintenance',
			() => (panel.control.settings({ maintenance: true }), keys()),
			[/503/],
			[/maintenance/],
		],
		[
			'an application key from a forbidden address',
			() => (panel.control.changeKey(panel.applicationKey, { allowedIps: ['10.9.9.9'] }), keys()),
			[/403/],
			[/application key/, /allowed IPs/],
		],
	])('%s: the error says which, and what to do', async (_what, arrange, words, advice) => {
		const used = arrange();
		const result = await failing(used, { ...ADA, ...KNIGHT }, { connection: { retries: 1 } });
		for (const word of [/customer 77/, ...words]) expect(result.error).toMatch(word);
		for (const word of advice) expect(result.advice).toMatch(word);
		const whole = JSON.stringify(result);
		expect(whole).not.toContain(used.applicationKey);
		expect(whole).not.toContain(used.accountKey);
	});

	it('of no administrator is enough where the account is subuser with the rights it hands out', async () => {
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: 'bob' });
		const permissions = [
			'user.create',
			'user.read',
			'user.update',
			'user.delete',
			'activity.read',
			C,
		];
		for (const server of FROST) panel.control.addSubuser({ server, user: 'bob', permissions });
		await provisionOne({ ...keys(), accountKey }, { ...ADA, ...KNIGHT });
		expect(has()).toEqual(knight);
	});

	it('of somebody who lacks a permission that is sold is told with server and what to do', async () => {
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: 'bob' });
		const permissions = ['user.create', 'user.read', 'user.update', 'user.delete', C];
		for (const server of FROST) panel.control.addSubuser({ server, user: 'bob', permissions });
		const result = await failing({ ...keys(), accountKey }, { ...ADA, ...KNIGHT });
		expect(result.error).toMatch(/customer 77.*Frost Path - .*403/);
		expect(result.advice).toMatch(/every permission that it grants/);
	});

	it('for a server does not pass for "the access is gone" when it is to be taken', async () => {
		await buys('knight');
		const accountKey = panel.control.addKey({ kind: 'account', user: 'bob' }).token;
		const result = await failing({ ...keys(), accountKey }, ADA, { operation: 'suspend' });
		expect(result.error).toContain(SNOWFALL);
		expect(result.advice).toMatch(/account key/);
		expect(result.changes).toEqual([]);
		expect(has()).toEqual(knight);
	});

	it('that may not read who has access is an error, and nobody is granted twice', async () => {
		panel.control.changeKey(panel.applicationKey, { rights: { users: 'none', servers: 'read' } });
		await failing(keys(), { ...ADA, ...KNIGHT });
		expect(writesTo(panel)).toEqual([]);
	});

	it('that may not read where servers are is an error where groups go by place, and nothing is taken', async () => {
		const plan: Run['plan'] = {
			server_groups: [
				{ name: 'frost', match: 'location', locations: [1, 2, 3] },
				{ name: 'ember', match: 'location', locations: [1] },
			],
		};
		const { granted } = await provisionOne(panel, { ...ADA, ...KNIGHT }, { plan });
		const rights = { users: 'write', servers: 'read', locations: 'none' } as const;
		panel.control.changeKey(panel.applicationKey, { rights });
		const before = writesTo(panel);
		for (const request of [{ grantedBefore: granted }, { isNew: true }]) {
			const run = { plan, request: () => request };
			const result = await failing(panel, { ...ADA, ...KNIGHT }, run);
			expect(result.error).toMatch(/may not read the location/);
			expect(result.advice).toMatch(/Locations/);
		}
		expect(writesTo(panel)).toEqual(before);
	});
});

describe('A permission that somebody gave by hand, and the account key’s owner has not', () => {
	const bobs = () => {
		const { token: accountKey } = panel.control.addKey({ kind: 'account', user: 'bob' });
		const users = ['user.create', 'user.read', 'user.update', 'user.delete'];
		for (const server of FROST) {
			panel.control.addSubuser({
				server,
				user: 'bob',
				permissions: [...users, 'activity.read', C],
			});
		}
		return { ...panel, url: panel.url, applicationKey: panel.applicationKey, accountKey };
	};

	it('is not lost by a repair of doubled rows: it is refused before anything is taken', async () => {
		await buys('knight');
		panel.control.addSubuser({
			server: SNOWFALL,
			user: ADA.email,
			permissions: [C, 'schedule.update'],
		});
		const before = has();
		const result = await failing(bobs(), { ...ADA, ...KNIGHT });
		expect(result.error).toMatch(/Snowfall.*lacks schedule\.update/);
		expect(result.advice).toMatch(/Give that account schedule\.update on Frost Path - Snowfall/);
		expect(result.changes).toEqual([]);
		expect(has()).toEqual(before);
		// The panel's own administrator may.
		await buys('knight');
		expect(has()[SNOWFALL]).toEqual([['activity.read', 'schedule.update', C]]);
	});

	it('is named where the panel refuses a change for it', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		const permissions = [C, 'activity.read', 'schedule.update'];
		panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions });
		const result = await failing(bobs(), ADA, { operation: 'suspend' });
		expect(result.error).toMatch(/Snowfall.*403.*lacks schedule\.update/);
		expect(has()[SNOWFALL]).toEqual([[...permissions].sort()]);
	});
});

describe('What a failed run tells of what was granted', () => {
	const granted = (result: { granted: Record<string, string[]> }) => result.granted;
	const id = (name: string) => panel.control.server(name).uuid;

	it('is what was given and what is still there, so that it can be taken when the plan has changed', async () => {
		const refused = new RegExp(`servers/${id(GLACIER)}`);
		panel.control.fault({ kind: 'status', status: 403, method: 'POST', path: refused });
		const first = await failing(panel, { ...ADA, ...KNIGHT });
		panel.control.clearFaults();
		const plan: Run['plan'] = {
			server_groups: [
				{ name: 'frost', match: 'name', pattern: AURORA },
				{ name: 'ember', match: 'name', pattern: EMBER },
			],
		};
		const options = { grantedBefore: JSON.stringify(granted(first)) };
		await provisionOne(panel, { ...ADA, ...KNIGHT }, { plan, options });
		expect(Object.keys(has())).toEqual([AURORA]);
	});

	it('holds servers that were not tried any more', async () => {
		const { granted: before } = await buys('knight');
		panel.control.fault({ kind: 'status', status: 401, method: 'DELETE' });
		const options = { grantedBefore: JSON.stringify(before) };
		const result = await failing(panel, { ...ADA, grants: '' }, { options });
		expect(result.granted).toEqual(before);
	});

	it('is what was there where the account could not even be written', async () => {
		const { granted: before } = await buys('knight');
		panel.control.changeUser(ADA.email, { externalId: null });
		panel.control.fault({ kind: 'status', status: 403, method: 'PATCH', path: /users/ });
		const options = { grantedBefore: JSON.stringify(before) };
		const result = await failing(panel, { ...ADA, grants: 'awakened' }, { options });
		expect(result.granted).toEqual(before);
	});
});

describe('No answer', () => {
	const why = (code: string) => silence(Object.assign(new Error('it went wrong'), { code }));

	it.each([
		['CERT_HAS_EXPIRED', /certificate has expired/],
		['ERR_TLS_CERT_ALTNAME_INVALID', /certificate is for another name/],
		['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate is not trusted/],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate is not trusted/],
		['EHOSTUNREACH', /no route/],
		['ECONNREFUSED', /connection was refused/],
		['ENOTFOUND', /host name is unknown/],
		['EAI_AGAIN', /host name could not be resolved/],
	])('because of %s is told so, and the request has not arrived', (code, words) => {
		expect(why(code)).toEqual({ why: expect.stringMatching(words), mayHaveArrived: false });
	});

	it.each(['ECONNRESET', 'ETIMEDOUT', 'ESOMETHING'])('because of %s tells nothing', (code) => {
		expect(why(code).mayHaveArrived).toBe(true);
	});
});
