import type { ReadRow } from '../tables';
import { bold, escapeHtml as esc, paragraphs, type Page } from './html';

type Event = ReadRow<'paymenter_events'>;
type Customer = ReadRow<'paymenter_customers'>;

const STORED = 'Stored; the result will be in <b>paymenter_customers</b> within a few minutes.';

/**
 * What was done about the events; null: not all of them are processed yet.
 * @param isLastLook say what is known, done or not
 */
export function describeOutcome(
	events: Event[],
	customers: Customer[],
	isLastLook: boolean,
): Page | null {
	const isDone = events.length > 0 && events.every(({ processed_at: at }) => at);
	if (!isDone && !isLastLook) return null;
	const restores = events.filter(({ event }) => event === 'restore.requested');
	if (restores.length > 0) return undoPage(restores, customers);
	const [event] = events;
	return event && isDone ? overridePage(event, customers) : { title: 'Stored', html: STORED };
}

function overridePage(event: Event, customers: Customer[]): Page {
	if (event.rejected) return { title: 'It failed', html: bold(event.rejected) };
	const row = rowOf(event, customers);
	if (!row) return { title: 'Done', html: 'See the row in <b>paymenter_customers</b>.' };
	const { state, tiers, why, retry_at: retryAt, execution_url: url } = row;
	const parts = [
		`${bold(failureOf(row) || row.last_result)}${retryAt ? ' It is tried again automatically.' : ''}`,
		state && `State: ${esc(state)}${tiers ? `, ${esc(tiers)}` : ''}. ${esc(why)}`,
		url &&
			/^https?:\/\//.test(url) &&
			`<a href="${esc(url)}" target="_blank">What was done, step by step</a>`,
	];
	return { title: titleOf(row), html: paragraphs(parts) };
}

function titleOf({ last_error: error, retry_at: retryAt, last_result: result }: Customer) {
	if (error) return 'It failed';
	if (retryAt) return 'Stored, but not done yet';
	return result?.startsWith('Nothing done') ? 'Stored, but the panel stays as it is' : 'Done';
}

function undoPage(restores: Event[], customers: Customer[]): Page {
	const done = restores.filter(({ processed_at: at }) => at);
	const left = done.flatMap((event) => {
		const row = rowOf(event, customers);
		const why = event.rejected || (row && (failureOf(row) || (row.retry_at && row.last_result)));
		const who = event.customer_email ?? event.customer_id;
		return why ? [`${esc(who)}: ${esc(why)}`] : [];
	});
	const open = restores.length - done.length;
	const parts = [
		`Put back: ${done.length - left.length} of ${restores.length}. All of them are held.`,
		...left,
		left.length > 0 && 'Run it again for these.',
		open > 0 && STORED,
	];
	const title = open > 0 ? 'Stored, but not done yet' : 'Done';
	return { title, html: paragraphs(parts, '<br>') };
}

const failureOf = ({ last_error: error, what_to_do: advice }: Customer): string =>
	error ? `${error} ${advice ?? ''}`.trim() : '';

const rowOf = ({ customer_id: id, customer_email: email }: Event, rows: Customer[]) =>
	rows.find((row) => (id ? row.customer_id === id : email && row.customer_email === email));
