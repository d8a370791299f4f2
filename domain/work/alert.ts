import type { ReadRow } from '../tables';
import type { Alert } from './alertPolicy';

/** A row of `paymenter_provisioning_log` that tells people something. */
export interface AlertRow {
	what: 'alert';
	customer: string;
	customer_email: string;
	/** What happened. */
	why: string;
	what_to_do: string;
	/** Alerts about the same customer with the same cause are one. */
	cause: string;
	at: string;
	execution_url: string;
}

/** What n8n's Error Trigger gives. */
export interface FailedRun {
	workflow?: { name?: string };
	execution?: { url?: string; lastNodeExecuted?: string; error?: FailedNode };
	/** Instead of `execution`, if the run failed in its trigger. */
	trigger?: { error?: FailedNode };
}

interface FailedNode {
	message?: string;
	description?: string | null;
	node?: { name?: string };
}

/** What another workflow calls On Error with. */
export type CalledAlert = Partial<Record<keyof Alert, string | null>>;

type ReadAlert = ReadRow<'paymenter_provisioning_log'>;

const LONGEST_CAUSE = 500;
const LONGEST_TEXT = 700;

/** The rows to log: of several alerts with the same cause one, and none that was logged lately. */
export function alertRows(
	told: Array<FailedRun | CalledAlert>,
	{ recent, at }: { recent: ReadAlert[]; at: string },
): AlertRow[] {
	const known = new Set(recent.filter(isLogged).map(keyOf));
	return told
		.filter((one) => Object.keys(one).length > 0)
		.map((one) => rowOf(one, at))
		.filter((row) => {
			const isNew = !known.has(keyOf(row));
			known.add(keyOf(row));
			return isNew;
		});
}

/**
 * The texts to send. When several runs log the same alert at once, the one with the first row sends it.
 * An alert that could not be logged is sent.
 */
export function textsToSend(
	rows: AlertRow[],
	{ logged, recent }: { logged: ReadAlert[]; recent: ReadAlert[] },
): string[] {
	const own = new Map(logged.filter(isLogged).map((row) => [keyOf(row), row.id]));
	const first = new Map<string, number>();
	for (const row of recent.filter(isLogged)) {
		first.set(keyOf(row), Math.min(row.id, first.get(keyOf(row)) ?? Infinity));
	}
	return rows
		.filter((row) => {
			const [ours, theirs] = [own.get(keyOf(row)), first.get(keyOf(row))];
			return ours === undefined || theirs === undefined || ours <= theirs;
		})
		.map(alertText);
}

/** The text for a chat. */
export function alertText({ customer, customer_email, why, what_to_do, execution_url }: AlertRow) {
	const who = customer_email || customer;
	return [
		`**Paymenter → Pterodactyl${who ? `: ${chatSafe(who)}` : ''}**`,
		chatSafe(why),
		what_to_do ? `What to do: ${chatSafe(what_to_do)}` : '',
		execution_url,
	]
		.filter((line) => line !== '')
		.join('\n');
}

/** Mentions nobody and hides no link: a customer's name may be anything. */
function chatSafe(text: string): string {
	return text
		.slice(0, LONGEST_TEXT)
		.replace(/@/g, '@\u200b')
		.replace(/[\\[\]]/g, '\\$&');
}

function rowOf(told: FailedRun | CalledAlert, at: string): AlertRow {
	return { what: 'alert', ...(isFailedRun(told) ? ofFailedRun(told) : ofCalled(told)), at };
}

const isFailedRun = (told: FailedRun | CalledAlert): told is FailedRun =>
	'workflow' in told || 'execution' in told || 'trigger' in told;

function ofCalled(told: CalledAlert): Omit<AlertRow, 'what' | 'at'> {
	return {
		customer: told.customer ?? '',
		customer_email: told.customer_email ?? '',
		why: told.what_happened ?? '',
		what_to_do: told.what_to_do ?? '',
		cause: told.cause ?? '',
		execution_url: told.execution_url ?? '',
	};
}

function ofFailedRun({ execution, workflow, trigger }: FailedRun): Omit<AlertRow, 'what' | 'at'> {
	const error = execution?.error ?? trigger?.error ?? {};
	const message = error.message ?? 'no reason was given';
	const where = [workflow?.name, execution?.lastNodeExecuted ?? error.node?.name].filter(Boolean);
	return {
		customer: '',
		customer_email: '',
		why: `${where.join(' → ')}: ${message}`,
		what_to_do: whatToDo(message, error.description),
		cause: message.slice(0, LONGEST_CAUSE),
		execution_url: execution?.url ?? '',
	};
}

function whatToDo(message: string, description?: string | null): string {
	if (/data table/i.test(message) && /not found/i.test(message)) {
		return 'Run the workflow Setup: it creates the Data Tables, or says why it does not.';
	}
	return (
		description ?? 'Open the execution: the node in red says what it got and what it could not do.'
	);
}

const keyOf = ({ customer, cause }: ReadAlert): string =>
	JSON.stringify([customer ?? '', cause ?? '']);

const isLogged = (row: ReadAlert): row is ReadAlert & { id: number } =>
	row.what === 'alert' && typeof row.id === 'number';
