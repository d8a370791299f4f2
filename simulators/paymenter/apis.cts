import { databaseTime } from './calendar.cjs';
import type { Columns } from './lists.cjs';
import type { Row, Service, Table, User } from './model.cjs';
import type { Resource, View } from './resources.cjs';
import { serviceResource, userResource } from './resources.cjs';

/** One of the API's resources, for reading. */
export interface Api<T extends Row> {
	/** In the path, and in its permission: `admin.PATH.view`. */
	path: string;
	/** `Service`, for the 404 */
	model: string;
	table: (view: View) => Table<T>;
	filters: Columns<T>;
	sorts: Columns<T>;
	/** Each with the permission that it needs, where there is one. */
	includes: Record<string, string | null>;
	resource: (view: View, row: T) => Resource;
}

const users: Api<User> = {
	path: 'users',
	model: 'User',
	table: ({ world }) => world.tables.users,
	filters: {
		first_name: (user) => user.first_name,
		last_name: (user) => user.last_name,
		email: (user) => user.email,
	},
	sorts: {
		id: (user) => user.id,
		first_name: (user) => user.first_name,
		last_name: (user) => user.last_name,
		email: (user) => user.email,
		created_at: (user) => user.created_at,
	},
	includes: {
		properties: 'properties',
		orders: 'orders',
		services: 'services',
		invoices: 'invoices',
		tickets: 'tickets',
		credits: 'credits',
		role: 'roles',
	},
	resource: userResource,
};

const services: Api<Service> = {
	path: 'services',
	model: 'Service',
	table: ({ world }) => world.tables.services,
	filters: {
		quantity: (service) => service.quantity,
		price: (service) => service.price,
		expires_at: ({ expires_at }) => (expires_at === null ? null : databaseTime(expires_at)),
		subscription_id: (service) => service.subscription_id,
		status: (service) => service.status,
	},
	sorts: {
		id: (service) => service.id,
		created_at: (service) => service.created_at,
		updated_at: (service) => service.updated_at,
		expires_at: (service) => service.expires_at,
		status: (service) => service.status,
	},
	includes: {
		order: null,
		coupon: null,
		user: 'users',
		product: null,
		invoices: 'invoices',
		properties: 'properties',
	},
	resource: serviceResource,
};

/** Forgets what its rows are: each only gets rows that its own `table` gave. */
export const apis = [users, services] as unknown as Array<Api<Row>>;
