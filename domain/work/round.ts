import { nameOf } from '../access/account';
import type { Result } from '../access/result';
import type { Entitlement } from '../entitlement/entitlement';
import { alertOf, isWorthAlert, runAlert, type Alert, type Failure } from './alertPolicy';
import { changeRows, failureRow, type LogRow } from './changeLog';
import {
	customerRow,
	failingBefore,
	forgottenRow,
	unfinishedRow,
	type StoredCustomer,
} from './customerRow';
import { freeAt, timeOf, type Lease } from './lease';
import { concerns, settleEvents, type Claimed } from './claimedEvents';
import { isBulkWork, personOf, restoreIn } from './syncRequest';

/** What came of one customer in a round. */
export type RoundOutcome =
	| { kind: 'done'; result: Result }
	| { kind: 'failed'; failure: Failure; partial: Result | null }
	| { kind: 'unreached'; partial: Result | null }
	/** Nothing was to be done on the panel. */
	| { kind: 'noted' };

export interface RoundInput {
	lease: Lease;
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
	readAt: number;
	now: number;
	executionUrl: string;
}

/** How long a run that failed keeps the lease; with the skew of clocks it is free for the next minute. */
const FAILED_PAUSE_MS = 30_000;
const NO_PROGRESS = 'This round had no time to do anything.';
/** A failure that may pass is told once something has waited for so long. */
const TRANSIENT_ALERT_MS = 10 * 60_000;

/** Everything that is to be written after a round, as finished rows. */
export function settleRound(input: RoundInput) {
	const { lease, claimed, entitlements, outcomes, stored, now, readAt, executionUrl } = input;
	const at = new Date(now).toISOString();
	const changes: LogRow[] = [];
	const customers: Array<Record<string, unknown>> = [];
	const alerts: Alert[] = [];
	const waits: Array<{ customer: string; until: string }> = [];
	const saved = new Set<string>();
	const told: Array<Record<string, unknown>> = [];

	for (const [index, entitlement] of entitlements.entries()) {
		const outcome = outcomes[index] ?? { kind: 'unreached', partial: null };
		const { customer, customer_email, held_changes } = entitlement;
		if (outcome.kind === 'noted') {
			const { customer_id } = entitlement;
			customers.push({ customer, customer_id, customer_email, held_changes, term: lease.term });
			saved.add(customer);
			continue;
		}
		const before = stored.get(customer) ?? {};
		const context = { at, executionUrl };
		const partial = outcome.kind === 'done' ? outcome.result : outcome.partial;
		const mine = claimed.filter(({ event }) => event && concerns(event, entitlement));
		const undone = restoreIn(mine)?.event;
		changes.push(...changeRows(entitlement, partial?.changes ?? [], context, undone));
		told.push({
			customer,
			customer_email,
			state: entitlement.state,
			outcome: outcome.kind === 'done' ? outcome.result.outcome : outcome.kind,
			what: outcome.kind === 'failed' ? outcome.failure.message : (partial?.summary ?? ''),
			why: entitlement.explanation,
		});
		const isBulk = isBulkWork(mine, before);
		const save = { lease, readAt, now, executionUrl, askedAt: oldest(mine), isBulk };
		if (outcome.kind === 'unreached') {
			if (partial?.uncertain) customers.push(unfinishedRow(entitlement, before, save));
			continue;
		}
		customers.push(
			customerRow(
				entitlement,
				before,
				outcome.kind === 'done'
					? { result: outcome.result }
					: { failure: outcome.failure, partial: outcome.partial },
				save,
			),
		);
		saved.add(customer);
		if (outcome.kind === 'failed') {
			const { failure } = outcome;
			changes.push(failureRow(entitlement, failure, context));
			const failing = failingBefore(before);
			if (isWorthAlert(failure, failing, now)) {
				alerts.push(
					failure.concernsEverybody
						? runAlert(failure, executionUrl)
						: alertOf(failure, entitlement, failing, { now, executionUrl }),
				);
			}
		}
		const until = entitlement.state === 'grace' ? entitlement.next_change_at : null;
		if (until !== null && timeOf(until) !== timeOf(before.next_change_at)) {
			waits.push({ customer, until });
		}
	}
	for (const key of input.due) {
		if (entitlements.some(({ customer }) => customer === key)) continue;
		customers.push(forgottenRow(key, lease));
	}
	const { released, processed } = settleEvents(claimed, entitlements, saved, at);
	for (const { id, rejected } of released) {
		if (rejected) alerts.push(rejectedAlert(claimed, id, rejected, executionUrl));
	}
	const { failure } = input;
	if (failure && (!failure.isTransient || isLate(input))) {
		alerts.push(runAlert(failure, executionUrl));
	}
	const newCustomers = customers.filter(({ customer }) => isNew(String(customer), input));
	const isProgress =
		customers.length + processed + changes.length > 0 || released.some((one) => one.rejected);
	return {
		changes,
		newCustomers,
		customers: customers.filter((row) => !newCustomers.includes(row)),
		released,
		alerts: distinct(alerts),
		waits: waits.sort((a, b) => (a.until < b.until ? -1 : 1)),
		summary: {
			processed_events: processed,
			saved_customers: customers.length,
			changes: changes.length,
			error: failure?.message ?? (isProgress ? '' : NO_PROGRESS),
			customers: told,
		},
		goesOn: failure === null && isProgress,
		/** Until then nobody else starts; in the past: at once. */
		free_at: failure || !isProgress ? new Date(now + FAILED_PAUSE_MS).toISOString() : freeAt(now),
	};
}

const isNew = (customer: string, { stored, due }: RoundInput): boolean =>
	!stored.has(customer) && !due.includes(customer);

/** A wrong plan or parameter, as a failure of this customer. */
export const planFailure = (
	error: Error & { advice?: string },
	entitlement: Entitlement,
	stored: StoredCustomer,
): Failure => ({
	message: `${nameOf(personOf(entitlement, stored))}: ${error.message}`,
	advice: error.advice ?? '',
	cause: error.message,
	isTransient: false,
	concernsEverybody: false,
});

function oldest(claimed: Claimed[]): string | null {
	const times = claimed.flatMap(({ row }) => timeOf(row.received_at) ?? []);
	return times.length > 0 ? new Date(Math.min(...times)).toISOString() : null;
}

function isLate({ claimed, stored, due, now }: RoundInput): boolean {
	const times = [
		...claimed.map(({ row }) => timeOf(row.received_at)),
		...due.map((key) => timeOf(stored.get(key)?.due_at)),
	];
	return times.some((time) => time !== null && now - time > TRANSIENT_ALERT_MS);
}

function rejectedAlert(
	claimed: Claimed[],
	id: unknown,
	rejected: string,
	executionUrl: string,
): Alert {
	const row = claimed.find((one) => one.row.id === id)?.row ?? {};
	const text = (value: unknown) => (typeof value === 'string' ? value : '');
	return {
		customer: '',
		customer_email: text(row.customer_email),
		cause: `An event was rejected: ${rejected}`,
		what_happened: `The event ${text(row.event)} (row ${String(id)} of paymenter_events) was rejected: ${rejected}.`,
		what_to_do:
			'Look at the row: who wrote it? To have it read again after correcting it, empty "rejected" and "processed_at".',
		execution_url: executionUrl,
	};
}

/** One alert for each customer and cause. */
function distinct(alerts: Alert[]): Alert[] {
	return [...new Map(alerts.map((one) => [`${one.customer} ${one.cause}`, one])).values()];
}
