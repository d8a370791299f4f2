import type { Entitlement } from '../entitlement/entitlement';
import type { Result } from '../access/result';
import type { FailingBefore, Failure } from './alertPolicy';
import { tierNames } from './changeLog';
import { dueAt } from './due';
import { LEASE_MS, recheckAfterTakeover, timeOf, type Lease } from './lease';
import { needsAttention, retryAt } from './retryPolicy';

/** A row of `paymenter_customers` as it was read at the beginning of the round. */
export type StoredCustomer = Record<string, unknown>;

export interface SaveContext {
	lease: Lease;
	/** When the row was read. */
	readAt: number;
	now: number;
	executionUrl: string;
	/** When the oldest event that this round applies arrived; null: no event. */
	askedAt: string | null;
	isBulk: boolean;
}

export type Outcome = { result: Result } | { failure: Failure; partial: Result | null };

export function failingBefore(row: StoredCustomer): FailingBefore {
	const failingSince = timeOf(row.failing_since);
	return {
		// Without failures, the column counts how often a server was blocked.
		failures: failingSince === null ? 0 : Number(row.failures ?? 0),
		failingSince,
		lastError: String(row.last_error ?? ''),
		needsAttention: row.needs_attention === true,
	};
}

/**
 * The customer's row after a sync. It accounts for everything that must still happen: `due_at` is the
 * earliest of the next change, the next try and the recheck.
 */
export function customerRow(
	entitlement: Entitlement,
	stored: StoredCustomer,
	outcome: Outcome,
	context: SaveContext,
) {
	const { lease, now, executionUrl } = context;
	const isDone = 'result' in outcome;
	const result = isDone ? outcome.result : outcome.partial;
	const told = isDone
		? succeeded(outcome.result, stored, context)
		: failed(outcome, stored, context);
	const recheck_at = recheckAt(result?.uncertain ?? false, stored, context);
	const { account } = result ?? { account: null };
	const announced = {
		customer_email: entitlement.customer_email,
		state: entitlement.state as string,
		tiers: tiersOf(entitlement, result),
		customer_properties: propertiesOf(entitlement, stored, outcome),
		access_until: entitlement.access_until,
		on_hold: entitlement.access === 'hold',
	};
	return {
		customer: entitlement.customer as string,
		customer_id: entitlement.customer_id,
		customer_name: entitlement.customer_name,
		...announced,
		changed_at: isAnnounced(announced, stored) ? iso(stored.changed_at) : iso(now),
		why: entitlement.explanation,
		next_change_at: entitlement.next_change_at,
		granted: result ? JSON.stringify(result.granted) : textOf(stored.granted),
		account: account?.username ?? (isDone ? '' : textOf(stored.account)),
		account_id: account?.id ?? (isDone ? null : numberOf(stored.account_id)),
		last_run_at: new Date(now).toISOString(),
		...told,
		recheck_at,
		due_at: dueAt([entitlement.next_change_at, told.retry_at, recheck_at]),
		held_changes: entitlement.held_changes,
		term: lease.term,
		execution_url: executionUrl,
	};
}

/** What Access Changed announces. */
interface Announced {
	customer_email: string | null;
	state: string;
	tiers: string;
	customer_properties: string;
	access_until: string | null;
	on_hold: boolean;
}

const isAnnounced = (now: Announced, stored: StoredCustomer): boolean =>
	(['customer_email', 'state', 'tiers', 'customer_properties'] as const).every(
		(column) => textOf(now[column]) === textOf(stored[column]),
	) &&
	now.access_until === iso(stored.access_until) &&
	now.on_hold === (stored.on_hold === true);

/** Their tiers, also where recorded access is restored in place of them. */
const tiersOf = (entitlement: Entitlement, result: Result | null): string =>
	result && result.tiers.length > 0 ? result.tiers.join(', ') : tierNames(entitlement);

/** Forgotten with the account. */
function propertiesOf(entitlement: Entitlement, stored: StoredCustomer, outcome: Outcome): string {
	const known = JSON.stringify(entitlement.customer_properties);
	if (entitlement.access !== 'remove') return known;
	if (!('result' in outcome)) return stored.customer_properties === '' ? '' : known;
	const { account, outcome: how } = outcome.result;
	return account === null && how !== 'skipped' ? '' : known;
}

export type CustomerRow = ReturnType<typeof customerRow>;

function succeeded(result: Result, stored: StoredCustomer, context: SaveContext) {
	const { now } = context;
	const limits = limitsIn(result);
	const isBlocked = result.blocked.length > limits.length;
	const blockedBefore = timeOf(stored.failing_since) === null ? Number(stored.failures ?? 0) : 0;
	const failures = isBlocked ? blockedBefore + 1 : 0;
	return {
		last_result: result.summary,
		last_error: '',
		what_to_do: '',
		needs_attention: false,
		failing_since: null,
		failures,
		retry_at: dueAt([...limits, isBlocked ? retryAt(failures, now) : null]),
		waiting_since: result.blocked.length > 0 ? waitingSince(stored, context) : null,
	};
}

function failed(
	{ failure, partial }: Extract<Outcome, { failure: Failure }>,
	stored: StoredCustomer,
	context: SaveContext,
) {
	const { now } = context;
	const before = failingBefore(stored);
	const failures = before.failures + 1;
	return {
		last_result: 'failed',
		last_error: failure.message,
		what_to_do: failure.advice,
		needs_attention: needsAttention(before.failingSince, now),
		failing_since: new Date(before.failingSince ?? now).toISOString(),
		failures,
		retry_at: retryAt(failures, now),
		waiting_since:
			partial && limitsIn(partial).length > 0
				? waitingSince(stored, context)
				: iso(stored.waiting_since),
	};
}

/** When the servers accept new subusers again whose limit is reached. */
const limitsIn = ({ blocked }: Result): string[] => blocked.flatMap(({ retry_at: at }) => at ?? []);

/** The customer's place among those who wait for a server; bulk work has none (see `isBulkWork`). */
function waitingSince(stored: StoredCustomer, { now, askedAt, isBulk }: SaveContext) {
	if (isBulk) return null;
	return iso(stored.waiting_since) ?? askedAt ?? new Date(now).toISOString();
}

/**
 * What is saved of a customer whose sync was not finished, if a request may still take effect: they stay
 * due, and are checked again one lease later.
 */
export function unfinishedRow(
	entitlement: Entitlement,
	stored: StoredCustomer,
	context: SaveContext,
) {
	const { customer, customer_id, customer_email, customer_name } = entitlement;
	const recheck_at = recheckAt(true, stored, context);
	return {
		customer: customer as string,
		customer_id,
		customer_email,
		customer_name,
		recheck_at,
		due_at: dueAt([iso(stored.due_at), recheck_at]),
		term: context.lease.term,
		execution_url: context.executionUrl,
	};
}

/**
 * A request whose outcome is unknown, and those of a holder that died, may still take effect: the
 * customer is checked again one lease later. A recheck that is still ahead is kept.
 */
function recheckAt(
	isUncertain: boolean,
	stored: StoredCustomer,
	{ lease, readAt, now }: SaveContext,
): string | null {
	const kept = timeOf(stored.recheck_at);
	const times = [
		isUncertain ? now + LEASE_MS : null,
		recheckAfterTakeover(lease, readAt, now),
		kept !== null && kept > readAt ? kept : null,
	].filter((time) => time !== null);
	return times.length > 0 ? new Date(Math.max(...times)).toISOString() : null;
}

const textOf = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function iso(value: unknown): string | null {
	const at = timeOf(value);
	return at === null ? null : new Date(at).toISOString();
}

/**
 * The row of somebody who is due but whom the log no longer knows: their address belongs to a customer
 * id by now, or their events were deleted. Nothing is due for them any more.
 */
export const forgottenRow = (customer: string, { term }: Lease, now: number) => ({
	customer,
	state: 'none',
	tiers: '',
	customer_properties: '',
	access_until: null,
	on_hold: false,
	changed_at: iso(now),
	why: 'No event in the log belongs to this customer any more.',
	next_change_at: null,
	retry_at: null,
	recheck_at: null,
	due_at: null,
	waiting_since: null,
	held_changes: '',
	failures: 0,
	failing_since: null,
	needs_attention: false,
	term,
});
