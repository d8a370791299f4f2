const DAY = 86_400_000;

/**
 * When access for a calendar date ends: at the end of the following day. Paymenter's dates have no
 * time zone, so the extra day makes sure that the date is over everywhere.
 * @param date `YYYY-MM-DD`
 * @returns ISO 8601 in UTC
 */
export function endOfAccess(date: string): string {
	return plusDays(`${date}T00:00:00.000Z`, 2);
}

/** Whether the text is a date `YYYY-MM-DD` that exists; 30 February does not. */
export function isDate(text: string): boolean {
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** Milliseconds as ISO 8601 in UTC. */
export const iso = (time: number): string => new Date(time).toISOString();

/** Milliseconds of a date column, which n8n gives as text or as Date; null if it is empty. */
export function timeOf(value: unknown): number | null {
	if (value === null) return null;
	const at = new Date(value as string | Date).getTime();
	return Number.isNaN(at) ? null : at;
}

/** A date column as ISO 8601; null if it is empty. */
export function isoOf(value: unknown): string | null {
	const time = timeOf(value);
	return time === null ? null : iso(time);
}

/** Later years are written with a sign (`+010000-…`) and would sort before all others. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');

/** Adds days to a timestamp; both are ISO 8601 in UTC. */
export function plusDays(moment: string, days: number): string {
	const at = new Date(moment).getTime() + days * DAY;
	return new Date(Math.min(at, LAST_MOMENT)).toISOString();
}

export const laterOf = (a: string, b: string): string => (a > b ? a : b);

/** The earliest of these times; null if there is none. */
export const earliest = (times: Array<string | null>): string | null =>
	times.filter((time) => time !== null).sort()[0] ?? null;

/** `3 May 2026`, for people. */
export function sayDay(moment: string): string {
	return new Date(moment).toLocaleDateString('en-GB', {
		day: 'numeric',
		month: 'long',
		year: 'numeric',
		timeZone: 'UTC',
	});
}

/** The last day of a period that ends at `moment`: midnight belongs to the day before. */
export function sayLastDay(moment: string): string {
	return sayDay(new Date(new Date(moment).getTime() - 1).toISOString());
}
