import { sameText } from '../panel/mariadb.cjs';
import { cancelOpenInvoices } from './billing.cjs';
import type { Cancellation, Property, Row, Service, Table, User } from './model.cjs';
import { insert, where } from './model.cjs';
import type { World } from './world.cjs';
import { change, saveService } from './world.cjs';

/** What customers and admins change and delete. */

export type NewUser = Pick<User, 'email'> & Partial<Omit<User, 'updated_at'>>;

export function addUser(world: World, fields: NewUser): User {
	const [taken] = where(world.tables.users, (user) => sameText(user.email, fields.email));
	if (taken) throw new Error(`The address ${fields.email} belongs to user ${taken.id}`);
	const user = insert(
		world.tables.users,
		{ first_name: null, last_name: null, email_verified_at: null, ...fields },
		world.now(),
	);
	world.emit({ event: 'User\\Created', id: user.id });
	return user;
}

export function saveUser(world: World, user: User, changes: Partial<User>): void {
	const before = change(world, user, changes);
	if (before) world.emit({ event: 'User\\Updated', before, user: { ...user } });
}

/** The shop's custom properties for users. */
const propertyNames: Record<string, string> = {
	minecraft_username: 'Minecraft Username',
	discord_id: 'Discord ID',
};

const propertyOf = ({ tables }: World, user: User, key: string): Property | undefined =>
	where(tables.properties, (one) => one.user_id === user.id && one.key === key)[0];

/** For a user without it; no event. */
export function addProperty(world: World, user: User, key: string, value: string): Property {
	const fields = { user_id: user.id, name: propertyNames[key] ?? key, key, value };
	return insert(world.tables.properties, fields, world.now());
}

/** What an admin does to one property; null deletes it. */
export function setProperty(world: World, user: User, key: string, value: string | null): void {
	const known = propertyOf(world, user, key);
	if ((known?.value ?? null) === value) return;
	if (known && value === null) {
		world.tables.properties.rows.delete(known.id);
		world.emit({ event: 'Property\\Deleted', property: { ...known } });
	} else if (known && value !== null) {
		change(world, known, { value });
		world.emit({ event: 'Property\\Updated', property: { ...known } });
	} else if (value !== null) {
		world.emit({
			event: 'Property\\Created',
			property: { ...addProperty(world, user, key, value) },
		});
	}
}

/** What customers change on their own account page. */
export interface Profile extends Partial<Pick<User, 'first_name' | 'last_name' | 'email'>> {
	properties?: Record<string, string>;
}

/** A new address takes its verification back. */
export function saveProfile(world: World, user: User, { properties, ...fields }: Profile): void {
	const { email } = user;
	saveUser(world, user, fields);
	if (user.email !== email) saveUser(world, user, { email_verified_at: null });
	if (!properties) return;
	for (const [key, value] of Object.entries(properties)) {
		const known = propertyOf(world, user, key);
		if (known) change(world, known, { value });
		else addProperty(world, user, key, value);
	}
	world.emit({ event: 'Properties\\Updated', user_id: user.id });
}

/** Only an immediate one does something: Paymenter's own queued listener, as if it ran at once. */
export function addCancellation(
	world: World,
	service: Service,
	type: Cancellation['type'],
): Cancellation {
	const { cancellations } = world.tables;
	const isAsked = where(cancellations, (one) => one.service_id === service.id).length > 0;
	if (type === 'end_of_period' && isAsked) {
		throw new Error(`Service ${service.id} has a cancellation already`);
	}
	const cancellation = insert(cancellations, { service_id: service.id, type }, world.now());
	world.emit({ event: 'ServiceCancellation\\Created', cancellation: { ...cancellation } });
	if (type === 'immediate') {
		saveService(world, service, { status: 'cancelled' });
		cancelOpenInvoices(world, service);
	}
	return cancellation;
}

/** An admin deletes the request. */
export function withdrawCancellation(world: World, service: Service): void {
	const { cancellations } = world.tables;
	const [cancellation] = where(cancellations, (one) => one.service_id === service.id);
	if (!cancellation) throw new Error(`Service ${service.id} has no cancellation`);
	cancellations.rows.delete(cancellation.id);
	world.emit({ event: 'ServiceCancellation\\Deleted', cancellation });
}

function drop<T extends Row>(table: Table<T>, test: (row: T) => boolean): T[] {
	const rows = where(table, test);
	for (const row of rows) table.rows.delete(row.id);
	return rows;
}

/** The database's own cascades fire nothing. */
function dropService(world: World, id: number): void {
	const { services, cancellations, upgrades } = world.tables;
	services.rows.delete(id);
	drop(cancellations, (one) => one.service_id === id);
	drop(upgrades, (one) => one.service_id === id);
}

function dropInvoice(world: World, id: number): void {
	const { invoices, items, transactions, upgrades } = world.tables;
	invoices.rows.delete(id);
	drop(items, (one) => one.invoice_id === id);
	drop(transactions, (one) => one.invoice_id === id);
	drop(upgrades, (one) => one.invoice_id === id);
}

function dropOrder(world: World, id: number): void {
	const { orders, services } = world.tables;
	orders.rows.delete(id);
	for (const service of where(services, (one) => one.order_id === id)) {
		dropService(world, service.id);
	}
}

export function deleteService(world: World, service: Service): void {
	dropService(world, service.id);
	world.emit({ event: 'Service\\Deleted', service: { ...service } });
}

export function deleteOrder(world: World, id: number): void {
	dropOrder(world, id);
	world.emit({ event: 'Order\\Deleted', id });
}

/** No event of any kind. */
export function deleteUser(world: World, id: number): void {
	const { users, orders, services, invoices, credits } = world.tables;
	users.rows.delete(id);
	for (const order of where(orders, (one) => one.user_id === id)) dropOrder(world, order.id);
	for (const service of where(services, (one) => one.user_id === id)) {
		dropService(world, service.id);
	}
	for (const invoice of where(invoices, (one) => one.user_id === id)) {
		dropInvoice(world, invoice.id);
	}
	drop(credits, (one) => one.user_id === id);
}

/** Its services stay, without a product. */
export function deleteProduct(world: World, id: number): void {
	const { products, services } = world.tables;
	products.rows.delete(id);
	for (const service of where(services, (one) => one.product_id === id)) {
		service.product_id = null;
	}
}
