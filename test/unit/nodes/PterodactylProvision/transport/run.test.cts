/** What the customers of one run share: the deadline, the panel's limits, and whose turn it is. */
import type { Account, Server } from '../../../../../domain/access/panelRecords';
import { CONNECTION_DEFAULTS } from '../../../../../nodes/PterodactylProvision/transport/connection';
import { connect } from '../../../../../nodes/PterodactylProvision/transport/panelApi';
import {
	Slots,
	startRun,
	type PanelRun,
} from '../../../../../nodes/PterodactylProvision/transport/run';
import type { Answer, HttpClient } from '../../../../../nodes/shared/httpClient';

const START = Date.parse('2026-05-04T10:00:00Z');
let clock = START;
const pauses: number[] = [];
const sent: string[] = [];

beforeEach(() => {
	clock = START;
	pauses.length = 0;
	sent.length = 0;
	jest.spyOn(Date, 'now').mockImplementation(() => clock);
});
afterEach(() => jest.restoreAllMocks());

type Reply = Partial<Answer> | undefined;
const PERMISSIONS = ['websocket.connect'];
const account = (id: number): Account => ({
	id,
	uuid: `u${id}`,
	external_id: null,
	username: `c${id}`,
	email: `c${id}@example.com`,
	first_name: 'C',
	last_name: '-',
	language: 'en',
	root_admin: false,
});
const server = (uuid: string): Server => ({
	id: 1,
	uuid,
	name: uuid,
	description: '',
	user: 1,
	node: 1,
	nest: 1,
	location: null,
	tags: [],
	status: null,
	rows: new Map(),
});
const [SNOWFALL, GLACIER] = [server('snowfall'), server('glacier')];

/** A client whose every call is answered by `reply`, or as the panel does if all is well. */
function client(
	run: PanelRun,
	reply: (call: string) => Reply | Promise<Reply> = () => undefined,
	more = {},
) {
	const wire: HttpClient = {
		send: async ({ method, url, body }) => {
			const call = `${method} ${url.replace(/^.*\/api\//, '')}`;
			sent.push(call);
			const said = await reply(call);
			const { email } = (body ?? {}) as { email?: string };
			const uuid = /users\/(u\d+)$/.exec(url)?.[1] ?? `u${/\d+/.exec(email ?? '')?.[0]}`;
			const attributes = { ...account(1), uuid, permissions: PERMISSIONS };
			return { statusCode: 200, headers: {}, body: { attributes }, ...said };
		},
		pause: async (ms) => {
			pauses.push(ms);
			clock += ms;
		},
		random: () => 0,
	};
	return connect(wire, {
		...CONNECTION_DEFAULTS,
		url: 'https://panel.example.com',
		panel: 'pterodactyl',
		run,
		...more,
	});
}

const tooMany = (limit: number, seconds: number): Reply => ({
	statusCode: 429,
	headers: {
		'x-ratelimit-limit': String(limit),
		'x-ratelimit-remaining': '0',
		'retry-after': String(seconds),
	},
	body: { errors: [{ code: 'ThrottleRequestsException', status: '429', detail: 'Too Many' }] },
});
const left = (limit: number, remaining: number): Reply => ({
	headers: { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) },
});
const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
	await promise.then(
		() => null,
		(error: unknown) => error,
	);

describe('Tasks with one key', () => {
	/** Notes when each task begins and ends; they end when told to. */
	function tasks() {
		const log: string[] = [];
		const end = new Map<string, (error?: Error) => void>();
		const task = (name: string) => async () => {
			log.push(`${name} begins`);
			await new Promise<void>((resolve, reject) => {
				end.set(name, (error) => (error ? reject(error) : resolve()));
			});
			log.push(`${name} ends`);
			return name;
		};
		return { log, end, task };
	}
	const settled = async () => await new Promise((resolve) => setImmediate(resolve));

	it('are run one after the other, in the order in which they came', async () => {
		const { inTurn } = startRun();
		const { log, end, task } = tasks();
		const all = ['a', 'b', 'c'].map((name) => inTurn('key', task(name)));
		for (const name of ['a', 'b', 'c']) {
			await settled();
			end.get(name)?.();
		}
		expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
		expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
	});

	it('go on after one that failed; only its own caller is told', async () => {
		const { inTurn } = startRun();
		const { end, task } = tasks();
		const first = failureOf(inTurn('key', task('a')));
		const second = inTurn('key', task('b'));
		await settled();
		end.get('a')?.(new Error('broken'));
		await settled();
		end.get('b')?.();
		expect(await first).toEqual(new Error('broken'));
		expect(await second).toBe('b');
	});

	it('do not wait for those with another', async () => {
		const { inTurn } = startRun();
		const { log, end, task } = tasks();
		const all = ['a', 'b'].map((name) => inTurn(name, task(name)));
		await settled();
		expect(log).toEqual(['a begins', 'b begins']);
		for (const name of ['a', 'b']) end.get(name)?.();
		await Promise.all(all);
	});
});

describe('Slots', () => {
	it('let so many tasks run at the same time, also after their number was lowered', async () => {
		const slots = new Slots(3);
		let running = 0;
		const seen: number[] = [];
		const task = async () => {
			seen.push(++running);
			await new Promise((resolve) => setImmediate(resolve));
			running--;
		};
		await Promise.all(Array.from({ length: 9 }, async () => await slots.run(task)));
		expect(Math.max(...seen)).toBe(3);
		seen.length = 0;
		const all = Array.from({ length: 9 }, async () => await slots.run(task));
		slots.most = 1;
		await Promise.all(all);
		expect(seen).toEqual([1, 2, 3, 1, 1, 1, 1, 1, 1]);
	});
});

describe('The deadline', () => {
	it('lets no call start after it; nothing is wrong then', async () => {
		const panel = client(startRun(START));
		await panel.accountById(1);
		clock = START + 1;
		for (const call of [
			() => panel.accountById(1),
			() => panel.createRow(SNOWFALL, account(1), PERMISSIONS),
			() => panel.updateRow(SNOWFALL, account(1), PERMISSIONS),
			() => panel.deleteRow(SNOWFALL, account(1)),
			() => panel.createAccount(account(1) as never),
		]) {
			const error = await failureOf(call());
			expect(error).toMatchObject({ isOutOfTime: true, isTransient: true, isFatalForRun: false });
		}
		expect(sent).toHaveLength(1);
		expect(panel.calls()).toBe(1);
		expect(pauses).toEqual([]);
	});

	it('is none unless there is one', async () => {
		clock = Number.MAX_SAFE_INTEGER / 2;
		await expect(client(startRun()).accountById(1)).resolves.not.toBeNull();
	});

	it('ends retries too; the write may still take effect', async () => {
		const panel = client(startRun(START + 600), () => {
			throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
		});
		const error = await failureOf(panel.updateRow(SNOWFALL, account(1), PERMISSIONS));
		expect(error).toMatchObject({ isOutOfTime: true });
		expect(panel.unconfirmed).toHaveLength(1);
		expect(clock).toBeLessThan(START + 1100);
	});

	it('reached while waiting for a response, leaves that as the error', async () => {
		const run = startRun(START + 20_000);
		const panel = client(run, (call) => {
			if (call.startsWith('GET application/users/2')) return undefined;
			clock += 30_000;
			throw Object.assign(new Error('late'), { code: 'ECONNABORTED' });
		});
		await panel.accountById(2);
		for (const call of [
			() => panel.accountById(1),
			() => panel.updateRow(SNOWFALL, account(1), PERMISSIONS),
		]) {
			clock = START;
			const error = await failureOf(call());
			expect(error).toMatchObject({ isOutOfTime: false, isNoResponse: true, isFatalForRun: false });
		}
		expect(panel.unconfirmed).toHaveLength(1);
		expect(pauses).toEqual([]);
	});

	it('is not waited beyond for the API’s limit: then the time is over now', async () => {
		const late = client(startRun(START + 6999), () => tooMany(256, 7));
		expect(await failureOf(late.accountById(1))).toMatchObject({ isOutOfTime: true });
		expect(pauses).toEqual([]);
		let isFirst = true;
		const inTime = client(startRun(START + 7000), () => {
			const reply = isFirst ? tooMany(256, 7) : undefined;
			isFirst = false;
			return reply;
		});
		await inTime.accountById(1);
		expect(pauses).toEqual([7000]);
	});
});

describe('The limit of calls with a key', () => {
	it('is waited for by everybody in the run, but not by calls with the other key', async () => {
		const run = startRun();
		let refusals = 1;
		const first = client(run, () => (refusals-- > 0 ? tooMany(256, 5) : undefined), { retries: 0 });
		const waiting = failureOf(first.accountById(1));
		await new Promise((resolve) => setImmediate(resolve));
		expect(await waiting).toBeNull();
		expect(pauses).toEqual([5000]);

		run.pausedUntil.application = clock + 3000;
		await client(run).rowOf(SNOWFALL, account(1));
		expect(pauses).toEqual([5000]);
		await client(run).accountById(2);
		expect(pauses).toEqual([5000, 3000]);
		await client(run).accountById(2);
		expect(pauses).toEqual([5000, 3000]);
	});

	it('closes no server: a creation that it refuses is sent again', async () => {
		const run = startRun();
		let refusals = 1;
		const panel = client(run, () => (refusals-- > 0 ? tooMany(256, 5) : undefined));
		await panel.createRow(SNOWFALL, account(1), PERMISSIONS);
		expect(sent).toHaveLength(2);
		await client(run).createRow(SNOWFALL, account(2), PERMISSIONS);
		expect(sent).toHaveLength(3);
	});
});

describe('The limit of a server on new subusers', () => {
	it('once reached, nothing more is created there in this run, by anybody; elsewhere it is', async () => {
		const run = startRun();
		const refused = await failureOf(
			client(run, () => tooMany(10, 840)).createRow(SNOWFALL, account(1), PERMISSIONS),
		);
		expect(refused).toMatchObject({ retryAfter: 840, isFatalForRun: false });
		expect(pauses).toEqual([]);
		clock += 1500;
		const other = client(run);
		const held = await failureOf(other.createRow(SNOWFALL, account(2), PERMISSIONS));
		expect(held).toMatchObject({ retryAfter: 839, status: 429 });
		expect(sent).toHaveLength(1);
		expect(other.calls()).toBe(0);

		await other.createRow(GLACIER, account(2), PERMISSIONS);
		await other.updateRow(SNOWFALL, account(2), PERMISSIONS);
		await other.deleteRow(SNOWFALL, account(2));
		expect(sent.slice(1)).toEqual([
			'POST client/servers/glacier/users',
			'POST client/servers/snowfall/users/u2',
			'DELETE client/servers/snowfall/users/u2',
		]);
	});

	it('is over when the panel said', async () => {
		const run = startRun();
		await failureOf(
			client(run, () => tooMany(10, 60)).createRow(SNOWFALL, account(1), PERMISSIONS),
		);
		clock += 60_000;
		await client(run).createRow(SNOWFALL, account(1), PERMISSIONS);
		expect(sent).toHaveLength(2);
	});

	it('has its last three left to purchases by bulk work', async () => {
		const run = startRun();
		let remaining = 4;
		const reply = () => left(10, remaining--);
		const bulk = client(run, reply, { isBulk: true });
		await bulk.createRow(SNOWFALL, account(1), PERMISSIONS);
		await bulk.createRow(SNOWFALL, account(2), PERMISSIONS);
		const held = await failureOf(bulk.createRow(SNOWFALL, account(3), PERMISSIONS));
		expect(held).toMatchObject({ retryAfter: 900 });
		await bulk.createRow(GLACIER, account(3), PERMISSIONS);
		await client(run, reply).createRow(SNOWFALL, account(3), PERMISSIONS);
		expect(sent.filter((call) => call.includes('snowfall'))).toHaveLength(3);
	});

	it('is not what the API has left', async () => {
		const run = startRun();
		const bulk = client(run, () => left(256, 1), { isBulk: true });
		await bulk.rowOf(GLACIER, account(1));
		await bulk.createRow(SNOWFALL, account(1), PERMISSIONS);
		await bulk.createRow(SNOWFALL, account(2), PERMISSIONS);
		const updating = client(run, () => left(10, 1), { isBulk: true });
		await updating.updateRow(SNOWFALL, account(1), PERMISSIONS);
		await bulk.createRow(SNOWFALL, account(3), PERMISSIONS);
		expect(sent).toHaveLength(5);
	});
});

describe('At the same time', () => {
	/** How many calls of a kind are under way at most. */
	function gauge() {
		let under = 0;
		let most = 0;
		const reply = async () => {
			most = Math.max(most, ++under);
			await new Promise((resolve) => setImmediate(resolve));
			under--;
			return undefined;
		};
		return { reply, most: () => most };
	}
	const five = [1, 2, 3, 4, 5];

	it('one subuser is created on a server, whoever asks, in the order of asking', async () => {
		const run = startRun();
		const { reply, most } = gauge();
		const order: number[] = [];
		await Promise.all(
			five.map(async (id) => {
				await client(run, reply).createRow(SNOWFALL, account(id), PERMISSIONS);
				order.push(id);
			}),
		);
		expect(most()).toBe(1);
		expect(order).toEqual(five);
	});

	const createFive = async (run: PanelRun, reply: (call: string) => Promise<Reply>) =>
		await Promise.all(five.map((id) => client(run, reply).createAccount(account(id) as never)));

	it('three accounts are created', async () => {
		const { reply, most } = gauge();
		await createFive(startRun(), reply);
		expect(most()).toBe(3);
	});

	it('one account is created after the panel has failed at several [180]', async () => {
		const run = startRun();
		const failures = [{ statusCode: 500, body: { errors: [{ code: 'x', detail: 'x' }] } }];
		await createFive(run, async (call) =>
			call.startsWith('POST') ? failures.pop() : { body: { data: [] } },
		);
		const { reply, most } = gauge();
		await createFive(run, reply);
		expect(most()).toBe(1);
	});

	it('subusers are created on several servers, and changed on one', async () => {
		const run = startRun();
		const create = gauge();
		await Promise.all(
			[SNOWFALL, GLACIER].map((one) =>
				client(run, create.reply).createRow(one, account(1), PERMISSIONS),
			),
		);
		expect(create.most()).toBe(2);
		const change = gauge();
		await Promise.all(
			five.map((id) => client(run, change.reply).updateRow(SNOWFALL, account(id), PERMISSIONS)),
		);
		expect(change.most()).toBe(5);
	});
});

describe('A panel that answers no call of a run', () => {
	const cut = () => {
		throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
	};

	it('is down for everybody, whoever’s call it was', async () => {
		const read = await failureOf(client(startRun(), cut).accountById(1));
		expect(read).toMatchObject({ isNoResponse: true, isFatalForRun: true, isTransient: true });
		const panel = client(startRun(), cut);
		const written = await failureOf(panel.updateRow(SNOWFALL, account(1), PERMISSIONS));
		expect(written).toMatchObject({ isFatalForRun: true, isUnconfirmed: true });
		expect(written).toMatchObject({ shared: 'The panel does not answer' });
	});

	it('is not if it has answered another customer, whatever it said', async () => {
		const run = startRun();
		await failureOf(client(run, () => ({ statusCode: 404 })).accountById(2));
		const error = await failureOf(client(run, cut).accountById(1));
		expect(error).toMatchObject({ isNoResponse: true, isFatalForRun: false });
	});
});
