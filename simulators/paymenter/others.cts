import type { Api, Call } from './call.cjs';
import { hasId, leadingNumber, stamps } from './call.cjs';
import { deleteOrder } from './edits.cjs';
import type { Category, Credit, Order, Product, Row } from './model.cjs';
import { addOrder } from './orders.cjs';
import { categoryResource, creditResource, orderResource, productResource } from './resources.cjs';
import { currency } from './services.cjs';
import { exists, field, text, validated } from './validation.cjs';
import { change } from './world.cjs';

const id = (row: Row): number => row.id;

function orderColumns({ input, world }: Call, some: string) {
	const sent = validated(input, [
		field('user_id', `${some}required`, exists(hasId(world.tables.users))),
		field('currency_code', `${some}required`, text, currency),
	]);
	return 'user_id' in sent ? { user_id: leadingNumber(String(sent.user_id)) } : {};
}

export const orders: Api<Order> = {
	path: 'orders',
	permission: 'orders',
	model: 'Order',
	table: ({ world }) => world.tables.orders,
	filters: { id, currency_code: (order) => order.currency_code },
	sorts: { id, ...stamps, currency_code: (order) => order.currency_code },
	includes: { services: 'services', user: 'users' },
	resource: orderResource,
	store: (call) => ({
		row: addOrder(call.world, orderColumns(call, '').user_id ?? 0),
		sent: {},
	}),
	update(call, row) {
		if (change(call.world, row, orderColumns(call, 'sometimes|'))) {
			call.world.emit({ event: 'Order\\Updated', id: row.id });
		}
		return { row, sent: {} };
	},
	destroy: ({ world }, row) => deleteOrder(world, row.id),
};

export const products: Api<Product> = {
	path: 'products',
	permission: 'products',
	model: 'Product',
	since: (features) => features.products,
	table: ({ world }) => world.tables.products,
	filters: {
		name: (product) => product.name,
		category_id: (product) => product.category_id,
		server_id: () => null,
		hidden: (product) => product.hidden,
		allow_quantity: (product) => product.allow_quantity,
	},
	sorts: {
		id,
		...stamps,
		name: (product) => product.name,
		sort: (product) => product.sort,
		stock: () => null,
	},
	includes: { category: null, 'plans.prices': 'products', services: 'services' },
	resource: productResource,
};

export const categories: Api<Category> = {
	path: 'categories',
	permission: 'categories',
	model: 'Category',
	since: (features) => features.products,
	table: ({ world }) => world.tables.categories,
	filters: { name: (category) => category.name, parent_id: (category) => category.parent_id },
	sorts: { id, ...stamps, name: (category) => category.name },
	includes: { products: 'products', parent: null, children: null },
	resource: categoryResource,
};

export const credits: Api<Credit> = {
	path: 'credits',
	permission: 'credits',
	model: 'Credit',
	since: (features) => features.serviceStatus,
	table: ({ world }) => world.tables.credits,
	filters: {
		id,
		currency_code: (credit) => credit.currency_code,
		user_id: (credit) => credit.user_id,
	},
	sorts: { id, ...stamps, currency_code: (credit) => credit.currency_code },
	includes: { user: 'users' },
	resource: creditResource,
};

const nothing = () => null;

/** There are none: their lists are empty, as recorded. */
const emptyApi = (
	path: string,
	model: string,
	columns: string[],
	includes: Api<Row>['includes'],
): Api<Row> => ({
	path,
	permission: path.replace('-', '_'),
	model,
	table: () => undefined,
	filters: Object.fromEntries(columns.map((name) => [name, nothing])),
	sorts: Object.fromEntries(columns.map((name) => [name, nothing])),
	includes,
	resource: (_view, row) => ({ type: path, id: String(row.id), attributes: {}, relations: {} }),
});

export const tickets = emptyApi(
	'tickets',
	'Ticket',
	['id', 'currency_code', 'user_id', 'status', 'priority', 'department'],
	{ messages: 'ticket_messages', user: 'users', assigned_to: null },
);

export const ticketMessages = emptyApi(
	'ticket-messages',
	'TicketMessage',
	['id', 'currency_code'],
	{
		user: 'users',
		ticket: 'tickets',
		attachments: null,
	},
);
