import { randomUUID } from 'node:crypto';

import { apiDay, dateOf } from './calendar.cjs';
import type { CustomerEvent, CustomerFields } from './customerFacts.cjs';
import { customerFields, isReported } from './customerFacts.cjs';
import type { Service, ServiceStatus, Time, Transaction } from './model.cjs';
import { serviceClass, where } from './model.cjs';
import type { Reversal } from './reversal.cjs';
import type { EventName } from './serviceFacts.cjs';
import { eventOfService, factsOf, isOverdue } from './serviceFacts.cjs';
import type { Moment, World } from './world.cjs';

/**
 * What our extension for Paymenter reports. Like it, this decides in the listener from scalars what
 * has happened, and reads the present state only when the event is sent.
 */

export interface SubscriptionEvent extends CustomerFields {
	event: EventName;
	event_id: string;
	/** When it happened. */
	occurred_at: string;
	/** When the state below was read. */
	state_at: string;
	subscription_id: string;
	previous_customer_id: string | null;
	/** The product's slug. */
	product_id: string | null;
	tier: null;
	status: ServiceStatus;
	/** `YYYY-MM-DD`, the date of `expires_at` as the Admin API shows it. */
	paid_until: string | null;
	/** The same where a cancellation at the end of the period is asked for. */
	ends_at: string | null;
	/** By the shop's own calendar, the day of `expires_at` is over; absent: the service is gone. */
	is_overdue?: boolean;
	/** `YYYY-MM-DD`, not suspended before; absent: this shop has no such date, or the service is gone. */
	hold_until?: string | null;
}

export interface Ping {
	event: 'ping';
	event_id: string;
	occurred_at: string;
	state_at: string;
}

export type ExtensionEvent = SubscriptionEvent | CustomerEvent | Ping;

/** One queued job. */
export interface Report {
	event_id: string;
	/** The event with the state of this moment; null: there is nothing to send any more. */
	read(): ExtensionEvent | Reversal | null;
}

export interface Extension {
	listen(moment: Moment): Report[];
	/** Settings were saved, or the extension enabled. */
	ping(): Report;
}

export interface ExtensionOptions {
	world: () => World;
	/** The instant, whatever the shop's time zone. */
	now: () => Date;
	/** Slugs of the products to report; empty: all. */
	products: () => string[];
	/** Keys of the customers' properties to send. */
	properties: () => string[];
	newId?: () => string;
}

/** Taken in the listener. */
interface Hint {
	event: EventName;
	service_id: number;
	user_id: number;
	product_id: number | null;
	previous_product_id?: number | null;
	previous_customer_id?: number;
	/** It became suspended while nothing was overdue: delivered after midnight, it still was so. */
	suspended_by_hand?: boolean;
	/** Asked again when it is sent; false: no longer true. */
	stillTrue?: (service: Service) => boolean;
}

const iso = (date: Date): string => date.toISOString();

const needsProduct: EventName[] = ['subscription.created', 'subscription.updated'];

export function createExtension({
	world,
	now,
	products,
	properties,
	newId = () => `pmt_${randomUUID()}`,
}: ExtensionOptions): Extension {
	const tables = () => world().tables;
	/** In the shop's calendar. */
	const today = () => dateOf(world().now());
	/** As the Admin API shows the date, in UTC. */
	const shown = (time: Time | null): string | null =>
		time === null ? null : apiDay(time, world().settings.timezone).slice(0, 10);

	const slugOf = (id: number | null | undefined): string | null =>
		tables().products.rows.get(id ?? 0)?.slug ?? null;

	/**
	 * The event as the list of products to report leaves it: what leaves it has ended, what comes (back)
	 * to it begins. Without a product nobody could say what a purchase or a change gives, and n8n would
	 * refuse it.
	 */
	function filtered(
		hint: Hint,
		slug: string | null,
		status: ServiceStatus | null | undefined,
	): EventName | null {
		const told = products();
		if (slug === null) return needsProduct.includes(hint.event) ? null : hint.event;
		if (told.length === 0) return hint.event;
		const previous = slugOf(hint.previous_product_id);
		const wasTold = previous !== null && told.includes(previous);
		if (!told.includes(slug)) return wasTold ? 'subscription.cancelled' : null;
		const came = previous !== null && !wasTold;
		const begins = came && hint.event === 'subscription.updated' && status === 'active';
		return begins ? 'subscription.created' : hint.event;
	}

	function read(hint: Hint, event_id: string, occurred_at: string): SubscriptionEvent | null {
		const service = tables().services.rows.get(hint.service_id);
		if (service && hint.stillTrue && !hint.stillTrue(service)) return null;
		const { user_id, product_id, expires_at } = service ?? { ...hint, expires_at: null };
		const slug = slugOf(product_id);
		const event = filtered(hint, slug, service?.status);
		if (event === null) return null;
		const paid_until = shown(expires_at);
		const [ends] = where(
			tables().cancellations,
			(one) => one.service_id === hint.service_id && one.type === 'end_of_period',
		);
		return {
			event: service ? event : 'subscription.cancelled',
			event_id,
			occurred_at,
			state_at: iso(now()),
			subscription_id: String(hint.service_id),
			...customerFields(world(), user_id, properties()),
			previous_customer_id:
				hint.previous_customer_id === undefined ? null : String(hint.previous_customer_id),
			product_id: slug,
			tier: null,
			status: service ? (service.status ?? 'pending') : 'cancelled',
			paid_until,
			ends_at: ends ? paid_until : null,
			...(service && {
				is_overdue:
					!(hint.suspended_by_hand && service.status === 'suspended') &&
					isOverdue(factsOf(service), today()),
				...(world().holdsSuspensions && { hold_until: shown(service.suspend_hold_until) }),
			}),
		};
	}

	function report(hint: Hint, event_id = newId()): Report {
		const occurred_at = iso(now());
		return { event_id, read: () => read(hint, event_id, occurred_at) };
	}

	/**
	 * `changed`: keys of properties; empty: nobody says which; left out: name or e-mail changed. The same
	 * is told twice where a customer saves both at once.
	 */
	function reportCustomer(user_id: number, changed?: string[], previous_email?: string): Report {
		const event_id = newId();
		const occurred_at = iso(now());
		const isNews = (told: string[]) =>
			!changed ||
			(changed.length === 0 ? told.length > 0 : changed.some((key) => told.includes(key)));
		const readCustomer = (): CustomerEvent | null => {
			const isThere = tables().users.rows.has(user_id);
			if (!isThere || !isNews(properties()) || !isReported(world(), user_id, products()))
				return null;
			return {
				event: 'customer.updated',
				event_id,
				occurred_at,
				state_at: iso(now()),
				...customerFields(world(), user_id, properties()),
				...(previous_email !== undefined && { previous_email }),
			};
		};
		return { event_id, read: readCustomer };
	}

	const about = (service: Service, event: EventName): Hint => ({
		event,
		service_id: service.id,
		user_id: service.user_id,
		product_id: service.product_id,
	});

	function onService(before: Service | null, service: Service): Report[] {
		const event = eventOfService(before && factsOf(before), factsOf(service), today());
		if (event === null) return [];
		const moved = before !== null && before.user_id !== service.user_id;
		return [
			report({
				...about(service, event),
				previous_product_id: before?.product_id,
				suspended_by_hand:
					service.status === 'suspended' &&
					before?.status !== 'suspended' &&
					!isOverdue(factsOf(service), today()),
				...(moved ? { previous_customer_id: before.user_id } : {}),
			}),
		];
	}

	/** For every service on the invoice, each with an id of its own, unless it has been paid meanwhile. */
	function onFailure({ invoice_id }: Transaction): Report[] {
		const { items, services, invoices } = tables();
		const billed = where(
			items,
			(item) => item.invoice_id === invoice_id && item.reference_type === serviceClass,
		).flatMap((item) => services.rows.get(item.reference_id ?? 0) ?? []);
		const stillTrue = (service: Service) =>
			invoices.rows.get(invoice_id)?.status !== 'paid' && service.status !== 'pending';
		const id = newId();
		return billed.map((service) =>
			report({ ...about(service, 'payment.failed'), stillTrue }, `${id}-${service.id}`),
		);
	}

	return {
		listen(moment) {
			switch (moment.event) {
				case 'Service\\Created':
					return onService(null, moment.service);
				case 'Service\\Updated':
					return onService(moment.before, moment.service);
				case 'Service\\Deleted':
					return [report(about(moment.service, 'subscription.cancelled'))];
				case 'ServiceCancellation\\Created':
				case 'ServiceCancellation\\Updated':
				case 'ServiceCancellation\\Deleted': {
					const { type, service_id } = moment.cancellation;
					const service = tables().services.rows.get(service_id);
					if (type === 'immediate' || !service) return [];
					return [report(about(service, 'subscription.updated'))];
				}
				case 'InvoiceTransaction\\Created':
					return moment.transaction.status === 'failed' ? onFailure(moment.transaction) : [];
				case 'InvoiceTransaction\\Updated': {
					const { before, transaction } = moment;
					const isNew = transaction.status === 'failed' && before.status !== 'failed';
					return isNew ? onFailure(transaction) : [];
				}
				case 'User\\Updated': {
					const { before, user } = moment;
					const isNews = (['first_name', 'last_name', 'email'] as const).some(
						(field) => before[field] !== user[field],
					);
					if (!isNews) return [];
					const old = before.email === user.email ? undefined : before.email;
					return [reportCustomer(user.id, undefined, old)];
				}
				case 'Property\\Created':
				case 'Property\\Updated':
				case 'Property\\Deleted':
					return [reportCustomer(moment.property.user_id, [moment.property.key])];
				case 'Properties\\Updated':
					return [reportCustomer(moment.user_id, [])];
				default:
					return [];
			}
		},
		ping() {
			const event_id = newId();
			const occurred_at = iso(now());
			return {
				event_id,
				read: () => ({ event: 'ping', event_id, occurred_at, state_at: iso(now()) }),
			};
		},
	};
}
