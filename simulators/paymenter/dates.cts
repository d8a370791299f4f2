import { dayMs, wallOf } from './calendar.cjs';
import type { Time } from './model.cjs';

/** Dates as PHP's `strtotime` reads them, as far as anybody sends them. Without a zone it is the shop's. */
export interface ReadDate {
	/** What the shop's clock shows then. */
	moment: Time;
	/** What its own clock shows: Paymenter keeps that and drops the zone. */
	wall: Time;
	/** false: a word for a day, or a 30th of February, which runs over into March. */
	isInCalendar: boolean;
}

/** In which order year, month and day stand. */
const orders: Array<[pattern: RegExp, y: number, m: number, d: number]> = [
	[/^(\d{4})([-/])(\d\d?)\2(\d\d?)/, 1, 3, 4],
	[/^(\d\d?)\/(\d\d?)\/(\d{4})/, 3, 1, 2],
	[/^(\d\d?)([-.])(\d\d?)\2(\d{4})/, 4, 3, 1],
];

const clock =
	/^(?:(?:T|\s+)(\d\d?):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?\s*(Z|UTC|([+-])(\d\d):?(\d\d))?)?$/i;

function readDay(text: string) {
	for (const [pattern, ...places] of orders) {
		const parts = pattern.exec(text);
		if (!parts) continue;
		const [year = 0, month = 0, day = 0] = places.map((place) => Number(parts[place]));
		if (month > 12 || day > 31) return undefined;
		const time = Date.UTC(year, month - 1, day);
		const isInCalendar = new Date(time).getUTCDate() === day && month > 0;
		return { time, isInCalendar, rest: text.slice(parts[0].length) };
	}
	return undefined;
}

const words: Record<string, number> = {
	yesterday: -dayMs,
	now: 0,
	today: 0,
	midnight: 0,
	noon: dayMs / 2,
	tomorrow: dayMs,
};

export function readDate(value: unknown, today: Time = 0, zone = 'UTC'): ReadDate | undefined {
	if (typeof value !== 'string') return undefined;
	const word = words[value.toLowerCase()];
	if (word !== undefined) {
		return { moment: today + word, wall: today + word, isInCalendar: false };
	}
	const day = readDay(value);
	const time = day && clock.exec(day.rest);
	if (!day || !time) return undefined;
	const [
		,
		hours = '0',
		minutes = '0',
		seconds = '0',
		ownZone,
		sign = '+',
		zoneHours = '0',
		zoneMinutes = '0',
	] = time;
	if (Number(hours) > 24) return undefined;
	const inMs = (h: string, m: string, s: string) =>
		((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1000;
	const wall = day.time + inMs(hours, minutes, seconds);
	const ahead = inMs(zoneHours, zoneMinutes, '0') * (sign === '-' ? -1 : 1);
	const moment = ownZone === undefined ? wall : wallOf(wall - ahead, zone);
	return { moment, wall, isInCalendar: day.isInCalendar };
}

/** As the database keeps it. */
export const storedDate = (value: unknown): Time | null => readDate(value)?.wall ?? null;
