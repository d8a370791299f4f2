import type { GuardSummary } from '../reconcile/lossGuard';
import { escapeHtml } from './html';

/** A row of `paymenter_customers`. */
export interface HeldCustomer {
	customer: string;
	customer_email?: string | null;
	state?: string | null;
	tiers?: string | null;
	held_changes?: string | null;
}

/** The text of a form page that ends the form. */
export interface Ending {
	title: string;
	message: string;
}

const MOST_LISTED = 500;

/** Who would lose what, as HTML for the form. `count` is 0 if there is nothing to confirm. */
export function describeLosses(
	rows: HeldCustomer[],
	actor: string,
): { count: number; html: string } & Ending {
	const held = rows.filter(({ held_changes: changes }) => changes);
	const list = held
		.slice(0, MOST_LISTED)
		.map(
			({ customer, customer_email: email, tiers, state, held_changes: changes }) =>
				`<li><b>${escapeHtml(email || customer)}</b> (${escapeHtml(tiers || state || 'no tier')}) ${escapeHtml(changes)}</li>`,
		);
	const rest = held.length - list.length;
	const isNamed = actor.trim() !== '';
	return {
		count: isNamed ? held.length : 0,
		html: [
			`Customers who would lose access: ${held.length}<ul>${list.join('')}</ul>`,
			...(rest > 0
				? [`and ${rest} more (Data Table paymenter_customers, column held_changes).`]
				: []),
		].join(''),
		title: 'Nothing to confirm',
		message: isNamed ? 'Nobody’s loss is held back.' : 'Enter your name.',
	};
}

/** What became of an answer: the form's item, or what Reconcile returned or failed with. */
export type LossAnswer = Partial<GuardSummary> & { confirm?: string; error?: string };

/** The form's last page. */
export function describeOutcome(answer: LossAnswer): Ending {
	const { error, held, let_through: through = 0, nothing_to_lose: nothing = 0 } = answer;
	if (error !== undefined) {
		return { title: 'Look at this', message: `Reconcile says: ${escapeHtml(error)}` };
	}
	if (held === undefined) {
		return {
			title: 'Nothing was changed',
			message: 'They keep what they have; the next Reconcile asks again.',
		};
	}
	const before = through + nothing + held;
	const parts = [
		`${through + nothing} of ${before} are not held back any more.`,
		...(through > 0
			? [
					`Apply Access is taking the access of ${through} now: the result will be in the Data Table paymenter_customers.`,
				]
			: []),
		...(nothing > 0 ? [`${nothing} have nothing to lose by now.`] : []),
		...(held > 0 ? [`${held} are still held back: open this form again.`] : []),
	];
	return { title: 'Done', message: parts.join(' ') };
}
