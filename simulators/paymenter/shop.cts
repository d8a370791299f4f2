import { addRenewalInvoice, invoicesOf, planOf } from './billing.cjs';
import { dayMs } from './calendar.cjs';
import type { NewProduct } from './catalogue.cjs';
import { addProduct, stockCatalogue } from './catalogue.cjs';
import { runCron } from './cron.cjs';
import type { NewUser, Profile } from './edits.cjs';
import * as edits from './edits.cjs';
import type { Extension, Report } from './extension.cjs';
import { createExtension } from './extension.cjs';
import type { Card, Invoice, Product, Service, Tables, User } from './model.cjs';
import { where } from './model.cjs';
import type { Purchase, PurchaseOptions } from './orders.cjs';
import { checkOut } from './orders.cjs';
import { addTransaction } from './payments.cjs';
import type { Reversal } from './reversal.cjs';
import { reversalOf } from './reversal.cjs';
import type { OrderedUpgrade } from './upgrades.cjs';
import { orderUpgrade, pendingUpgrade } from './upgrades.cjs';
import type { Moment, Settings, World } from './world.cjs';
import {
	change,
	createWorld,
	invoiceOf,
	productOf,
	saveService,
	serviceOf,
	userOf,
} from './world.cjs';

export interface ShopOptions {
	/** The clock; `advance` is added to it. */
	now?: () => Date;
	/** Gets each event, ready to send, once what it is about is committed. */
	deliver?: (event: NonNullable<ReturnType<Report['read']>>) => void;
	/** Instead of `deliver`: gets each queued job, to be read when it is sent. */
	dispatch?: (report: Report) => void;
	/** Gets every model event of Paymenter, at once. */
	watch?: (moment: Moment) => void;
	settings?: Partial<Settings>;
	/** Slugs of the products that the extension reports; empty: all. */
	report?: string[];
	/** Keys of the customers' properties that the extension sends. */
	properties?: string[];
	/** Ids of events; left out: `pmt_<uuid>`. */
	newId?: () => string;
}

/** A user by id or e-mail address, a service by id. */
export type Reference = number | string;

/**
 * The shop without HTTP: ten products, no users. A verb does what the lifecycle table of the contract
 * says of it; what Paymenter would refuse throws. Rows that it gives are the live ones.
 */
export interface Shop {
	readonly world: World;
	readonly tables: Tables;
	readonly extension: Extension;
	now(): Date;
	/** Moves the clock, and nothing else. */
	advance(ms: number): void;
	/** So many days, one by one, with the nightly cron job after each. */
	days(count: number): void;
	runCron(): void;
	/** Changes Paymenter's settings. */
	configure(settings: Partial<Settings>): void;
	/** Slugs of the products that the extension reports; empty: all. Saving settings sends a ping. */
	report(slugs: string[]): void;
	/** Keys of the customers' properties that the extension sends; pings as well. */
	sendProperties(keys: string[]): void;
	ping(): void;

	user(reference: Reference): User;
	service(reference: Reference): Service;
	servicesOf(user: Reference): Service[];

	addUser(fields: NewUser): User;
	addProduct(fields: NewProduct): Product;
	/** The checkout: pending services and one open invoice. */
	buy(user: Reference, product: Reference | Reference[], options?: PurchaseOptions): Purchase;
	/** Pays the service's open invoice; without one, the next period's is made first. */
	pay(service: Reference): Invoice;
	payInvoice(invoice: number): Invoice;
	/** A payment of the same invoice fails. */
	fail(service: Reference): Invoice;
	/** Ordered and not paid; done at once if it costs nothing. */
	upgrade(service: Reference, product: Reference): OrderedUpgrade;
	payUpgrade(service: Reference): Invoice;
	failUpgrade(service: Reference): Invoice;
	/** Like `upgrade`, but refuses what would have to be paid. */
	downgrade(service: Reference, product: Reference): OrderedUpgrade;
	cancelNow(service: Reference): void;
	cancelAtPeriodEnd(service: Reference): void;
	withdraw(service: Reference): void;
	/** By hand, in the admin panel or by its API. */
	suspend(service: Reference): void;
	unsuspend(service: Reference): void;
	setService(service: Reference, changes: Partial<Service>): void;
	/**
	 * The admin's "Do not suspend until" (`YYYY-MM-DD`; null: none). With the first one, this shop is that
	 * of a Paymenter after 1.5.8: its services have the date.
	 */
	holdSuspension(service: Reference, until: string | null): void;
	moveService(service: Reference, user: Reference): void;
	/** In the portal, which also takes the verification back; `api`: just the address. */
	changeEmail(user: Reference, email: string, where?: 'portal' | 'api'): void;
	/** What customers save on their own account page in one go. */
	saveProfile(user: Reference, profile: Profile): void;
	/** In the admin panel; null deletes it. */
	setProperty(user: Reference, key: string, value: string | null): void;
	/** Another sender reports that the payment was taken back. Paymenter knows nothing of it. */
	refund(service: Reference): void;
	/** The same of a chargeback. */
	dispute(service: Reference): void;
	saveCard(service: Reference, card: Card | null): void;
	deleteService(service: Reference): void;
	/** No event of any kind. */
	deleteUser(user: Reference): void;
	deleteOrder(order: number): void;
	deleteProduct(product: Reference): void;
	/** Its period ended so many days ago: without an event, as time does it. */
	expire(service: Reference, daysAgo?: number): void;
}

function unpaidUpgradeInvoice(world: World, service: Service): Invoice {
	const upgrade = pendingUpgrade(world, service);
	if (!upgrade?.invoice_id) throw new Error(`Service ${service.id} has no unpaid upgrade`);
	return invoiceOf(world, upgrade.invoice_id);
}

/** What a payment for the service goes to: the open invoice, a cancelled one, or a new one. */
function invoiceToPay(world: World, service: Service): Invoice {
	const unpaid = invoicesOf(world, service).filter(({ status }) => status !== 'paid');
	const invoice = unpaid.find(({ status }) => status === 'pending') ?? unpaid.at(-1);
	if (invoice) return invoice;
	if (planOf(world, service).type !== 'recurring') {
		throw new Error(`Service ${service.id} was bought once: there is nothing to pay`);
	}
	return addRenewalInvoice(world, service);
}

export function createShop(options: ShopOptions = {}): Shop {
	const { now: clock = () => new Date(), deliver = () => undefined, watch } = options;
	const dispatch =
		options.dispatch ??
		((report: Report) => {
			const event = report.read();
			if (event) deliver(event);
		});
	let offset = 0;
	let told = options.report ?? [];
	let sent = options.properties ?? [];
	const now = () => new Date(clock().getTime() + offset);
	const extension = createExtension({
		world: () => world,
		now,
		products: () => told,
		properties: () => sent,
		newId: options.newId,
	});
	const world: World = createWorld({
		now,
		settings: options.settings,
		listen(moment) {
			watch?.(moment);
			for (const report of extension.listen(moment)) world.afterCommit(() => dispatch(report));
		},
	});
	const { tables } = world;
	stockCatalogue(world);

	const user = (reference: Reference): User => {
		const wanted = String(reference).toLowerCase();
		const [found] = where(tables.users, (one) => one.email.toLowerCase() === wanted);
		return found ?? userOf(world, Number(reference));
	};
	const service = (reference: Reference): Service => serviceOf(world, Number(reference));
	const settle = (invoice: Invoice, status: 'succeeded' | 'failed'): Invoice => {
		if (invoice.status === 'paid') throw new Error(`Invoice ${invoice.id} is paid already`);
		addTransaction(world, invoice, { status });
		return invoice;
	};
	const reverse = (event: Reversal['event'], paid: Service): void => {
		const reversal = reversalOf(event, paid, userOf(world, paid.user_id), now());
		dispatch({ event_id: reversal.event_id, read: () => reversal });
	};
	const set = (reference: Reference, changes: Partial<Service>): void =>
		saveService(world, service(reference), changes);

	const shop: Shop = {
		world,
		tables,
		extension,
		now,
		advance(ms) {
			offset += ms;
		},
		days(count) {
			for (let day = 0; day < count; day++) {
				offset += dayMs;
				runCron(world);
			}
		},
		runCron: () => runCron(world),
		configure(settings) {
			Object.assign(world.settings, settings);
		},
		report(slugs) {
			told = slugs;
			shop.ping();
		},
		sendProperties(keys) {
			sent = keys;
			shop.ping();
		},
		ping: () => dispatch(extension.ping()),

		user,
		service,
		servicesOf: (reference) => {
			const { id } = user(reference);
			return where(tables.services, (one) => one.user_id === id);
		},

		addUser: (fields) => edits.addUser(world, fields),
		addProduct: (fields) => addProduct(world, fields).product,
		buy: (buyer, product, how = {}) =>
			checkOut(world, user(buyer).id, Array.isArray(product) ? product : [product], how),
		pay: (reference) => settle(invoiceToPay(world, service(reference)), 'succeeded'),
		payInvoice: (id) => settle(invoiceOf(world, id), 'succeeded'),
		fail: (reference) => settle(invoiceToPay(world, service(reference)), 'failed'),
		upgrade: (reference, product) => orderUpgrade(world, service(reference), product),
		payUpgrade: (reference) => settle(unpaidUpgradeInvoice(world, service(reference)), 'succeeded'),
		failUpgrade: (reference) => settle(unpaidUpgradeInvoice(world, service(reference)), 'failed'),
		downgrade(reference, product) {
			const old = Number(planOf(world, service(reference)).price);
			const [plan] = where(tables.plans, (one) => one.product_id === productOf(world, product).id);
			if (!plan || Number(plan.price) > old) throw new Error(`${product} costs more`);
			return orderUpgrade(world, service(reference), product);
		},
		cancelNow: (reference) => void edits.addCancellation(world, service(reference), 'immediate'),
		cancelAtPeriodEnd: (reference) =>
			void edits.addCancellation(world, service(reference), 'end_of_period'),
		withdraw: (reference) => edits.withdrawCancellation(world, service(reference)),
		suspend: (reference) => set(reference, { status: 'suspended' }),
		unsuspend: (reference) => set(reference, { status: 'active' }),
		setService: set,
		holdSuspension(reference, until) {
			const suspend_hold_until = until === null ? null : Date.parse(until);
			world.holdsSuspensions = true;
			set(reference, { suspend_hold_until });
		},
		moveService: (reference, owner) => set(reference, { user_id: user(owner).id }),
		changeEmail(reference, email, place = 'portal') {
			const save = place === 'portal' ? edits.saveProfile : edits.saveUser;
			save(world, user(reference), { email });
		},
		saveProfile: (reference, profile) => edits.saveProfile(world, user(reference), profile),
		setProperty: (reference, key, value) => edits.setProperty(world, user(reference), key, value),
		refund: (reference) => reverse('payment.refunded', service(reference)),
		dispute: (reference) => reverse('payment.disputed', service(reference)),
		saveCard: (reference, card) => set(reference, { card }),
		deleteService: (reference) => edits.deleteService(world, service(reference)),
		deleteUser: (reference) => edits.deleteUser(world, user(reference).id),
		deleteOrder: (id) => edits.deleteOrder(world, id),
		deleteProduct: (product) => edits.deleteProduct(world, productOf(world, product).id),
		expire(reference, daysAgo = 0) {
			const expires_at = world.now() - daysAgo * dayMs;
			change(world, service(reference), { expires_at });
		},
	};
	return shop;
}
