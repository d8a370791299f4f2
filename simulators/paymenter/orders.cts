import { addInvoice, addItem, describe } from './billing.cjs';
import { addPeriod, startOfDay } from './calendar.cjs';
import type { Card, Invoice, Order, Plan, Product, Service } from './model.cjs';
import { insert, serviceClass, where } from './model.cjs';
import { renew } from './payments.cjs';
import type { World } from './world.cjs';
import { productOf, userOf } from './world.cjs';

export interface Purchase {
	order: Order;
	/** null: it cost nothing. */
	invoice: Invoice | null;
	services: Service[];
	/** The first of them. */
	service: Service;
}

export interface PurchaseOptions {
	quantity?: number;
	/** The card that later charges go to. */
	card?: Card;
}

function firstPlan(world: World, product: Product): Plan {
	const [plan] = where(world.tables.plans, (one) => one.product_id === product.id);
	if (!plan) throw new Error(`${product.slug} has no plan`);
	return plan;
}

export function addOrder(world: World, userId: number, currency_code = 'USD'): Order {
	const order = insert(world.tables.orders, { user_id: userId, currency_code }, world.now());
	world.emit({ event: 'Order\\Created', id: order.id });
	return order;
}

/** The checkout of a cart; what costs nothing is active at once. */
export function checkOut(
	world: World,
	userId: number,
	references: Array<number | string>,
	{ quantity = 1, card }: PurchaseOptions,
): Purchase {
	const user = userOf(world, userId);
	const cart = references.map((reference) => {
		const product = productOf(world, reference);
		return { product, plan: firstPlan(world, product) };
	});
	return world.transaction(() => {
		const order = addOrder(world, user.id);
		const { currency_code } = order;
		const costs = cart.some(({ plan }) => Number(plan.price) > 0);
		const due_at = startOfDay(addPeriod(world.now(), 7, 'day'));
		const invoice = costs ? addInvoice(world, { user_id: user.id, currency_code, due_at }) : null;
		const services = cart.map(({ product, plan }) => {
			const service = insert(
				world.tables.services,
				{
					status: null,
					order_id: order.id,
					product_id: product.id,
					plan_id: plan.id,
					user_id: user.id,
					currency_code,
					quantity,
					price: plan.price,
					expires_at: null,
					suspend_hold_until: null,
					subscription_id: null,
					card: card ?? null,
					label: null,
				},
				world.now(),
			);
			world.emit({ event: 'Service\\Created', service: { ...service } });
			if (invoice && Number(plan.price) > 0) {
				addItem(world, {
					invoice_id: invoice.id,
					description: describe(world, service),
					quantity,
					price: plan.price,
					reference_type: serviceClass,
					reference_id: service.id,
				});
				service.status = 'pending';
			} else {
				renew(world, service);
			}
			return service;
		});
		const [service] = services;
		if (!service) throw new Error('The cart is empty');
		return { order, invoice, services, service };
	});
}
