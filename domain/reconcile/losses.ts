import type { PreviewItem } from '../access/preview';
import type { GuardInput, Judgement } from './lossGuard';

const WOULD_LOSE = 'would lose ';
const MOST_NAMES = 5;

/** The servers whose access would go, also where the panel takes no changes now: it will some day. */
function serversLost({ changes = [], blocked = [], had = [], plan = [] }: PreviewItem): string[] {
	const taken = changes
		.filter(({ what }) => what === 'access taken')
		.map(({ server }) => server ?? '');
	const later = blocked
		.filter(({ server_id: id }) => had.some((one) => one.server_id === id))
		.filter(({ server_id: id }) => !plan.some((one) => one.server_id === id))
		.map(({ server }) => server);
	return [...new Set([...taken, ...later])].sort();
}

export const isLosing = (one: PreviewItem): boolean => serversLost(one).length > 0;

/** As it is told, and kept on the customer's row while it is held back. */
export const lossOf = (one: PreviewItem): string => `${WOULD_LOSE}${serversLost(one).join(', ')}`;

/** Whether everything that they lose was told before. A server's name may contain a comma. */
export function wasTold(one: PreviewItem, told: string): boolean {
	const listed = (text: string) => text.replace(WOULD_LOSE, '').split(', ');
	return listed(lossOf(one)).every((server) => listed(told).includes(server));
}

/** What people are told about a run; null if there is nothing to tell. */
export function lossAlert(
	{ failed, held, withAccess, unseen, isBlind, isNobodySeen }: Judgement,
	{ failures, formUrl }: GuardInput,
): { what_happened: string; what_to_do: string } | null {
	const [firstFailed] = failed;
	const [failure] = failures;
	const why = firstFailed?.error ? `: ${firstFailed.error}` : '';
	const happened = sentences([
		held.length > 0 &&
			`${held.length} of ${withAccess} customers with access would lose servers, so nothing was taken from them`,
		isNobodySeen
			? `Nobody could be looked at${why}`
			: isBlind &&
				`${unseen.size} customers could not be looked at, so nothing was done about them${why}`,
		failure && `Paymenter could not be compared: ${failure.error ?? ''}`,
		held.length > 0 && `It is about ${namesOf(held)}`,
	]);
	const toDo = sentences([
		held.length > 0 && `If these losses are right, open ${formUrl} and confirm them`,
		isBlind && firstFailed?.advice,
		failure?.details?.advice,
	]);
	return happened === '' ? null : { what_happened: happened, what_to_do: toDo };
}

function namesOf(held: PreviewItem[]): string {
	const names = held.slice(0, MOST_NAMES).map((one) => {
		const name = one.customer_email ?? `customer ${one.customer_id ?? ''}`;
		return `${name} (${lossOf(one)}; ${one.summary ?? ''})`;
	});
	const rest = held.length - names.length;
	return `${names.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const sentences = (parts: Array<string | false | undefined>): string =>
	parts
		.flatMap((part) => part || [])
		.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
		.join(' ');
