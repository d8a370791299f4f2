jest.mock('../../../../../nodes/PterodactylProvision/sync/syncCustomer', () => ({
	...jest.requireActual<object>('../../../../../nodes/PterodactylProvision/sync/syncCustomer'),
	sync: async (_panel: unknown, _plan: unknown, _reader: unknown, request: SyncRequest) =>
		await served(request),
}));

import type { Result, SyncRequest } from '../../../../../domain/access/result';
import { SyncError } from '../../../../../nodes/PterodactylProvision/sync/syncCustomer';
import {
	groupsOf,
	syncMany,
	type Order,
} from '../../../../../nodes/PterodactylProvision/sync/syncMany';
import {
	PanelError,
	subuserLimit,
} from '../../../../../nodes/PterodactylProvision/transport/errors';
import type { Panel } from '../../../../../nodes/PterodactylProvision/transport/panelApi';
import { outOfTime } from '../../../../../nodes/shared/api';
import { readPlanDocument } from '../../../../../domain/access/planDocument';
import { requestOf } from '../../../../../domain/work/syncRequest';
import { after, result, somebody } from '../../../support/work.cjs';
import { PLAN_DOCUMENT } from '../support/many.cjs';

/** What a sync does in a test. */
let serve: (id: number) => Promise<Result>;
const log: string[] = [];
async function served({ person }: SyncRequest): Promise<Result> {
	const id = Number(person.customerId);
	log.push(`${id} begins`);
	try {
		return await serve(id);
	} finally {
		log.push(`${id} ends`);
	}
}

const { plan, settings } = readPlanDocument(PLAN_DOCUMENT);
const done = async (): Promise<Result> => {
	await new Promise((resolve) => setImmediate(resolve));
	return result();
};

beforeEach(() => {
	serve = done;
	log.length = 0;
});
afterEach(() => jest.restoreAllMocks());

function order(
	id: number,
	more: Partial<Order> = {},
	email?: string,
	previous: string[] = [],
): Order {
	const entitlement = {
		...somebody(id, {
			tier: 'knight',
			product_id: null,
			...(email ? { customer_email: email } : {}),
		}),
		previous_emails: previous,
	};
	const context = { plan, settings, dryRun: false, all: [entitlement] };
	const request = requestOf(entitlement, {}, context);
	return { request, isBulk: false, waitingSince: null, ...more };
}

const opened: Array<{ isBulk: boolean }> = [];
async function many(orders: Order[], parallel = 8, deadline = Infinity) {
	opened.length = 0;
	return await syncMany(orders, {
		plan,
		parallel,
		deadline,
		open: (more) => {
			opened.push(more);
			return { calls: () => 3 } as Panel;
		},
	});
}

const begun = () => log.filter((entry) => entry.endsWith('begins')).map((entry) => parseInt(entry));
const kinds = ({ outcomes }: Awaited<ReturnType<typeof many>>) => outcomes.map(({ kind }) => kind);
const failing = (id: number, cause: PanelError) =>
	new SyncError(
		`customer ${id}: ${cause.message}`,
		cause.advice,
		result({ summary: 'half' }),
		cause,
	);

describe('Many customers', () => {
	it('are all served; the outcomes are in their order', async () => {
		serve = async (id) => result({ summary: `of ${id}` });
		const { outcomes, failure, calls } = await many([order(3), order(1), order(2)]);
		expect(outcomes.map((one) => one.kind === 'done' && one.result.summary)).toEqual([
			'of 3',
			'of 1',
			'of 2',
		]);
		expect(failure).toBeNull();
		expect(calls).toBe(9);
	});

	it('are served several at a time, never more than that', async () => {
		let under = 0;
		let most = 0;
		serve = async () => {
			most = Math.max(most, ++under);
			const made = await done();
			under--;
			return made;
		};
		const orders = Array.from({ length: 20 }, (_, index) => order(index + 1));
		await many(orders, 3);
		expect(most).toBe(3);
		most = 0;
		await many(orders, 1);
		expect(most).toBe(1);
	});

	it('are served in this order: the longest waiting, purchases, bulk work', async () => {
		const orders = [
			order(1, { isBulk: true }),
			order(2),
			order(3, { waitingSince: after(-5) }),
			order(4),
			order(5, { isBulk: true, waitingSince: after(-9) }),
			order(6, { waitingSince: after(-7) }),
		];
		await many(orders, 1);
		expect(begun()).toEqual([5, 6, 3, 2, 4, 1]);
	});

	it('who wait are done before anybody else begins', async () => {
		const orders = [order(1), order(2, { waitingSince: after(-5) }), order(3, { isBulk: true })];
		await many([...orders, order(4, { waitingSince: after(-6) })]);
		expect(log.slice(0, 2).sort()).toEqual(['2 begins', '4 begins']);
		expect(log.slice(2, 4).sort()).toEqual(['2 ends', '4 ends']);
		expect(log.slice(4, 6).sort()).toEqual(['1 begins', '3 begins']);
	});

	it('are connected as bulk work or not', async () => {
		await many([order(1), order(2, { isBulk: true })], 1);
		expect(opened).toEqual([{ isBulk: false }, { isBulk: true }]);
	});

	it('who share an address are served one after the other: they may share an account', async () => {
		await many([
			order(1, {}, 'ada@example.com'),
			order(2, {}, 'new@example.com', ['ADA@example.com']),
			order(3),
		]);
		expect(log.indexOf('2 begins')).toBeGreaterThan(log.indexOf('1 ends'));
		expect(log.indexOf('3 begins')).toBeLessThan(log.indexOf('1 ends'));
	});

	it('come with one of whom somebody with the same address waits', async () => {
		await many(
			[order(1), order(2, {}, 'a@x.y'), order(3, { waitingSince: after(-5) }, 'a@x.y')],
			1,
		);
		expect(begun()).toEqual([3, 2, 1]);
	});

	it('without an address are not one another', async () => {
		const nameless = [order(1), order(2)].map((one) => ({
			...one,
			request: { ...one.request, person: { ...one.request.person, email: null } },
		}));
		await many(nameless);
		expect(log.slice(0, 2)).toEqual(['1 begins', '2 begins']);
	});
});

describe('A failure', () => {
	it('of one customer is theirs alone, with what was done until then', async () => {
		const cause = new PanelError('Panel said 422', 'Correct it.', { status: 422 });
		const error = failing(2, cause);
		serve = async (id) => {
			if (id === 2) throw error;
			return await done();
		};
		const made = await many([order(1), order(2), order(3)]);
		expect(kinds(made)).toEqual(['done', 'failed', 'done']);
		expect(made.outcomes[1]).toEqual({
			kind: 'failed',
			failure: {
				message: 'customer 2: Panel said 422',
				advice: 'Correct it.',
				cause: 'Panel said 422',
				isTransient: false,
				concernsEverybody: false,
			},
			partial: error.partial,
		});
		expect(made.failure).toBeNull();
	});

	it.each([
		['a key is refused', new PanelError('401', '', { status: 401 })],
		['the panel is in maintenance', new PanelError('503', '', { status: 503, isTransient: true })],
		['the panel does not answer', new PanelError('gone', '', { isNoResponse: true })],
		['the limit of calls is reached', new PanelError('429', '', { status: 429 })],
	])('that concerns everybody ends the run: %s', async (_, cause) => {
		serve = async (id) => {
			if (id === 2) throw failing(id, cause);
			return await done();
		};
		const made = await many([order(1), order(2), order(3), order(4)], 1);
		expect(kinds(made)).toEqual(['done', 'unreached', 'unreached', 'unreached']);
		expect(made.outcomes[1]).toMatchObject({ partial: { summary: 'half' } });
		expect(made.outcomes[2]).toEqual({ kind: 'unreached', partial: null });
		const { message, advice, isTransient } = cause;
		expect(made.failure).toMatchObject({ message, advice, isTransient, concernsEverybody: true });
		expect(begun()).toEqual([1, 2]);
	});

	it('that concerns everybody is the first of several; later groups are not begun', async () => {
		serve = async (id) => {
			await done();
			throw failing(id, new PanelError(`down ${id}`, '', { status: 503 }));
		};
		const orders = [order(1, { waitingSince: after(-5) }), order(2, { waitingSince: after(-4) })];
		const made = await many([...orders, order(3)]);
		expect(made.failure?.message).toBe('down 1');
		expect(kinds(made)).toEqual(['unreached', 'unreached', 'unreached']);
		expect(begun()).toEqual([1, 2]);
	});

	it('is not the limit of one server', async () => {
		serve = async (id) => {
			throw failing(id, subuserLimit(60));
		};
		const made = await many([order(1), order(2)], 1);
		expect(kinds(made)).toEqual(['failed', 'failed']);
		expect(made.failure).toBeNull();
	});

	it('that nobody foresaw is one customer’s, and says where it came from', async () => {
		serve = async (id) => {
			if (id === 1) throw new TypeError('x is not a function');
			return await done();
		};
		const made = await many([order(1), order(2)], 1);
		expect(kinds(made)).toEqual(['failed', 'done']);
		const [failed] = made.outcomes;
		if (failed?.kind !== 'failed') throw new Error('not failed');
		const { failure, partial } = failed;
		expect(failure.message).toBe('customer 1, c1@example.com: x is not a function');
		expect(failure.advice).toMatch(/report it with: at .*syncMany\.test/);
		expect(failure).toMatchObject({ isTransient: false, concernsEverybody: false });
		expect(partial).toBeNull();
	});

	it('that nobody foresaw may come without a trace', async () => {
		serve = async () => {
			throw Object.assign(new Error('odd'), { stack: undefined });
		};
		expect(kinds(await many([order(1)]))).toEqual(['failed']);
	});
});

describe('When the time is over', () => {
	it('nobody else is begun, and nothing is wrong', async () => {
		let clock = 1000;
		jest.spyOn(Date, 'now').mockImplementation(() => clock);
		serve = async () => {
			clock += 100;
			return await done();
		};
		const made = await many([order(1), order(2), order(3), order(4)], 1, 1200);
		expect(kinds(made)).toEqual(['done', 'done', 'done', 'unreached']);
		expect(made.failure).toBeNull();
		expect(opened).toHaveLength(3);
	});

	it('who was begun is unreached, with what was done until then', async () => {
		serve = async (id) => {
			if (id === 1) throw failing(id, new PanelError(...outOfTime()));
			return await done();
		};
		const made = await many([order(1), order(2)], 1);
		expect(made.outcomes[0]).toMatchObject({ kind: 'unreached', partial: { summary: 'half' } });
		expect(made.outcomes[1]?.kind).toBe('done');
		expect(made.failure).toBeNull();
	});
});

describe('Groups', () => {
	const groups = (...keys: string[][]) =>
		groupsOf(keys.map((some, index) => ({ index, keys: some })));

	it('are those who have a key in common, each where its first member was', () => {
		expect(groups(['a'], ['b'], ['a', 'c'], ['d'], ['c'])).toEqual([[0, 2, 4], [1], [3]]);
	});

	it('are joined by somebody who belongs to both, who comes after them', () => {
		expect(groups(['a'], ['b'], ['c'], ['b', 'c'], ['c'], ['b'])).toEqual([[0], [1, 2, 3, 4, 5]]);
		expect(groups(['a'], ['b'], ['c'], ['c', 'a'], ['b', 'a'], ['c'])).toEqual([
			[0, 2, 3, 1, 4, 5],
		]);
	});

	it('that were joined are found by every key of each', () => {
		expect(groups(['a'], ['b', 'x'], ['a', 'b'], ['x'])).toEqual([[0, 1, 2, 3]]);
		expect(groups(['a', 'y'], ['b', 'x'], ['b', 'a'], ['d'], ['y', 'x'])).toEqual([
			[0, 1, 2, 4],
			[3],
		]);
	});

	it('are of one where nothing is in common, and none of nobody', () => {
		expect(groups(['a'], ['b'])).toEqual([[0], [1]]);
		expect(groups(['a', 'a'])).toEqual([[0]]);
		expect(groups()).toEqual([]);
	});
});
