import type { Ping, Report } from '../../../simulators/paymenter/extension.cjs';
import type { Shop, ShopOptions } from '../../../simulators/paymenter/shop.cjs';
import { createShop } from '../../../simulators/paymenter/shop.cjs';
import type { Moment } from '../../../simulators/paymenter/world.cjs';

type Told = NonNullable<ReturnType<Report['read']>>;

/** A shop with one customer, a clock that stands still, and everything that it says. */
export interface Shopkeeper {
	shop: Shop;
	customer: number;
	/** Events since the last look: what, and the state that they carry. */
	told(): string[];
	/** The same, whole. */
	events(): Array<Exclude<Told, Ping>>;
	/** Model events since the last look. */
	moments(): string[];
}

export const opening = '2026-03-10T15:30:20Z';
export const hour = 3600 * 1000;
export const day = 24 * hour;

/** `payment.failed: active, fire-knight until 2026-04-10, ends 2026-04-10` */
function sentence(event: Told): string {
	if (!('customer_id' in event)) return event.event;
	if (!('status' in event)) return `${event.event}: ${event.customer_email}`;
	const { status, product_id, paid_until, ends_at } = event;
	const until = paid_until === null ? '' : ` until ${paid_until}`;
	return `${event.event}: ${status}, ${product_id}${until}${ends_at === null ? '' : `, ends ${ends_at}`}`;
}

export function openShop(options: ShopOptions = {}, start = opening): Shopkeeper {
	let events: Told[] = [];
	let moments: Moment[] = [];
	let ids = 0;
	const shop = createShop({
		now: () => new Date(start),
		deliver: (event) => events.push(event),
		watch: (moment) => moments.push(moment),
		newId: () => `pmt_${++ids}`,
		...options,
	});
	const take = (): Told[] => {
		const taken = events;
		events = [];
		return taken;
	};
	const customer = shop.addUser({
		email: 'bea@example.test',
		first_name: 'Bea',
		last_name: 'Brown',
	}).id;
	moments = [];
	return {
		shop,
		customer,
		told: () => take().map(sentence),
		events: () => take().flatMap((event) => (event.event === 'ping' ? [] : [event])),
		moments() {
			const taken = moments.map(({ event }) => event);
			moments = [];
			return taken;
		},
	};
}

/** With one paid service; what that said is forgotten. */
export function openShopWith(product: string, options: ShopOptions = {}, start = opening) {
	const keeper = openShop(options, start);
	const { service } = keeper.shop.buy(keeper.customer, product);
	keeper.shop.pay(service.id);
	keeper.told();
	keeper.moments();
	return { ...keeper, service, id: service.id };
}
