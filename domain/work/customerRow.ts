import type { Entitlement } from '../entitlement/entitlement';
import type { Result } from '../access/result';
import { earliest, iso, isoOf, timeOf } from '../dates';
import type { FailingBefore, Failure } from './alertPolicy';
import { tierNames } from './changeLog';
import { LEASE_MS, type Lease } from './lease';
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

/** With a failure, the result is what was done until then. */
export interface Outcome {
	result: Result | null;
	failure?: Failure | null;
}

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
	{ result, failure = null }: Outcome,
	context: SaveContext,
) {
	const { now } = context;
	const { access, next_change_at } = entitlement;
	const account = result?.account ?? null;
	const isForgotten =
		access === 'remove' &&
		(failure
			? stored.customer_properties === ''
			: account === null && result?.outcome !== 'skipped');
	/** What Access Changed announces. */
	const announced = {
		customer_email: entitlement.customer_email,
		state: entitlement.state as string,
		tiers: result?.tiers.join(', ') || tierNames(entitlement),
		customer_properties: isForgotten ? '' : JSON.stringify(entitlement.customer_properties),
		access_until: entitlement.access_until,
		on_hold: access === 'hold',
	};
	const before: StoredCustomer = { ...stored, access_until: isoOf(stored.access_until) };
	const isAnnounced = Object.entries(announced).every(
		([column, value]) => (value || '') === (before[column] || ''),
	);
	const tries = triesOf({ result, failure }, stored, context);
	const recheck_at = recheckAt(result?.uncertain ?? false, stored, context);
	const kept = (column: string, otherwise: unknown) =>
		failure ? (stored[column] ?? otherwise) : otherwise;
	return {
		customer: entitlement.customer as string,
		customer_id: entitlement.customer_id,
		customer_name: entitlement.customer_name,
		...announced,
		changed_at: isAnnounced ? isoOf(stored.changed_at) : iso(now),
		why: entitlement.explanation,
		next_change_at,
		granted: result ? JSON.stringify(result.granted) : kept('granted', ''),
		account: account ? account.username : kept('account', ''),
		account_id: account ? account.id : kept('account_id', null),
		last_run_at: iso(now),
		last_result: failure ? 'failed' : (result?.summary ?? ''),
		last_error: failure?.message ?? '',
		what_to_do: failure?.advice ?? '',
		...tries,
		recheck_at,
		due_at: earliest([next_change_at, tries.retry_at, recheck_at]),
		held_changes: entitlement.held_changes,
		term: context.lease.term,
		execution_url: context.executionUrl,
	};
}

/** When the customer is tried again, and since when that goes on. */
function triesOf({ result, failure }: Outcome, stored: StoredCustomer, context: SaveContext) {
	const { now, askedAt, isBulk } = context;
	const blocked = result?.blocked ?? [];
	/** When the servers accept new subusers again whose limit is reached. */
	const limits = blocked.flatMap(({ retry_at: at }) => at ?? []);
	const isBlocked = !failure && blocked.length > limits.length;
	const { failingSince } = failingBefore(stored);
	const isAsBefore = (failingSince !== null) === !!failure;
	const failures = failure || isBlocked ? (isAsBefore ? Number(stored.failures ?? 0) : 0) + 1 : 0;
	const since = isoOf(stored.waiting_since);
	// Their place among those who wait for a server; bulk work has none (see `isBulkWork`).
	const waitingSince = isBulk ? null : (since ?? askedAt ?? iso(now));
	const isWaiting = (failure ? limits : blocked).length > 0;
	return {
		needs_attention: failure ? needsAttention(failingSince, now) : false,
		failing_since: failure ? iso(failingSince ?? now) : null,
		failures,
		retry_at: earliest([
			...(failure ? [] : limits),
			failure || isBlocked ? retryAt(failures, now) : null,
		]),
		waiting_since: isWaiting ? waitingSince : failure ? since : null,
	};
}

/**
 * What is saved of a customer whose sync was not finished, if a request may still take effect: they stay
 * due, and are checked again one lease later.
 */
export function unfinishedRow(
	{ customer, customer_id, customer_email, customer_name }: Entitlement,
	stored: StoredCustomer,
	context: SaveContext,
) {
	const recheck_at = recheckAt(true, stored, context);
	const due_at = earliest([isoOf(stored.due_at), recheck_at]);
	const { lease, executionUrl: execution_url } = context;
	const who = { customer: customer as string, customer_id, customer_email, customer_name };
	return { ...who, recheck_at, due_at, term: lease.term, execution_url };
}

/**
 * A request whose outcome is unknown and, for one lease after a takeover, those of the holder that died
 * may still take effect: the customer is checked again one lease later. What counts is when the panel
 * was read. A recheck that was still ahead then is kept.
 */
function recheckAt(
	isUncertain: boolean,
	stored: StoredCustomer,
	{ lease, readAt, now }: SaveContext,
): string | null {
	const { takenOverAt } = lease;
	const mayLand = isUncertain || (takenOverAt !== null && readAt < takenOverAt + LEASE_MS);
	const kept = timeOf(stored.recheck_at) ?? 0;
	const latest = Math.max(mayLand ? now + LEASE_MS : 0, kept > readAt ? kept : 0);
	return latest > 0 ? iso(latest) : null;
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
