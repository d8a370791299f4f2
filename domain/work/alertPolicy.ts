import { needsAttention } from './retryPolicy';

/** A failure of one customer's sync. */
export interface Failure {
	message: string;
	advice: string;
	/** The same for everybody who is affected. */
	cause: string;
	/** A retry may succeed. */
	isTransient: boolean;
	/** Not only this customer is affected. */
	concernsEverybody: boolean;
}

export interface Alert {
	customer: string;
	customer_email: string;
	cause: string;
	what_happened: string;
	what_to_do: string;
	execution_url: string;
}

/** What the customer's row said before this failure. */
export interface FailingBefore {
	failures: number;
	failingSince: number | null;
	lastError: string;
	needsAttention: boolean;
}

const TRANSIENT_TRIES = 3;

/**
 * The alert about one customer: at once for a new error that a person must fix, after the third try for
 * one that may pass, and once more after a day; null: none.
 */
export function alertOf(
	failure: Failure,
	{ customer, customer_email }: { customer: string; customer_email: string | null },
	before: FailingBefore,
	{ now, executionUrl }: { now: number; executionUrl: string },
): Alert | null {
	const isDay = needsAttention(before.failingSince, now);
	const isNew = failure.isTransient
		? before.failures + 1 === TRANSIENT_TRIES && before.failingSince !== null
		: before.lastError !== failure.message;
	if (!isNew && (!isDay || before.needsAttention)) return null;
	if (failure.concernsEverybody) return runAlert(failure, executionUrl);
	return {
		customer,
		customer_email: customer_email ?? '',
		cause: `${isDay ? 'a day: ' : ''}${failure.cause}`,
		what_happened: `${failure.message}${isDay ? ' (failing for a day, a person is needed)' : ''}`,
		what_to_do: failure.advice,
		execution_url: executionUrl,
	};
}

/** An alert about no customer in particular. */
export const sharedAlert = (
	said: Pick<Alert, 'cause' | 'what_happened' | 'what_to_do'>,
	execution_url: string,
): Alert => ({ customer: '', customer_email: '', ...said, execution_url });

/** The alert about what concerns the whole run. */
export const runAlert = ({ cause, advice }: Failure, executionUrl: string): Alert =>
	sharedAlert({ cause, what_happened: cause, what_to_do: advice }, executionUrl);
