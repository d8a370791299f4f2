/** Real lifecycles, played at the shop day by day, with the access of each day. */
import { readEvent } from '../../../../domain/events/parse';
import { STATUSES, isOneOf } from '../../../../domain/events/event';
import type { Service } from '../../../../domain/reconcile/service';
import type { LogEvent } from '../../../../domain/events/event';
import { resolveEntitlements } from '../../../../domain/entitlement/resolve';
import { createShop, type Shop } from '../../../../simulators/paymenter/shop.cjs';
import { OPTIONS } from '../../support/billing.cjs';
import { compareAt } from '../../support/truth.cjs';

const LETTERS = { active: 'A', grace: 'G', suspended: 's', cancelled: 'c', none: '-' } as const;

type Deed = (shop: Shop, service: number) => void;

/** How n8n learns of it: by events as they happen, by a nightly comparison alone, or by both. */
type By = 'events' | 'reconcile' | 'both';

function truthOf(shop: Shop): Service[] {
	return [...shop.tables.services.rows.values()].map((service) => {
		const user = shop.tables.users.rows.get(service.user_id);
		const product = shop.tables.products.rows.get(service.product_id ?? 0);
		const status = service.status ?? 'pending';
		const expires = service.expires_at === null ? null : new Date(service.expires_at);
		if (!isOneOf(STATUSES, status)) throw new Error(`Status ${status}`);
		return {
			subscription_id: String(service.id),
			customer_id: String(service.user_id),
			customer_email: user?.email.toLowerCase() ?? null,
			customer_name: null,
			product_id: product?.slug ?? null,
			product_name: null,
			status,
			paid_until: expires?.toISOString().slice(0, 10) ?? null,
			paid_day_ends_at: expires && new Date(expires.setUTCHours(24, 0, 0, 0)).toISOString(),
			price: service.price,
			currency_code: 'USD',
			quantity: 1,
			created_at: null,
			updated_at: null,
		};
	});
}

/**
 * Buys fire-knight (or another product) at noon of 1 May 2026, day 0, and looks at noon of each day,
 * after Paymenter's nightly job and what is done on that day.
 */
function live(
	deeds: Record<number, Deed>,
	days: number,
	by: By = 'events',
	product = 'fire-knight',
) {
	let ms = Date.parse('2026-05-01T12:00:00Z');
	let log: LogEvent[] = [];
	const shop = createShop({
		now: () => new Date(ms),
		deliver: (event) => {
			if (by === 'reconcile') return;
			const body = Buffer.from(JSON.stringify(event));
			const reading = readEvent({ body, messageId: event.event_id, at: new Date(ms) });
			if (reading.kind !== 'event') throw new Error(JSON.stringify(reading));
			log = [...log, reading.event];
		},
	});
	shop.addUser({ email: 'ada@example.com' });
	const { service } = shop.buy('ada@example.com', product);
	shop.pay(service.id);
	const access: string[] = [];
	for (let day = 0; day < days; day++) {
		if (day > 0) {
			ms += 86_400_000;
			shop.runCron();
		}
		deeds[day]?.(shop, service.id);
		if (by !== 'events')
			log = [...log, ...compareAt(new Date(ms).toISOString(), log, truthOf(shop))];
		const entitlements = resolveEntitlements(log, new Date(ms + 1000), OPTIONS);
		const held = entitlements.flatMap(({ subscriptions }) => subscriptions);
		access.push(LETTERS[held[0]?.state ?? 'none']);
	}
	return { access: access.join(''), log, shop, service };
}

const times = (letter: string, count: number) => letter.repeat(count);
/** Paid until 1 June, day 31: access to the end of that day and one more. */
const PAID = 33;

const fails: Deed = (shop, service) => void shop.fail(service);
const pays: Deed = (shop, service) => void shop.pay(service);

describe.each<By>(['events', 'reconcile', 'both'])('As n8n learns it by %s', (by) => {
	// Seven days after what is paid for, whoever tells of it: Paymenter's cron suspends on day 34.
	const lasts = PAID + 7;

	it('nobody pays, the card never even tries: grace for seven days after what is paid for', () => {
		const { access } = live({}, 50, by);
		// Paymenter cancels after 14 days.
		expect(access.replaceAll('G', 'A')).toBe(
			times('A', lasts) + times('s', 46 - lasts) + times('c', 4),
		);
	});

	it('a renewal is paid in time', () => {
		expect(live({ 28: pays }, 60, by).access).toBe(times('A', 60));
	});

	it('a renewal is paid on the last day of Paymenter’s own patience', () => {
		expect(live({ 32: pays }, 60, by).access).toBe(times('A', 60));
	});

	it('what was bought once stays', () => {
		expect(live({}, 60, by, 'awakened').access).toBe(times('A', 60));
	});

	it('a cancellation takes at once', () => {
		const cancels: Deed = (shop, service) => shop.cancelNow(service);
		expect(live({ 10: cancels }, 14, by).access).toBe(times('A', 10) + times('c', 4));
	});

	it('a suspension by hand takes at once, and gives back at once', () => {
		const deeds: Record<number, Deed> = {
			5: (shop, service) => shop.suspend(service),
			9: (shop, service) => shop.unsuspend(service),
		};
		expect(live(deeds, 12, by).access).toBe('AAAAA' + 'ssss' + 'AAA');
	});

	it('paid after the suspension: access is back the same day', () => {
		const { access } = live({ 45: pays }, 50, by);
		expect(access.replaceAll('G', 'A')).toBe(
			times('A', lasts) + times('s', 45 - lasts) + times('A', 5),
		);
	});

	it('paid after the cancellation: it comes back to life', () => {
		const { access } = live({ 49: pays }, 52, by);
		expect(access.slice(45)).toBe('s' + 'ccc' + 'AAA');
	});

	it('suspended by the cron at day 2, e-mail changed at day 3: the grace goes on, not anew', () => {
		const changes: Deed = (shop) => shop.changeEmail('ada@example.com', 'ada@new.example');
		const { access, log } = live({ 35: changes }, 44, by);
		expect(access.replaceAll('G', 'A')).toBe(times('A', lasts) + times('s', 44 - lasts));
		const [entitlement] = resolveEntitlements(log, new Date('2026-06-06T12:00:00Z'), OPTIONS);
		expect(entitlement).toMatchObject({
			customer_email: 'ada@new.example',
			previous_emails: ['ada@example.com'],
		});
	});

	it('an upgrade changes the product, and a failed one nothing', () => {
		const upgrade = live(
			{
				5: (shop, service) => {
					shop.upgrade(service, 'frost-master');
					shop.failUpgrade(service);
				},
				8: (shop, service) => void shop.payUpgrade(service),
			},
			12,
			by,
		);
		expect(upgrade.access).toBe(times('A', 12));
		const productOn = (day: number) => {
			const until = new Date(Date.parse('2026-05-01T12:00:01Z') + day * 86_400_000);
			const [one] = resolveEntitlements(
				upgrade.log.filter(({ state_at }) => state_at <= until.toISOString()),
				until,
				OPTIONS,
			);
			return one?.grants[0]?.product_id;
		};
		expect([productOn(7), productOn(8)]).toEqual(['fire-knight', 'frost-master']);
	});

	it('a service moved to another customer is theirs, and the first one’s no more', () => {
		const moves: Deed = (shop, service) => {
			shop.addUser({ email: 'bob@example.com' });
			shop.moveService(service, 'bob@example.com');
		};
		const { log } = live({ 5: moves }, 8, by);
		const entitlements = resolveEntitlements(log, new Date('2026-05-08T12:00:00Z'), OPTIONS);
		expect(entitlements.map((one) => [one.customer_email, one.grants.length]).sort()).toEqual([
			['ada@example.com', 0],
			['bob@example.com', 1],
		]);
	});
});

describe('What only events tell', () => {
	it('a card that fails 6 days before the end takes no paid day, and begins no second grace', () => {
		const { access } = live({ 25: fails }, 48);
		expect(access).toBe(times('A', 25) + times('G', 15) + times('s', 6) + 'cc');
	});

	it('failed, then paid in the same second: nothing has happened', () => {
		const both: Deed = (shop, service) => {
			shop.fail(service);
			shop.pay(service);
		};
		expect(live({ 26: both }, 60).access).toBe(times('A', 60));
	});

	it('a failure in grace moves nothing; a failure of the next period begins anew', () => {
		const { access } = live({ 26: fails, 28: fails, 30: pays, 57: fails }, 75);
		// Paid until 1 July, day 61.
		expect(access.replaceAll('G', 'A')).toBe(times('A', 70) + times('s', 5));
	});

	it('period end asked for, withdrawn, asked for again: it ends with what is paid for', () => {
		const asks: Deed = (shop, service) => shop.cancelAtPeriodEnd(service);
		const withdraws: Deed = (shop, service) => shop.withdraw(service);
		expect(live({ 5: asks }, 36).access).toBe(times('A', PAID) + times('c', 3));
		expect(live({ 5: asks, 10: withdraws }, 36).access.replaceAll('G', 'A')).toBe(times('A', 36));
		expect(live({ 5: asks, 10: withdraws, 15: asks }, 36).access).toBe(
			times('A', PAID) + times('c', 3),
		);
	});

	it('period end asked for, but the open invoice is paid: the next period is theirs too', () => {
		const deeds: Record<number, Deed> = {
			26: (shop, service) => shop.cancelAtPeriodEnd(service),
			28: pays,
		};
		expect(live(deeds, 62).access).toBe(times('A', 62));
	});
});

describe('What a nightly comparison alone finds later', () => {
	it('period end is unknown to the API: the grace passes before it ends', () => {
		const asks: Deed = (shop, service) => shop.cancelAtPeriodEnd(service);
		const { access } = live({ 5: asks }, 48, 'reconcile');
		expect(access.replaceAll('G', 'A')).toBe(times('A', PAID + 7) + times('s', 6) + 'cc');
	});

	it('a user who was deleted silently is gone the same night', () => {
		const deletes: Deed = (shop) => shop.deleteUser('ada@example.com');
		expect(live({ 5: deletes }, 8, 'events').access).toBe(times('A', 8));
		expect(live({ 5: deletes }, 8, 'both').access).toBe('AAAAAccc');
	});
});
