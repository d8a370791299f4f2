import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dateOf, wallOf } from '../../../simulators/paymenter/calendar.cjs';
import {
	createExtension,
	type Report,
	type SubscriptionEvent,
} from '../../../simulators/paymenter/extension.cjs';
import type { Profile } from '../../../simulators/paymenter/edits.cjs';
import { addProperty } from '../../../simulators/paymenter/edits.cjs';
import type { Service } from '../../../simulators/paymenter/model.cjs';
import { insert } from '../../../simulators/paymenter/model.cjs';
import type { ServiceFacts } from '../../../simulators/paymenter/serviceFacts.cjs';
import { eventOfService } from '../../../simulators/paymenter/serviceFacts.cjs';
import { readEvent } from '../../../domain/events/parse';
import { openShop, openShopWith } from './shopkeeper.cjs';

/** The cases that the extension in PHP is held to as well. */
interface Case {
	name: string;
	model: string;
	before: ServiceFacts | null;
	after: ServiceFacts | null;
	now: string;
	/** The shop's time zone; UTC where it is left out. */
	zone?: string;
	event: string | null;
	previous_customer_id?: string;
	/** Some of what the event says. */
	sends?: Partial<SubscriptionEvent>;
}

const file = join(__dirname, '../../../paymenter-extension/tests/moments.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

function eventOf({ model, before, after, now, zone = 'UTC' }: Case): string | null {
	if (model === 'Service\\Deleted') return 'subscription.cancelled';
	if (model !== 'Service\\Created' && model !== 'Service\\Updated') {
		throw new Error(`moments.json has a case about ${model}, which is not a service`);
	}
	if (!after) throw new Error('moments.json has a case without "after"');
	const today = dateOf(wallOf(Date.parse(now), zone));
	return eventOfService(model === 'Service\\Created' ? null : before, after, today);
}

const timeOf = (text: string | null = null): number | null =>
	text === null ? null : Date.parse(text.includes(' ') ? `${text}Z` : text);

/** As the database keeps it. */
const rowOf = (facts: ServiceFacts) =>
	({
		...facts,
		expires_at: timeOf(facts.expires_at),
		suspend_hold_until: timeOf(facts.suspend_hold_until),
	}) as Service;

/** What a shop tells in which the same happens. */
function toldOf({ model, before, after, now, zone = 'UTC' }: Case): SubscriptionEvent[] {
	const { shop, events } = openShop({ settings: { timezone: zone } }, now);
	const { world, tables } = shop;
	for (const id of [10, 12, 13]) shop.addUser({ id, email: `user${id}@example.test` });
	const facts = after as ServiceFacts;
	world.holdsSuspensions = 'suspend_hold_until' in facts;
	const isNew = model === 'Service\\Created';
	const service = insert(tables.services, rowOf(isNew ? facts : (before ?? facts)), world.now());
	if (isNew) world.emit({ event: model, service: { ...service } });
	else if (model === 'Service\\Updated') shop.setService(service.id, rowOf(facts));
	else shop.deleteService(service.id);
	return events() as SubscriptionEvent[];
}

describe('moments.json: the extension’s own cases', () => {
	it.each(cases)('decides: $name', (one) => {
		expect(eventOf(one)).toBe(one.event);
	});

	it.each(cases)('sends: $name', (one) => {
		const told = toldOf(one);
		// n8n takes no purchase and no change without a product.
		const isTold = one.event !== null && one.after?.product_id !== null;
		expect(told.map(({ event }) => event)).toEqual(isTold ? [one.event] : []);
		for (const event of told) {
			expect(event.previous_customer_id).toBe(one.previous_customer_id ?? null);
			expect(event).toMatchObject(one.sends ?? {});
			expect('is_overdue' in event).toBe(one.model !== 'Service\\Deleted');
			expect('hold_until' in event).toBe('suspend_hold_until' in (one.after ?? {}));
		}
	});
});

/** What a customer or an admin does, and what is told of it: for the extension in PHP as well. */
interface CustomerCase {
	name: string;
	keys: string[];
	products?: string[];
	services: Array<Pick<Service, 'status' | 'product_id'>>;
	properties: Record<string, string>;
	change:
		| { in: 'service'; price: string }
		| { in: 'profile'; user: Profile; properties: Record<string, string> }
		| { in: 'admin'; key: string; value: string | null };
	sends: Array<Record<string, unknown>>;
}

const customers = join(__dirname, '../../../paymenter-extension/tests/customers.json');
const customerCases = JSON.parse(readFileSync(customers, 'utf8')) as CustomerCase[];

function changed({ keys, products, services, properties, change }: CustomerCase) {
	const reports: Report[] = [];
	const { shop } = openShop({
		report: products,
		properties: keys,
		dispatch: (report) => reports.push(report),
	});
	const user = shop.addUser({ email: 'lea@example.test', first_name: 'Lea', last_name: 'Löwe' });
	const facts = { user_id: user.id, expires_at: '2026-12-22', plan_id: 4, price: '10.00' };
	const [service] = services.map((one) =>
		insert(shop.tables.services, rowOf({ ...facts, ...one }), shop.world.now()),
	);
	for (const [key, value] of Object.entries(properties)) {
		addProperty(shop.world, user, key, value);
	}
	if (change.in === 'service') shop.setService(service?.id ?? 0, { price: change.price });
	else if (change.in === 'admin') shop.setProperty(user.id, change.key, change.value);
	else {
		const hasForm = Object.keys(change.properties).length > 0;
		shop.saveProfile(user.id, {
			...change.user,
			...(hasForm && { properties: change.properties }),
		});
	}
	return reports.flatMap((report) => report.read() ?? []);
}

describe('customers.json: the extension’s own cases', () => {
	const fields = [
		'event',
		'customer_email',
		'customer_name',
		'previous_email',
		'customer_properties',
	];

	it.each(customerCases)('tells: $name', (one) => {
		const told = changed(one).map((event) =>
			Object.fromEntries(Object.entries(event).filter(([name]) => fields.includes(name))),
		);
		expect(told).toEqual(one.sends);
	});
});

describe('The extension', () => {
	it('tells of a customer without a word of services', () => {
		const { shop, customer, events } = openShopWith('fire-knight', { properties: ['discord_id'] });
		shop.saveProfile(customer, { email: 'bo@example.test', first_name: 'Bo' });
		expect(events()).toEqual([
			{
				event: 'customer.updated',
				event_id: 'pmt_2',
				occurred_at: '2026-03-10T15:30:20.000Z',
				state_at: '2026-03-10T15:30:20.000Z',
				customer_id: String(customer),
				customer_email: 'bo@example.test',
				customer_name: 'Bo Brown',
				customer_properties: { discord_id: null },
				previous_email: 'bea@example.test',
			},
		]);
	});

	it('tells no properties of a user who is gone', () => {
		const { shop, service, customer } = openShopWith('fire-knight');
		const extension = createExtension({
			world: () => shop.world,
			now: () => shop.now(),
			products: () => [],
			properties: () => ['discord_id'],
		});
		const reports = [
			...extension.listen({ event: 'Service\\Deleted', service: { ...service } }),
			...extension.listen({ event: 'Properties\\Updated', user_id: customer }),
		];
		expect(reports.map((one) => one.read())).toMatchObject([
			{ customer_properties: { discord_id: null } },
			{ customer_properties: { discord_id: null } },
		]);
		shop.deleteUser(customer);
		const [deleted, updated] = reports.map((one) => one.read());
		expect(deleted).toMatchObject({ event: 'subscription.cancelled', customer_email: null });
		expect(deleted).not.toHaveProperty('customer_properties');
		expect(updated).toBeNull();
	});

	it('tells of a suspension by hand as one, also when it is read after the last paid day', () => {
		const { shop, id } = openShopWith('fire-knight');
		let at = new Date('2026-04-10T20:00:00Z');
		const extension = createExtension({
			world: () => shop.world,
			now: () => at,
			products: () => [],
			properties: () => [],
		});
		const before = { ...shop.service(id) };
		const service = Object.assign(shop.service(id), { status: 'suspended' as const });
		const [report] = extension.listen({ event: 'Service\\Updated', before, service });
		at = new Date('2026-04-11T00:30:00Z');
		shop.days(40);
		expect(report?.read()).toMatchObject({ status: 'suspended', is_overdue: false });
		const [later] = extension.listen({
			event: 'Service\\Updated',
			before: { ...service },
			service: { ...service, price: '12.00' },
		});
		expect(later?.read()).toMatchObject({ status: 'suspended', is_overdue: true });
	});

	it('tells only of the products that it is set to, that one has ended which left them, and one begins that comes back', () => {
		const { shop, customer, told } = openShop({ report: ['fire-knight'] });
		shop.pay(shop.buy(customer, 'awakened').service.id);
		expect(told()).toEqual([]);
		const { service } = shop.buy(customer, 'fire-knight');
		shop.pay(service.id);
		expect(told()).toEqual(['subscription.created: active, fire-knight until 2026-04-10']);
		shop.setService(service.id, { product_id: 8 });
		expect(told()).toEqual(['subscription.cancelled: active, fire-legend until 2026-04-10']);
		shop.setService(service.id, { product_id: 4 });
		expect(told()).toEqual(['subscription.created: active, fire-knight until 2026-04-10']);
		shop.setService(service.id, { product_id: 8 });
		told();
		shop.suspend(service.id);
		expect(told()).toEqual([]);
		shop.setService(service.id, { product_id: 4 });
		expect(told()).toEqual(['subscription.updated: suspended, fire-knight until 2026-04-10']);
	});

	it('tells of a service whose product was deleted only what needs no product', () => {
		const { shop, service, told } = openShopWith('fire-knight', { report: ['frost-knight'] });
		shop.deleteProduct('fire-knight');
		shop.suspend(service.id);
		expect(told()).toEqual([]);
		shop.unsuspend(service.id);
		expect(told()).toEqual(['payment.succeeded: active, null until 2026-04-10']);
	});

	it.each([
		['\u200b', '\u200b', null],
		['\u3164', null, null],
		['\u200b', 'Brown', 'Brown'],
		['Bea', '\u200b', 'Bea'],
	])('tells no name that nobody can see: %j %j', (first_name, last_name, name) => {
		const { shop, service, customer, events } = openShopWith('fire-knight');
		Object.assign(shop.user(customer), { first_name, last_name });
		shop.suspend(service.id);
		expect(events()).toMatchObject([{ customer_name: name }]);
	});

	it('pings when its settings are saved', () => {
		const { shop, told } = openShop();
		shop.ping();
		shop.report(['awakened']);
		shop.sendProperties(['discord_id']);
		expect(told()).toEqual(['ping', 'ping', 'ping']);
	});

	it('has no word for a cancelled service but that it comes back', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.cancelNow(service.id);
		told();
		shop.setService(service.id, { product_id: 8, expires_at: Date.parse('2027-01-01') });
		expect(told()).toEqual([]);
		shop.setService(service.id, { status: 'active' });
		expect(told()).toEqual(['payment.succeeded: active, fire-legend until 2027-01-01']);
	});

	it('says nothing that the trigger cannot read', () => {
		const { shop, service, events } = openShopWith('fire-knight');
		shop.upgrade(service.id, 'fire-legend');
		shop.payUpgrade(service.id);
		shop.days(25);
		shop.fail(service.id);
		shop.changeEmail(service.user_id, 'new@example.test');
		shop.moveService(service.id, shop.addUser({ email: 'cy@example.test' }).id);
		shop.cancelAtPeriodEnd(service.id);
		shop.holdSuspension(service.id, '2026-04-20');
		shop.days(30);
		shop.pay(service.id);
		shop.refund(service.id);
		shop.deleteService(service.id);
		const said = events();
		expect(new Set(said.map(({ event }) => event)).size).toBe(6);
		for (const event of said) {
			const body = Buffer.from(JSON.stringify(event));
			const reading = readEvent({ body, messageId: event.event_id, at: shop.now() });
			expect(reading).toMatchObject({ kind: 'event', event });
		}
	});
});
