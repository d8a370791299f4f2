/** The last changes on the panel, told in lines. */
import type { TableRow } from '../tools/n8n/editor.cjs';

/** What one execution did to one customer. */
export interface StepTaken {
	id: string;
	at: string;
	email: string;
	what: string;
	why: string;
	/** Of the servers, if it was about any. */
	servers: string[];
	/** From the arrival of the event before it; null where time alone was the cause. */
	seconds: number | null;
	execution: string;
}

/** An event later than that ago was not what caused a change. */
const LONGEST_CAUSE_MS = 60_000;

/**
 * @param log rows of `paymenter_provisioning_log`, any order
 * @param events rows of `paymenter_events`, any order
 * @returns the newest first
 */
export function stepsOf(log: TableRow[], events: TableRow[]): StepTaken[] {
	const steps = new Map<string, StepTaken>();
	for (const row of [...log].sort((a, b) => Number(a.id) - Number(b.id))) {
		const [what, email, execution] = [row.what, row.customer_email, row.execution_url].map(String);
		const id = [execution, email, what].join(' ');
		const at = String(row.at);
		const step = steps.get(id) ?? {
			id,
			at,
			email: email ?? '',
			what: what ?? '',
			why: String(row.why ?? ''),
			servers: [],
			seconds: secondsSince(at, email ?? '', events),
			execution: execution ?? '',
		};
		if (row.server) step.servers.push(String(row.server));
		steps.set(id, step);
	}
	return [...steps.values()].reverse();
}

function secondsSince(at: string, email: string, events: TableRow[]): number | null {
	const before = events
		.filter((event) => event.customer_email === email)
		.map((event) => Date.parse(at) - Date.parse(String(event.received_at)))
		.filter((ms) => ms >= 0 && ms <= LONGEST_CAUSE_MS);
	return before.length === 0 ? null : Math.min(...before) / 1000;
}
