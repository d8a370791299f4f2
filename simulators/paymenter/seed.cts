import { addPeriod, dayMs, startOfDay } from './calendar.cjs';
import { addProperty } from './edits.cjs';
import type { Service, Time } from './model.cjs';
import { insert, money, serviceClass } from './model.cjs';
import type { Shop } from './shop.cjs';

/** Of a hundred customers; the rest are active. */
const shares: Array<[state: 'overdue' | 'suspended' | 'cancelled' | 'pending', until: number]> = [
	['overdue', 5],
	['suspended', 10],
	['cancelled', 18],
	['pending', 20],
];

function stateOf(index: number): 'active' | (typeof shares)[number][0] {
	const place = (index * 37) % 100;
	return shares.find(([, until]) => place < until)?.[0] ?? 'active';
}

/** Days from now to the end of the period: overdue ones ended yesterday. */
const endOf = { overdue: -1, suspended: -5, cancelled: -20, pending: null } as const;

function seedService(shop: Shop, userId: number, index: number): void {
	const { world, tables } = shop;
	const now = world.now();
	const state = stateOf(index);
	const product = tables.products.rows.get((index % tables.products.rows.size) + 1);
	const plan = [...tables.plans.rows.values()].find((one) => one.product_id === product?.id);
	if (!product || !plan) return;
	const recurs = plan.type === 'recurring';
	const days = state === 'active' ? 1 + (index % 29) : endOf[state];
	const expires_at = recurs && days !== null ? startOfDay(now) + days * dayMs : null;
	// What was bought once is never overdue.
	const isOpen = state === 'pending' || (recurs && (state === 'overdue' || state === 'suspended'));
	const status = state === 'overdue' || (!recurs && state === 'suspended') ? 'active' : state;
	const bought: Time = expires_at === null ? now - dayMs : addPeriod(expires_at, -1, 'month');
	const order = insert(tables.orders, { user_id: userId, currency_code: 'USD' }, bought);
	const fields: Omit<Service, 'id' | 'created_at' | 'updated_at'> = {
		status,
		order_id: order.id,
		product_id: product.id,
		plan_id: plan.id,
		user_id: userId,
		currency_code: 'USD',
		quantity: 1,
		price: plan.price,
		expires_at,
		suspend_hold_until: null,
		subscription_id: null,
		card: null,
		label: null,
	};
	const service = insert(tables.services, fields, bought);
	const bill = (isPaid: boolean, at: Time): void => {
		const invoice = insert(
			tables.invoices,
			{
				number: String(++world.invoiceNumber),
				status: isPaid ? 'paid' : 'pending',
				due_at: startOfDay(at) + 7 * dayMs,
				currency_code: 'USD',
				user_id: userId,
			},
			at,
		);
		insert(
			tables.items,
			{
				invoice_id: invoice.id,
				description: product.name,
				quantity: 1,
				price: plan.price,
				reference_type: serviceClass,
				reference_id: service.id,
			},
			at,
		);
		insert(
			tables.transactions,
			{
				invoice_id: invoice.id,
				transaction_id: null,
				amount: money(plan.price),
				status: isPaid ? 'succeeded' : 'failed',
				is_credit_transaction: false,
			},
			at,
		);
	};
	if (state !== 'pending') bill(true, bought);
	if (isOpen) bill(false, (expires_at ?? now) - dayMs);
}

/**
 * So many customers with one service each, every tenth with a second one; most have entered their player,
 * half of them a Discord ID; no events.
 */
export function seedCustomers(shop: Shop, count: number): void {
	const { tables, world } = shop;
	const time = world.now() - 40 * dayMs;
	for (let index = 1; index <= count; index++) {
		const user = insert(
			tables.users,
			{
				first_name: `Customer ${index}`,
				last_name: 'Example',
				email: `customer${index}@example.test`,
				email_verified_at: time,
			},
			time,
		);
		if (index % 5 !== 0) addProperty(world, user, 'minecraft_username', `Customer_${index}`);
		if (index % 2 === 0) addProperty(world, user, 'discord_id', String(10n ** 17n + BigInt(index)));
		seedService(shop, user.id, index);
		if (index % 10 === 0) seedService(shop, user.id, index * 7 + 3);
	}
}

export function seedAdmin(shop: Shop): void {
	const { tables, world } = shop;
	const time = world.now();
	insert(
		tables.users,
		{
			first_name: 'Ada',
			last_name: 'Admin',
			email: 'admin@example.test',
			email_verified_at: time,
		},
		time,
	);
}
