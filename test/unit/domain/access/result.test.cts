import type { Blocked } from '../../../../domain/access/change';
import type { Account, Server } from '../../../../domain/access/panelRecords';
import {
	accountChanged,
	conclude,
	emptyResult,
	rowsOf,
	shown,
	skip,
	wantsAccess,
	type Result,
	type SyncRequest,
} from '../../../../domain/access/result';
import type { Tier } from '../../../../domain/access/tierPlan';

const tier = (name: string, ...groups: string[]) =>
	({ name, role: `subscriber_${name}`, groups }) as Tier;
const KNIGHT = tier('knight', 'everywhere');

const request = (said: Partial<SyncRequest> = {}): SyncRequest => ({
	person: {
		customerId: '77',
		email: 'ada@example.com',
		name: null,
		previousEmails: [],
		takenEmails: [],
		accountId: null,
	},
	tiers: [KNIGHT],
	grantedBefore: { aaaa: ['backup.read'] },
	removeAccount: false,
	liveEmails: [],
	dryRun: false,
	isNew: false,
	usernameTemplate: '{name}',
	leftAlone: [],
	recorded: null,
	heldBecause: '',
	...said,
});

function concluded(said: Partial<Result> = {}, asked: Partial<SyncRequest> = {}): Result {
	const order = request(asked);
	const result = { ...emptyResult(order), ...said };
	conclude(result, order);
	return result;
}

const given = (server: string) => ({
	what: 'access given' as const,
	server,
	server_id: server,
	before: [],
	after: ['backup.read'],
});
const suspended = (server: string): Blocked => ({
	server,
	server_id: server,
	why: 'the server is suspended',
});
const limited = (server: string, retry_at: string, ahead?: number): Blocked => ({
	server,
	server_id: server,
	why: 'the limit is reached',
	retry_at,
	...(ahead === undefined ? {} : { ahead }),
});

describe('A customer needs an account', () => {
	it.each<[string, Partial<SyncRequest>, boolean]>([
		['for a tier with servers', {}, true],
		['if one of several tiers has servers', { tiers: [tier('vip'), KNIGHT] }, true],
		['not for a tier without servers', { tiers: [tier('vip')] }, false],
		['not without a tier', { tiers: [] }, false],
		['for access to restore', { tiers: [], recorded: { a: [], b: ['backup.read'] } }, true],
		['not if all that is restored is no access', { tiers: [], recorded: { a: [] } }, false],
	])('%s', (_what, said, needs) => {
		expect(wantsAccess(request(said))).toBe(needs);
	});
});

describe('A result', () => {
	it('begins with nothing done, and what we managed before', () => {
		expect(emptyResult(request({ tiers: [tier('squire'), KNIGHT] }))).toEqual({
			customer_id: '77',
			customer_email: 'ada@example.com',
			outcome: 'unchanged',
			summary: '',
			tiers: ['squire', 'knight'],
			roles: ['subscriber_squire', 'subscriber_knight'],
			account: null,
			changes: [],
			blocked: [],
			warnings: [],
			had: [],
			plan: [],
			granted: { aaaa: ['backup.read'] },
			uncertain: false,
			retry_at: null,
			account_kept: null,
		});
	});

	const account: Account = {
		id: 5,
		uuid: 'u5',
		external_id: 'paymenter-77',
		username: 'ada',
		email: 'ada@example.com',
		language: 'en',
		root_admin: false,
	};

	it('shows of the account who it is', () => {
		expect(shown(account)).toEqual({
			id: 5,
			uuid: 'u5',
			username: 'ada',
			email: 'ada@example.com',
			external_id: 'paymenter-77',
		});
	});

	it('has changes of the account without a server', () => {
		expect(accountChanged('account deleted', { before: ['ada'] })).toEqual({
			what: 'account deleted',
			server: null,
			server_id: null,
			before: ['ada'],
			after: [],
		});
		expect(accountChanged('account created', { after: ['ada'] }).before).toEqual([]);
	});

	it('shows each subuser of the account, duplicates too', () => {
		const server = (name: string, rows: Server['rows']) =>
			({ name, uuid: `uuid-${name}`, rows }) as Server;
		const servers = [
			server('A', new Map([[5, [['a.b'], ['c.d']]]])),
			server('B', new Map([[6, [['a.b']]]])),
		];
		expect(rowsOf(servers, 5)).toEqual([
			{ server: 'A', server_id: 'uuid-A', permissions: ['a.b'] },
			{ server: 'A', server_id: 'uuid-A', permissions: ['c.d'] },
		]);
	});
});

describe('The outcome', () => {
	it.each<[string, Partial<Result>, Partial<SyncRequest>, Result['outcome']]>([
		['unchanged', {}, {}, 'unchanged'],
		['unchanged in a dry run too', {}, { dryRun: true }, 'unchanged'],
		['changed', { changes: [given('A')] }, {}, 'changed'],
		[
			'blocked, also if something was changed',
			{ changes: [given('A')], blocked: [suspended('B')] },
			{},
			'blocked',
		],
		['"would change" in a dry run', { changes: [given('A')] }, { dryRun: true }, 'would change'],
		[
			'"would change" if only blocked',
			{ blocked: [suspended('B')] },
			{ dryRun: true },
			'would change',
		],
	])('is %s', (_what, said, asked, outcome) => {
		expect(concluded(said, asked).outcome).toBe(outcome);
	});

	it('is skipped, with the reason and warnings, whatever follows', () => {
		const result = { ...emptyResult(request()), warnings: ['Look.'] };
		skip(result, 'the account is an administrator');
		conclude(result, request());
		expect(result).toMatchObject({
			outcome: 'skipped',
			summary: 'Nothing done: the account is an administrator. Look.',
		});
	});
});

describe('The summary', () => {
	it.each<[string, Partial<SyncRequest>, string]>([
		[
			'the roles',
			{ tiers: [tier('squire', 'a'), KNIGHT] },
			'subscriber_squire + subscriber_knight',
		],
		['roles without servers', { tiers: [tier('vip')] }, 'subscriber_vip has no servers'],
		['no access', { tiers: [] }, 'no access'],
		['a restore', { tiers: [], recorded: {} }, 'recorded access'],
	])('names %s', (_what, asked, what) => {
		expect(concluded({}, asked).summary).toBe(`${what}: nothing to change.`);
	});

	it('counts what was done, and adds why the account was kept and warnings', () => {
		const changes = [accountChanged('account created', { after: ['ada'] }), given('A'), given('B')];
		const said = { changes, account_kept: 'it owns a server', warnings: ['Look.'] };
		expect(concluded(said).summary).toBe(
			'subscriber_knight: account created, access given ×2. The account was kept: it owns a server. Look.',
		);
	});

	it('names each server that is blocked, and why', () => {
		expect(concluded({ blocked: [suspended('A'), suspended('B')] }).summary).toBe(
			'subscriber_knight: nothing to change. Blocked on A: the server is suspended. Blocked on B: the server is suspended.',
		);
	});
});

describe('Who waits for the panel’s limit', () => {
	const LATE = '2026-05-04T15:00:00.000Z';
	const SOON = '2026-05-04T14:05:00.000Z';

	it('is told for which servers and when the next try is: the first of all', () => {
		const result = concluded({ blocked: [limited('A', LATE), limited('B', SOON)] });
		expect(result).toMatchObject({ outcome: 'blocked', retry_at: SOON });
		expect(result.summary).toBe(
			'subscriber_knight: nothing to change. Waiting for the panel’s limit on new subusers of A, B, next try 14:05 UTC.',
		);
	});

	it('is told how many come first, and then the day too', () => {
		const blocked = [limited('A', SOON, 3), limited('B', LATE, 12), limited('C', LATE)];
		expect(concluded({ blocked }).summary).toContain(
			'of A, B, C (12 come first), next try 2026-05-04 14:05 UTC.',
		);
	});

	it('has no time of the next try where a server is blocked for another reason', () => {
		const result = concluded({ blocked: [limited('A', SOON), suspended('B')] });
		expect(result.retry_at).toBeNull();
		expect(result.summary).toBe(
			'subscriber_knight: nothing to change. Waiting for the panel’s limit on new subusers of A. Blocked on B: the server is suspended.',
		);
	});
});
