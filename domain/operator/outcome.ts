import { bold, escapeHtml as esc, paragraphs, type Page } from './html';

/** The fields of a row of `paymenter_events` that say whether it is done. */
export interface StoredEvent {
	event?: string;
	customer_id?: string | null;
	customer_email?: string | null;
	processed_at?: string | null;
	/** Why it could not be used. */
	rejected?: string | null;
}

/** The fields of a row of `paymenter_customers` that say what was done. */
export interface CustomerOutcome {
	customer?: string;
	customer_id?: string | null;
	customer_email?: string | null;
	state?: string | null;
	tiers?: string | null;
	why?: string | null;
	last_result?: string | null;
	last_error?: string | null;
	what_to_do?: string | null;
	retry_at?: string | null;
	execution_url?: string | null;
}

const STORED = 'Stored; the result will be in <b>paymenter_customers</b> within a few minutes.';

/**
 * What was done about the events; null: not all of them are processed yet.
 * @param isLastLook say what is known, done or not
 */
export function describeOutcome(
	events: StoredEvent[],
	customers: CustomerOutcome[],
	isLastLook: boolean,
): Page | null {
	const isDone = events.length > 0 && events.every(({ processed_at: at }) => at);
	if (!isDone && !isLastLook) return null;
	const restores = events.filter(({ event }) => event === 'restore.requested');
	if (restores.length > 0) return undoPage(restores, customers);
	const [event] = events;
	return event && isDone ? overridePage(event, customers) : { title: 'Stored', html: STORED };
}

function overridePage(event: StoredEvent, customers: CustomerOutcome[]): Page {
	if (event.rejected) return { title: 'It failed', html: bold(event.rejected) };
	const row = rowOf(event, customers);
	if (!row) return { title: 'Done', html: 'See the row in <b>paymenter_customers</b>.' };
	const again = row.retry_at ? ' It is tried again automatically.' : '';
	return {
		title: titleOf(row),
		html: paragraphs([
			`${bold(failureOf(row) || row.last_result)}${again}`,
			row.state
				? `State: ${esc(row.state)}${row.tiers ? `, ${esc(row.tiers)}` : ''}. ${esc(row.why)}`
				: '',
			linkHtml(row.execution_url),
		]),
	};
}

function titleOf({ last_error: error, retry_at: retryAt, last_result: result }: CustomerOutcome) {
	if (error) return 'It failed';
	if (retryAt) return 'Stored, but not done yet';
	return result?.startsWith('Nothing done') ? 'Stored, but the panel stays as it is' : 'Done';
}

function undoPage(restores: StoredEvent[], customers: CustomerOutcome[]): Page {
	const done = restores.filter(({ processed_at: at }) => at);
	const left = done.flatMap((event) => {
		const row = rowOf(event, customers);
		const why = event.rejected || (row && (failureOf(row) || (row.retry_at && row.last_result)));
		const who = event.customer_email ?? event.customer_id;
		return why ? [`${esc(who)}: ${esc(why)}`] : [];
	});
	const open = restores.length - done.length;
	return {
		title: open > 0 ? 'Stored, but not done yet' : 'Done',
		html: [
			`Put back: ${done.length - left.length} of ${restores.length}. All of them are held.`,
			...left,
			left.length > 0 ? 'Run it again for these.' : '',
			open > 0 ? STORED : '',
		]
			.filter((part) => part !== '')
			.join('<br>'),
	};
}

const failureOf = ({ last_error: error, what_to_do: advice }: CustomerOutcome): string =>
	error ? `${error} ${advice ?? ''}`.trim() : '';

const rowOf = ({ customer_id: id, customer_email: email }: StoredEvent, rows: CustomerOutcome[]) =>
	rows.find((row) => (id ? row.customer_id === id : email && row.customer_email === email));

const linkHtml = (url: string | null | undefined): string =>
	url && /^https?:\/\//.test(url)
		? `<a href="${esc(url)}" target="_blank">What was done, step by step</a>`
		: '';
