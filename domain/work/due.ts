import { timeOf } from '../dates';
import { idOrNull } from '../ids';
import type { LogKey } from '../events/search';
import { textOrNull } from '../text';
import { isFree, readLease } from './lease';

type Row = Record<string, unknown>;

/** How many events and customers one round takes in all. */
export const ROUND_SIZE = 50;
/** Something that has been due for so long is overdue: the writer has stalled. */
const OVERDUE_MS = 10 * 60_000;
/** Bulk work takes longer: a round of fifty customers lasts up to a minute, and purchases come first. */
const BULK_OVERDUE_MS = 60 * 60_000;

/**
 * What a round searches the log by: the claimed events first, then customers whose time has come, at
 * most `ROUND_SIZE` in all, and as many again of bulk work.
 */
export function chooseWork(events: Row[], customers: Row[]): LogKey[] {
	const people = takenOf(events, customers).map((one) => ({ ...one, subscription_id: null }));
	const keys = [...events, ...people].map(
		({ customer_id, customer_email, subscription_id }: Row) => ({
			customer_id: idOrNull(textOrNull(customer_id)),
			customer_email: textOrNull(customer_email)?.toLowerCase() ?? null,
			subscription_id: textOrNull(subscription_id),
		}),
	);
	return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

/** The customers for whom the events leave room in the round; bulk work takes nobody's place. */
export const takenOf = (events: Row[], customers: Row[]): Row[] =>
	customers.slice(0, Math.max(0, ROUND_SIZE - events.filter((row) => !isBulk(row)).length));

const isBulk = ({ source }: Row): boolean => source === 'reconcile';

const NO_LEASE = {
	cause: 'There is no lease row',
	what_happened: 'The Data Table paymenter_lease has no row "apply", so nothing can be applied.',
	what_to_do: 'Run the workflow Setup once. It changes nothing else.',
};

/** Whether there is anything to start, and whether the writer keeps up. */
export function checkQueue(
	{ lease: row, event, customer }: Partial<Record<'lease' | 'event' | 'customer', Row>>,
	now: number,
) {
	const lease = readLease(row);
	if (!lease || lease.expiresAt === 0) return { start: false, alert: NO_LEASE };
	const eventMs = now - (timeOf(event?.received_at ?? event?.createdAt) ?? NaN);
	const customerMs = now - (timeOf(customer?.due_at) ?? NaN);
	const waits = [eventMs, customerMs].filter((ms) => ms >= 0);
	const eventLimit = event && isBulk(event) ? BULK_OVERDUE_MS : OVERDUE_MS;
	const isOverdue = eventMs > eventLimit || customerMs > OVERDUE_MS;
	const isHeld = lease.holder !== '' && !isFree(lease, now);
	// After an outage of n8n itself, much is overdue that the writer has not even seen yet.
	const hasWorked = now - (timeOf(row?.updatedAt) ?? 0) < OVERDUE_MS;
	const start = (event?.event_id !== undefined || waits.length > 0) && isFree(lease, now);
	if (!isOverdue || !hasWorked || isHeld) return { start, alert: null };
	const minutes = Math.floor(Math.max(...waits) / 60_000);
	const alert = {
		cause: 'The queue does not move',
		what_happened: `Something has been waiting for ${minutes} minutes to be applied.`,
		what_to_do:
			'Look at the latest executions of Apply Access: they say what is wrong. Its rows wait in paymenter_events (processed_at is empty; a row written by hand needs a value in queue, such as 0) and paymenter_customers (due_at has passed); nothing is lost.',
	};
	return { start, alert };
}
