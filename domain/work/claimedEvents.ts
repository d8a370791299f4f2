import type { Entitlement, LogEvent } from '../entitlement/entitlement';
import { readRow } from '../events/row';

/** A claimed row of `paymenter_events`. */
export type ClaimedRow = Record<string, unknown> & { id?: unknown };

export interface Claimed {
	row: ClaimedRow;
	/** Null: the row cannot be read. */
	event: LogEvent | null;
	/** Why it cannot be read. */
	wrong: string;
}

export function readClaimed(rows: ClaimedRow[]): Claimed[] {
	return rows
		.filter(({ event_id, event }) => event_id !== undefined || event !== undefined)
		.map((row) => {
			try {
				return { row, event: readRow(row), wrong: '' };
			} catch (error) {
				return { row, event: null, wrong: (error as Error).message };
			}
		});
}

/** Whether the event says anything about this customer: it names them, or a subscription of theirs, present or former. */
export function concerns(event: LogEvent, entitlement: Entitlement): boolean {
	const { customer_id, customer_email, previous_emails, subscriptions, former_subscriptions } =
		entitlement;
	if (event.customer_id !== null && event.customer_id === customer_id) return true;
	if (event.previous_customer_id !== null && event.previous_customer_id === customer_id)
		return true;
	const emails = [customer_email, ...previous_emails];
	const isAddressed = event.customer_id === null && emails.includes(event.customer_email);
	return (
		(event.customer_email !== null && isAddressed) ||
		former_subscriptions.includes(event.subscription_id) ||
		subscriptions.some(({ subscription_id: id }) => id !== '' && id === event.subscription_id)
	);
}

/** The claimed events that say anything about this customer. */
export const concerning = (claimed: Claimed[], entitlement: Entitlement): Claimed[] =>
	claimed.filter(({ event }) => event && concerns(event, entitlement));

/**
 * Events that only tell what the loss guard holds back. A sync because of them would carry out what is
 * held.
 */
export const isNote = ({ event }: Claimed): boolean => event?.event.startsWith('changes.') ?? false;

/** Billing knows people who have bought nothing: there is nothing to do about them. */
const isOfStranger = (event: LogEvent | null): boolean =>
	event?.event === 'customer.updated' && (event.customer_id ?? event.customer_email) !== null;

/**
 * What becomes of the claimed events: those all of whose customers were saved are processed; a row that
 * cannot be read, or that belongs to nobody, is rejected; the others are released for the next round.
 */
export function settleEvents(
	claimed: Claimed[],
	entitlements: Entitlement[],
	saved: ReadonlySet<string>,
	at: string,
) {
	const released: Array<{ id: unknown; processed_at: string | null; rejected: string | null }> = [];
	let processed = 0;
	for (const { row, event, wrong } of claimed) {
		const customers = event ? entitlements.filter((one) => concerns(event, one)) : [];
		const isLost = customers.length === 0 && !isOfStranger(event);
		const rejected = wrong || (isLost ? 'It belongs to no customer' : null);
		if (rejected) released.push({ id: row.id, processed_at: at, rejected });
		else if (customers.every(({ customer }) => saved.has(customer))) processed++;
		else released.push({ id: row.id, processed_at: null, rejected: null });
	}
	return { released, processed };
}
