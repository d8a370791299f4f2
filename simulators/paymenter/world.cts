import { wallOf, wholeSecond } from './calendar.cjs';
import type {
	Cancellation,
	Invoice,
	Product,
	Property,
	Row,
	Service,
	Table,
	Tables,
	Time,
	Transaction,
	User,
} from './model.cjs';
import { emptyTables } from './model.cjs';

/** A model event of Paymenter; rows are copies of that moment. */
export type Moment =
	| { event: 'Service\\Created' | 'Service\\Deleted'; service: Service }
	| { event: 'Service\\Updated'; before: Service; service: Service }
	| {
			event:
				| 'ServiceCancellation\\Created'
				| 'ServiceCancellation\\Updated'
				| 'ServiceCancellation\\Deleted';
			cancellation: Cancellation;
	  }
	| { event: 'InvoiceTransaction\\Created'; transaction: Transaction }
	| { event: 'InvoiceTransaction\\Updated'; before: Transaction; transaction: Transaction }
	| { event: 'User\\Updated'; before: User; user: User }
	| {
			event: 'Property\\Created' | 'Property\\Updated' | 'Property\\Deleted';
			property: Property;
	  }
	/** By the account page, past the models; whoever is logged in. */
	| { event: 'Properties\\Updated'; user_id: number }
	| { event: OtherEvent; id: number };

/** Events that the extension does not listen to. */
export type OtherEvent =
	| 'User\\Created'
	| 'Order\\Created'
	| 'Order\\Deleted'
	| 'Invoice\\Created'
	| 'Invoice\\Updated'
	| 'Invoice\\Paid'
	| 'InvoiceItem\\Created'
	| 'InvoiceItem\\Updated'
	| 'ServiceUpgrade\\Created'
	| 'ServiceUpgrade\\Updated';

/** Paymenter's settings that matter here, with its defaults. Days are counted back from now. */
export interface Settings {
	/** `cronjob_invoice`: renewal invoices so many days before the period ends. */
	invoiceDays: number;
	/** `cronjob_order_cancel` */
	orderCancelDays: number;
	/** `cronjob_order_suspend` */
	suspendDays: number;
	/** `cronjob_order_terminate`, counted from the end of the period as well */
	terminateDays: number;
	/** `credits_auto_use` */
	useCredits: boolean;
	/** `credits_on_downgrade` */
	creditDowngrades: boolean;
	/** `invoice_number_format` */
	invoiceNumberFormat: string;
	/** `timezone`: `Europe/Berlin` */
	timezone: string;
}

const defaults: Settings = {
	invoiceDays: 7,
	orderCancelDays: 7,
	suspendDays: 2,
	terminateDays: 14,
	useCredits: true,
	creditDowngrades: true,
	invoiceNumberFormat: '{number}',
	timezone: 'UTC',
};

/** The shop's database, clock and transactions. */
export interface World {
	tables: Tables;
	settings: Settings;
	/** Invoices so far, for their numbers. */
	invoiceNumber: number;
	/** Services have `suspend_hold_until`, which came after 1.5.8. */
	holdsSuspensions: boolean;
	/** What the shop's wall clock shows. */
	now(): Time;
	/** Tells the listeners at once, as Paymenter's observers do: also within a transaction. */
	emit(moment: Moment): void;
	/** What is put off with `afterCommit` waits for the outermost end. Nothing is ever rolled back. */
	transaction<T>(work: () => T): T;
	/** At once where no transaction is open. */
	afterCommit(work: () => void): void;
}

export interface WorldOptions {
	now: () => Date;
	settings?: Partial<Settings>;
	listen: (moment: Moment) => void;
}

export function createWorld({ now, settings, listen }: WorldOptions): World {
	let depth = 0;
	let waiting: Array<() => void> = [];
	const ownSettings = { ...defaults, ...settings };
	return {
		tables: emptyTables(),
		settings: ownSettings,
		invoiceNumber: 0,
		holdsSuspensions: false,
		now: () => wallOf(wholeSecond(now().getTime()), ownSettings.timezone),
		emit: listen,
		transaction(work) {
			depth++;
			try {
				return work();
			} catch (error) {
				if (depth === 1) waiting = [];
				throw error;
			} finally {
				depth--;
				if (depth === 0) {
					const due = waiting;
					waiting = [];
					for (const callback of due) callback();
				}
			}
		},
		afterCommit(work) {
			if (depth === 0) work();
			else waiting.push(work);
		},
	};
}

/** Writes what differs; gives the row as it was, or undefined when nothing differs. */
export function change<T extends Row>(world: World, row: T, changes: Partial<T>): T | undefined {
	const names = Object.keys(changes) as Array<keyof T>;
	if (names.every((name) => changes[name] === undefined || row[name] === changes[name])) {
		return undefined;
	}
	const before = { ...row };
	for (const name of names) {
		if (changes[name] !== undefined) row[name] = changes[name] as T[keyof T];
	}
	row.updated_at = world.now();
	return before;
}

/** Eloquent's `update` on a service: one `Service\Updated`, or nothing where nothing differs. */
export function saveService(world: World, service: Service, changes: Partial<Service>): void {
	const before = change(world, service, changes);
	if (before) world.emit({ event: 'Service\\Updated', before, service: { ...service } });
}

function found<T extends Row>(table: Table<T>, id: number, what: string): T {
	const row = table.rows.get(id);
	if (!row) throw new Error(`No ${what} ${id}`);
	return row;
}

export const userOf = (world: World, id: number): User => found(world.tables.users, id, 'user');
export const serviceOf = (world: World, id: number): Service =>
	found(world.tables.services, id, 'service');
export const invoiceOf = (world: World, id: number): Invoice =>
	found(world.tables.invoices, id, 'invoice');

/** By id or by slug. */
export function productOf(world: World, reference: number | string): Product {
	for (const product of world.tables.products.rows.values()) {
		if (product.id === reference || product.slug === reference) return product;
	}
	throw new Error(`No product ${reference}`);
}
