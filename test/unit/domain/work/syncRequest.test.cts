import { readPlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import {
	isBulkWork,
	personOf,
	recordedIn,
	requestOf,
	restoreLeft,
} from '../../../../domain/work/syncRequest';
import { customer, event, override, said } from '../../support/billing.cjs';
import { ADA, after, asked, claimed, claimedRow, somebody } from '../../support/work.cjs';

const { plan, settings } = readPlanDocument({
	server_groups: [{ name: 'all', match: 'all' }],
	tiers: [
		{
			tier: 'knight',
			products: 'fire-knight',
			serverGroups: ['all'],
			permissions: ['websocket.connect'],
		},
	],
	left_alone: 'boss',
	username_template: '{name}-{customer}',
});
const BOB = somebody(88);
const context = { plan, settings, dryRun: false, all: [ADA, BOB] };
const requestFor = (entitlement = ADA, stored = {}, more = {}) =>
	requestOf(entitlement, stored, { ...context, ...more });
const HELD = customer(
	[event('created', '05-01'), said('override.hold', '05-02', { actor: 'Kim' })],
	'05-04',
);
const GONE = customer(
	[event('created', '05-01'), override('set', '05-02', { status: 'cancelled' })],
	'05-04',
);

describe('A customer', () => {
	it('is who the entitlement says, with the account that their row records', () => {
		const entitlement = { ...ADA, previous_emails: ['a@x'], taken_emails: ['b@x'] };
		expect(personOf(entitlement, { account_id: 5 })).toEqual({
			customerId: '77',
			email: 'ada@example.com',
			name: null,
			previousEmails: ['a@x'],
			takenEmails: ['b@x'],
			accountId: 5,
		});
	});

	it.each([undefined, null, 0, -1, '5'])(
		'with %p for an account has none recorded',
		(account_id) => {
			expect(personOf(ADA, { account_id }).accountId).toBeNull();
		},
	);
});

describe('The request to sync a customer', () => {
	it('asks for the tiers that they bought', () => {
		expect(requestFor()).toEqual({
			person: personOf(ADA, {}),
			tiers: plan.tiers,
			grantedBefore: {},
			removeAccount: false,
			liveEmails: [],
			dryRun: false,
			isNew: true,
			usernameTemplate: '{name}-{customer}',
			leftAlone: ['boss'],
			recorded: null,
			heldBecause: '',
		});
	});

	it('fails where the plan does not know what they bought: that is never "no access"', () => {
		const grants = [{ product_id: 'sovereign', tier: null }];
		expect(() => requestFor({ ...ADA, grants })).toThrow(PlanError);
	});

	it('takes somebody for new who was never synced, but not in a dry run', () => {
		expect(requestFor(ADA, { last_run_at: null }).isNew).toBe(true);
		expect(requestFor(ADA, { last_run_at: after(-60) }).isNew).toBe(false);
		expect(requestFor(ADA, {}, { dryRun: true })).toMatchObject({ isNew: false, dryRun: true });
		expect(requestFor(ADA, {}, { recorded: { x: [] } }).isNew).toBe(false);
	});

	it('knows what was granted before', () => {
		expect(requestFor(ADA, { granted: '{"x":["backup.read"]}' }).grantedBefore).toEqual({
			x: ['backup.read'],
		});
		for (const granted of ['', null, undefined]) {
			expect(requestFor(ADA, { granted }).grantedBefore).toEqual({});
		}
	});

	it.each(['{', '{"x":"backup.read"}', '{"x":[],"y":"backup.read"}', 'null'])(
		'fails where the row does not say it in JSON: %s',
		(granted) => {
			const request = () => requestFor(ADA, { granted });
			expect(request).toThrow(PlanError);
			expect(request).toThrow(/"granted" of customer 77, ada@example\.com is not valid JSON/);
			expect(request).toThrow(
				expect.objectContaining({ advice: expect.stringContaining('{} if you do not know') }),
			);
		},
	);

	it('removes the account of whom nothing is left', () => {
		expect(requestFor(GONE)).toMatchObject({ removeAccount: true, tiers: [] });
	});

	it('says whose address is alive: of all others if the account is to be removed', () => {
		const all = [
			GONE,
			BOB,
			{ ...somebody(89), grants: [] },
			{ ...somebody(90), customer_email: null },
		];
		expect(requestFor(GONE, {}, { all }).liveEmails).toEqual(['c88@example.com']);
		expect(requestFor(ADA, {}, { all }).liveEmails).toEqual([]);
		expect(requestFor({ ...ADA, address_is_live: true }).liveEmails).toEqual(['ada@example.com']);
		expect(requestFor({ ...ADA, address_is_live: true, customer_email: null }).liveEmails).toEqual(
			[],
		);
	});
});

describe('A customer on hold', () => {
	it('is left as they are, and it says why in the first sentence', () => {
		expect(requestFor(HELD).heldBecause).toBe('Overridden by Kim, is held as it is on the panel');
		expect(requestFor(ADA).heldBecause).toBe('');
	});

	it('still gets back what an undo asks for: a restore wins over a hold', () => {
		const recorded = { x: ['backup.read'] };
		expect(requestFor(HELD, {}, { recorded })).toMatchObject({
			heldBecause: '',
			recorded,
			tiers: [],
		});
	});
});

describe('A restore', () => {
	it('replaces the plan, and removes no account', () => {
		const recorded = { x: ['backup.read'] };
		const grants = [{ product_id: 'sovereign', tier: null }];
		expect(requestFor({ ...ADA, grants }, {}, { recorded })).toMatchObject({ recorded, tiers: [] });
		expect(requestFor(GONE, {}, { recorded }).removeAccount).toBe(false);
	});

	const restore = (recorded: Record<string, string[]>, when?: string) =>
		asked(
			{ event_id: `restore ${when}`, event: 'restore.requested', customer_id: '77', recorded },
			'operator',
			when,
		);

	it('is what the newest request records, whichever row comes last', () => {
		const [early, late] = [restore({ x: [] }, '05-04 08:00'), restore({ y: [] }, '05-04 09:00')];
		expect(recordedIn(claimed(early, late))).toEqual({ y: [] });
		expect(recordedIn(claimed(late, early, claimedRow(event('failed', '05-04'))))).toEqual({
			y: [],
		});
	});

	it('is not what another event says', () => {
		const row = { ...claimedRow(event('failed', '05-03')), recorded: '{"x":[]}' };
		expect(recordedIn(claimed(row, { ...row, event: 'ping' }))).toBeNull();
		expect(recordedIn([])).toBeNull();
	});

	it.each([null, '', '{', 'null', '{"x":"y"}'])(
		'that records %j is refused by name',
		(recorded) => {
			const read = () => recordedIn(claimed({ ...restore({}, '05-04 08:00'), recorded }));
			expect(read).toThrow(PlanError);
			expect(read).toThrow(/"recorded" of the event restore 05-04 08:00/);
			expect(read).toThrow(
				expect.objectContaining({ advice: expect.stringContaining('/form/paymenter-undo') }),
			);
		},
	);
});

describe('A restore that was not finished', () => {
	const recorded = { x: ['backup.read'] };
	const held = { ...HELD, restored_under_hold: JSON.stringify(recorded) };
	const left = (stored: object, entitlement = held) => restoreLeft(entitlement, { ...stored });

	it('is still to be done while somebody is on hold', () => {
		expect(left({ retry_at: after(0) })).toEqual(recorded);
		expect(left({ recheck_at: after(0) })).toEqual(recorded);
	});

	it('is done once nothing is to be tried again', () => {
		expect(left({ retry_at: null, recheck_at: null })).toBeNull();
	});

	it('is over with the hold, and there may have been none', () => {
		expect(left({ retry_at: after(0) }, { ...held, access: 'sync' })).toBeNull();
		expect(restoreLeft(HELD, { retry_at: after(0) })).toBeNull();
		expect(left({ retry_at: after(0) }, { ...held, restored_under_hold: '{' })).toBeNull();
	});
});

describe('Bulk work', () => {
	const bulk = asked({ event_id: 'r', event: 'apply.requested', customer_id: '77' }, 'reconcile');
	const bought = claimedRow(event('created', '05-04'));
	const isBulk = (rows: Array<Record<string, unknown>>, stored = {}) =>
		isBulkWork(claimed(...rows), stored);

	it('is what only the reconcile asked for', () => {
		expect(isBulk([bulk])).toBe(true);
		expect(isBulk([bulk, bulk])).toBe(true);
		expect(isBulk([bulk, bought])).toBe(false);
		expect(isBulk([bought])).toBe(false);
		expect(isBulk([{ ...bulk, source: 'operator' }])).toBe(false);
	});

	it('is not what the clock asks for', () => {
		expect(isBulk([])).toBe(false);
		const failing = { retry_at: after(0), failures: 1, failing_since: after(-5) };
		expect(isBulk([], failing)).toBe(false);
	});

	it.each([0, 1])(
		'that waits for a server (blocked %i times) is still bulk work when it is tried again',
		(failures) => {
			const waiting = { retry_at: after(0), failures, waiting_since: null };
			expect(isBulk([], waiting)).toBe(true);
			expect(isBulk([bought], waiting)).toBe(false);
		},
	);

	it('is no purchase that waits for the limit, even if the reconcile asks for the same', () => {
		const waiting = { retry_at: after(0), failures: 0, waiting_since: after(-20) };
		expect(isBulk([], waiting)).toBe(false);
		expect(isBulk([bulk], waiting)).toBe(false);
	});
});
