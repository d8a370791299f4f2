import type { Entitlement } from '../entitlement/entitlement';
import type { LogEvent } from '../events/event';
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
	const { customer_id: id, customer_email: email, subscription_id: subscription } = event;
	const isNamed = [id, event.previous_customer_id].some(
		(one) => one !== null && one === entitlement.customer_id,
	);
	const emails = [entitlement.customer_email, ...entitlement.previous_emails];
	return (
		isNamed ||
		(id === null && email !== null && emails.includes(email)) ||
		entitlement.former_subscriptions.includes(subscription) ||
		(subscription !== '' &&
			entitlement.subscriptions.some((one) => one.subscription_id === subscription))
	);
}

/** The claimed events that say anything about this customer. */
export const concerning = (claimed: Claimed[], entitlement: Entitlement): Claimed[] =>
	claimed.filter(({ event }) => event && concerns(event, entitlement));

/** It only tells what the loss guard holds back: a sync because of it would carry that out. */
export const isNote = ({ event }: Claimed): boolean => event?.event.startsWith('changes.') ?? false;

/**
 * What becomes of the claimed events: those all of whose customers were saved are processed; a row that
 * cannot be read, or that belongs to nobody, is rejected; the others are released for the next round.
 * @returns `released`: what is to be written, also of the rejected rows
 */
export function settleEvents(
	claimed: Claimed[],
	entitlements: Entitlement[],
	saved: ReadonlySet<string>,
	at: string,
) {
	const released: Array<{ id: unknown; processed_at: string | null; rejected: string | null }> = [];
	const rejected: Array<{ row: ClaimedRow; why: string }> = [];
	for (const { row, event, wrong } of claimed) {
		const customers = event ? entitlements.filter((one) => concerns(event, one)) : [];
		// Billing knows people who have bought nothing: there is nothing to do about them.
		const isOfStranger =
			event?.event === 'customer.updated' && (event.customer_id ?? event.customer_email) !== null;
		const isLost = customers.length === 0 && !isOfStranger;
		const why = wrong || (isLost ? 'It belongs to no customer' : '');
		if (why) {
			rejected.push({ row, why });
			released.push({ id: row.id, processed_at: at, rejected: why });
		} else if (!customers.every(({ customer }) => saved.has(customer))) {
			released.push({ id: row.id, processed_at: null, rejected: null });
		}
	}
	return { released, rejected, processed: claimed.length - released.length };
}
