import type { ReadRow } from '../tables';
import type { AccessPage, Proposal } from './accessPage';
import { confirm } from './confirm';
import { escapeHtml, type Page } from './html';
import { planOverride, type EventRow } from './overrideEvent';
import { planUndo, type UndoForm } from './undoPlan';

export type Step =
	/** Show what these customers have, and what the proposed events would change. */
	| { kind: 'look'; proposals: Proposal[] }
	/** Append these rows to the event log. */
	| { kind: 'append'; rows: EventRow[] }
	| { kind: 'end'; page: Page }
	/** The page was left open: n8n then goes on without an answer. */
	| { kind: 'abandoned' };

type Answer = 'action' | 'tier' | 'until' | 'player' | 'discord' | 'reason' | 'confirm';

/** What an operator has said so far. */
export interface Said {
	/** Of the override's form. */
	email: string;
	actor: string;
	/** Null: it is no undo. */
	undo: UndoForm | null;
	changes: Array<ReadRow<'paymenter_provisioning_log'>>;
	customers: Array<ReadRow<'paymenter_customers'>>;
	/** The page that was shown last; null: none yet. */
	page: AccessPage | null;
	answer: Partial<Record<Answer, string | null>>;
}

/**
 * Decides how an operator's form goes on.
 * @param eventIds begins the ids of the events, unique among all
 */
export function nextStep(said: Said, eventIds: string, now: Date): Step {
	const { page, answer, undo } = said;
	if (page && page.events.length > 0) {
		const answered = confirm(answer.confirm ?? '', page.events, now);
		if (answered.kind === 'declined') return unchanged('You said no.');
		return answered.kind === 'confirmed' ? { kind: 'append', rows: answered.rows } : answered;
	}
	if (page) return overrideStep(said, page, `${eventIds}-override`, now);
	if (undo) {
		const plan = planUndo(undo, said.changes, said.customers, eventIds, now);
		if (plan.kind === 'nothing') return unchanged(plan.problem);
		return { kind: 'look', proposals: plan.customers };
	}
	const customer_email = said.email.trim().toLowerCase();
	return { kind: 'look', proposals: [{ customer_id: null, customer_email, events: [] }] };
}

function overrideStep({ answer, actor }: Said, page: AccessPage, id: string, now: Date): Step {
	const { customer_id: customerId, customer_email: customerEmail } = page;
	const { action, tier, until, player, discord, reason } = answer;
	const form = {
		...{ action: action ?? '', tier: tier ?? '', until: until ?? '', reason: reason ?? '' },
		...{ player: player ?? '', discord: discord ?? '', actor, customerId, customerEmail },
	};
	const plan = planOverride(form, id, now, page.property_keys);
	if (plan.kind === 'abandoned') return plan;
	if (plan.kind === 'problem') {
		return unchanged(`${plan.problem} Go back, or open the form again.`);
	}
	const { customer_id, customer_email } = plan.row;
	return { kind: 'look', proposals: [{ customer_id, customer_email, events: [plan.row] }] };
}

const unchanged = (text: string): Step => ({
	kind: 'end',
	page: { title: 'Nothing was changed', html: escapeHtml(text) },
});
