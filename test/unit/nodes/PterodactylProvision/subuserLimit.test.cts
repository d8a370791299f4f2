/** Panels since 1.12 take ten new subusers of a server in 15 minutes. */
import { failing, pauses, provision, provisionOne, type Run } from './support/node.cjs';
import { AURORA, GLACIER, SNOWFALL, accessOf, usePanel, writesTo } from './support/panel.cjs';

const WINDOW_S = 900;
const panel = usePanel({ rateLimits: false, subuserLimit: 2, subuserWindow: WINDOW_S });
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const serversOf = (user: number | string) => Object.keys(accessOf(panel, user)).sort();
const customer = (id: number) => ({
	id,
	email: `customer${id}@example.com`,
	name: `Customer ${id}`,
	grants: 'knight',
});
const ONLY_SNOWFALL: Run['plan'] = {
	server_groups: [
		{ name: 'frost', match: 'name', pattern: SNOWFALL },
		{ name: 'ember', match: 'name', pattern: SNOWFALL },
	],
};
const fill = async () => {
	for (const id of [1, 2]) await provisionOne(panel, customer(id), { plan: ONLY_SNOWFALL });
};

beforeEach(() => {
	panel.control.clearBuckets();
	pauses.length = 0;
});

describe('A server that takes no new subusers for now', () => {
	it('is waited for; the customer’s other servers are not', async () => {
		await fill();
		const before = Date.now();
		const result = await provisionOne(panel, customer(3));
		expect(serversOf('customer3@example.com')).toEqual(FROST.filter((name) => name !== SNOWFALL));
		expect(result.outcome).toBe('blocked');
		expect(result.summary).toMatch(
			/Waiting for the panel’s limit on new subusers of Frost Path - Snowfall, next try \d\d:\d\d UTC\./,
		);
		const wait = (Date.parse(result.retry_at ?? '') - before) / 1000;
		expect(wait).toBeGreaterThan(WINDOW_S - 60);
		expect(wait).toBeLessThan(WINDOW_S + 5);
		expect(pauses).toEqual([]);
	});

	it('holds up nobody else, and nothing but new subusers', async () => {
		await fill();
		const items = [
			customer(3),
			{ ...customer(1), grants: 'awakened' },
			{ ...customer(2), grants: '' },
		];
		const results = await provision(panel, { items, continueOnFail: true });
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(accessOf(panel, 'customer1@example.com')[SNOWFALL]).toEqual([['websocket.connect']]);
		expect(serversOf('customer2@example.com')).toEqual([]);
	});

	it('is given as soon as the window is over', async () => {
		await fill();
		await provisionOne(panel, customer(3));
		panel.control.advance(WINDOW_S * 1000);
		const now = Date.now.bind(Date);
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + WINDOW_S * 1000);
		const result = await provisionOne(panel, customer(3));
		clock.mockRestore();
		expect(result).toMatchObject({ outcome: 'changed', retry_at: null });
		expect(serversOf('customer3@example.com')).toEqual(FROST);
	});

	it('does not cost a new subuser where double access is repaired', async () => {
		await fill();
		panel.control.addSubuser({
			server: SNOWFALL,
			user: 'customer1@example.com',
			permissions: ['file.read'],
		});
		const result = await provisionOne(panel, customer(1), { plan: ONLY_SNOWFALL });
		expect(result.changes).toMatchObject([{ what: 'double access repaired' }]);
		expect(accessOf(panel, 'customer1@example.com')[SNOWFALL]).toHaveLength(1);
	});

	it('is no failure, and no reason to alert, beside one that is', async () => {
		await fill();
		panel.control.fault({
			kind: 'status',
			status: 403,
			method: 'POST',
			path: new RegExp(panel.control.server(GLACIER).uuid),
		});
		const result = await failing(panel, customer(3));
		panel.control.clearFaults();
		expect(result.error).toMatch(/on Frost Path - Glacier: .*403/);
		expect(result.error).not.toMatch(/limit/);
		expect(serversOf('customer3@example.com')).toEqual([AURORA]);
	});
});

it('The API’s own limit is another one: it concerns every call, and is waited for', async () => {
	panel.control.fault({ kind: '429', retryAfter: 7, method: 'POST', path: '/users', times: 1 });
	const result = await provisionOne(panel, customer(1));
	expect(result.outcome).toBe('changed');
	expect(pauses.some((pause) => pause >= 7000)).toBe(true);
	expect(writesTo(panel).length).toBeGreaterThan(4);
});
