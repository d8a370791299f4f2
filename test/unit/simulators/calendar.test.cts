import {
	addPeriod,
	apiTime,
	databaseTime,
	wallOf,
} from '../../../simulators/paymenter/calendar.cjs';
import { day, hour, openShopWith } from './shopkeeper.cjs';

const after = (from: string, months: number) =>
	databaseTime(addPeriod(Date.parse(from), months, 'month'));

describe('A month later', () => {
	it.each([
		['2026-01-31T10:00:00Z', '2026-03-03 10:00:00'],
		['2028-01-31T10:00:00Z', '2028-03-02 10:00:00'],
		['2026-03-31T23:59:59Z', '2026-05-01 23:59:59'],
		['2026-12-31T00:00:00Z', '2027-01-31 00:00:00'],
		['2026-02-28T00:00:00Z', '2026-03-28 00:00:00'],
	])('than %s is %s: a day that the month lacks runs over, as in Carbon', (from, to) => {
		expect(after(from, 1)).toBe(to);
	});
});

describe('A subscription bought on the 31st', () => {
	it('wanders: January’s ends on 3 March, and the next on 3 April', () => {
		const { shop, service } = openShopWith('fire-knight', {}, '2026-01-31T22:15:00Z');
		expect(databaseTime(service.expires_at ?? 0)).toBe('2026-03-03 22:15:00');
		shop.pay(service.id);
		expect(databaseTime(service.expires_at ?? 0)).toBe('2026-04-03 00:00:00');
	});
});

describe('The time of day', () => {
	it('of the purchase gives a first period a day more; a renewed one ends at midnight', () => {
		const first = openShopWith('fire-knight', {}, '2026-03-10T23:50:00Z');
		const noon = 32 * day + 12 * hour + hour / 6;
		first.shop.advance(noon);
		first.shop.runCron();
		expect(databaseTime(first.shop.world.now())).toBe('2026-04-12 12:00:00');
		expect(first.service.status).toBe('active');

		const renewed = openShopWith('fire-knight', {}, '2026-03-10T23:50:00Z');
		renewed.shop.pay(renewed.id);
		expect(databaseTime(renewed.service.expires_at ?? 0)).toBe('2026-05-10 00:00:00');
		renewed.shop.advance(noon + 30 * day);
		renewed.shop.runCron();
		expect(databaseTime(renewed.shop.world.now())).toBe('2026-05-12 12:00:00');
		expect(renewed.service.status).toBe('suspended');
	});

	it('is cut off in what is told', () => {
		const { shop, service, events } = openShopWith('fire-knight', {}, '2026-03-10T23:59:59Z');
		shop.suspend(service.id);
		expect(events()).toMatchObject([{ paid_until: '2026-04-10', status: 'suspended' }]);
	});
});

describe('A shifted clock', () => {
	it('moves purchases, payments and what is told alike', () => {
		const { shop, service, events } = openShopWith('fire-knight', {}, '2031-07-01T08:00:00Z');
		shop.advance(25 * day);
		shop.runCron();
		shop.pay(service.id);
		expect(events()).toMatchObject([
			{
				event: 'payment.succeeded',
				occurred_at: '2031-07-26T08:00:00.000Z',
				paid_until: '2031-09-01',
			},
		]);
	});
});

/** Each as Carbon's `toJSON` gives it. */
describe('Midnight of the shop’s clock', () => {
	it.each([
		['Europe/Berlin', '2026-05-02', '2026-05-01T22:00:00'],
		['Europe/Berlin', '2026-12-02', '2026-12-01T23:00:00'],
		['America/New_York', '2026-05-02', '2026-05-02T04:00:00'],
		['Asia/Kathmandu', '2026-05-02', '2026-05-01T18:15:00'],
		['Pacific/Kiritimati', '2026-05-02', '2026-05-01T10:00:00'],
		['America/Santiago', '2026-09-06', '2026-09-06T04:00:00'],
		['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00'],
		['America/Havana', '2026-11-01', '2026-11-01T04:00:00'],
	])('in %s on %s is %s in UTC', (zone, date, utc) => {
		expect(apiTime(Date.parse(date), zone)).toBe(`${utc}.000000Z`);
		const isSkipped = zone === 'America/Santiago' || zone === 'Africa/Cairo';
		const shown = databaseTime(wallOf(Date.parse(`${utc}Z`), zone));
		expect(shown).toBe(`${date} ${isSkipped ? '01' : '00'}:00:00`);
	});
});

describe('A shop in another time zone', () => {
	const inBerlin = { settings: { timezone: 'Europe/Berlin' } };

	it('counts periods on its own clock, and is told in UTC', () => {
		const { shop, service, events } = openShopWith('fire-knight', inBerlin, '2026-03-10T23:30:00Z');
		expect(databaseTime(service.expires_at ?? 0)).toBe('2026-04-11 00:30:00');
		shop.pay(service.id);
		expect(databaseTime(service.expires_at ?? 0)).toBe('2026-05-11 00:00:00');
		expect(events()).toMatchObject([
			{ occurred_at: '2026-03-10T23:30:00.000Z', paid_until: '2026-05-10', is_overdue: false },
		]);
	});

	it('suspends by its own clock', () => {
		const { shop, service } = openShopWith('fire-knight', inBerlin, '2026-03-10T12:00:00Z');
		shop.setService(service.id, { expires_at: Date.parse('2026-03-12') });
		shop.advance(3 * day + 10 * hour + hour / 2);
		shop.runCron();
		expect([databaseTime(shop.world.now()), service.status]).toEqual([
			'2026-03-13 23:30:00',
			'active',
		]);
		shop.advance(hour);
		shop.runCron();
		expect(service.status).toBe('suspended');
	});
});
