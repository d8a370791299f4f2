import { timeOf } from '../dates';

/** How long a lease lasts from its last renewal. */
export const LEASE_MS = 120_000;
/** The clocks of n8n's processes may differ by this much. */
export const CLOCK_SKEW_MS = 15_000;
/** How long a round works on the panel: a purchase that arrives meanwhile waits no longer than this. */
export const ROUND_MS = 30_000;
/** Time kept for the change log and for renewing, after the last call to the panel. */
const SAVING_MS = 20_000;
/** After this time, or so many rounds, the work goes on in a fresh execution: n8n keeps every node's items. */
const LONGEST_RUN_MS = 10 * 60_000;
const MOST_ROUNDS = 20;

/** The rows of `paymenter_lease`: one for Apply Access, one for Access Changed. */
export const LEASES = ['apply', 'access-changed'] as const;

/** A row of `paymenter_lease`. */
export interface Lease {
	holder: string;
	term: number;
	/** Milliseconds. */
	expiresAt: number;
	takenOverAt: number | null;
}

/** Reads a row; the Data Table node returns dates as text or as Date. Null: there is no such row. */
export function readLease(row: Record<string, unknown> | undefined): Lease | null {
	if (!row || typeof row.term !== 'number') return null;
	return {
		holder: String(row.holder ?? ''),
		term: row.term,
		expiresAt: timeOf(row.expires_at) ?? 0,
		takenOverAt: timeOf(row.taken_over_at),
	};
}

/**
 * `expires_at` of a lease that was released: so far in the past that anybody can acquire it at once,
 * also by a clock that is behind.
 */
export const freeAt = (now: number): string =>
	new Date(now - 2 * CLOCK_SKEW_MS - 1000).toISOString();

/** Nobody works now; also true a little before an abandoned lease can be acquired. */
export const isFree = ({ expiresAt }: Lease, now: number): boolean => expiresAt <= now;

/**
 * When the last call to the panel may start: it must have ended, and its outcome must be saved, while
 * the lease is still held.
 */
export const deadlineOf = ({ expiresAt }: Lease, now: number, timeoutMs: number): number =>
	Math.min(now + ROUND_MS, expiresAt - timeoutMs - SAVING_MS);

/** Whether the execution that has acquired the lease at `acquiredAt` should end and another go on. */
export const isLongRun = (acquiredAt: number, round: number, now: number): boolean =>
	round >= MOST_ROUNDS || now - acquiredAt > LONGEST_RUN_MS;
