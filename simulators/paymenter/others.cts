import { sameText } from '../panel/mariadb.cjs';
import type { Input } from '../panel/php.cjs';
import type { Api, Call } from './call.cjs';
import { hasId, leadingNumber, stamps } from './call.cjs';
import { deleteOrder } from './edits.cjs';
import type { Category, Credit, Order, Product, Row } from './model.cjs';
import { insert, money, where } from './model.cjs';
import { addOrder } from './orders.cjs';
import { categoryResource, creditResource, orderResource, productResource } from './resources.cjs';
import { currency } from './services.cjs';
import type { Field } from './validation.cjs';
import { exists, field, least, numeric, text, unique, validated } from './validation.cjs';
import { change } from './world.cjs';

const id = (row: Row): number => row.id;

function orderColumns({ input, world }: Call, some: string) {
	const sent = validated(input, [
		field('user_id', `${some}required`, exists(hasId(world.tables.users))),
		field('currency_code', `${some}required`, text, currency),
	]);
	return 'user_id' in sent ? { user_id: leadingNumber(sent.user_id) } : {};
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

/** One of each currency for a user. */
function creditRules({ world }: Call, some: string, owner: number, self?: Credit): Field[] {
	const others = where(world.tables.credits, (one) => one !== self && one.user_id === owner);
	const isTaken = (code: string) => others.some((one) => sameText(one.currency_code, code));
	return [
		field('currency_code', `${some}required`, text, currency, unique(isTaken)),
		field('amount', `${some}required`, numeric, least(0)),
	];
}

const creditColumns = (sent: Input): Partial<Credit> => ({
	...('currency_code' in sent ? { currency_code: String(sent.currency_code) } : {}),
	...('amount' in sent ? { amount: money(String(sent.amount)) } : {}),
});

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
	store(call) {
		const { world, input } = call;
		const owner = leadingNumber(input.user_id);
		const sent = validated(input, [
			field('user_id', 'required', exists(hasId(world.tables.users))),
			...creditRules(call, '', owner),
		]);
		const fields = { ...creditColumns(sent), user_id: owner } as Credit;
		return { row: insert(world.tables.credits, fields, world.now()), sent };
	},
	update(call, row) {
		const sent = validated(call.input, creditRules(call, 'sometimes|', row.user_id, row));
		change(call.world, row, creditColumns(sent));
		return { row, sent };
	},
	destroy: ({ world }, row) => world.tables.credits.rows.delete(row.id),
};
