import { addPeriod, dayMs, startOfDay } from './calendar.cjs';
import type { Invoice, Plan, Service, Upgrade } from './model.cjs';
import { insert, money, serviceClass, upgradeClass, where } from './model.cjs';
import { addCredit, addInvoice, addItem, invoicesOf, itemsOf, planOf } from './billing.cjs';
import type { World } from './world.cjs';
import { change, productOf, saveService, serviceOf } from './world.cjs';

const periodDays: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 };

/** The plan of the other product with the same billing period. */
function planFor(world: World, service: Service, productId: number): Plan {
	const { billing_period, billing_unit } = planOf(world, service);
	const [plan] = where(
		world.tables.plans,
		(one) =>
			one.product_id === productId &&
			one.billing_period === billing_period &&
			one.billing_unit === billing_unit,
	);
	if (!plan) throw new Error(`Product ${productId} has no plan with the period of the service`);
	return plan;
}

/** The difference for the days that remain; Paymenter counts a month as 30 days. */
export function upgradePrice(world: World, upgrade: Pick<Upgrade, 'service_id' | 'product_id'>) {
	const service = serviceOf(world, upgrade.service_id);
	if (service.product_id === upgrade.product_id) return 0;
	const price = Number(planFor(world, service, upgrade.product_id).price);
	if (service.expires_at === null) return price;
	const { billing_period, billing_unit } = planOf(world, service);
	const days = (periodDays[billing_unit ?? ''] ?? 0) * (billing_period ?? 0);
	const apart = Math.abs(startOfDay(service.expires_at) - startOfDay(world.now())) / dayMs;
	const old = Number(planFor(world, service, service.product_id ?? 0).price);
	return days > 0 ? ((price - old) / days) * Math.min(apart, days) : price - old;
}

/** Two `Service\Updated`: first product and plan, then the price. */
export function completeUpgrade(world: World, upgrade: Upgrade): void {
	world.transaction(() => {
		change(world, upgrade, { status: 'completed' });
		world.emit({ event: 'ServiceUpgrade\\Updated', id: upgrade.id });
		const service = serviceOf(world, upgrade.service_id);
		const { plan_id, product_id } = upgrade;
		saveService(world, service, { plan_id, product_id });
		saveService(world, service, { price: planOf(world, service).price });
		const open = invoicesOf(world, service).find((invoice) => invoice.status === 'pending');
		const item =
			open &&
			itemsOf(world, open).find(
				(one) => one.reference_type === serviceClass && one.reference_id === service.id,
			);
		if (item && change(world, item, { price: service.price })) {
			world.emit({ event: 'InvoiceItem\\Updated', id: item.id });
		}
	});
}

export interface OrderedUpgrade {
	upgrade: Upgrade;
	/** null: it cost nothing and is done. */
	invoice: Invoice | null;
}

/** What the customer orders in the portal: at once when it costs nothing, else once it is paid. */
export function orderUpgrade(
	world: World,
	service: Service,
	reference: number | string,
): OrderedUpgrade {
	const product = productOf(world, reference);
	const plan = planFor(world, service, product.id);
	if (service.status !== 'active') throw new Error(`Service ${service.id} is not active`);
	if (product.id === service.product_id) {
		throw new Error(`Service ${service.id} is already ${product.slug}`);
	}
	if (pendingUpgrade(world, service)) {
		throw new Error(`Service ${service.id} has an unpaid upgrade already`);
	}
	return world.transaction(() => {
		const upgrade = insert(
			world.tables.upgrades,
			{
				service_id: service.id,
				product_id: product.id,
				plan_id: plan.id,
				invoice_id: null,
				status: 'pending',
			},
			world.now(),
		);
		world.emit({ event: 'ServiceUpgrade\\Created', id: upgrade.id });
		const price = upgradePrice(world, upgrade);
		const from = productOf(world, service.product_id ?? 0).name;
		if (price <= 0) {
			completeUpgrade(world, upgrade);
			if (world.settings.creditDowngrades) {
				addCredit(world, service.user_id, service.currency_code, -price);
			}
			return { upgrade, invoice: null };
		}
		const { user_id, currency_code } = service;
		const due_at = startOfDay(addPeriod(world.now(), 7, 'day'));
		const invoice = addInvoice(world, { user_id, currency_code, due_at });
		change(world, upgrade, { invoice_id: invoice.id });
		world.emit({ event: 'ServiceUpgrade\\Updated', id: upgrade.id });
		addItem(world, {
			invoice_id: invoice.id,
			description: `Upgrade ${from} to ${product.name}`,
			quantity: 1,
			price: money(price),
			reference_type: upgradeClass,
			reference_id: upgrade.id,
		});
		return { upgrade, invoice };
	});
}

export const pendingUpgrade = (world: World, service: Service): Upgrade | undefined =>
	where(
		world.tables.upgrades,
		(upgrade) => upgrade.service_id === service.id && upgrade.status === 'pending',
	)[0];
