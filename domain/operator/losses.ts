import type { Guarded } from '../reconcile/lossGuard';
import type { ReadRow } from '../tables';
import { bold, escapeHtml as esc, listHtml, paragraphs, type Page } from './html';

const MOST_LISTED = 500;
const REST = ' (Data Table paymenter_customers, column held_changes)';

/** Who would lose what, or why there is nothing to confirm. */
export function describeLosses(rows: Array<ReadRow<'paymenter_customers'>>, actor: string) {
	const held = rows.filter(({ held_changes: changes }) => changes);
	if (actor.trim() === '') return nothing('Enter your name.');
	if (held.length === 0) return nothing('Nobody’s loss is held back.');
	const list = held.map(
		({ customer, customer_email: email, tiers, state, held_changes: changes }) =>
			`${bold(email || customer)} (${esc(tiers || state || 'no tier')}) ${esc(changes)}`,
	);
	const html = `Customers who would lose access: ${held.length}${listHtml(list, MOST_LISTED, REST)}`;
	return { canConfirm: true, title: 'Losses to confirm', html };
}

const nothing = (html: string) => ({ canConfirm: false, title: 'Nothing to confirm', html });

/** What became of losses that were confirmed. */
export function describeConfirmed({ summary, alert }: Pick<Guarded, 'summary' | 'alert'>): Page {
	const { held, let_through: through, nothing_to_lose: none } = summary;
	const parts = [
		through + none + held > 0 &&
			`${through + none} of ${through + none + held} are not held back any more.`,
		through > 0 &&
			`Apply Access is taking the access of ${through} now: the result will be in the Data Table paymenter_customers.`,
		none > 0 && `${none} have nothing to lose by now.`,
		held > 0 && `${held} are still held back: open this form again.`,
		alert && `Reconcile says: ${esc(alert.what_happened)} ${esc(alert.what_to_do)}`,
	];
	return { title: alert ? 'Look at this' : 'Done', html: paragraphs(parts, ' ') };
}
