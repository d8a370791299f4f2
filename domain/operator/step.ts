import type { eventRow } from '../events/append';
import type { ReadRow } from '../tables';
import type { AccessPage } from './accessPage';
import { escapeHtml, type Page } from './html';

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

/** How an operator's form goes on. */
export type Step =
	/** Show what these customers have, and what the proposed events would change. */
	| { kind: 'look'; proposals: Proposal[] }
	/** Append these rows to the event log. */
	| { kind: 'append'; rows: EventRow[] }
	| { kind: 'end'; page: Page }
	/** The page was left open: n8n then goes on without an answer. */
	| { kind: 'abandoned' };

/** The fields of the pages that ask an operator something. */
export const ANSWERS = [
	'action',
	'tier',
	'until',
	'player',
	'discord',
	'reason',
	'confirm',
] as const;

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
	answer: Record<(typeof ANSWERS)[number], string>;
}

export const unchanged = (text: string): Step => ({
	kind: 'end',
	page: { title: 'Nothing was changed', html: escapeHtml(text) },
});
