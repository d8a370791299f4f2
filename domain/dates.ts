const DAY = 86_400_000;

/**
 * When access that lasts to a calendar date ends: the end of that day and one more. The date is
 * Paymenter's own cut and says nothing of its time zone.
 * @param date `YYYY-MM-DD`
 * @returns ISO 8601 in UTC
 */
export function endOfAccess(date: string): string {
	return plusDays(`${date}T00:00:00.000Z`, 2);
}

/** Later ones are written with a sign, and would be sorted before all others. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** A moment some days after another, both ISO 8601 in UTC. */
export function plusDays(moment: string, days: number): string {
	const at = new Date(moment).getTime() + days * DAY;
	return new Date(Math.min(at, LAST_MOMENT)).toISOString();
}

export function laterOf(a: string, b: string): string {
	return a > b ? a : b;
}

/** `3 May 2026`, for people. */
export function sayDay(moment: string): string {
	return new Date(moment).toLocaleDateString('en-GB', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	});
}

/** The last day of a time that ends at `moment`: midnight still belongs to the day before. */
export function sayLastDay(moment: string): string {
	return sayDay(new Date(new Date(moment).getTime() - 1).toISOString());
}
