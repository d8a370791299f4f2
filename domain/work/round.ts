import { nameOf } from '../access/account';
import type { Result } from '../access/result';
import { iso } from '../dates';
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
import { concerning, settleEvents, type Claimed } from './claimedEvents';
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
	const { claimed, entitlements, outcomes, due, failure, now, executionUrl } = input;
	const settled = entitlements.map((one, index) =>
		settleCustomer(one, outcomes[index] ?? { kind: 'unreached', partial: null }, input),
	);
	const known = new Set<string>(entitlements.map(({ customer }) => customer));
	const forgotten = due.filter((key) => !known.has(key));
	const customers: Array<Record<string, unknown>> = [
		...settled.flatMap(({ row }) => row ?? []),
		...forgotten.map((key) => forgottenRow(key, input.lease, now)),
	];
	const newCustomers = customers.filter(({ customer }) => isNew(String(customer), input));
	const saved = new Set(settled.flatMap(({ isSaved, row }) => (isSaved && row?.customer) || []));
	const { released, processed } = settleEvents(claimed, entitlements, saved, iso(now));
	const changes = settled.flatMap((one) => one.changes);
	const isTold = failure && (!failure.isTransient || isLate(input));
	const alerts = [
		...settled.flatMap((one) => one.alerts),
		...released.flatMap(({ id, rejected }) =>
			rejected ? rejectedAlert(claimed, id, rejected, executionUrl) : [],
		),
		...(isTold ? [runAlert(failure, executionUrl)] : []),
	];
	const isProgress =
		customers.length + processed + changes.length > 0 || released.some((one) => one.rejected);
	return {
		changes,
		newCustomers,
		customers: customers.filter((row) => !newCustomers.includes(row)),
		released,
		alerts: distinct(alerts),
		waits: settled.flatMap((one) => one.waits).sort((a, b) => (a.until < b.until ? -1 : 1)),
		summary: {
			processed_events: processed,
			saved_customers: customers.length,
			changes: changes.length,
			error: failure?.message ?? (isProgress ? '' : NO_PROGRESS),
			customers: settled.flatMap(({ told }) => told ?? []),
		},
		goesOn: failure === null && isProgress,
		/** Until then nobody else starts; in the past: at once. */
		free_at: failure || !isProgress ? iso(now + FAILED_PAUSE_MS) : freeAt(now),
	};
}

/** What is to be written about one customer. */
interface SettledCustomer {
	row: { customer: string } | null;
	/** Whether the row accounts for their events. */
	isSaved: boolean;
	changes: LogRow[];
	alerts: Alert[];
	waits: Array<{ customer: string; until: string }>;
	/** For people who look at the round. */
	told: object | null;
}

function settleCustomer(
	entitlement: Entitlement,
	outcome: RoundOutcome,
	{ lease, claimed, stored, readAt, now, executionUrl }: RoundInput,
): SettledCustomer {
	const { customer, customer_id, customer_email, held_changes } = entitlement;
	const nothing = { changes: [], alerts: [], waits: [], told: null };
	if (outcome.kind === 'noted') {
		const row = { customer, customer_id, customer_email, held_changes, term: lease.term };
		return { ...nothing, row, isSaved: true };
	}
	const before = stored.get(customer) ?? {};
	const mine = concerning(claimed, entitlement);
	const isBulk = isBulkWork(mine, before);
	const save = { lease, readAt, now, executionUrl, askedAt: oldest(mine), isBulk };
	const log = { at: iso(now), executionUrl };
	const result = outcome.kind === 'done' ? outcome.result : outcome.partial;
	const changes: LogRow[] = changeRows(
		entitlement,
		result?.changes ?? [],
		log,
		restoreIn(mine)?.event,
	);
	const told = {
		customer,
		customer_email,
		state: entitlement.state,
		outcome: outcome.kind === 'done' ? outcome.result.outcome : outcome.kind,
		what: outcome.kind === 'failed' ? outcome.failure.message : (result?.summary ?? ''),
		why: entitlement.explanation,
	};
	if (outcome.kind === 'unreached') {
		const row = result?.uncertain ? unfinishedRow(entitlement, before, save) : null;
		return { ...nothing, row, isSaved: false, changes, told };
	}
	const failure = outcome.kind === 'failed' ? outcome.failure : null;
	return {
		row: customerRow(entitlement, before, outcome, save),
		isSaved: true,
		changes: failure ? [...changes, failureRow(entitlement, failure, log)] : changes,
		alerts: failure ? alertsOf(failure, entitlement, before, save) : [],
		waits: waitsOf(entitlement, before),
		told,
	};
}

function alertsOf(
	failure: Failure,
	entitlement: Entitlement,
	before: StoredCustomer,
	{ now, executionUrl }: { now: number; executionUrl: string },
): Alert[] {
	const failing = failingBefore(before);
	if (!isWorthAlert(failure, failing, now)) return [];
	return failure.concernsEverybody
		? [runAlert(failure, executionUrl)]
		: [alertOf(failure, entitlement, failing, { now, executionUrl })];
}

/** The end of a grace for which nobody waits yet. */
function waitsOf(
	{ customer, state, next_change_at: until }: Entitlement,
	before: StoredCustomer,
): SettledCustomer['waits'] {
	const isNew = timeOf(until) !== timeOf(before.next_change_at);
	return state === 'grace' && until !== null && isNew ? [{ customer, until }] : [];
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
	return times.length > 0 ? iso(Math.min(...times)) : null;
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
