import { lossOf, type GuardedCustomer } from './loss';
import type { GuardInput } from './lossGuard';

const MOST_NAMES = 5;

/** What people are told about a run; null if there is nothing to tell. */
export function lossAlert(told: {
	input: GuardInput;
	failed: GuardedCustomer[];
	held: GuardedCustomer[];
	withAccess: number;
	unseen: Set<string>;
	isBlind: boolean;
	isNobodySeen: boolean;
}): { what_happened: string; what_to_do: string } | null {
	const { input, failed, held, withAccess, unseen, isBlind, isNobodySeen } = told;
	const [firstFailed] = failed;
	const [failure] = input.failures;
	const why = firstFailed?.error ? `: ${firstFailed.error}` : '';
	const happened = sentences([
		held.length > 0 &&
			`${held.length} of ${withAccess} customers with access would lose servers, so nothing was taken from them`,
		isNobodySeen
			? `Nobody could be looked at${why}`
			: isBlind &&
				`${unseen.size} customers could not be looked at, so nothing was done about them${why}`,
		failure && `Paymenter could not be compared: ${text(failure.error)}`,
		held.length > 0 && `It is about ${namesOf(held)}`,
	]);
	const toDo = sentences([
		held.length > 0 && `If these losses are right, open ${input.formUrl} and confirm them`,
		isBlind && firstFailed?.advice,
		failure && text(failure.details?.advice),
	]);
	return happened === '' ? null : { what_happened: happened, what_to_do: toDo };
}

function namesOf(held: GuardedCustomer[]): string {
	const names = held
		.slice(0, MOST_NAMES)
		.map((one) => `${nameOf(one)} (${lossOf(one)}; ${one.summary ?? ''})`);
	const rest = held.length - names.length;
	return `${names.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const nameOf = ({ customer_email: email, customer_id: id }: GuardedCustomer): string =>
	email ?? `customer ${id ?? ''}`;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const sentences = (parts: Array<string | false | undefined>): string =>
	parts
		.filter((part) => !!part)
		.map((part) => (/[.!?]$/.test(String(part)) ? part : `${part}.`))
		.join(' ');
