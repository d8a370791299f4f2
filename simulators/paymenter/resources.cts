import type { Input } from '../panel/php.cjs';
import { invoicesOf } from './billing.cjs';
import { apiDay, apiTime } from './calendar.cjs';
import type {
	Category,
	Credit,
	Invoice,
	InvoiceItem,
	Order,
	Plan,
	Product,
	Property,
	Row,
	Service,
	Ticket,
	TicketMessage,
	Time,
	Upgrade,
	User,
} from './model.cjs';
import { creditClass, upgradeClass, where } from './model.cjs';
import type { Features } from './versions.cjs';
import type { World } from './world.cjs';

/** What the API shows of a row, and what can be included with it, in the order of the answer. */
export interface Resource {
	type: string;
	id: string;
	attributes: Input;
	relations: Record<string, () => Resource | Resource[] | null>;
	/** Only with this relation loaded. */
	meta?: { with: string; value: () => Input };
}

/** What the API looks at. */
export interface View {
	world: World;
	features: Features;
}

const zoneOf = ({ world }: View): string => world.settings.timezone;

const time = (view: View, value: Time | null): string | null =>
	value === null ? null : apiTime(value, zoneOf(view));
const day = (view: View, value: Time | null): string | null =>
	value === null ? null : apiDay(value, zoneOf(view));

const stamps = (view: View, { updated_at, created_at }: Row): Input => ({
	updated_at: time(view, updated_at),
	created_at: time(view, created_at),
});

const of = (
	type: string,
	row: Row,
	attributes: Input,
	relations: Resource['relations'] = {},
): Resource => ({
	type,
	id: String(row.id),
	attributes: { id: row.id, ...attributes },
	relations,
});

const propertyResource = (view: View, row: Property): Resource =>
	of('properties', row, { name: row.name, key: row.key, value: row.value, ...stamps(view, row) });

export const creditResource = (view: View, row: Credit): Resource =>
	of(
		'credits',
		row,
		{ currency_code: row.currency_code, amount: row.amount, ...stamps(view, row) },
		{ user: () => userById(view, row.user_id) },
	);

function userById(view: View, id: number): Resource | null {
	const user = view.world.tables.users.rows.get(id);
	return user ? userResource(view, user) : null;
}

/** A list in PHP is JSON's `[]` when it is empty, whatever its keys would be. */
const keyed = (rows: Property[]): unknown =>
	rows.length === 0 ? [] : Object.fromEntries(rows.map(({ key, value }) => [key, value]));

export function userResource(view: View, row: User): Resource {
	const { tables } = view.world;
	const own = <T extends { user_id: number }>(one: T) => one.user_id === row.id;
	const properties = () => where(tables.properties, own);
	const { first_name, last_name, email, email_verified_at } = row;
	const resource = of(
		'users',
		row,
		{
			first_name,
			last_name,
			email,
			email_verified_at: time(view, email_verified_at),
			...stamps(view, row),
		},
		{
			properties: () => properties().map((one) => propertyResource(view, one)),
			orders: () => where(tables.orders, own).map((one) => orderResource(view, one)),
			services: () => where(tables.services, own).map((one) => serviceResource(view, one)),
			invoices: () => where(tables.invoices, own).map((one) => invoiceResource(view, one)),
			tickets: () => where(tables.tickets, own).map((one) => ticketResource(view, one)),
			credits: () => where(tables.credits, own).map((one) => creditResource(view, one)),
			role: () => null,
		},
	);
	if (!view.features.serviceStatus) return resource;
	const value = () => ({ properties: keyed(properties()) });
	return { ...resource, meta: { with: 'properties', value } };
}

export function orderResource(view: View, row: Order): Resource {
	const { services } = view.world.tables;
	const { currency_code, user_id } = row;
	const isNew = view.features.serviceStatus;
	return of(
		'orders',
		row,
		{ currency_code, ...(isNew ? { user_id } : {}), ...stamps(view, row) },
		{
			services: () =>
				where(services, (one) => one.order_id === row.id).map((one) => serviceResource(view, one)),
			...(isNew ? { user: () => userById(view, user_id) } : {}),
		},
	);
}

export function serviceResource(view: View, row: Service): Resource {
	const { orders, products } = view.world.tables;
	const { quantity, price, status, currency_code } = row;
	return of(
		'services',
		row,
		{
			quantity,
			price,
			...(view.features.serviceStatus ? { status: status ?? 'pending' } : {}),
			currency_code,
			expires_at: day(view, row.expires_at),
			...(view.world.holdsSuspensions
				? { suspend_hold_until: day(view, row.suspend_hold_until) }
				: {}),
			...stamps(view, row),
		},
		{
			coupon: () => null,
			user: () => userById(view, row.user_id),
			order: () => {
				const order = orders.rows.get(row.order_id ?? 0);
				return order ? orderResource(view, order) : null;
			},
			product: () => {
				const product = products.rows.get(row.product_id ?? 0);
				return product ? productResource(view, product) : null;
			},
			invoices: () => invoicesOf(view.world, row).map((one) => invoiceResource(view, one)),
			...(view.features.products ? { properties: () => [] } : {}),
		},
	);
}

export function invoiceResource(view: View, row: Invoice): Resource {
	const { status, currency_code, due_at } = row;
	return of(
		'invoices',
		row,
		{ status, currency_code, due_at: day(view, due_at), ...stamps(view, row) },
		{
			user: () => userById(view, row.user_id),
			items: () =>
				where(view.world.tables.items, (item) => item.invoice_id === row.id).map((item) =>
					itemResource(view, item),
				),
		},
	);
}

const upgradeResource = (view: View, row: Upgrade): Resource => {
	const { status, service_id, plan_id, product_id } = row;
	return of('serviceUpgrades', row, {
		status,
		service_id,
		plan_id,
		product_id,
		...stamps(view, row),
	});
};

export function itemResource(view: View, row: InvoiceItem): Resource {
	const { services, upgrades, credits } = view.world.tables;
	const { description, quantity, price, reference_type, reference_id } = row;
	const show = <T extends Row>(
		rows: Map<number, T>,
		shape: (view: View, row: T) => Resource,
	): Resource | null => {
		const found = rows.get(reference_id ?? 0);
		return found ? shape(view, found) : null;
	};
	return of(
		'invoiceItems',
		row,
		{ description, quantity, price, reference_type, reference_id, ...stamps(view, row) },
		{
			reference: () => {
				if (reference_type === creditClass) return show(credits.rows, creditResource);
				if (reference_type === upgradeClass) return show(upgrades.rows, upgradeResource);
				return show(services.rows, serviceResource);
			},
		},
	);
}

export function ticketResource(view: View, row: Ticket): Resource {
	const { subject, status, priority, department, user_id } = row;
	const isNew = view.features.serviceStatus;
	return of(
		'tickets',
		row,
		{
			subject,
			status,
			priority,
			...(isNew ? { assigned_to: null, user_id } : {}),
			department,
			...stamps(view, row),
		},
		{
			messages: () =>
				where(view.world.tables.ticketMessages, (one) => one.ticket_id === row.id).map((one) =>
					ticketMessageResource(view, one),
				),
			user: () => userById(view, user_id),
			assigned_to: () => null,
		},
	);
}

export const ticketMessageResource = (view: View, row: TicketMessage): Resource =>
	of(
		'ticketMessages',
		row,
		{ message: row.message, ...stamps(view, row) },
		{
			user: () => userById(view, row.user_id),
			ticket: () => {
				const ticket = view.world.tables.tickets.rows.get(row.ticket_id);
				return ticket ? ticketResource(view, ticket) : null;
			},
			attachments: () => [],
		},
	);

export function categoryResource(view: View, row: Category): Resource {
	const { categories, products } = view.world.tables;
	const { name, parent_id } = row;
	return of(
		'categories',
		row,
		{ name, parent_id, permissions: null, ...stamps(view, row) },
		{
			products: () =>
				where(products, (one) => one.category_id === row.id).map((one) =>
					productResource(view, one),
				),
			parent: () => {
				const parent = categories.rows.get(parent_id ?? 0);
				return parent ? categoryResource(view, parent) : null;
			},
			children: () =>
				where(categories, (one) => one.parent_id === row.id).map((one) =>
					categoryResource(view, one),
				),
		},
	);
}

function planResource(row: Plan): Resource {
	const { name, type, billing_period, billing_unit } = row;
	const price = of('prices', row, { price: row.price, setup_fee: '0.00', currency_code: 'USD' });
	return of(
		'plans',
		row,
		{ name, type, billing_period, billing_unit, sort: 0 },
		{ prices: () => (type === 'free' ? [] : [price]) },
	);
}

export function productResource(view: View, row: Product): Resource {
	const { categories, plans } = view.world.tables;
	const { name, slug, sort, allow_quantity, hidden } = row;
	const category = () => {
		const found = categories.rows.get(row.category_id);
		return found ? categoryResource(view, found) : null;
	};
	if (!view.features.products) {
		return of('products', row, { name, permissions: null, ...stamps(view, row) }, { category });
	}
	return of(
		'products',
		row,
		{
			name,
			description: `<p>${name}</p>`,
			image: null,
			slug,
			stock: null,
			per_user_limit: null,
			sort,
			allow_quantity,
			email_template: null,
			hidden,
			...stamps(view, row),
		},
		{
			category,
			plans: () => where(plans, (one) => one.product_id === row.id).map(planResource),
		},
	);
}
