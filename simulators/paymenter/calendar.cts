import type { BillingUnit, Time } from './model.cjs';

/** Dates as Carbon reckons them with the application's time zone UTC, Paymenter's default. */

export const dayMs = 24 * 3600 * 1000;

export const wholeSecond = (time: number): Time => Math.floor(time / 1000) * 1000;

export const startOfDay = (time: Time): Time => Math.floor(time / dayMs) * dayMs;

/** `2026-12-22` */
export const dateOf = (time: Time): string => new Date(time).toISOString().slice(0, 10);

/** `2026-12-22 20:12:20`, as the database shows it. */
export const databaseTime = (time: Time): string =>
	new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** `2026-12-22T20:12:20.000000Z`, as the Admin API shows it. */
export const apiTime = (time: Time): string =>
	`${new Date(time).toISOString().slice(0, 19)}.000000Z`;

/**
 * Carbon's `addMonths` and the like. A day that the month does not have runs over into the next:
 * 31 January + 1 month = 3 March (nothing in Paymenter turns Carbon's overflow off).
 */
export function addPeriod(time: Time, period: number, unit: BillingUnit): Time {
	const date = new Date(time);
	switch (unit) {
		case 'day':
			return time + period * dayMs;
		case 'week':
			return time + period * 7 * dayMs;
		case 'month':
			return date.setUTCMonth(date.getUTCMonth() + period);
		case 'year':
			return date.setUTCFullYear(date.getUTCFullYear() + period);
	}
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** PHP's `M d, Y`: `Nov 22, 2026`. */
export function shownDate(time: Time): string {
	const date = new Date(time);
	const day = String(date.getUTCDate()).padStart(2, '0');
	return `${months[date.getUTCMonth()]} ${day}, ${date.getUTCFullYear()}`;
}
