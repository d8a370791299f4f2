const FIRST_PAUSE_MINUTES = 5;
const LONGEST_PAUSE_MINUTES = 6 * 60;
const DAY_MS = 24 * 60 * 60_000;

/** When to try again after so many failures in a row (the first is 1): 5, 10, 20 … minutes, at most 6 hours. */
export function retryAt(failures: number, now: number): string {
	const minutes = Math.min(FIRST_PAUSE_MINUTES * 2 ** (failures - 1), LONGEST_PAUSE_MINUTES);
	return new Date(now + minutes * 60_000).toISOString();
}

/** Whether a customer has been failing for so long that only a person can help. */
export const needsAttention = (failingSince: number | null, now: number): boolean =>
	failingSince !== null && now - failingSince >= DAY_MS;
