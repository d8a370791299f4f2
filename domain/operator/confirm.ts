import { queueKey } from '../events/append';
import type { EventRow } from './overrideEvent';

export const YES = 'Yes, do it';
export const NO = 'No, change nothing';

export type Confirmation =
	| { kind: 'confirmed'; rows: EventRow[] }
	| { kind: 'declined' }
	/** The page was left open: n8n then goes on without an answer. */
	| { kind: 'abandoned' };

/** Whether an operator said yes. The events then happen now, not when they were planned. */
export function confirm(answer: string, rows: EventRow[], now: Date): Confirmation {
	if (answer === NO) return { kind: 'declined' };
	if (answer !== YES) return { kind: 'abandoned' };
	const at = now.toISOString();
	const times = { occurred_at: at, state_at: at, received_at: at };
	const today = (row: EventRow) => ({
		...row,
		...times,
		queue: queueKey('operator', at, row.event_id),
	});
	return { kind: 'confirmed', rows: rows.map(today) };
}
