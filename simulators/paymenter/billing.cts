import { addPeriod, shownDate, startOfDay } from './calendar.cjs';
import type { Invoice, InvoiceItem, Plan, Service } from './model.cjs';
import { insert, money, serviceClass, where } from './model.cjs';
import type { World } from './world.cjs';
import { change, productOf } from './world.cjs';

export const itemsOf = (world: World, invoice: Invoice): InvoiceItem[] =>
	where(world.tables.items, (item) => item.invoice_id === invoice.id);

/** Invoices of the service itself, not those of its upgrades; the oldest first. */
export function invoicesOf(world: World, service: Service): Invoice[] {
	return where(
		world.tables.items,
		(item) => item.reference_type === serviceClass && item.reference_id === service.id,
	).flatMap((item) => world.tables.invoices.rows.get(item.invoice_id) ?? []);
}

export function planOf(world: World, service: Service): Plan {
	const plan = world.tables.plans.rows.get(service.plan_id ?? 0);
	if (!plan) throw new Error(`Service ${service.id} has no plan`);
	return plan;
}

/** What an invoice calls the service: `Fire Knight (Nov 22, 2026 - Dec 22, 2026)`. */
export function describe(world: World, service: Service): string {
	const { name } = productOf(world, service.product_id ?? 0);
	const { type, billing_period, billing_unit } = planOf(world, service);
	if (type !== 'recurring' || !billing_period || !billing_unit) return name;
	const from = service.expires_at ?? world.now();
	return `${name} (${shownDate(from)} - ${shownDate(addPeriod(from, billing_period, billing_unit))})`;
}

export type NewInvoice = Pick<Invoice, 'user_id' | 'currency_code' | 'due_at'> &
	Partial<Pick<Invoice, 'status'>>;

export function addInvoice(world: World, fields: NewInvoice): Invoice {
	const number = world.settings.invoiceNumberFormat.replace('{number}', `${++world.invoiceNumber}`);
	const invoice = insert(
		world.tables.invoices,
		{ status: 'pending', ...fields, number },
		world.now(),
	);
	world.emit({ event: 'Invoice\\Created', id: invoice.id });
	return invoice;
}

export type NewItem = Omit<InvoiceItem, 'id' | 'created_at' | 'updated_at'>;

export function addItem(world: World, fields: NewItem): InvoiceItem {
	const item = insert(world.tables.items, { ...fields, price: money(fields.price) }, world.now());
	world.emit({ event: 'InvoiceItem\\Created', id: item.id });
	return item;
}

/** The invoice for the next period, as the cron makes it. */
export function addRenewalInvoice(world: World, service: Service): Invoice {
	const { id, user_id, currency_code, price, quantity, expires_at } = service;
	const invoice = addInvoice(world, {
		user_id,
		currency_code,
		due_at: expires_at === null ? null : startOfDay(expires_at),
	});
	addItem(world, {
		invoice_id: invoice.id,
		description: describe(world, service),
		quantity,
		price,
		reference_type: serviceClass,
		reference_id: id,
	});
	return invoice;
}

export function addCredit(world: World, userId: number, currency: string, amount: number): void {
	const { credits } = world.tables;
	const [own] = where(
		credits,
		(credit) => credit.user_id === userId && credit.currency_code === currency,
	);
	if (own) change(world, own, { amount: money(Number(own.amount) + amount) });
	else {
		insert(
			credits,
			{ user_id: userId, currency_code: currency, amount: money(amount) },
			world.now(),
		);
	}
}

export const totalOf = (world: World, invoice: Invoice): number =>
	itemsOf(world, invoice).reduce((sum, item) => sum + Number(item.price) * item.quantity, 0);

export function remainingOf(world: World, invoice: Invoice): number {
	const paid = where(
		world.tables.transactions,
		(one) => one.invoice_id === invoice.id && one.status === 'succeeded',
	).reduce((sum, one) => sum + Number(one.amount), 0);
	return Number((totalOf(world, invoice) - paid).toFixed(2));
}

/** `invoices()->update(…)`: fires nothing. */
export function cancelOpenInvoices(world: World, service: Service): void {
	for (const invoice of invoicesOf(world, service)) {
		if (invoice.status === 'pending') change(world, invoice, { status: 'cancelled' });
	}
}
