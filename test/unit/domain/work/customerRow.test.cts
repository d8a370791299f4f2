import {
	customerRow,
	failingBefore,
	forgottenRow,
	unfinishedRow,
} from '../../../../domain/work/customerRow';
import { LEASE_MS } from '../../../../domain/work/lease';
import { TABLES } from '../../../../domain/tables';
import { customer, event, moment } from '../../support/billing.cjs';
import {
	ADA,
	DAY,
	LEASE,
	MINUTE,
	NOW,
	after,
	failure,
	limit,
	result,
	saving,
	suspended,
} from '../../support/work.cjs';

const COLUMNS = Object.keys(TABLES.paymenter_customers).sort();
const LEASE_MINUTES = LEASE_MS / MINUTE;
const done = (said = {}, stored = {}, more = {}) =>
	customerRow(ADA, stored, { result: result(said) }, saving(more));
const failing = (stored = {}, said = {}, partial: ReturnType<typeof result> | null = null) =>
	customerRow(ADA, stored, { failure: failure(said), result: partial }, saving());

describe('The row of a customer who was synced', () => {
	it('says what they have, why, and who wrote it', () => {
		expect(done()).toEqual({
			customer: 'customer:77',
			customer_id: '77',
			customer_email: 'ada@example.com',
			customer_name: null,
			state: 'active',
			tiers: 'knight',
			customer_properties: '{}',
			access_until: null,
			on_hold: false,
			changed_at: after(0),
			why: 'Subscription s1 (fire-knight): active.',
			next_change_at: null,
			granted: '{"abcd1234":["websocket.connect"]}',
			account: 'ada',
			account_id: 5,
			last_run_at: after(0),
			last_result: 'subscriber_knight: access given.',
			last_error: '',
			what_to_do: '',
			needs_attention: false,
			failing_since: null,
			failures: 0,
			retry_at: null,
			waiting_since: null,
			recheck_at: null,
			due_at: null,
			held_changes: '',
			term: LEASE.term,
			execution_url: 'https://n8n.example.com/workflow/w1/executions/42',
		});
	});

	it('has every column of the table and no other', () => {
		expect(Object.keys(done()).sort()).toEqual(COLUMNS);
	});

	it('names several tiers, and nothing for nobody', () => {
		expect(done({ tiers: ['knight', 'elder'] }).tiers).toBe('knight, elder');
		const nobody = { ...ADA, grants: [] };
		const row = customerRow(nobody, {}, { result: result({ tiers: [] }) }, saving());
		expect(row.tiers).toBe('');
	});

	it('names the tiers also where recorded access is restored in place of them', () => {
		expect(done({ tiers: [] }).tiers).toBe('knight');
	});

	it('forgets an account that is gone', () => {
		const row = done({ account: null }, { account: 'ada', account_id: 5 });
		expect([row.account, row.account_id]).toEqual(['', null]);
	});

	it('forgets earlier failures', () => {
		const stored = {
			failures: 4,
			failing_since: after(-60),
			last_error: 'x',
			what_to_do: 'y',
			needs_attention: true,
			retry_at: after(0),
		};
		expect(done({}, stored)).toEqual(done());
	});

	it('is due at the next change', () => {
		const entitlement = customer([event('created', '05-01'), event('failed', '05-03')], '05-04');
		const row = customerRow(entitlement, {}, { result: result() }, saving());
		expect(row).toMatchObject({ state: 'grace', next_change_at: moment('05-10') });
		expect(row.due_at).toBe(moment('05-10'));
	});

	it('says what the loss guard holds back', () => {
		const held = { ...ADA, held_changes: '40 customers would lose access' };
		const row = customerRow(held, {}, { result: result() }, saving());
		expect(row.held_changes).toBe('40 customers would lose access');
	});
});

describe('The row of a customer who waits for the limit on new subusers', () => {
	const ASKED = after(-3);

	it('says until when, and since when: the time of the event that asked', () => {
		const row = done({ blocked: [limit(14)] }, {}, { askedAt: ASKED });
		expect(row).toMatchObject({
			retry_at: after(14),
			due_at: after(14),
			waiting_since: ASKED,
			failures: 0,
			failing_since: null,
			last_error: '',
			needs_attention: false,
		});
	});

	it('says since now where no event asked', () => {
		expect(done({ blocked: [limit(14)] }).waiting_since).toBe(after(0));
	});

	it.each([after(-40), new Date(NOW - 40 * MINUTE)])(
		'keeps the place in the queue, whatever is asked for meanwhile (%p)',
		(since) => {
			const row = done({ blocked: [limit(14)] }, { waiting_since: since }, { askedAt: ASKED });
			expect(row.waiting_since).toBe(after(-40));
		},
	);

	it('is due at the first of several servers', () => {
		expect(done({ blocked: [limit(14), limit(9)] }).due_at).toBe(after(9));
	});

	it('waits no longer once everything was given', () => {
		const row = done({}, { waiting_since: after(-40), retry_at: after(0) });
		expect([row.waiting_since, row.retry_at, row.due_at]).toEqual([null, null, null]);
	});

	it('has no place in that queue if it is bulk work', () => {
		const row = done({ blocked: [limit(5)] }, {}, { askedAt: ASKED, isBulk: true });
		expect(row).toMatchObject({ retry_at: after(5), waiting_since: null, failures: 0 });
	});

	it('keeps the place while another server is suspended, and is tried when the first of them can be', () => {
		const stored = { waiting_since: after(-40) };
		const soon = done({ blocked: [suspended, limit(3)] }, stored);
		expect(soon).toMatchObject({ retry_at: after(3), waiting_since: after(-40), failures: 1 });
		const late = done({ blocked: [limit(14), suspended] }, { ...stored, failures: 1 });
		expect(late).toMatchObject({ retry_at: after(10), waiting_since: after(-40), failures: 2 });
	});

	it('keeps the place if something else fails', () => {
		const waited = failing({ waiting_since: after(-40) });
		expect(waited.waiting_since).toBe(after(-40));
		const both = customerRow(
			ADA,
			{},
			{ failure: failure(), result: result({ blocked: [limit(14)] }) },
			saving({ askedAt: ASKED }),
		);
		expect(both.waiting_since).toBe(ASKED);
		expect(failing({}, {}, result()).waiting_since).toBeNull();
	});
});

describe('The row of a customer one of whose servers accepts no changes', () => {
	it('is tried again less and less often, without being a failure', () => {
		const tries = [0, 1, 2].map((failures) => done({ blocked: [suspended] }, { failures }));
		expect(tries.map(({ retry_at }) => retry_at)).toEqual([after(5), after(10), after(20)]);
		for (const row of tries) {
			expect(row).toMatchObject({ failing_since: null, waiting_since: after(0), last_error: '' });
			expect(row.due_at).toBe(row.retry_at);
		}
	});

	it('stays bulk work if nobody but the reconcile asked for it', () => {
		const row = done({ blocked: [suspended] }, {}, { isBulk: true });
		expect(row).toMatchObject({ waiting_since: null, failing_since: null, failures: 1 });
	});

	it('does not count earlier failures', () => {
		const row = done({ blocked: [suspended] }, { failures: 6, failing_since: after(-300) });
		expect(row).toMatchObject({ failures: 1, retry_at: after(5) });
	});
});

describe('The row of a customer whose sync failed', () => {
	it('says what happened and what to do, and is tried again after 5, 10, 20 … minutes', () => {
		let row: Record<string, unknown> = {};
		for (const [index, minutes] of [5, 10, 20, 40, 80, 160, 320, 360, 360].entries()) {
			row = failing(row);
			expect(row).toMatchObject({
				failures: index + 1,
				failing_since: after(0),
				last_error: failure().message,
				what_to_do: failure().advice,
				needs_attention: false,
				retry_at: after(minutes),
				due_at: after(minutes),
			});
		}
	});

	it('needs attention after a day', () => {
		const since = (ms: number) => failing({ failures: 9, failing_since: new Date(NOW - ms) });
		expect(since(DAY - 1).needs_attention).toBe(false);
		expect(since(DAY)).toMatchObject({
			needs_attention: true,
			failing_since: new Date(NOW - DAY).toISOString(),
		});
	});

	it('keeps what is known of them: account and permissions', () => {
		const stored = {
			account: 'ada',
			account_id: 5,
			granted: '{"x":["backup.read"]}',
			last_result: 'subscriber_knight: access given.',
		};
		expect(failing(stored)).toMatchObject({ ...stored, last_result: 'failed' });
		expect(failing()).toMatchObject({
			account: '',
			account_id: null,
			granted: '',
			last_result: 'failed',
			tiers: 'knight',
		});
	});

	it('names the product where the tier is not known', () => {
		const entitlement = {
			...ADA,
			grants: [
				{ product_id: 'fire-knight', tier: null },
				{ product_id: null, tier: 'elder' },
			],
		};
		const row = customerRow(entitlement, {}, { failure: failure(), result: null }, saving());
		expect(row.tiers).toBe('fire-knight, elder');
	});

	it('says what was done until then', () => {
		const row = failing({ granted: '{}', account: '' }, {}, result());
		expect(row).toMatchObject({
			granted: '{"abcd1234":["websocket.connect"]}',
			account: 'ada',
			account_id: 5,
		});
	});

	it('has every column of the table and no other', () => {
		expect(Object.keys(failing()).sort()).toEqual(COLUMNS);
	});

	it('counts from one again after a server that accepted no changes', () => {
		expect(failing({ failures: 5, failing_since: null })).toMatchObject({
			failures: 1,
			retry_at: after(5),
		});
		expect(failingBefore({ failures: 5 })).toEqual({
			failures: 0,
			failingSince: null,
			lastError: '',
			needsAttention: false,
		});
	});

	it('is read back as what it was', () => {
		expect(failingBefore(failing({ failures: 2, failing_since: after(-15) }))).toEqual({
			failures: 3,
			failingSince: NOW - 15 * MINUTE,
			lastError: failure().message,
			needsAttention: false,
		});
		expect(failingBefore({ needs_attention: true, failing_since: after(0) })).toMatchObject({
			failures: 0,
			needsAttention: true,
		});
	});
});

describe('What Access Changed announces', () => {
	const PROPERTIES = { player: 'ada', discord_id: '7' };
	const known = {
		...ADA,
		customer_properties: PROPERTIES,
		access_until: after(600),
	};
	const save = (entitlement = known, stored: object = {}, said = {}) =>
		customerRow(entitlement, { ...stored }, { result: result(said) }, saving());
	const first = save();
	const stored = { ...first, changed_at: after(-60) };

	it('is on the row', () => {
		expect(first).toMatchObject({
			customer_properties: JSON.stringify(PROPERTIES),
			access_until: after(600),
			on_hold: false,
			changed_at: after(0),
		});
		expect(save({ ...known, access: 'hold' }).on_hold).toBe(true);
		expect(save({ ...known, access: 'remove' }).on_hold).toBe(false);
	});

	it.each([
		['with text', stored],
		[
			'with dates',
			{ ...stored, changed_at: new Date(after(-60)), access_until: new Date(after(600)) },
		],
	])('has not changed if all of it is as it was, %s', (_, before) => {
		expect(save(known, before).changed_at).toBe(after(-60));
		const failed = customerRow(known, before, { failure: failure(), result: null }, saving());
		expect(failed.changed_at).toBe(after(-60));
	});

	it('has not changed with anything else', () => {
		const before = {
			...{ ...stored, why: 'x', granted: '', next_change_at: after(5), failures: 3 },
			...{ held_changes: 'x', customer_name: 'Eve', account: 'eve', account_id: 9 },
		};
		expect(save(known, before).changed_at).toBe(after(-60));
	});

	it.each([
		['the tiers', { tiers: 'elder' }],
		['the state', { state: 'grace' }],
		['the properties', { customer_properties: '{}' }],
		['the address', { customer_email: 'old@example.com' }],
		['the address, which was not known', { customer_email: null }],
		['the end', { access_until: after(601) }],
		['the end, which was not known', { access_until: null }],
		['a hold', { on_hold: true }],
	])('has changed with %s, also where the sync failed', (_, more) => {
		const before = { ...stored, ...more };
		expect(save(known, before).changed_at).toBe(after(0));
		const failed = { failure: failure(), result: null };
		expect(customerRow(known, before, failed, saving()).changed_at).toBe(after(0));
	});

	it('has changed with a hold that begins, or an end that is none any more', () => {
		expect(save({ ...known, access: 'hold' }, stored).changed_at).toBe(after(0));
		const never = { ...known, access_until: null as string | null };
		expect(save(never as typeof known, stored).changed_at).toBe(after(0));
	});

	it('names the plan’s tiers also where the sync failed', () => {
		const sold = { ...known, grants: [{ product_id: 'fire-knight', tier: null }] };
		const failed = customerRow(
			sold,
			stored,
			{ failure: failure(), result: result({ account: null }) },
			saving(),
		);
		expect([failed.tiers, failed.changed_at]).toEqual(['knight', after(-60)]);
	});

	it('forgets the properties once the account was deleted, and only then', () => {
		const removed = { ...known, access: 'remove' as const };
		const text = JSON.stringify(PROPERTIES);
		expect(save(removed, stored, { account: null }).customer_properties).toBe('');
		expect(save(removed, stored).customer_properties).toBe(text);
		expect(save(removed, stored, { account: null, outcome: 'skipped' }).customer_properties).toBe(
			text,
		);
		expect(save(known, stored, { account: null }).customer_properties).toBe(text);
		const failed = (before: object) =>
			customerRow(removed, { ...before }, { failure: failure(), result: null }, saving());
		expect(failed(stored).customer_properties).toBe(text);
		const gone = { ...stored, customer_properties: '' };
		expect(failed(gone).customer_properties).toBe('');
		expect(
			customerRow(known, gone, { failure: failure(), result: null }, saving()).customer_properties,
		).toBe(text);
	});
});

describe('A recheck', () => {
	it('comes one lease after a request whose outcome is unknown, although a read looked good', () => {
		const row = done({ uncertain: true });
		expect([row.recheck_at, row.due_at]).toEqual([after(LEASE_MINUTES), after(LEASE_MINUTES)]);
		expect(failing({}, {}, result({ uncertain: true }))).toMatchObject({
			recheck_at: after(LEASE_MINUTES),
			due_at: after(LEASE_MINUTES),
		});
	});

	it('comes one lease after a takeover for everybody who is saved, for one lease', () => {
		const lease = { ...LEASE, takenOverAt: NOW - LEASE_MS + 1 };
		expect(done({}, {}, { lease }).recheck_at).toBe(after(LEASE_MINUTES));
		expect(
			customerRow(ADA, {}, { failure: failure(), result: null }, saving({ lease })).recheck_at,
		).toBe(after(LEASE_MINUTES));
		const old = { ...LEASE, takenOverAt: NOW - LEASE_MS };
		expect(done({}, {}, { lease: old, readAt: NOW }).recheck_at).toBeNull();
		// What counts is when the panel was read, however long the round took.
		expect(done({}, {}, { lease: old, readAt: NOW - 1 }).recheck_at).toBe(after(LEASE_MINUTES));
	});

	const READ = { readAt: NOW - MINUTE };

	it('that still lay ahead when the row was read is kept, though it has passed by now', () => {
		for (const minutes of [-0.5, 1, 30]) {
			const row = done({}, { recheck_at: after(minutes) }, READ);
			expect([row.recheck_at, row.due_at]).toEqual([after(minutes), after(minutes)]);
		}
	});

	it('that had passed when the row was read is done with', () => {
		for (const minutes of [-1, -2]) {
			expect(done({}, { recheck_at: after(minutes) }, READ).recheck_at).toBeNull();
		}
	});

	it('is kept by a failure too', () => {
		expect(failing({ recheck_at: after(1) }).recheck_at).toBe(after(1));
	});

	it('is the latest of all that are needed', () => {
		const later = after(LEASE_MINUTES + 1);
		expect(done({ uncertain: true }, { recheck_at: after(1) }).recheck_at).toBe(
			after(LEASE_MINUTES),
		);
		expect(done({ uncertain: true }, { recheck_at: later }).recheck_at).toBe(later);
	});

	it('does not put off what is due earlier', () => {
		expect(done({ uncertain: true, blocked: [limit(1)] }).due_at).toBe(after(1));
	});
});

describe('The row of a customer whose sync was not finished, with an unknown outcome', () => {
	const unfinished = (stored = {}) => unfinishedRow(ADA, stored, saving());

	it('asks for a recheck one lease later and says nothing else', () => {
		expect(unfinished()).toEqual({
			customer: 'customer:77',
			customer_id: '77',
			customer_email: 'ada@example.com',
			customer_name: null,
			recheck_at: after(LEASE_MINUTES),
			due_at: after(LEASE_MINUTES),
			term: LEASE.term,
			execution_url: 'https://n8n.example.com/workflow/w1/executions/42',
		});
		expect(COLUMNS).toEqual(expect.arrayContaining(Object.keys(unfinished())));
	});

	it('leaves them due if they were', () => {
		expect(unfinished({ due_at: new Date(NOW - MINUTE) }).due_at).toBe(after(-1));
		expect(unfinished({ due_at: after(60) }).due_at).toBe(after(LEASE_MINUTES));
	});
});

describe('The row of somebody whom the log no longer knows', () => {
	const row = forgottenRow('email:old@example.com', LEASE, NOW);

	it('is never due again, and needs nobody', () => {
		expect(row).toMatchObject({
			customer: 'email:old@example.com',
			state: 'none',
			tiers: '',
			customer_properties: '',
			access_until: null,
			on_hold: false,
			changed_at: after(0),
			due_at: null,
			next_change_at: null,
			retry_at: null,
			recheck_at: null,
			waiting_since: null,
			failing_since: null,
			needs_attention: false,
			held_changes: '',
			term: LEASE.term,
		});
		expect(row.why).toMatch(/No event in the log belongs to this customer/);
	});

	it('has only columns of the table, and keeps what it says of the account', () => {
		expect(COLUMNS).toEqual(expect.arrayContaining(Object.keys(row)));
		for (const kept of ['granted', 'account', 'account_id']) expect(row).not.toHaveProperty(kept);
	});
});
