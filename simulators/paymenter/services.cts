import { sameText } from '../panel/mariadb.cjs';
import type { Input } from '../panel/php.cjs';
import { isTruthy } from '../panel/php.cjs';
import { databaseTime } from './calendar.cjs';
import type { Api, Call } from './call.cjs';
import { hasId, leadingNumber, pick, stamps } from './call.cjs';
import { storedDate } from './dates.cjs';
import { deleteService } from './edits.cjs';
import type { Service } from './model.cjs';
import { insert, money, serviceStatuses } from './model.cjs';
import { serviceResource } from './resources.cjs';
import type { Field, Rule } from './validation.cjs';
import {
	date,
	exists,
	field,
	integer,
	least,
	longest,
	notBeforeToday,
	numeric,
	oneOf,
	text,
	validated,
} from './validation.cjs';
import { saveService } from './world.cjs';

export const currency = exists((code) => sameText('USD', code));

/**
 * In an update the rule never finds a plan, because its class lacks an import: product and plan in
 * one request are always refused.
 */
const planOfProduct = ({ world }: Call, isUpdate: boolean): Rule => ({
	passes: (value, input) => {
		if (!isTruthy(input.product_id)) return true;
		const plan = world.tables.plans.rows.get(leadingNumber(value));
		return !isUpdate && plan?.product_id === leadingNumber(input.product_id);
	},
	message: 'The selected plan does not belong to the specified product.',
});

function rules(call: Call, isUpdate: boolean): Field[] {
	const { world, features } = call;
	const { products, plans, users, orders } = world.tables;
	const some = isUpdate && features.partialUpdates ? 'sometimes|' : '';
	const required = `${some}required`;
	const nullable = `${some}nullable`;
	return [
		field('product_id', required, exists(hasId(products))),
		field('plan_id', required, exists(hasId(plans)), planOfProduct(call, isUpdate)),
		field('user_id', required, exists(hasId(users))),
		field('quantity', required, integer, least(1)),
		field('status', required, oneOf(serviceStatuses)),
		field('expires_at', nullable, date, notBeforeToday(world)),
		field('currency_code', required, text, currency),
		field('price', required, numeric, least(0)),
		field(
			'coupon_id',
			nullable,
			exists(() => false),
		),
		field('subscription_id', nullable, text, longest(255)),
		field('order_id', nullable, exists(hasId(orders))),
	];
}

const idOf = (value: unknown): number | null => (value === null ? null : leadingNumber(value));

/** What was sent, as the database keeps it. */
function columns({ coupon_id: _coupon, ...sent }: Input): Partial<Service> {
	const ids = ['product_id', 'plan_id', 'user_id', 'order_id'].filter((name) => name in sent);
	return {
		...(sent as Partial<Service>),
		...Object.fromEntries(ids.map((name) => [name, idOf(sent[name])])),
		...('quantity' in sent ? { quantity: Number(sent.quantity) } : {}),
		...('price' in sent ? { price: money(String(sent.price)) } : {}),
		...('expires_at' in sent ? { expires_at: storedDate(sent.expires_at) } : {}),
	};
}

const shownAsSent = ['quantity', 'price', 'status', 'currency_code'];

export const services: Api<Service> = {
	path: 'services',
	permission: 'services',
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
		...stamps,
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
	store(call) {
		const { world } = call;
		const input = { quantity: 1, status: 'pending', ...call.input };
		const sent = validated(input, rules(call, false));
		const defaults = {
			order_id: null,
			expires_at: null,
			suspend_hold_until: null,
			subscription_id: null,
			card: null,
			label: null,
		};
		const fields = { ...defaults, ...columns(sent) } as Service;
		const row = insert(world.tables.services, fields, world.now());
		world.emit({ event: 'Service\\Created', service: { ...row } });
		return { row, sent: pick(sent, shownAsSent) };
	},
	update(call, row) {
		const sent = validated(call.input, rules(call, true));
		saveService(call.world, row, columns(sent));
		return { row, sent: pick(sent, shownAsSent) };
	},
	destroy: ({ world }, row) => deleteService(world, row),
};
