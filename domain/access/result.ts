import type { Person } from './account';
import { named, type Blocked, type Change } from './change';
import type { Account, Server } from './panelRecords';
import { hasServers, type Tier } from './tierPlan';

/** The desired access of one customer, and how to apply it. */
export interface SyncRequest {
	person: Person;
	/** Empty: no access. */
	tiers: Tier[];
	/** Permissions that we granted earlier, by server uuid. */
	grantedBefore: Record<string, string[]>;
	/** Delete the account too, unless something else uses it. */
	removeAccount: boolean;
	/** Addresses of other customers who are entitled to access and keep their account. */
	liveEmails: string[];
	dryRun: boolean;
	/** They probably have no account yet: try to create one before looking it up. Not in a dry run. */
	isNew: boolean;
	usernameTemplate: string;
	/** Addresses or usernames of accounts that must not be touched. */
	leftAlone: string[];
	/** Replaces the plan: permissions by server uuid, on these servers only. */
	recorded: Record<string, string[]> | null;
	/** Why nothing may be changed; empty: changes are allowed. */
	heldBecause: string;
}

/** Whether the customer should have any access at all, and so needs an account. */
export function wantsAccess({ tiers, recorded }: SyncRequest): boolean {
	return tiers.some(hasServers) || Object.values(recorded ?? {}).some((keys) => keys.length > 0);
}

export interface Access {
	server: string;
	server_id: string;
	permissions: string[];
}

/** The outcome for one customer. */
export interface Result {
	customer_id: string | null;
	customer_email: string | null;
	outcome: 'changed' | 'unchanged' | 'would change' | 'blocked' | 'skipped';
	summary: string;
	tiers: string[];
	roles: string[];
	account: Pick<Account, 'id' | 'uuid' | 'username' | 'email' | 'external_id'> | null;
	changes: Change[];
	blocked: Blocked[];
	warnings: string[];
	/** Current access on the plan's servers before this run, and the access that the plan gives. */
	had: Access[];
	plan: Access[];
	/** Permissions that we manage now, by server uuid; pass it as `grantedBefore` next time. */
	granted: Record<string, string[]>;
	/** A write is unconfirmed: it may still take effect later, so check again soon. */
	uncertain: boolean;
	/** When to retry what waits for the panel's limits; null: nothing waits. */
	retry_at: string | null;
	/** Why the account was not deleted although deletion was requested. */
	account_kept: string | null;
}

export function emptyResult({ person, tiers, grantedBefore }: SyncRequest): Result {
	return {
		customer_id: person.customerId,
		customer_email: person.email,
		outcome: 'unchanged',
		summary: '',
		tiers: tiers.map(({ name }) => name),
		roles: tiers.map(({ role }) => role),
		account: null,
		changes: [],
		blocked: [],
		warnings: [],
		had: [],
		plan: [],
		granted: grantedBefore,
		uncertain: false,
		retry_at: null,
		account_kept: null,
	};
}

/** A change to the account itself rather than to its access. */
export function accountChanged(
	what: Change['what'],
	{ before = [], after = [] }: { before?: string[]; after?: string[] },
): Change {
	return { what, server: null, server_id: null, before, after };
}

export function shown({ id, uuid, username, email, external_id }: Account): Result['account'] {
	return { id, uuid, username, email, external_id };
}

export const accessOf = (server: Server, permissions: string[]): Access => ({
	...named(server),
	permissions,
});

/** The account's subusers on these servers. */
export function rowsOf(servers: Server[], accountId: number): Access[] {
	return servers.flatMap((server) =>
		(server.rows.get(accountId) ?? []).map((permissions) => accessOf(server, permissions)),
	);
}

export function skip(result: Result, why: string): void {
	result.outcome = 'skipped';
	result.summary = [`Nothing done: ${why}.`, ...result.warnings].join(' ');
}

/** Fills in outcome, summary and retry time at the end. */
export function conclude(result: Result, { tiers, dryRun, recorded }: SyncRequest): void {
	if (result.outcome === 'skipped') return;
	result.outcome = outcomeOf(result, dryRun);
	// Servers blocked for another reason have no known time: they are retried like failures.
	result.retry_at = result.blocked.map(({ retry_at: at }) => at ?? '').sort()[0] || null;
	const roles = tiers.map(({ role }) => role).join(' + ');
	const what = tiers.some(hasServers) ? roles : roles ? `${roles} has no servers` : 'no access';
	result.summary = summaryOf(result, recorded ? 'recorded access' : what);
}

function outcomeOf({ changes, blocked }: Result, dryRun: boolean): Result['outcome'] {
	if (dryRun && changes.length + blocked.length > 0) return 'would change';
	if (blocked.length > 0) return 'blocked';
	return changes.length > 0 ? 'changed' : 'unchanged';
}

function summaryOf(result: Result, what: string): string {
	const counts = new Map<string, number>();
	for (const change of result.changes) counts.set(change.what, (counts.get(change.what) ?? 0) + 1);
	const did = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
	const sentences = [
		`${what}: ${did.length > 0 ? did.join(', ') : 'nothing to change'}.`,
		...sayWaiting(result),
		...result.blocked.filter(({ retry_at: at }) => !at).map(sayBlocked),
		...(result.account_kept ? [`The account was kept: ${result.account_kept}.`] : []),
		...result.warnings,
	];
	return sentences.join(' ');
}

const sayBlocked = ({ server, why }: Blocked): string => `Blocked on ${server}: ${why}.`;

function sayWaiting(result: Result): string[] {
	const waiting = result.blocked.filter(({ retry_at: at }) => at);
	if (waiting.length === 0) return [];
	const servers = waiting.map(({ server }) => server).join(', ');
	const ahead = Math.max(...waiting.map((one) => one.ahead ?? 0));
	const first = ahead > 0 ? ` (${ahead} come first)` : '';
	const { retry_at: at } = result;
	const day = ahead > 0 && at ? `${at.slice(0, 10)} ` : '';
	const next = at ? `, next try ${day}${at.slice(11, 16)} UTC` : '';
	return [`Waiting for the panel’s limit on new subusers of ${servers}${first}${next}.`];
}
