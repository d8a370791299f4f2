import type { Entitlement } from './entitlement';

export interface Unreadable {
	row: Record<string, unknown>;
	why: string;
}

/**
 * Changes nothing for customers of whom an event cannot be read: without it, they might seem to have
 * bought less than they have.
 */
export function holdUnreadable(entitlement: Entitlement, unreadable: Unreadable[]): Entitlement {
	const found = unreadable.find(({ row }) => isAbout(row, entitlement));
	if (!found) return entitlement;
	const { row, why } = found;
	return {
		...entitlement,
		access: 'hold',
		explanation: `Row ${String(row.id ?? '')} of the event log cannot be read (${why.replaceAll('. ', ', ')}). ${entitlement.explanation}`,
	};
}

function isAbout(row: Record<string, unknown>, entitlement: Entitlement): boolean {
	const { customer_id, customer_email, previous_emails, subscriptions } = entitlement;
	const email = String(row.customer_email ?? '').toLowerCase();
	return (
		(customer_id !== null && String(row.customer_id ?? '') === customer_id) ||
		(email !== '' && [customer_email, ...previous_emails].includes(email)) ||
		subscriptions.some(({ subscription_id: id }) => id !== '' && id === row.subscription_id)
	);
}
