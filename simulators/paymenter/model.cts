/** Paymenter's database in memory: tables and columns under their own names. */

/**
 * What the shop's wall clock shows, as the database keeps it: milliseconds since 1970, in whole
 * seconds, as if that clock were UTC.
 */
export type Time = number;

export interface Row {
	id: number;
	created_at: Time;
	updated_at: Time;
}

export const serviceStatuses = ['pending', 'active', 'suspended', 'cancelled'] as const;
export type ServiceStatus = (typeof serviceStatuses)[number];

export interface User extends Row {
	first_name: string | null;
	last_name: string | null;
	email: string;
	email_verified_at: Time | null;
}

export interface Property extends Row {
	user_id: number;
	name: string;
	key: string;
	value: string;
}

export interface Product extends Row {
	name: string;
	slug: string;
	sort: number;
	hidden: 0 | 1;
	allow_quantity: string;
}

export type PlanType = 'one-time' | 'recurring' | 'free';
export type BillingUnit = 'day' | 'week' | 'month' | 'year';

export interface Plan extends Row {
	product_id: number;
	name: string;
	type: PlanType;
	billing_period: number | null;
	billing_unit: BillingUnit | null;
	/** In USD, the only currency here: `"5.00"`. */
	price: string;
}

export interface Order extends Row {
	currency_code: string;
	user_id: number;
}

/** What a saved card does when the cron charges it; `unreachable`: the gateway throws. */
export type Card = 'good' | 'declined' | 'unreachable';

export interface Service extends Row {
	/** null only in the moment of its creation at the checkout. */
	status: ServiceStatus | null;
	order_id: number | null;
	product_id: number | null;
	plan_id: number | null;
	user_id: number;
	currency_code: string;
	quantity: number;
	price: string;
	expires_at: Time | null;
	/** "Do not suspend until"; shown and told only by a shop that has it. */
	suspend_hold_until: Time | null;
	subscription_id: string | null;
	card: Card | null;
	label: string | null;
}

export type InvoiceStatus = 'pending' | 'paid' | 'cancelled';

export interface Invoice extends Row {
	number: string | null;
	status: InvoiceStatus;
	due_at: Time | null;
	currency_code: string;
	user_id: number;
}

export const serviceClass = 'App\\Models\\Service';
export const upgradeClass = 'App\\Models\\ServiceUpgrade';
export const creditClass = 'App\\Models\\Credit';

export interface InvoiceItem extends Row {
	invoice_id: number;
	description: string;
	quantity: number;
	price: string;
	reference_type: string | null;
	reference_id: number | null;
}

export type TransactionStatus = 'processing' | 'succeeded' | 'failed';

export interface Transaction extends Row {
	invoice_id: number;
	transaction_id: string | null;
	amount: string;
	status: TransactionStatus;
	is_credit_transaction: boolean;
}

export interface Cancellation extends Row {
	service_id: number;
	type: 'end_of_period' | 'immediate';
}

export interface Upgrade extends Row {
	service_id: number;
	product_id: number;
	plan_id: number;
	invoice_id: number | null;
	status: 'pending' | 'completed' | 'cancelled';
}

export interface Credit extends Row {
	user_id: number;
	currency_code: string;
	amount: string;
}

export interface Table<T extends Row> {
	rows: Map<number, T>;
	nextId: number;
}

export interface Tables {
	users: Table<User>;
	properties: Table<Property>;
	products: Table<Product>;
	plans: Table<Plan>;
	orders: Table<Order>;
	services: Table<Service>;
	invoices: Table<Invoice>;
	items: Table<InvoiceItem>;
	transactions: Table<Transaction>;
	cancellations: Table<Cancellation>;
	upgrades: Table<Upgrade>;
	credits: Table<Credit>;
}

const empty = <T extends Row>(): Table<T> => ({ rows: new Map(), nextId: 1 });

export const emptyTables = (): Tables => ({
	users: empty(),
	properties: empty(),
	products: empty(),
	plans: empty(),
	orders: empty(),
	services: empty(),
	invoices: empty(),
	items: empty(),
	transactions: empty(),
	cancellations: empty(),
	upgrades: empty(),
	credits: empty(),
});

/** Adds a row; ids are never used twice, and one given beforehand moves the counter. */
export function insert<T extends Row>(
	table: Table<T>,
	fields: Omit<T, keyof Row> & Partial<Row>,
	time: Time,
): T {
	const id = fields.id ?? table.nextId;
	const row = { created_at: time, updated_at: time, ...fields, id } as T;
	table.rows.set(id, row);
	table.nextId = Math.max(table.nextId, id + 1);
	return row;
}

export function where<T extends Row>(table: Table<T>, test: (row: T) => boolean): T[] {
	return [...table.rows.values()].filter(test);
}

export const money = (amount: number | string): string => Number(amount).toFixed(2);
