import type { Input } from '../panel/php.cjs';
import { apiDay, apiTime } from './calendar.cjs';
import type { Order, Product, Property, Row, Service, Time, User } from './model.cjs';
import { where } from './model.cjs';
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

function userById(view: View, id: number): Resource | null {
	const user = view.world.tables.users.rows.get(id);
	return user ? userResource(view, user) : null;
}

/** A list in PHP is JSON's `[]` when it is empty, whatever its keys would be. */
const keyed = (rows: Property[]): unknown =>
	rows.length === 0 ? [] : Object.fromEntries(rows.map(({ key, value }) => [key, value]));

export function userResource(view: View, row: User): Resource {
	const properties = () => where(view.world.tables.properties, (one) => one.user_id === row.id);
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
		},
	);
	if (!view.features.serviceStatus) return resource;
	const value = () => ({ properties: keyed(properties()) });
	return { ...resource, meta: { with: 'properties', value } };
}

function orderResource(view: View, row: Order): Resource {
	const { currency_code, user_id } = row;
	const isNew = view.features.serviceStatus;
	return of('orders', row, {
		currency_code,
		...(isNew ? { user_id } : {}),
		...stamps(view, row),
	});
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
			...(view.features.products ? { properties: () => [] } : {}),
		},
	);
}

function productResource(view: View, row: Product): Resource {
	const { name, slug, sort, allow_quantity, hidden } = row;
	if (!view.features.products) {
		return of('products', row, { name, permissions: null, ...stamps(view, row) });
	}
	return of('products', row, {
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
	});
}
