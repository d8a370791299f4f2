import { accountChanged } from '../../../../domain/access/result';
import { personOf } from '../../../../domain/work/syncRequest';
import { PlanError } from '../../../../domain/access/tierPlan';
import { TABLES } from '../../../../domain/tables';
import { LEASE_MS } from '../../../../domain/work/lease';
import {
	ownFailure,
	settleRound,
	type RoundInput,
	type RoundOutcome,
} from '../../../../domain/work/round';
import { at, customer, event, moment } from '../../support/billing.cjs';
import {
	ADA,
	DAY,
	LEASE,
	MINUTE,
	NOW,
	after,
	asked,
	claimed,
	claimedRow,
	eventOf,
	failure,
	limit,
	result,
	somebody,
} from '../../support/work.cjs';

const BOB = somebody(88);
const CARL = somebody(89);
const given = accountChanged('account created', { after: ['x'] });
const done = (said = {}): RoundOutcome => ({ kind: 'done', result: result(said) });
const failed = (said = {}, partial: ReturnType<typeof result> | null = null): RoundOutcome => ({
	kind: 'failed',
	failure: failure(said),
	partial,
});
const unreached = (partial: ReturnType<typeof result> | null = null): RoundOutcome => ({
	kind: 'unreached',
	partial,
});
const RECENT = { received_at: after(-1) };
const ADAS = claimedRow(event('succeeded', '05-03'), { id: 1, ...RECENT });
const BOBS = claimedRow(eventOf(88), { id: 2, ...RECENT });

function settle(said: Partial<RoundInput> = {}) {
	return settleRound({
		lease: LEASE,
		claimed: claimed(ADAS, BOBS),
		entitlements: [ADA, BOB],
		outcomes: [done(), done()],
		stored: storedAs({ customer: 'customer:77' }, { customer: 'customer:88' }),
		due: [],
		failure: null,
		readAt: NOW - MINUTE,
		now: NOW,
		executionUrl: 'https://n8n/42',
		...said,
	});
}

const storedAs = (...rows: Array<Record<string, unknown>>) =>
	new Map(rows.map((row) => [String(row.customer), row]));
const lasting = { isTransient: false };
const MINUTES_OF_LEASE = LEASE_MS / MINUTE;

describe('A round in which all went well', () => {
	it('saves every customer, logs every change and processes every event', () => {
		const settled = settle({ outcomes: [done({ changes: [given] }), done()] });
		expect(settled.customers.map((row) => [row.customer, row.term])).toEqual([
			['customer:77', 7],
			['customer:88', 7],
		]);
		expect(settled.changes).toMatchObject([
			{
				customer: 'customer:77',
				what: 'account created',
				at: after(0),
				execution_url: 'https://n8n/42',
			},
		]);
		expect(settled).toMatchObject({ released: [], alerts: [], waits: [], goesOn: true });
		expect(settled.summary).toEqual({
			processed_events: 2,
			saved_customers: 2,
			changes: 1,
			error: '',
			customers: [
				{
					customer: 'customer:77',
					customer_email: 'ada@example.com',
					state: 'active',
					outcome: 'changed',
					what: 'subscriber_knight: access given.',
					why: ADA.explanation,
				},
				expect.objectContaining({ customer: 'customer:88' }) as object,
			],
		});
	});

	it('lets the next one start at once', () => {
		expect(Date.parse(settle().free_at)).toBeLessThan(NOW - 30_000);
	});

	it('takes into account what the row said before', () => {
		const stored = storedAs(
			{ customer: 'customer:77', recheck_at: after(5) },
			{ customer: 'customer:88' },
		);
		expect(settle({ stored }).customers.map(({ recheck_at }) => recheck_at)).toEqual([
			after(5),
			null,
		]);
	});

	it('knows since when somebody waits: from their oldest event', () => {
		const rows = claimed(
			{ ...ADAS, received_at: after(-3) },
			{ ...ADAS, received_at: new Date(NOW - 4 * MINUTE) },
			{ ...ADAS, received_at: null },
			{ ...BOBS, received_at: after(-9) },
		);
		const outcomes = [done({ blocked: [limit(9)] }), done()];
		expect(settle({ claimed: rows, outcomes }).customers[0]?.waiting_since).toBe(after(-4));
	});

	it('gives bulk work no place in that queue', () => {
		const bulk = asked({ event_id: 'r', event: 'apply.requested', customer_id: '77' }, 'reconcile');
		const outcomes = [done({ blocked: [limit(9)] }), done({ blocked: [limit(9)] })];
		const { customers, alerts } = settle({ claimed: claimed(bulk, BOBS), outcomes });
		expect(customers.map(({ waiting_since }) => waiting_since)).toEqual([null, after(-1)]);
		expect(alerts).toEqual([]);
	});
});

describe('A customer whose sync failed', () => {
	it('is saved too, so that the event is processed; a row of the log says what happened', () => {
		const settled = settle({
			outcomes: [failed({}, result({ changes: [given] })), done()],
		});
		expect(settled.customers[0]).toMatchObject({ failures: 1, retry_at: after(5), account: 'ada' });
		expect(settled.changes.map(({ what }) => what)).toEqual(['account created', 'failed']);
		expect(settled).toMatchObject({ released: [], goesOn: true });
		expect(settled.summary).toMatchObject({ processed_events: 2, saved_customers: 2, error: '' });
		expect(settled.summary.customers[0]).toMatchObject({
			outcome: 'failed',
			what: failure().message,
		});
	});

	it('is told about at once if a person must help, at the third try if it may pass', () => {
		const alertsOf = (said: object, row = {}) =>
			settle({
				outcomes: [failed(said), done()],
				stored: storedAs({ customer: 'customer:77', ...row }),
			}).alerts;
		const twice = { failures: 2, failing_since: after(-15), last_error: failure().message };
		expect(alertsOf(lasting)).toMatchObject([
			{ customer: 'customer:77', what_to_do: failure().advice },
		]);
		expect(alertsOf(lasting, twice)).toEqual([]);
		expect(alertsOf({})).toEqual([]);
		expect(alertsOf({}, twice)).toHaveLength(1);
		const day = { ...twice, failures: 9, failing_since: new Date(NOW - DAY) };
		expect(alertsOf({}, day)).toMatchObject([{ cause: 'a day: Panel said 500: Server Error' }]);
	});

	it('for a reason that concerns others too is not named: one alert for all', () => {
		const outcomes = [1, 2].map((id) =>
			failed({ ...lasting, concernsEverybody: true, message: `customer ${id}: 403` }),
		);
		expect(settle({ outcomes }).alerts).toMatchObject([
			{ customer: '', cause: failure().cause, execution_url: 'https://n8n/42' },
		]);
	});

	it('for a reason of their own is told about besides others', () => {
		const { alerts } = settle({ outcomes: [failed(lasting), failed(lasting)] });
		expect(alerts.map((alert) => alert.customer)).toEqual(['customer:77', 'customer:88']);
	});

	it('because of the plan is told what is wrong with it', () => {
		expect(ownFailure(new PlanError('no tier "x".', 'Add it.'), personOf(ADA, {}))).toEqual({
			message: 'customer 77, ada@example.com: no tier "x".',
			advice: 'Add it.',
			cause: 'no tier "x".',
			isTransient: false,
			concernsEverybody: false,
		});
	});
});

describe('A customer whom the round did not reach', () => {
	const late = (partial: ReturnType<typeof result> | null = null, more = {}) =>
		settle({ outcomes: [done(), unreached(partial)], ...more });

	it('is not saved, and their event is released', () => {
		const settled = late();
		expect(settled.customers.map((row) => row.customer)).toEqual(['customer:77']);
		expect(settled.released).toEqual([{ id: 2, processed_at: null, rejected: null }]);
		expect(settled).toMatchObject({ alerts: [], goesOn: true });
		expect(settled.summary.customers[1]).toMatchObject({ outcome: 'unreached', what: '' });
	});

	it('is unreached where the outcome is missing', () => {
		expect(settle({ outcomes: [done()] }).released).toHaveLength(1);
	});

	it('has it logged what was done until then', () => {
		const settled = late(result({ changes: [given] }));
		expect(settled.customers.map((row) => row.customer)).toEqual(['customer:77']);
		expect(settled.changes).toMatchObject([{ customer: 'customer:88', what: 'account created' }]);
	});

	it('is checked again one lease later if a request may still take effect', () => {
		const settled = late(result({ uncertain: true }), {
			stored: storedAs({ customer: 'customer:77' }, { customer: 'customer:88', due_at: after(-1) }),
		});
		expect(settled.customers[1]).toMatchObject({
			customer: 'customer:88',
			recheck_at: after(MINUTES_OF_LEASE),
			due_at: after(-1),
		});
		expect(settled.released).toHaveLength(1);
		const together = settle({
			claimed: claimed(claimedRow(eventOf(88, { previous_customer_id: '77' }))),
			outcomes: [done(), unreached(result({ uncertain: true }))],
		});
		expect(together.released).toHaveLength(1);
	});
});

describe('A run that could not go on', () => {
	const down = failure({ concernsEverybody: true, message: 'down', cause: 'The panel is down' });
	const broken = (said: Partial<RoundInput> = {}) =>
		settle({ failure: down, outcomes: [unreached(), unreached()], ...said });

	it('counts nobody’s tries: all are due again', () => {
		const settled = broken();
		expect(settled.customers).toEqual([]);
		expect(settled.released.map(({ id }) => id)).toEqual([1, 2]);
		expect(settled.summary).toMatchObject({ error: 'down', processed_events: 0 });
	});

	it('ends, and the next one starts a little later', () => {
		const settled = broken({ outcomes: [done({ changes: [given] }), unreached()] });
		expect(settled.goesOn).toBe(false);
		expect(settled.free_at).toBe(after(0.5));
	});

	it('is told about at once if it will not pass', () => {
		expect(broken({ failure: { ...down, ...lasting } }).alerts).toMatchObject([
			{ customer: '', cause: 'The panel is down', what_to_do: down.advice },
		]);
	});

	it('is told about after ten minutes if it may pass', () => {
		const age = (minutes: number) =>
			broken({ claimed: claimed({ ...BOBS, received_at: after(-minutes) }, ADAS) }).alerts;
		expect(age(10)).toEqual([]);
		expect(age(10.1)).toMatchObject([{ customer: '', cause: 'The panel is down' }]);
		const due = (due_at: unknown) =>
			broken({
				claimed: [],
				due: ['customer:77'],
				stored: storedAs({ customer: 'customer:77', due_at }),
			}).alerts;
		expect(due(after(-10))).toEqual([]);
		expect(due(after(-11))).toHaveLength(1);
		expect(due(null)).toEqual([]);
		expect(broken({ claimed: [], due: ['customer:77'] }).alerts).toEqual([]);
	});

	it('does not forget people who are due', () => {
		expect(broken({ due: ['customer:77'] }).customers).toEqual([]);
	});
});

describe('A round without progress', () => {
	it('ends the run and says so; the next one starts a little later', () => {
		const settled = settle({ outcomes: [unreached(), unreached()] });
		expect(settled).toMatchObject({ goesOn: false, free_at: after(0.5) });
		expect(settled.summary.error).toMatch(/no time/);
	});

	it.each([
		['a customer was saved', { claimed: [], outcomes: [done(), unreached()] }],
		['a change was made', { outcomes: [unreached(result({ changes: [given] })), unreached()] }],
		['an event was rejected', { claimed: claimed({ ...BOBS, event: 'ping' }), outcomes: [] }],
		[
			'an event was rejected beside one that waits',
			{ claimed: claimed(ADAS, { ...BOBS, event: 'ping' }), outcomes: [] },
		],
		['somebody was forgotten', { claimed: [], outcomes: [], due: ['email:old@example.com'] }],
	])('is none if %s', (_, said) => {
		expect(settle(said)).toMatchObject({ goesOn: true, summary: { error: '' } });
	});
});

describe('A customer without a row', () => {
	const added = (said: Partial<RoundInput>) => settle({ stored: new Map(), ...said }).newCustomers;

	it('gets one with all that is to be saved, and is not updated as well', () => {
		const settled = settle({ stored: storedAs({ customer: 'customer:77' }) });
		expect(settled.newCustomers).toEqual([
			expect.objectContaining({
				customer: 'customer:88',
				customer_id: BOB.customer_id,
				customer_email: BOB.customer_email,
				state: BOB.state,
				term: LEASE.term,
			}),
		]);
		expect(settled.customers.map(({ customer }) => customer)).toEqual(['customer:77']);
		expect(added({ outcomes: [failed(), { kind: 'noted' }] })).toHaveLength(2);
	});

	it('gets one also if only a recheck is saved, and none if nothing is', () => {
		const uncertain = unreached(result({ uncertain: true }));
		expect(added({ outcomes: [unreached(), uncertain] })).toEqual([
			expect.objectContaining({ customer: 'customer:88', recheck_at: expect.any(String) }),
		]);
	});

	it('gets none who is due, because they have one', () => {
		expect(added({ due: ['email:old@example.com', 'customer:77', 'customer:88'] })).toEqual([]);
	});
});

describe('A customer of whom an event only tells what is held back', () => {
	it('is saved with that, and nothing else of them is touched', () => {
		const held = { ...BOB, held_changes: '40 would lose access' };
		const note = { ...BOBS, event: 'changes.held' };
		const settled = settle({
			entitlements: [ADA, held],
			claimed: claimed(note),
			outcomes: [done(), { kind: 'noted' }],
			stored: storedAs({ customer: 'customer:77' }, { customer: 'customer:88' }),
		});
		expect(settled.customers[1]).toEqual({
			customer: 'customer:88',
			customer_id: '88',
			customer_email: 'c88@example.com',
			held_changes: '40 would lose access',
			term: 7,
		});
		expect(settled).toMatchObject({ released: [], summary: { processed_events: 1 } });
	});
});

describe('Somebody who is due but whom the log no longer knows', () => {
	it('is due no more', () => {
		const { customers, summary } = settle({ due: ['email:old@example.com', 'customer:77'] });
		expect(customers.slice(2)).toMatchObject([
			{ customer: 'email:old@example.com', state: 'none', due_at: null, term: 7 },
		]);
		expect(summary.saved_customers).toBe(3);
	});
});

describe('A rejected event', () => {
	const odd = { ...BOBS, event: 'ping' };

	it('is processed with its reason, and told about', () => {
		const { released, alerts } = settle({ claimed: claimed(odd) });
		expect(released).toEqual([
			{ id: 2, processed_at: after(0), rejected: 'Unknown "event": "ping"' },
		]);
		expect(alerts).toEqual([
			{
				customer: '',
				customer_email: 'c88@example.com',
				cause: 'An event was rejected: Unknown "event": "ping"',
				what_happened:
					'The event ping (row 2 of paymenter_events) was rejected: Unknown "event": "ping".',
				what_to_do: expect.stringContaining('empty "rejected" and "processed_at"') as string,
				execution_url: 'https://n8n/42',
			},
		]);
	});

	it('is told about once, however many there are of the kind', () => {
		const rows = claimed(
			odd,
			{ ...odd, id: 3 },
			{ ...odd, id: 4, event: 'pong', customer_email: null },
		);
		const { alerts, released } = settle({ claimed: rows });
		expect(released).toHaveLength(3);
		expect(alerts.map(({ cause }) => cause)).toEqual([
			'An event was rejected: Unknown "event": "ping"',
			'An event was rejected: Unknown "event": "pong"',
		]);
		expect(alerts[1]?.customer_email).toBe('');
	});
});

describe('A grace period', () => {
	const failing = (id: number, when: string) =>
		customer(
			[
				eventOf(id),
				eventOf(id, { event_id: `f${id}`, event: 'payment.failed', occurred_at: moment(when) }),
			],
			'05-04',
		);
	const [early, late] = [failing(88, '05-02'), failing(89, '05-03')];
	const waitsOf = (said: Partial<RoundInput>) =>
		settle({
			claimed: [],
			entitlements: [late, early, ADA],
			outcomes: [done(), done(), done()],
			...said,
		}).waits;

	it('is waited for, the first to end first; only by those in grace', () => {
		expect(waitsOf({})).toEqual([
			{ customer: 'customer:88', until: moment('05-09') },
			{ customer: 'customer:89', until: moment('05-10') },
		]);
		const ending = customer([event('created', '05-01', { ends_at: '2026-05-20' })], '05-04');
		expect(ending.next_change_at).not.toBeNull();
		expect(waitsOf({ entitlements: [ending] })).toEqual([]);
	});

	it('is waited for once: not again if the row knows its end', () => {
		const stored = (next_change_at: unknown) =>
			storedAs({ customer: 'customer:88', next_change_at });
		expect(waitsOf({ entitlements: [early], stored: stored(new Date(moment('05-09'))) })).toEqual(
			[],
		);
		expect(waitsOf({ entitlements: [early], stored: stored(moment('05-08')) })).toHaveLength(1);
	});

	it('is waited for also after a failure, but not by those whom the round did not reach', () => {
		expect(waitsOf({ entitlements: [early], outcomes: [failed()] })).toHaveLength(1);
		expect(waitsOf({ entitlements: [early], outcomes: [unreached()] })).toEqual([]);
	});
});

it('A hand-over is processed when both customers were saved', () => {
	const log = [
		event('created', '05-01'),
		event('updated', '05-02', { customer_id: '88', customer_email: 'bob@example.com' }),
	];
	const entitlements = at(log, '05-04');
	const rows = claimed(
		claimedRow(log[1] as (typeof log)[0], { id: 5 }),
		claimedRow(log[0] as (typeof log)[0], { id: 4 }),
	);
	const half = settle({ claimed: rows, entitlements, outcomes: [done(), unreached()] });
	expect(half.summary.processed_events).toBe(0);
	expect(half.released).toHaveLength(2);
	const whole = settle({ claimed: rows, entitlements, outcomes: [done(), failed()] });
	expect(whole.released).toEqual([]);
});

it('Everybody who is saved after a takeover is checked again', () => {
	const lease = { ...LEASE, takenOverAt: NOW - MINUTE };
	const { customers } = settle({ lease, outcomes: [done(), failed()] });
	expect(customers.map(({ recheck_at }) => recheck_at)).toEqual(
		Array(2).fill(after(MINUTES_OF_LEASE)),
	);
});

it('All rows have only columns of their tables', () => {
	const settled = settle({
		entitlements: [ADA, BOB, CARL],
		outcomes: [done({ changes: [given] }), failed(), unreached(result({ uncertain: true }))],
		due: ['email:old@example.com'],
	});
	const columns = {
		customers: Object.keys(TABLES.paymenter_customers),
		changes: Object.keys(TABLES.paymenter_provisioning_log),
	};
	expect(settled.newCustomers).toHaveLength(1);
	expect(settled.customers).toHaveLength(3);
	for (const row of [...settled.newCustomers, ...settled.customers]) {
		expect(columns.customers).toEqual(expect.arrayContaining(Object.keys(row)));
	}
	expect(settled.changes).toHaveLength(2);
	for (const row of settled.changes) {
		expect(Object.keys(row).sort()).toEqual(columns.changes.sort());
	}
});
