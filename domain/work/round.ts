import { nameOf, type Person } from '../access/account';
import type { Result } from '../access/result';
import { iso, timeOf } from '../dates';
import type { Entitlement } from '../entitlement/entitlement';
import { alertOf, runAlert, sharedAlert, type Alert, type Failure } from './alertPolicy';
import { changeRows, failureRow } from './changeLog';
import {
	customerRow,
	failingBefore,
	forgottenRow,
	unfinishedRow,
	type SaveContext,
	type StoredCustomer,
} from './customerRow';
import { freeAt } from './lease';
import { concerning, settleEvents, type Claimed, type ClaimedRow } from './claimedEvents';
import { isBulkWork, restoreIn } from './syncRequest';

/** What came of one customer in a round. */
export type RoundOutcome =
	| { kind: 'done'; result: Result }
	| { kind: 'failed'; failure: Failure; partial: Result | null }
	| { kind: 'unreached'; partial: Result | null }
	/** Nothing was to be done on the panel. */
	| { kind: 'noted' };

export interface RoundInput extends Omit<SaveContext, 'askedAt' | 'isBulk'> {
	claimed: Claimed[];
	entitlements: Entitlement[];
	/** In the order of the entitlements. */
	outcomes: RoundOutcome[];
	/** Rows of `paymenter_customers`, as read at the beginning of the round, by customer key. */
	stored: Map<string, StoredCustomer>;
	/** Keys of customers who were due. */
	due: string[];
	/** Why the run could not go on; null: it could. */
	failure: Failure | null;
}

/** How long a run that failed keeps the lease; with the skew of clocks it is free for the next minute. */
const FAILED_PAUSE_MS = 30_000;
/** A failure that may pass is told once something has waited for so long. */
const TRANSIENT_ALERT_MS = 10 * 60_000;

/** Everything that is to be written after a round, as finished rows. */
export function settleRound(input: RoundInput) {
	const { claimed, entitlements, outcomes, stored, due, failure, now, executionUrl } = input;
	const settled = entitlements.map((one, index) =>
		settleCustomer(one, outcomes[index] ?? { kind: 'unreached', partial: null }, input),
	);
	const known = new Set<string>(entitlements.map(({ customer }) => customer));
	const forgotten = due.filter((key) => !known.has(key));
	const customers: Array<{ customer: string; [column: string]: unknown }> = [
		...settled.flatMap(({ row }) => row ?? []),
		...forgotten.map((key) => forgottenRow(key, input.lease, now)),
	];
	const isNew = ({ customer }: { customer: string }) =>
		!stored.has(customer) && !due.includes(customer);
	const saved = new Set(settled.flatMap(({ isSaved, row }) => (isSaved && row?.customer) || []));
	const { released, rejected, processed } = settleEvents(claimed, entitlements, saved, iso(now));
	const changes = settled.flatMap((one) => one.changes);
	const isTold = failure && (!failure.isTransient || isLate(input));
	const alerts = [
		...settled.flatMap((one) => one.alerts),
		...rejected.map(({ row, why }) => rejectedAlert(row, why, executionUrl)),
		...(isTold ? [runAlert(failure, executionUrl)] : []),
	];
	const isProgress = customers.length + processed + changes.length + rejected.length > 0;
	return {
		changes,
		newCustomers: customers.filter(isNew),
		customers: customers.filter((row) => !isNew(row)),
		released,
		/** One for each customer and cause. */
		alerts: [...new Map(alerts.map((one) => [`${one.customer} ${one.cause}`, one])).values()],
		waits: settled.flatMap((one) => one.waits).sort((a, b) => (a.until < b.until ? -1 : 1)),
		summary: {
			processed_events: processed,
			saved_customers: customers.length,
			changes: changes.length,
			error: failure?.message ?? (isProgress ? '' : 'This round had no time to do anything.'),
			/** For people who look at the round. */
			customers: settled.flatMap(({ told }) => told),
		},
		goesOn: failure === null && isProgress,
		/** Until then nobody else starts; in the past: at once. */
		free_at: failure || !isProgress ? iso(now + FAILED_PAUSE_MS) : freeAt(now),
	};
}

/** What is to be written about one customer; `isSaved`: the row accounts for their events. */
function settleCustomer(entitlement: Entitlement, outcome: RoundOutcome, input: RoundInput) {
	const { customer, customer_id, customer_email, held_changes, state } = entitlement;
	const nothing = { changes: [], alerts: [], waits: [], told: [] };
	if (outcome.kind === 'noted') {
		const row = { customer, customer_id, customer_email, held_changes, term: input.lease.term };
		return { ...nothing, row, isSaved: true };
	}
	const before = input.stored.get(customer) ?? {};
	const mine = concerning(input.claimed, entitlement);
	const save = { ...input, askedAt: oldest(mine), isBulk: isBulkWork(mine, before) };
	const result = outcome.kind === 'done' ? outcome.result : outcome.partial;
	const failure = outcome.kind === 'failed' ? outcome.failure : null;
	const changes = changeRows(entitlement, result?.changes ?? [], input, restoreIn(mine));
	const told = [
		{
			customer,
			customer_email,
			state,
			outcome: outcome.kind === 'done' ? outcome.result.outcome : outcome.kind,
			what: failure ? failure.message : (result?.summary ?? ''),
			why: entitlement.explanation,
		},
	];
	if (outcome.kind === 'unreached') {
		const row = result?.uncertain ? unfinishedRow(entitlement, before, save) : null;
		return { ...nothing, row, isSaved: false, changes, told };
	}
	// The end of a grace for which nobody waits yet.
	const until = state === 'grace' ? entitlement.next_change_at : null;
	const isNewEnd = until !== null && timeOf(until) !== timeOf(before.next_change_at);
	const alert = failure && alertOf(failure, entitlement, failingBefore(before), input);
	return {
		row: customerRow(entitlement, before, { result, failure }, save),
		isSaved: true,
		changes: failure ? [...changes, failureRow(entitlement, failure, input)] : changes,
		alerts: alert ? [alert] : [],
		waits: isNewEnd ? [{ customer, until }] : [],
		told,
	};
}

/** An error that is not the panel's, such as a wrong plan, as a failure of this customer. */
export const ownFailure = (
	{ message, advice = '' }: { message: string; advice?: string },
	person: Person,
): Failure => ({
	message: `${nameOf(person)}: ${message}`,
	advice,
	cause: message,
	isTransient: false,
	concernsEverybody: false,
});

function oldest(claimed: Claimed[]): string | null {
	const times = claimed.flatMap(({ row }) => timeOf(row.received_at) ?? []);
	return times.length > 0 ? iso(Math.min(...times)) : null;
}

const isLate = ({ claimed, stored, due, now }: RoundInput): boolean =>
	[...claimed.map(({ row }) => row.received_at), ...due.map((key) => stored.get(key)?.due_at)].some(
		(at) => now - (timeOf(at) ?? now) > TRANSIENT_ALERT_MS,
	);

function rejectedAlert(row: ClaimedRow, why: string, executionUrl: string): Alert {
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	const said = {
		cause: `An event was rejected: ${why}`,
		what_happened: `The event ${text(row.event)} (row ${String(row.id)} of paymenter_events) was rejected: ${why}.`,
		what_to_do:
			'Look at the row: who wrote it? To have it read again after correcting it, empty "rejected" and "processed_at".',
	};
	return { ...sharedAlert(said, executionUrl), customer_email: text(row.customer_email) };
}
