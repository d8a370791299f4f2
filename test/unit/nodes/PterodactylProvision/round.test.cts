/** Rounds of the writer: Access → Sync Many on a simulated panel. */
import type { IDataObject } from 'n8n-workflow';

import { readRow } from '../../../../domain/events/row';
import { TABLES } from '../../../../domain/tables';
import { customerUpdated, override, said } from '../../support/billing.cjs';
import { asked, claimedRow } from '../../support/work.cjs';
import {
	PLAN_DOCUMENT,
	buys,
	entitled,
	pauses,
	renewed,
	round,
	type Round,
} from './support/many.cjs';
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

const panel = usePanel();
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const MINUTE = 60_000;
const LEASE_MINUTES = 2;

const { now } = Date;
let ahead = 0;
beforeEach(() => {
	pauses.length = 0;
	panel.control.settings({ deadlocks: false });
	jest.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
});
afterEach(() => {
	panel.control.limits({ subuser: null });
	jest.restoreAllMocks();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();
const minutesTo = (time: unknown) => (Date.parse(String(time)) - Date.now()) / MINUTE;
const serversOf = (user: string) => Object.keys(accessOf(panel, user)).sort();
const rowOf = ({ customers }: Round, id: number) =>
	customers.find(({ customer }) => customer === `customer:${id}`);
const ids = (first: number, last: number) =>
	Array.from({ length: last - first + 1 }, (_, index) => first + index);
const bought = (id: number, received_at = ago(1)) => claimedRow(buys(id), { id, received_at });
const corrected = (id: number) => ({
	...asked({ event_id: `r${id}`, event: 'apply.requested', customer_id: String(id) }, 'reconcile'),
	id,
	received_at: ago(1),
});
/** Somebody who has been synced before: their account is looked up. */
const known = (id: number, more: IDataObject = {}): IDataObject => ({
	customer: `customer:${id}`,
	last_run_at: ago(60),
	...more,
});

/** Billing has changed the customer's address. */
const moves = (id: number, to: string) =>
	customerUpdated(ago(1), {
		event_id: `moved ${id}`,
		...{ customer_id: String(id), customer_email: `${to}@example.com` },
		previous_email: `c${id}@example.com`,
	});

function existing(id: number, permissions: string[] = []) {
	const email = `c${id}@example.com`;
	panel.control.addUser({ email, username: `user${id}`, externalId: `paymenter-${id}` });
	for (const server of permissions.length > 0 ? FROST : []) {
		panel.control.addSubuser({ server, user: email, permissions });
	}
}

describe('A round', () => {
	it('gives everybody their access and outputs finished rows', async () => {
		existing(2, ['activity.read', 'websocket.connect']);
		const made = await round(panel, {
			entitlements: entitled(buys(1), buys(2), buys(3, 'elder')),
			events: [bought(1), bought(3)],
			rows: [known(2)],
		});
		expect(serversOf('c1@example.com')).toEqual(FROST);
		expect(serversOf('c3@example.com')).toEqual([EMBER, ...FROST].sort());
		expect(made.customers.map(({ customer }) => customer)).toEqual([
			'customer:1',
			'customer:2',
			'customer:3',
		]);
		expect(rowOf(made, 1)).toMatchObject({
			state: 'active',
			tiers: 'knight',
			account: 'player-1',
			last_result: 'subscriber_knight: account created, access given ×3.',
			last_error: '',
			due_at: null,
			recheck_at: null,
			term: 7,
			execution_url: 'https://n8n.example.com/workflow/w1/executions/42',
		});
		expect(Object.keys(JSON.parse(String(rowOf(made, 1)?.granted)) as object)).toHaveLength(3);
		expect(made.changes.map(({ customer, what }) => `${customer} ${what}`)).toHaveLength(9);
		expect(made).toMatchObject({ released: [], alerts: [], waits: [], end: [] });
		expect(made.summary).toMatchObject({
			processed_events: 2,
			saved_customers: 3,
			changes: 9,
			error: '',
			calls: panel.calls().length,
		});
		expect(minutesTo(made.next[0]?.free_at)).toBeLessThan(-0.5);
	});

	it('has rows with exactly the columns of their tables', async () => {
		const { customers, changes } = await round(panel, {
			entitlements: entitled(buys(1)),
			events: [bought(1)],
		});
		for (const row of customers) {
			expect(Object.keys(row).sort()).toEqual(Object.keys(TABLES.paymenter_customers).sort());
		}
		for (const row of changes) {
			expect(Object.keys(row).sort()).toEqual(
				Object.keys(TABLES.paymenter_provisioning_log).sort(),
			);
		}
	});

	it('leaves alone whom its events only lead to, but knows that they are there', async () => {
		existing(2);
		const gone = buys(1, 'knight', { status: 'cancelled', customer_email: 'c2@example.com' });
		const made = await round(panel, {
			entitlements: entitled(gone, buys(2)),
			events: [claimedRow(gone)],
		});
		expect(made.customers.map(({ customer }) => customer)).toEqual(['customer:1']);
		expect(made.added).toEqual(made.customers);
		expect(serversOf('c2@example.com')).toEqual([]);
	});

	it('run again on what it saved writes nothing', async () => {
		const entitlements = entitled(...ids(1, 12).map((id) => buys(id)));
		const first = await round(panel, { entitlements, events: ids(1, 12).map((id) => bought(id)) });
		panel.control.clearCalls();
		const second = await round(panel, { entitlements, rows: first.customers });
		expect(second.customers.map(({ last_result }) => last_result)).toEqual(
			Array(12).fill('subscriber_knight: nothing to change.'),
		);
		expect(second.changes).toEqual([]);
		expect(writesTo(panel)).toEqual([]);
		expect(panel.calls()).toHaveLength(2);
	});

	it('reads the servers once for all who are new, without subusers', async () => {
		const entitlements = entitled(...ids(1, 5).map((id) => buys(id)));
		await round(panel, { entitlements, events: ids(1, 5).map((id) => bought(id)) });
		const paths = panel.calls().map(({ path }) => path);
		expect(paths.filter((path) => path.includes('application/servers'))).toEqual([
			expect.not.stringContaining('include') as string,
		]);
	});

	it('looks up ten or fewer one by one, and nobody who is new', async () => {
		for (const id of ids(1, 10)) existing(id, ['activity.read', 'websocket.connect']);
		const list = /application\/users\?/;
		const lists = () =>
			panel.calls().filter(({ method, path }) => method === 'GET' && list.test(path));
		const rows = ids(1, 10).map((id) => known(id));
		const entitlements = entitled(...ids(1, 20).map((id) => buys(id)));
		await round(panel, { entitlements, rows, events: ids(11, 20).map((id) => bought(id)) });
		expect(lists()).toEqual([]);
		await round(panel, { entitlements, rows: ids(1, 11).map((id) => known(id)) });
		expect(lists()).toHaveLength(1);
	});

	it('takes access away from whom nothing is left, by what was granted before', async () => {
		existing(1, ['backup.read', 'websocket.connect']);
		const { uuid } = panel.control.server(SNOWFALL);
		const granted = JSON.stringify({ [uuid]: ['backup.read', 'websocket.connect'] });
		const cancelled = buys(1, 'knight', {
			event: 'subscription.cancelled',
			status: 'cancelled',
			occurred_at: ago(5),
		});
		const made = await round(panel, {
			entitlements: entitled(cancelled),
			events: [claimedRow(cancelled)],
			rows: [known(1, { granted })],
		});
		expect(rowOf(made, 1)).toMatchObject({ state: 'cancelled', tiers: '' });
		expect(serversOf('c1@example.com')).not.toContain(SNOWFALL);
	});

	it('starts a Grace Period for who has just come into grace', async () => {
		const failed = buys(1, 'knight', {
			event_id: 'f',
			event: 'payment.failed',
			occurred_at: ago(5),
		});
		const entitlements = entitled(buys(1), failed);
		const made = await round(panel, { entitlements, events: [claimedRow(failed)] });
		expect(made.waits).toEqual([
			{ customer: 'customer:1', until: entitlements[0]?.next_change_at },
		]);
		expect(rowOf(made, 1)?.due_at).toBe(entitlements[0]?.next_change_at);
		const again = await round(panel, { entitlements, rows: made.customers });
		expect(again.waits).toEqual([]);
	});

	it('forgets who is due but unknown, only among those for whom the events leave room', async () => {
		const due = [known(1), { customer: 'email:old@example.com' }];
		const made = await round(panel, { entitlements: entitled(buys(1)), due, rows: [known(1)] });
		expect(made.customers[1]).toMatchObject({ customer: 'email:old@example.com', due_at: null });
		const full = await round(panel, {
			entitlements: entitled(buys(1)),
			events: Array.from({ length: 50 }, () => bought(1)),
			due,
		});
		expect(full.customers).toHaveLength(1);
	});

	it('uses the accounts that the rows record', async () => {
		existing(1);
		panel.control.changeUser('c1@example.com', { email: 'moved@example.com' });
		const account_id = panel.control.user('moved@example.com').id;
		const entitlements = entitled(buys(1));
		const without = await round(panel, { entitlements, rows: [known(1)] });
		expect(without.customers[0]?.last_error).toMatch(/never the address of/);
		const made = await round(panel, { entitlements, rows: [known(1, { account_id })] });
		expect(made.customers[0]).toMatchObject({ last_error: '', account_id });
	});

	it('does nothing about somebody who has bought nothing', async () => {
		const told = customerUpdated('05-03', { customer_id: '9', customer_email: 'c9@example.com' });
		const made = await round(panel, {
			entitlements: entitled(told),
			events: [claimedRow(told, { id: 9, received_at: ago(30) })],
		});
		expect(panel.calls()).toEqual([]);
		expect(made).toMatchObject({ customers: [], released: [], alerts: [], changes: [], end: [] });
		expect(made.next).toHaveLength(1);
		expect(made.summary).toMatchObject({ processed_events: 1, saved_customers: 0, error: '' });
	});

	it('moves the account of somebody whose address billing has changed', async () => {
		existing(2, ['activity.read', 'websocket.connect']);
		const moved = customerUpdated(ago(1), {
			...{ customer_id: '2', customer_email: 'new2@example.com', customer_properties: { a: 'b' } },
			previous_email: 'c2@example.com',
		});
		const made = await round(panel, {
			entitlements: entitled(buys(2), moved),
			events: [claimedRow(moved, { id: 9 })],
			rows: [known(2)],
			due: [],
		});
		expect(accessOf(panel, 'new2@example.com')).not.toEqual({});
		expect(rowOf(made, 2)).toMatchObject({
			customer_email: 'new2@example.com',
			customer_properties: '{"a":"b"}',
			changed_at: expect.any(String) as string,
		});
		expect(made.changes).toMatchObject([{ what: 'e-mail changed' }]);
	});

	it('tells both customers who have exchanged addresses what to do, and does the rest afterwards', async () => {
		existing(1);
		existing(2);
		const accounts = [1, 2].map((id) => panel.control.user(`c${id}@example.com`));
		const addresses = () => accounts.map(({ id }) => panel.control.user(id).email);
		const entitlements = entitled(buys(1), buys(2), moves(1, 'c2'), moves(2, 'c1'));
		const rows = [known(1), known(2)];
		const refused = await round(panel, { entitlements, rows });
		expect(refused.customers).toMatchObject([
			{
				last_error: expect.stringMatching(/c2@example\.com.*"user2" \(.*customer 2’s\)/),
				what_to_do: expect.stringContaining('another address on the panel (Admin → Users)'),
				account_id: accounts[0]?.id,
				retry_at: expect.any(String) as string,
			},
			{
				last_error: expect.stringMatching(/c1@example\.com.*"user1" \(.*customer 1’s\)/),
				what_to_do: expect.stringContaining('another address on the panel (Admin → Users)'),
				account_id: accounts[1]?.id,
				retry_at: expect.any(String) as string,
			},
		]);
		expect(addresses()).toEqual(['c1@example.com', 'c2@example.com']);
		for (const email of addresses()) expect(serversOf(email)).toEqual(FROST);

		panel.control.changeUser('c2@example.com', { email: 'spare@example.com' });
		const made = await round(panel, { entitlements, rows: refused.customers });
		expect(made.customers).toMatchObject([{ last_error: '' }, { last_error: '' }]);
		expect(addresses()).toEqual(['c2@example.com', 'c1@example.com']);
	});

	it('moves an account on, and then gives its address to a new customer', async () => {
		existing(1);
		const { id } = panel.control.user('c1@example.com');
		const comes = buys(2, 'knight', { customer_email: 'c1@example.com' });
		const made = await round(panel, {
			entitlements: entitled(buys(1), moves(1, 'moved'), comes),
			events: [
				claimedRow(moves(1, 'moved'), { id: 8, received_at: ago(2) }),
				claimedRow(comes, { id: 9 }),
			],
			rows: [known(1)],
			due: [],
		});
		expect(made.customers).toMatchObject([{ last_error: '' }, { last_error: '' }]);
		expect(panel.control.user(id).email).toBe('moved@example.com');
		for (const name of ['moved', 'c1']) expect(serversOf(`${name}@example.com`)).toEqual(FROST);
	});

	it('needs the lease, and the plan', async () => {
		for (const lease of [{}, { holder: '42' }]) {
			await expect(round(panel, { lease })).rejects.toThrow(
				'"lease" is not a row of the lease table',
			);
		}
		await expect(round(panel, { plan: '' })).rejects.toThrow(/The tier plan is missing/);
		await expect(round(panel, { events: 'x' as never })).rejects.toThrow('"events" must be a list');
	});
});

describe('A tier without servers', () => {
	const [awakened] = PLAN_DOCUMENT.tiers;
	const plan = {
		...PLAN_DOCUMENT,
		tiers: [
			{ ...awakened, tier: 'patron', products: '', serverGroups: [] },
			...PLAN_DOCUMENT.tiers,
		],
	};
	const first = async (tier: string) =>
		await round(panel, { plan, entitlements: entitled(buys(1, tier)), events: [bought(1)] });
	/** The customer's row after a change of the subscription. */
	const then = async (rows: IDataObject[], more: object) =>
		await round(panel, { plan, entitlements: entitled(buys(1, 'patron', more)), rows });
	const accounts = () => panel.state.users.length;

	it('gives no account and no mail, but a row like any other', async () => {
		const before = accounts();
		const made = await first('patron');
		expect(accounts()).toBe(before);
		expect(panel.state.mails).toEqual([]);
		expect(writesTo(panel)).toEqual([]);
		expect(made.customers).toMatchObject([
			{
				customer: 'customer:1',
				state: 'active',
				tiers: 'patron',
				account: '',
				last_result: 'subscriber_patron has no servers: nothing to change.',
				last_error: '',
				due_at: null,
			},
		]);
		expect(made).toMatchObject({ changes: [], alerts: [], summary: { processed_events: 1 } });
	});

	it('takes the servers of who moves to it, and keeps the account', async () => {
		const { customers } = await first('knight');
		const before = accounts();
		const moved = await then(customers, {});
		expect(serversOf('c1@example.com')).toEqual([]);
		expect(accounts()).toBe(before);
		expect(moved.customers[0]).toMatchObject({
			tiers: 'patron',
			account: 'player-1',
			granted: '{}',
			last_result: 'subscriber_patron has no servers: access taken ×3.',
		});
		const again = await then(moved.customers, {});
		expect(again).toMatchObject({ changes: [], alerts: [] });
	});

	it('is left for one with servers like by somebody new', async () => {
		const { customers } = await first('patron');
		const made = await then(customers, { tier: 'knight' });
		expect(serversOf('c1@example.com')).toEqual(FROST);
		expect(made.customers[0]).toMatchObject({
			last_result: 'subscriber_knight: account created, access given ×3.',
		});
	});

	it('ends without a trace on the panel', async () => {
		const { customers } = await first('patron');
		const ended = await then(customers, { status: 'cancelled' });
		expect(writesTo(panel)).toEqual([]);
		expect(ended.customers[0]).toMatchObject({ state: 'cancelled', tiers: '', last_error: '' });
		expect(ended.alerts).toEqual([]);
	});

	it('is counted beside one with servers, which alone says what the customer gets', async () => {
		const second = { ...buys(1, 'knight'), event_id: 'evt_second', subscription_id: 'second' };
		const made = await round(panel, {
			plan,
			entitlements: entitled(buys(1, 'patron'), second),
			events: [bought(1)],
		});
		expect(serversOf('c1@example.com')).toEqual(FROST);
		expect(made.customers[0]).toMatchObject({ account: 'player-1', last_error: '' });
	});
});

describe('One bad customer', () => {
	it('who bought what the plan does not know is saved with the reason; the others are served', async () => {
		const made = await round(panel, {
			entitlements: entitled(buys(1), buys(2, 'sovereign'), buys(3)),
			events: [bought(1), claimedRow(buys(2, 'sovereign'), { id: 2 }), bought(3)],
		});
		expect(rowOf(made, 2)).toMatchObject({
			failures: 1,
			last_error: expect.stringMatching(/^customer 2, .*no tier "sovereign"/) as string,
			what_to_do: expect.stringMatching(/.{10}/) as string,
			tiers: 'sovereign',
			needs_attention: false,
		});
		expect(minutesTo(rowOf(made, 2)?.due_at)).toBeCloseTo(5, 0);
		expect(made.alerts).toMatchObject([
			{
				customer: 'customer:2',
				cause: expect.stringMatching(/^The tier plan has no tier/) as string,
			},
		]);
		expect(made.changes.filter(({ what }) => what === 'failed')).toHaveLength(1);
		expect(made).toMatchObject({ released: [], summary: { processed_events: 3 } });
		expect(serversOf('c3@example.com')).toEqual(FROST);
	});

	it('whom the panel refuses does not hold up the others', async () => {
		panel.control.addUser({
			email: 'c2@example.com',
			username: 'taken',
			externalId: 'paymenter-9',
		});
		const made = await round(panel, {
			entitlements: entitled(buys(1), buys(2), buys(3)),
			events: ids(1, 3).map((id) => bought(id)),
		});
		expect(made.customers.map(({ failures }) => failures)).toEqual([0, 1, 0]);
		expect(rowOf(made, 2)?.last_error).toMatch(/customer 9/);
		expect(made.next).toHaveLength(1);
	});

	it('whose restore cannot be read does not hold up the others', async () => {
		const restore = asked(
			{ event_id: 'r', event: 'restore.requested', customer_id: '1' },
			'operator',
		);
		const made = await round(panel, {
			entitlements: entitled(buys(1), buys(2)),
			events: [{ ...restore, recorded: '{' }, bought(2)],
		});
		expect(rowOf(made, 1)?.last_error).toMatch(/"recorded" of the event r is not valid JSON/);
		expect(serversOf('c2@example.com')).toEqual(FROST);
	});
});

describe('A restore', () => {
	const restore = (recorded: Record<string, string[]>) =>
		asked(
			{
				event_id: 'r',
				event: 'restore.requested',
				customer_id: '1',
				recorded,
				actor: 'Kim',
				reason: 'undone: a mistake',
			},
			'operator',
		);

	it('gives back what was recorded, also to somebody on hold', async () => {
		existing(1);
		const { uuid } = panel.control.server(EMBER);
		const hold = { ...said('override.hold', '05-02'), customer_id: '1', customer_email: null };
		const entitlements = entitled(buys(1), hold);
		const held = await round(panel, { entitlements, rows: [known(1)] });
		expect(held.customers[0]?.last_result).toMatch(/^Nothing done: Overridden, is held/);
		expect(accessOf(panel, 'c1@example.com')).toEqual({});
		const made = await round(panel, {
			entitlements,
			rows: [known(1)],
			events: [restore({ [uuid]: ['backup.read', 'websocket.connect'] })],
		});
		expect(accessOf(panel, 'c1@example.com')).toEqual({
			[EMBER]: [['backup.read', 'websocket.connect']],
		});
		expect(made.customers[0]?.last_result).toMatch(/^recorded access: access given\./);
		expect(made.changes[0]?.why).toBe('Undone by Kim: a mistake');
	});

	it('that has to wait for the limit on new subusers is finished later, though on hold', async () => {
		existing(1);
		existing(2);
		const snowfall = panel.control.server(SNOWFALL).uuid;
		const glacier = panel.control.server(GLACIER).uuid;
		panel.control.limits({ subuser: 1, subuserWindow: 900 });
		const recorded = { [snowfall]: ['websocket.connect'] };
		await round(panel, {
			entitlements: entitled(buys(2)),
			rows: [known(2)],
			plan: {
				...PLAN_DOCUMENT,
				server_groups: ['frost', 'ember'].map((name) => ({
					name,
					match: 'name' as const,
					pattern: SNOWFALL,
				})),
			},
		});
		const who = { customer_id: '1', customer_email: null };
		const hold = { ...said('override.hold', '05-04 09:00'), ...who };
		const asks = restore({ ...recorded, [glacier]: ['websocket.connect'] });
		const entitlements = entitled(buys(1), hold, readRow(asks));
		const first = await round(panel, { entitlements, rows: [known(1)], events: [asks], due: [] });
		expect(serversOf('c1@example.com')).toEqual([GLACIER]);
		expect(first).toMatchObject({ released: [], summary: { processed_events: 1 } });
		expect(first.customers[0]).toMatchObject({ waiting_since: asks.received_at });
		panel.control.limits({ subuser: null });
		ahead += 901_000;
		const second = await round(panel, { entitlements, rows: first.customers });
		expect(serversOf('c1@example.com')).toEqual([GLACIER, SNOWFALL]);
		expect(second.customers[0]).toMatchObject({ retry_at: null, waiting_since: null });
		const third = await round(panel, { entitlements, rows: second.customers });
		expect(third.customers[0]?.last_result).toMatch(/^Nothing done/);
	});

	it('is for who is named only', async () => {
		existing(1);
		existing(2);
		const { uuid } = panel.control.server(EMBER);
		await round(panel, {
			entitlements: entitled(buys(1), buys(2)),
			rows: [known(1), known(2)],
			events: [restore({ [uuid]: ['backup.read'] })],
		});
		expect(serversOf('c1@example.com')).toEqual([EMBER]);
		expect(serversOf('c2@example.com')).toEqual(FROST);
	});
});

describe('What concerns everybody', () => {
	const entitlements = entitled(buys(1), buys(2), buys(3));
	const rows = [
		known(1, { failures: 2, failing_since: '2026-05-01T00:00:00.000Z' }),
		known(2),
		known(3),
	];
	const broken = async (received: string) =>
		await round(panel, { entitlements, rows, events: [bought(1, received), bought(2, received)] });

	it.each([
		['the panel is in maintenance', true, /503/],
		['nothing answers at its address', false, /did not answer/],
	])(
		'(%s) fails the run: nobody’s tries are counted, all are due again soon',
		async (_, isThere, why) => {
			panel.control.fault({ kind: 'status', status: 503 });
			const { applicationKey, accountKey, url } = panel;
			const keys = { applicationKey, accountKey, url: isThere ? url : 'http://127.0.0.1:1' };
			const made = await round(keys, { entitlements, rows, events: [bought(1), bought(2)] });
			expect(made).toMatchObject({ customers: [], changes: [], alerts: [], next: [] });
			expect(made.released).toEqual([
				{ id: 1, processed_at: null, rejected: null },
				{ id: 2, processed_at: null, rejected: null },
			]);
			expect(made.summary.error).toMatch(why);
			expect(minutesTo(made.end[0]?.free_at)).toBeCloseTo(0.5, 1);
		},
	);

	it('is told about in one alert once it has kept something waiting for ten minutes', async () => {
		panel.control.fault({ kind: 'status', status: 503 });
		const { alerts } = await broken(ago(11));
		expect(alerts).toMatchObject([
			{ customer: '', cause: expect.stringContaining('503') as string },
		]);
	});

	it('is told about at once if it will not pass by itself', async () => {
		panel.control.fault({ kind: 'status', status: 401 });
		const { alerts, customers } = await broken(ago(0));
		expect(customers).toEqual([]);
		expect(alerts).toMatchObject([
			{ customer: '', what_to_do: expect.stringContaining('Create a new one') as string },
		]);
	});
});

describe('The deadline', () => {
	const entitlements = entitled(...ids(1, 12).map((id) => buys(id)));
	const events = () => ids(1, 12).map((id) => bought(id));

	it('has passed where the lease is nearly over: no call is made, and all stay due', async () => {
		const lease = renewed({ expires_at: new Date(Date.now() + 40_000) });
		const made = await round(panel, { entitlements, events: events(), lease });
		expect(panel.calls()).toEqual([]);
		expect(made).toMatchObject({ customers: [], alerts: [], next: [] });
		expect(made.released).toHaveLength(12);
		expect(made.summary.error).toMatch(/no time/);
		expect(minutesTo(made.end[0]?.free_at)).toBeCloseTo(0.5, 1);
	});

	it('half-way leaves the rest to the next round, with what was done in the log', async () => {
		let calls = 0;
		const made = await round(panel, {
			entitlements,
			events: events(),
			parallel: 3,
			beforeCall: () => {
				if (++calls === 20) ahead += 31_000;
			},
		});
		expect(calls).toBeLessThanOrEqual(24);
		const saved = made.customers.length;
		expect(saved).toBeGreaterThan(0);
		expect(saved).toBeLessThan(12);
		expect(made.released).toHaveLength(12 - saved);
		expect(made.next).toHaveLength(1);
		expect(made.alerts).toEqual([]);
		const given = made.changes.filter(({ what }) => what === 'access given').length;
		expect(panel.state.subusers).toHaveLength(given);
		expect(pauses).toEqual([]);
		const rest = await round(panel, { entitlements, rows: made.customers, events: events() });
		expect(rest.customers).toHaveLength(12);
		for (const id of ids(1, 12)) expect(serversOf(`c${id}@example.com`)).toEqual(FROST);
		expect(inventedBy(panel)).toEqual([]);
	});

	it('after a request whose outcome is unknown leaves a recheck, because it may still land', async () => {
		existing(1);
		panel.control.fault({
			kind: 'status',
			status: 502,
			method: 'POST',
			path: /client\/servers/,
			times: 1,
			meanwhile: () => (ahead += 31_000),
		});
		const made = await round(panel, {
			entitlements: entitled(buys(1)),
			events: [bought(1)],
			rows: [known(1)],
		});
		expect(made.released).toHaveLength(1);
		expect(made.customers).toHaveLength(1);
		expect(minutesTo(made.customers[0]?.recheck_at)).toBeCloseTo(LEASE_MINUTES, 1);
		expect(made.customers[0]).not.toHaveProperty('state');
	});

	it('that waiting for a response has used up is a failure of this customer, who would use up the next too', async () => {
		existing(1);
		panel.control.fault({
			kind: 'reset-after',
			method: 'POST',
			path: /client\/servers/,
			executed: false,
			meanwhile: () => (ahead += 31_000),
		});
		const made = await round(panel, {
			entitlements: entitled(buys(1)),
			events: [bought(1)],
			rows: [known(1)],
		});
		expect(made.released).toEqual([]);
		expect(made.customers).toEqual([
			expect.objectContaining({
				last_error: expect.stringContaining('did not answer POST client/servers'),
				failures: 1,
			}),
		]);
		expect(minutesTo(made.customers[0]?.recheck_at)).toBeCloseTo(LEASE_MINUTES, 1);
		expect(minutesTo(made.customers[0]?.retry_at)).toBeCloseTo(5, 1);
	});

	it('does not fail the run where it is over before the servers are read', async () => {
		existing(1);
		panel.control.fault({
			kind: 'slow',
			ms: 0,
			method: 'GET',
			path: 'application/users',
			times: 1,
			meanwhile: () => (ahead += 31_000),
		});
		const made = await round(panel, {
			entitlements: entitled(buys(1)),
			events: [bought(1)],
			rows: [known(1)],
		});
		expect(made.released).toHaveLength(1);
		expect(made.summary.error).toBe('This round had no time to do anything.');
	});
});

it('A panel that answers nobody fails the run, and nobody’s try is counted', async () => {
	panel.control.fault({ kind: 'refuse' });
	existing(1);
	const made = await round(panel, {
		entitlements: entitled(buys(1)),
		events: [bought(1)],
		rows: [known(1)],
	});
	expect(made.released).toHaveLength(1);
	expect(made.customers).toEqual([]);
	expect(made.summary.error).toContain('did not answer');
});

it('A write whose answer was lost is checked again one lease later, although a read looks good', async () => {
	panel.control.fault({ kind: 'reset-after', method: 'POST', path: /client\/servers/, times: 1 });
	const made = await round(panel, { entitlements: entitled(buys(1)), events: [bought(1)] });
	expect(serversOf('c1@example.com')).toEqual(FROST);
	const [row] = made.customers;
	expect(row).toMatchObject({ last_error: '', failures: 0 });
	expect(minutesTo(row?.recheck_at)).toBeCloseTo(LEASE_MINUTES, 1);
	expect(row?.due_at).toBe(row?.recheck_at);
	const again = await round(panel, { entitlements: entitled(buys(1)), rows: made.customers });
	expect(again.customers[0]?.recheck_at).toBe(row?.recheck_at);
	ahead += 3 * MINUTE;
	const later = await round(panel, { entitlements: entitled(buys(1)), rows: made.customers });
	expect(later.customers[0]).toMatchObject({ recheck_at: null, due_at: null });
});

it('After a takeover everybody who is saved is checked again', async () => {
	const lease = renewed({ taken_over_at: ago(1) });
	const made = await round(panel, {
		entitlements: entitled(buys(1), buys(2, 'none')),
		events: [bought(1), bought(2)],
		lease,
	});
	for (const { recheck_at } of made.customers) {
		expect(minutesTo(recheck_at)).toBeCloseTo(LEASE_MINUTES, 1);
	}
	expect(made.customers).toHaveLength(2);
});

describe('New subusers of a server', () => {
	const only = (tier: string, ...servers: string[]) => ({
		tier,
		serverGroups: servers,
		permissions: ['websocket.connect'],
		includesLower: false,
	});
	const plan = {
		...PLAN_DOCUMENT,
		server_groups: [SNOWFALL, GLACIER, AURORA].map((name) => ({
			name,
			match: 'name' as const,
			pattern: name,
		})),
		tiers: [
			only('snow', SNOWFALL),
			only('south', SNOWFALL, GLACIER),
			only('north', SNOWFALL, AURORA),
		],
	};
	const requests = (server: string) => {
		const path = `client/servers/${panel.control.server(server).uuid}/users`;
		return panel.calls().filter((call) => call.method === 'POST' && call.path.endsWith(path));
	};
	const has = (id: number, server: string) => serversOf(`c${id}@example.com`).includes(server);
	const withSnow = (list: number[]) => list.filter((id) => has(id, SNOWFALL));

	beforeEach(() => panel.control.limits({ subuser: 10, subuserWindow: 900 }));

	it('are ten in 15 minutes: who has waited longest comes first, other servers are done at once', async () => {
		for (const id of ids(11, 20)) existing(id);
		const events = ids(1, 10).map((id) => bought(id, ago(id)));
		const made = await round(panel, {
			plan,
			entitlements: entitled(
				...ids(1, 10).map((id) => buys(id, 'south')),
				...ids(11, 20).map((id) => buys(id, 'north')),
			),
			events,
			rows: ids(11, 20).map((id) => known(id, { waiting_since: ago(100 - id), retry_at: ago(0) })),
		});
		expect(withSnow(ids(1, 20))).toEqual(ids(11, 20));
		expect(ids(1, 10).filter((id) => has(id, GLACIER))).toEqual(ids(1, 10));
		expect(ids(11, 20).filter((id) => has(id, AURORA))).toEqual(ids(11, 20));
		// Ten that were created, one that was refused, and no more.
		expect(requests(SNOWFALL).map(({ status }) => status)).toEqual([...Array(10).fill(200), 429]);
		for (const id of ids(1, 10)) {
			const row = rowOf(made, id);
			expect(row).toMatchObject({
				waiting_since: events[id - 1]?.received_at,
				failures: 0,
				last_error: '',
				needs_attention: false,
				last_result: expect.stringMatching(
					/Waiting for the panel’s limit on new subusers of Frost Path - Snowfall, next try \d\d:\d\d UTC\./,
				) as string,
			});
			expect(minutesTo(row?.retry_at)).toBeGreaterThan(14);
			expect(minutesTo(row?.retry_at)).toBeLessThan(15.1);
			expect(row?.due_at).toBe(row?.retry_at);
		}
		for (const id of ids(11, 20)) {
			expect(rowOf(made, id)).toMatchObject({ waiting_since: null, retry_at: null });
		}
		expect(made).toMatchObject({ alerts: [], released: [], summary: { error: '' } });
		expect(pauses).toEqual([]);
	});

	it('go to those who have waited longest; the others keep their place, and nothing is wrong', async () => {
		for (const id of ids(1, 20)) existing(id);
		const entitlements = entitled(...ids(1, 20).map((id) => buys(id, 'snow')));
		// The higher the number, the longer the wait.
		const rows = ids(1, 20).map((id) => known(id, { waiting_since: ago(id), retry_at: ago(0) }));
		const made = await round(panel, { plan, entitlements, rows, parallel: 1 });
		expect(withSnow(ids(1, 20))).toEqual(ids(11, 20));
		expect(requests(SNOWFALL)).toHaveLength(11);
		expect(rowOf(made, 1)?.waiting_since).toBe(rows[0]?.waiting_since);
		expect(made.alerts).toEqual([]);
		panel.control.advance(901_000);
		ahead += 901_000;
		const later = await round(panel, { plan, entitlements, rows: made.customers });
		expect(withSnow(ids(1, 20))).toEqual(ids(1, 20));
		expect(rowOf(later, 1)).toMatchObject({ waiting_since: null, retry_at: null, due_at: null });
	});

	it('go to those who have waited longest also if many are served at once', async () => {
		for (const id of ids(1, 20)) existing(id);
		const entitlements = entitled(...ids(1, 20).map((id) => buys(id, 'snow')));
		const rows = ids(1, 20).map((id) => known(id, { waiting_since: ago(id), retry_at: ago(0) }));
		await round(panel, { plan, entitlements, rows });
		expect(withSnow(ids(1, 20))).toHaveLength(10);
		// Eight at a time may overtake one another, but nobody else.
		expect(withSnow(ids(13, 20))).toEqual(ids(13, 20));
		expect(requests(SNOWFALL)).toHaveLength(11);
	});

	it('are not needed to change or remove access, which goes on', async () => {
		for (const id of ids(1, 3)) existing(id);
		for (const id of [1, 2]) {
			const permissions = ['activity.read', 'websocket.connect'];
			panel.control.addSubuser({ server: SNOWFALL, user: `c${id}@example.com`, permissions });
		}
		panel.control.limits({ subuser: 1 });
		await round(panel, { plan, entitlements: entitled(buys(9, 'snow')), events: [bought(9)] });
		const { uuid } = panel.control.server(SNOWFALL);
		const granted = JSON.stringify({ [uuid]: ['activity.read', 'websocket.connect'] });
		const made = await round(panel, {
			plan,
			entitlements: entitled(
				buys(1, 'snow'),
				buys(2, 'snow', { status: 'cancelled' }),
				buys(3, 'snow'),
			),
			rows: [known(1, { granted }), known(2, { granted }), known(3)],
		});
		expect(accessOf(panel, 'c1@example.com')[SNOWFALL]).toEqual([['websocket.connect']]);
		expect(has(3, SNOWFALL)).toBe(false);
		expect(rowOf(made, 3)?.retry_at).not.toBeNull();
		expect(serversOf('c3@example.com')).toEqual([]);
		expect(serversOf('c2@example.com')).toEqual([]);
	});

	it('are left to purchases by bulk work when three are left, and bulk work comes last', async () => {
		for (const id of ids(1, 12)) existing(id);
		const bulk = entitled(...ids(1, 12).map((id) => buys(id, 'snow')));
		const rows = ids(1, 12).map((id) => known(id));
		const made = await round(panel, {
			plan,
			entitlements: bulk,
			rows,
			events: ids(1, 12).map(corrected),
		});
		expect(withSnow(ids(1, 12))).toHaveLength(7);
		expect(requests(SNOWFALL)).toHaveLength(7);
		const waiting = made.customers.filter(({ retry_at }) => retry_at !== null);
		expect(waiting).toHaveLength(5);
		for (const row of waiting) {
			expect(row).toMatchObject({ waiting_since: null, failures: 0 });
			expect(minutesTo(row.retry_at)).toBeCloseTo(15, 0);
			expect(row.last_result).toMatch(/Waiting for the panel’s limit/);
		}

		// Tried again, it is still bulk work: purchases come first and have the last three.
		const again = await round(panel, {
			plan,
			parallel: 1,
			entitlements: [...bulk, ...entitled(...ids(21, 23).map((id) => buys(id, 'snow')))],
			rows: made.customers,
			events: ids(21, 23).map((id) => bought(id)),
			due: waiting,
		});
		expect(withSnow(ids(21, 23))).toEqual(ids(21, 23));
		expect(withSnow(ids(1, 12))).toHaveLength(7);
		expect(again.customers.filter(({ waiting_since }) => waiting_since)).toEqual([]);
		expect(again.customers.filter(({ retry_at }) => retry_at)).toHaveLength(5);
		expect(requests(SNOWFALL)).toHaveLength(10);
	});

	it('are seven in 15 minutes for bulk work, in however many rounds; each row says how many come first', async () => {
		for (const id of ids(101, 124)) existing(id);
		const entitlements = entitled(...ids(101, 124).map((id) => buys(id, 'snow')));
		const rows = new Map<number, object>(ids(101, 124).map((id) => [id, known(id)]));
		const next = async (some: number[], events: object[] = []) => {
			const asked = some.flatMap((id) => rows.get(id) ?? []);
			const made = await round(panel, { plan, entitlements, rows: asked, events, parallel: 1 });
			for (const row of made.customers) rows.set(Number(row.customer_id), row);
			return made;
		};
		await next(ids(101, 112), ids(101, 112).map(corrected));
		await next(ids(113, 124), ids(113, 124).map(corrected));
		expect(withSnow(ids(101, 124))).toEqual(ids(101, 107));
		expect(requests(SNOWFALL)).toHaveLength(7);
		const rowNow = (id: number) => rows.get(id) as IDataObject;
		const retryMinutes = ids(108, 124).map((id) => Math.round(minutesTo(rowNow(id).retry_at)));
		const expected = [...Array<number>(7).fill(15), ...Array<number>(7).fill(31), 47, 47, 47];
		expect(retryMinutes).toEqual(expected);
		expect(rowNow(124).last_result).toMatch(
			/Waiting for the panel’s limit on new subusers of Frost Path - Snowfall \(16 come first\), next try \d{4}-\d\d-\d\d \d\d:\d\d UTC\./,
		);

		panel.control.advance(901_000);
		ahead += 901_000;
		await next(ids(108, 114));
		expect(withSnow(ids(101, 124))).toEqual(ids(101, 114));
	});
});

it('An override of an operator is applied like a purchase', async () => {
	const gift = {
		...override('set', '05-02', { tier: 'elder' }),
		customer_id: '1',
		customer_email: null,
	};
	const made = await round(panel, {
		entitlements: entitled(buys(1), gift),
		events: [{ ...claimedRow(gift), source: 'operator' }],
	});
	expect(made.customers[0]).toMatchObject({ tiers: 'elder' });
	expect(serversOf('c1@example.com')).toContain(EMBER);
	expect(made.summary.processed_events).toBe(1);
});
