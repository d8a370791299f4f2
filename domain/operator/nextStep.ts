import { queueKey } from '../events/append';
import { planOverride } from './overrideEvent';
import { NO, YES, unchanged, type EventRow, type Said, type Step } from './step';
import { planUndo } from './undoPlan';

/**
 * Decides how an operator's form goes on.
 * @param eventIds begins the ids of the events, unique among all
 */
export function nextStep(said: Said, eventIds: string, now: Date): Step {
	const { page, answer } = said;
	if (page && page.events.length > 0) return confirmed(answer.confirm, page.events, now);
	if (page) return planOverride(said, page, `${eventIds}-override`, now);
	if (said.minutes !== null) return planUndo(said, eventIds, now);
	const customer_email = said.email.trim().toLowerCase();
	return { kind: 'look', proposals: [{ customer_id: null, customer_email, events: [] }] };
}

/** With a yes, the events happen now, not when they were planned. */
function confirmed(answer: string, rows: EventRow[], now: Date): Step {
	if (answer === NO) return unchanged('You said no.');
	if (answer !== YES) return { kind: 'abandoned' };
	const at = now.toISOString();
	const times = { occurred_at: at, state_at: at, received_at: at };
	const today = (row: EventRow) => ({
		...row,
		...times,
		queue: queueKey('operator', at, row.event_id),
	});
	return { kind: 'append', rows: rows.map(today) };
}
