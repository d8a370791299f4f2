import { trimmed } from '../panel/php.cjs';
import type { User } from './model.cjs';
import { where } from './model.cjs';
import type { World } from './world.cjs';

/** What the extension says of a customer, in `customer.updated` and in every event of a service. */
export interface CustomerFields {
	customer_id: string;
	customer_email: string | null;
	customer_name: string | null;
	/** Of each key that is to be sent; absent: there is none, or the user is gone. */
	customer_properties?: Record<string, string | null>;
}

export interface CustomerEvent extends CustomerFields {
	event: 'customer.updated';
	event_id: string;
	occurred_at: string;
	state_at: string;
	/** Absent: the address did not change. */
	previous_email?: string;
}

const mostBytes = 255;

const visible = (text: string): string | null => trimmed(text) || null;

/** Between two characters. */
const cut = (text: string): string =>
	new TextDecoder().decode(Buffer.from(text).subarray(0, mostBytes), { stream: true });

function propertiesOf({ tables }: World, user: User, keys: string[]) {
	const own = where(tables.properties, (one) => one.user_id === user.id);
	const valueOf = (key: string) => own.find((one) => one.key === key)?.value ?? '';
	return Object.fromEntries(keys.map((key) => [key, visible(cut(valueOf(key)))]));
}

export function customerFields(world: World, id: number, keys: string[]): CustomerFields {
	const user = world.tables.users.rows.get(id);
	return {
		customer_id: String(id),
		customer_email: user?.email ?? null,
		customer_name: visible(`${user?.first_name ?? ''} ${user?.last_name ?? ''}`),
		...(user && keys.length > 0 && { customer_properties: propertiesOf(world, user, keys) }),
	};
}

/** Whether the user has a live service of the products to report; no slugs: of any. */
export function isReported({ tables }: World, id: number, slugs: string[]): boolean {
	const { services, products } = tables;
	const live = where(
		services,
		({ user_id, status }) => user_id === id && (status === 'active' || status === 'suspended'),
	);
	const slugOf = (product: number | null) => products.rows.get(product ?? 0)?.slug ?? '';
	return live.some(({ product_id }) => slugs.length === 0 || slugs.includes(slugOf(product_id)));
}
