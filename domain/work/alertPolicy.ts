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
 * Whether to send an alert: at once for a new error that a person must fix, after the third try for
 * one that may pass, and once more after a day.
 */
export function isWorthAlert(failure: Failure, before: FailingBefore, now: number): boolean {
	if (needsAttention(before.failingSince, now) && !before.needsAttention) return true;
	return failure.isTransient
		? before.failures + 1 === TRANSIENT_TRIES && before.failingSince !== null
		: before.lastError !== failure.message;
}

/** The alert about one customer. */
export function alertOf(
	failure: Failure,
	customer: { customer: string; customer_email: string | null },
	before: FailingBefore,
	{ now, executionUrl }: { now: number; executionUrl: string },
): Alert {
	const isDay = needsAttention(before.failingSince, now);
	return {
		customer: customer.customer,
		customer_email: customer.customer_email ?? '',
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
