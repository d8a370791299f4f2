import { queueKey, type eventRow } from '../events/append';
import type { ReadRow } from '../tables';
import type { AccessPage } from './accessPage';
import { escapeHtml, type Page } from './html';
import { planOverride } from './overrideEvent';
import { planUndo } from './undoPlan';

export const YES = 'Yes, do it';
export const NO = 'No, change nothing';

/** A finished row of `paymenter_events`. */
export type EventRow = ReturnType<typeof eventRow>;

/** A customer to look at, and the events that are proposed for them. */
export interface Proposal {
	customer_id: string | null;
	customer_email: string | null;
	events: EventRow[];
}

/** The fields of the pages that ask an operator something. */
export type Answer = 'action' | 'tier' | 'until' | 'player' | 'discord' | 'reason' | 'confirm';

/** What an operator has said so far. Empty: not entered. */
export interface Said {
	email: string;
	actor: string;
	/** To undo: how many minutes, and why; null: it is no undo. */
	minutes: number | null;
	reason: string;
	/** To undo: the changes in that time, the oldest first; those without a server are not of access. */
	changes: Array<ReadRow<'paymenter_provisioning_log'>>;
	customers: Array<ReadRow<'paymenter_customers'>>;
	/** The page that was shown last; null: none yet. */
	page: AccessPage | null;
	answer: Record<Answer, string>;
}

/** How an operator's form goes on. Without anything: the page was left open, and n8n went on by itself. */
interface Step {
	/** Show what these customers have, and what the proposed events would change. */
	look?: Proposal[];
	/** Append these rows to the event log. */
	append?: EventRow[];
	/** Show the last page. */
	end?: Page;
}

/**
 * Decides how an operator's form goes on.
 * @param eventIds begins the ids of the events, unique among all
 */
export function nextStep(said: Said, eventIds: string, now: Date): Step {
	const { page, minutes, answer } = said;
	if (page && page.events.length > 0) return confirmed(answer.confirm, page.events, now);
	if (page) return stepOf(planOverride(said, page, `${eventIds}-override`, now));
	if (minutes !== null) return stepOf(planUndo(said, eventIds, now));
	const customer_email = said.email.trim().toLowerCase();
	return { look: [{ customer_id: null, customer_email, events: [] }] };
}

const stepOf = (plan: Proposal[] | string): Step =>
	typeof plan === 'string' ? unchanged(plan) : { look: plan };

const unchanged = (text: string): Step => ({
	end: { title: 'Nothing was changed', html: escapeHtml(text) },
});

/** With a yes, the events happen now, not when they were planned. */
function confirmed(answer: string, rows: EventRow[], now: Date): Step {
	if (answer === NO) return unchanged('You said no.');
	if (answer !== YES) return {};
	const at = now.toISOString();
	const times = { occurred_at: at, state_at: at, received_at: at };
	const queueOf = ({ event_id }: EventRow) => queueKey('operator', at, event_id);
	return { append: rows.map((row) => ({ ...row, ...times, queue: queueOf(row) })) };
}
