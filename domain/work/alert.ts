import type { ReadRow } from '../tables';
import type { Alert } from './alertPolicy';

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

/** A row of `paymenter_provisioning_log` that tells people something. */
export type AlertRow = ReturnType<typeof rowOf>;

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
	const idsOf = (row: AlertRow, list: ReadAlert[]) =>
		list.filter(isLogged).flatMap((one) => (keyOf(one) === keyOf(row) ? one.id : []));
	return rows
		.filter((row) => Math.max(...idsOf(row, logged)) <= Math.min(...idsOf(row, recent)))
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

function rowOf(told: FailedRun | CalledAlert, at: string) {
	const isFailedRun = 'workflow' in told || 'execution' in told || 'trigger' in told;
	const said: CalledAlert = isFailedRun ? ofFailedRun(told as FailedRun) : (told as CalledAlert);
	return {
		what: 'alert',
		customer: said.customer ?? '',
		customer_email: said.customer_email ?? '',
		why: said.what_happened ?? '',
		what_to_do: said.what_to_do ?? '',
		/** Alerts about the same customer with the same cause are one. */
		cause: said.cause ?? '',
		at,
		execution_url: said.execution_url ?? '',
	};
}

function ofFailedRun({ execution, workflow, trigger }: FailedRun): CalledAlert {
	const error = execution?.error ?? trigger?.error ?? {};
	const message = error.message ?? 'no reason was given';
	const where = [workflow?.name, execution?.lastNodeExecuted ?? error.node?.name].filter(Boolean);
	return {
		what_happened: `${where.join(' → ')}: ${message}`,
		what_to_do: whatToDo(message, error.description),
		cause: message.slice(0, LONGEST_CAUSE),
		execution_url: execution?.url,
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
