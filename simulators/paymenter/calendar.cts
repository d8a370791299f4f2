import type { BillingUnit, Time } from './model.cjs';

/** Dates as Carbon reckons them: on the wall clock of the shop's time zone. */

export const dayMs = 24 * 3600 * 1000;

/** How far the zone's wall clock is ahead of UTC at this instant, in milliseconds. */
function aheadAt(instant: number, zone: string): number {
	const shown = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
	const [, sign, hours = '0', minutes = '0'] =
		/GMT([+-])(\d\d):(\d\d)/.exec(shown.format(instant)) ?? [];
	const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000;
	return sign === '-' ? -ahead : ahead;
}

/** What the shop's wall clock shows at an instant. */
export const wallOf = (instant: number, zone: string): Time =>
	zone === 'UTC' ? instant : instant + aheadAt(instant, zone);

/**
 * The instant at which the shop's wall clock shows this. As PHP finds midnights: the first one where
 * the clock was put back; where it was put forward over it, by the clock of before.
 */
export function instantOf(wall: Time, zone: string): number {
	if (zone === 'UTC') return wall;
	const before = wall - aheadAt(wall - dayMs, zone);
	const after = wall - aheadAt(wall + dayMs, zone);
	return [before, after].find((instant) => wallOf(instant, zone) === wall) ?? before;
}

export const wholeSecond = (time: number): Time => Math.floor(time / 1000) * 1000;

export const startOfDay = (time: Time): Time => Math.floor(time / dayMs) * dayMs;

/** `2026-12-22` */
export const dateOf = (time: Time): string => new Date(time).toISOString().slice(0, 10);

/** `2026-12-22 20:12:20`, as the database shows it. */
export const databaseTime = (time: Time): string =>
	new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** `2026-12-22T20:12:20.000000Z`, in UTC as the Admin API shows it. */
export const apiTime = (time: Time, zone: string): string =>
	`${new Date(instantOf(time, zone)).toISOString().slice(0, 19)}.000000Z`;

/** A column that is a date, which loses its time of day: midnight of the shop's clock, in UTC. */
export const apiDay = (time: Time, zone: string): string => apiTime(startOfDay(time), zone);

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
