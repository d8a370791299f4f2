import { databaseTime } from '../../../simulators/paymenter/calendar.cjs';
import type { Service } from '../../../simulators/paymenter/model.cjs';
import { addTransaction } from '../../../simulators/paymenter/payments.cjs';
import { day, hour, openShop, openShopWith } from './shopkeeper.cjs';

/** The lifecycle table of the contract, row by row. */

const ends = ({ expires_at }: Service) => expires_at !== null && databaseTime(expires_at);

describe('A new order', () => {
	it('is pending and told to nobody until it is paid (1a)', () => {
		const { shop, customer, told, moments } = openShop();
		const { service, invoice } = shop.buy(customer, 'fire-knight');
		expect([service.status, service.expires_at, invoice?.status]).toEqual([
			'pending',
			null,
			'pending',
		]);
		expect(moments()).toEqual([
			'Order\\Created',
			'Invoice\\Created',
			'Service\\Created',
			'InvoiceItem\\Created',
		]);
		expect(told()).toEqual([]);
	});

	it('becomes active for a month, to the second, when its invoice is paid (1b)', () => {
		const { shop, customer, events, moments } = openShop();
		const { service } = shop.buy(customer, 'fire-knight');
		moments();
		expect(shop.pay(service.id).status).toBe('paid');
		expect([service.status, ends(service)]).toEqual(['active', '2026-04-10 15:30:20']);
		expect(moments()).toEqual([
			'Invoice\\Updated',
			'InvoiceTransaction\\Created',
			'Service\\Updated',
			'Invoice\\Paid',
		]);
		expect(events()).toEqual([
			{
				event: 'subscription.created',
				event_id: 'pmt_1',
				occurred_at: '2026-03-10T15:30:20.000Z',
				state_at: '2026-03-10T15:30:20.000Z',
				subscription_id: String(service.id),
				customer_id: String(customer),
				customer_email: 'bea@example.test',
				customer_name: 'Bea Brown',
				previous_customer_id: null,
				product_id: 'fire-knight',
				tier: null,
				status: 'active',
				paid_until: '2026-04-10',
				ends_at: null,
				is_overdue: false,
			},
		]);
	});

	it('is not paid twice (1c)', () => {
		const { shop, id, told } = openShopWith('fire-knight');
		expect(() => shop.payInvoice(1)).toThrow('Invoice 1 is paid already');
		expect(shop.service(id).status).toBe('active');
		expect(told()).toEqual([]);
	});

	it('that costs nothing is active at the checkout (1d)', () => {
		const { shop, customer, told, moments } = openShop();
		shop.addProduct({ name: 'Guest', price: 0 });
		const { service, invoice } = shop.buy(customer, 'guest');
		expect([service.status, ends(service), invoice]).toEqual([
			'active',
			'2026-04-10 15:30:20',
			null,
		]);
		expect(moments()).toEqual(['Order\\Created', 'Service\\Created', 'Service\\Updated']);
		expect(told()).toEqual(['subscription.created: active, guest until 2026-04-10']);
	});

	it('of two products makes two services on one invoice', () => {
		const { shop, customer, told } = openShop();
		const { services, invoice } = shop.buy(customer, ['awakened', 'fire-knight']);
		shop.payInvoice(invoice?.id ?? 0);
		expect(services.map(({ status }) => status)).toEqual(['active', 'active']);
		expect(told()).toEqual([
			'subscription.created: active, awakened',
			'subscription.created: active, fire-knight until 2026-04-10',
		]);
	});

	it('of something bought once never ends, whatever the cron does (10)', () => {
		const { shop, service, told } = openShopWith('sovereign');
		expect(service.expires_at).toBeNull();
		shop.days(60);
		expect([service.status, told()]).toEqual(['active', []]);
		expect(() => shop.pay(service.id)).toThrow('was bought once: there is nothing to pay');
	});

	it('that is never paid is cancelled after 7 days, and so is its invoice (8b)', () => {
		const { shop, customer, told } = openShop();
		const { service, invoice } = shop.buy(customer, 'fire-knight');
		shop.days(7);
		expect(service.status).toBe('pending');
		shop.days(1);
		expect([service.status, invoice?.status]).toEqual(['cancelled', 'cancelled']);
		expect(told()).toEqual(['subscription.cancelled: cancelled, fire-knight']);
	});
});

describe('"Do not suspend until"', () => {
	const overdue = () => {
		const keeper = openShopWith('fire-knight');
		keeper.shop.days(32);
		keeper.shop.runCron();
		expect(keeper.service.status).toBe('active');
		keeper.told();
		return keeper;
	};

	it('keeps the cron from suspending before that day, and is told', () => {
		const { shop, service, events, told } = overdue();
		shop.holdSuspension(service.id, '2026-04-15');
		expect(events()).toMatchObject([
			{
				event: 'subscription.updated',
				status: 'active',
				is_overdue: true,
				hold_until: '2026-04-15',
			},
		]);
		shop.days(3);
		expect([databaseTime(shop.world.now()), service.status]).toEqual([
			'2026-04-14 15:30:20',
			'active',
		]);
		shop.advance(9 * hour);
		shop.runCron();
		expect([databaseTime(shop.world.now()), service.status]).toEqual([
			'2026-04-15 00:30:20',
			'suspended',
		]);
		expect(told()).toEqual(['payment.failed: suspended, fire-knight until 2026-04-10']);
	});

	it('that is taken back lets the cron suspend as usual', () => {
		const { shop, service, events } = overdue();
		shop.holdSuspension(service.id, '2026-06-01');
		shop.days(3);
		events();
		shop.holdSuspension(service.id, null);
		expect(events()).toMatchObject([{ event: 'subscription.updated', hold_until: null }]);
		shop.runCron();
		expect(service.status).toBe('suspended');
	});

	it('does not keep the cron from cancelling what an admin has suspended', () => {
		const { shop, service } = overdue();
		shop.holdSuspension(service.id, '2026-06-01');
		shop.suspend(service.id);
		shop.days(20);
		expect(service.status).toBe('cancelled');
	});

	it('is unknown to a shop of 1.5.8, and known for every service of a newer one', () => {
		const { shop, service, customer, events } = openShopWith('fire-knight');
		shop.suspend(service.id);
		expect(events()[0]).not.toHaveProperty('hold_until');
		shop.holdSuspension(shop.buy(customer, 'awakened').service.id, '2026-06-01');
		shop.unsuspend(service.id);
		expect(events()).toMatchObject([{ status: 'active', hold_until: null }]);
		shop.deleteService(service.id);
		expect(events()[0]).not.toHaveProperty('hold_until');
	});
});

describe('A renewal', () => {
	it('is billed 7 days ahead, once, without a word of the service (2a)', () => {
		const { shop, told, moments, id } = openShopWith('fire-knight');
		shop.days(24);
		expect(moments()).toEqual([]);
		shop.days(3);
		expect(moments()).toEqual(['Invoice\\Created', 'InvoiceItem\\Created']);
		expect([...shop.tables.items.rows.values()].at(-1)).toMatchObject({
			description: 'Fire Knight (Apr 10, 2026 - May 10, 2026)',
			reference_id: id,
			price: '10.00',
		});
		expect(told()).toEqual([]);
	});

	it('that is paid adds a month to the old end, which loses its time of day (2b)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.days(25);
		moments();
		shop.pay(service.id);
		expect([service.status, ends(service)]).toEqual(['active', '2026-05-10 00:00:00']);
		expect(told()).toEqual(['payment.succeeded: active, fire-knight until 2026-05-10']);
		expect(moments()).toEqual([
			'Invoice\\Updated',
			'InvoiceTransaction\\Created',
			'Service\\Updated',
			'Invoice\\Paid',
		]);
	});

	it('that is paid a day late adds a month to the old end as well', () => {
		const { shop, service } = openShopWith('fire-knight');
		shop.days(32);
		expect(service.status).toBe('active');
		shop.pay(service.id);
		expect(ends(service)).toBe('2026-05-10 00:00:00');
	});

	it('is charged to a saved card by the cron, after its commit (2c)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.saveCard(service.id, 'good');
		shop.days(25);
		expect(ends(service)).toBe('2026-05-10 00:00:00');
		expect(told()).toEqual(['payment.succeeded: active, fire-knight until 2026-05-10']);
	});

	it('is paid with credits by the cron (2d)', () => {
		const { shop, service, told } = openShopWith('fire-legend');
		shop.downgrade(service.id, 'fire-elemental');
		told();
		const [credit] = shop.tables.credits.rows.values();
		expect(credit?.amount).toBe('15.00');
		shop.days(25);
		expect(credit?.amount).toBe('10.00');
		expect(told()).toEqual(['payment.succeeded: active, fire-elemental until 2026-05-10']);
	});

	it('that costs nothing needs no invoice (2e)', () => {
		const { shop, customer, told, moments } = openShop();
		shop.addProduct({ name: 'Guest', price: 0 });
		shop.buy(customer, 'guest');
		told();
		moments();
		shop.days(25);
		expect(moments()).toEqual(['Service\\Updated']);
		expect(told()).toEqual(['payment.succeeded: active, guest until 2026-05-10']);
	});
});

describe('A failed payment', () => {
	it('leaves the service as it is and is told (3a)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.days(25);
		moments();
		expect(shop.fail(service.id).status).toBe('pending');
		expect([service.status, ends(service)]).toEqual(['active', '2026-04-10 15:30:20']);
		expect(moments()).toEqual(['InvoiceTransaction\\Created']);
		expect(told()).toEqual(['payment.failed: active, fire-knight until 2026-04-10']);
	});

	it('of a first order is not told: nothing was given yet', () => {
		const { shop, customer, told } = openShop();
		shop.fail(shop.buy(customer, 'fire-knight').service.id);
		expect(told()).toEqual([]);
	});

	it('has an id of its own for each service on the invoice', () => {
		const { shop, customer, events } = openShop();
		const { services } = shop.buy(customer, ['fire-knight', 'frost-knight']);
		for (const { id } of services) shop.setService(id, { status: 'active' });
		events();
		shop.fail(services[0]?.id ?? 0);
		expect(events()).toMatchObject([
			{ event: 'payment.failed', event_id: 'pmt_3-1', subscription_id: '1' },
			{ event: 'payment.failed', event_id: 'pmt_3-2', subscription_id: '2' },
		]);
	});

	it('that was in progress is told once, however often the gateway says so', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.days(25);
		moments();
		const invoice = [...shop.tables.invoices.rows.values()].at(-1);
		if (!invoice) throw new Error('There is no renewal invoice');
		for (const status of ['processing', 'failed', 'failed'] as const) {
			addTransaction(shop.world, invoice, { status, transaction_id: 'ch_1' });
		}
		expect(moments()).toEqual(['InvoiceTransaction\\Created', 'InvoiceTransaction\\Updated']);
		expect(told()).toEqual(['payment.failed: active, fire-knight until 2026-04-10']);
		expect(service.status).toBe('active');
	});

	it('of a card that the cron charges is told (3b)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.saveCard(service.id, 'declined');
		shop.days(25);
		expect(told()).toEqual(['payment.failed: active, fire-knight until 2026-04-10']);
	});

	it('of a gateway that throws leaves no trace (3c)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.saveCard(service.id, 'unreachable');
		moments();
		shop.days(25);
		expect(moments()).toEqual(['Invoice\\Created', 'InvoiceItem\\Created']);
		expect(told()).toEqual([]);
	});
});

describe('A service that is not paid', () => {
	it('is suspended by the cron two days after its end (4)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.days(33);
		expect([service.status, databaseTime(shop.world.now())]).toEqual([
			'active',
			'2026-04-12 15:30:20',
		]);
		moments();
		shop.days(1);
		expect(service.status).toBe('suspended');
		expect(moments()).toEqual(['Service\\Updated']);
		expect(told()).toEqual(['payment.failed: suspended, fire-knight until 2026-04-10']);
	});

	it('comes back for a month from the payment on (5)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.days(35);
		told();
		shop.pay(service.id);
		expect([service.status, ends(service)]).toEqual(['active', '2026-05-14 15:30:20']);
		expect(told()).toEqual(['payment.succeeded: active, fire-knight until 2026-05-14']);
	});

	it('is cancelled 14 days after its end, with its open invoice (8a)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.days(45);
		expect(service.status).toBe('suspended');
		told();
		shop.days(1);
		expect(service.status).toBe('cancelled');
		expect([...shop.tables.invoices.rows.values()].map(({ status }) => status)).toEqual([
			'paid',
			'cancelled',
		]);
		expect(told()).toEqual(['subscription.cancelled: cancelled, fire-knight until 2026-04-10']);
	});

	it('is suspended and cancelled in one run after a long outage; both tell the end (8a)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.advance(60 * day);
		shop.runCron();
		expect(service.status).toBe('cancelled');
		expect(moments().slice(-2)).toEqual(['Service\\Updated', 'Service\\Updated']);
		expect(told()).toEqual([
			'payment.failed: cancelled, fire-knight until 2026-04-10',
			'subscription.cancelled: cancelled, fire-knight until 2026-04-10',
		]);
	});

	it('comes back to life with a late payment of its cancelled invoice (8c)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.days(50);
		told();
		const invoice = shop.pay(service.id);
		expect(invoice.status).toBe('paid');
		expect([service.status, ends(service)]).toEqual(['active', '2026-05-29 15:30:20']);
		expect(told()).toEqual(['payment.succeeded: active, fire-knight until 2026-05-29']);
	});

	it('waits as long as the settings say', () => {
		const { shop, service } = openShopWith('fire-knight', { settings: { suspendDays: 5 } });
		shop.days(36);
		expect(service.status).toBe('active');
		shop.configure({ suspendDays: 1 });
		shop.runCron();
		expect(service.status).toBe('suspended');
	});
});

describe('An upgrade', () => {
	it('changes nothing until it is paid (6a)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.advance(16 * day);
		const { invoice, upgrade } = shop.upgrade(service.id, 'fire-legend');
		expect(moments()).toEqual([
			'ServiceUpgrade\\Created',
			'Invoice\\Created',
			'ServiceUpgrade\\Updated',
			'InvoiceItem\\Created',
		]);
		expect([upgrade.status, invoice?.status, service.price]).toEqual([
			'pending',
			'pending',
			'10.00',
		]);
		const [, item] = shop.tables.items.rows.values();
		// 10 $ more a month, for 15 of 30 days.
		expect(item).toMatchObject({ price: '5.00', reference_type: 'App\\Models\\ServiceUpgrade' });
		expect(told()).toEqual([]);
		expect(() => shop.upgrade(service.id, 'fire-master')).toThrow('has an unpaid upgrade already');
	});

	it('that is paid gives two events, both with the new product (6b)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.upgrade(service.id, 'fire-legend');
		moments();
		shop.payUpgrade(service.id);
		expect([service.price, ends(service)]).toEqual(['20.00', '2026-04-10 15:30:20']);
		expect(moments()).toEqual([
			'Invoice\\Updated',
			'InvoiceTransaction\\Created',
			'ServiceUpgrade\\Updated',
			'Service\\Updated',
			'Service\\Updated',
			'Invoice\\Paid',
		]);
		expect(told()).toEqual([
			'subscription.updated: active, fire-legend until 2026-04-10',
			'subscription.updated: active, fire-legend until 2026-04-10',
		]);
	});

	it('whose payment fails is nobody’s business: the service itself is paid', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.upgrade(service.id, 'fire-legend');
		shop.failUpgrade(service.id);
		expect(moments().at(-1)).toBe('InvoiceTransaction\\Created');
		expect(told()).toEqual([]);
	});

	it('raises an open renewal invoice to the new price', () => {
		const { shop, service } = openShopWith('fire-knight');
		shop.days(25);
		shop.upgrade(service.id, 'fire-legend');
		shop.payUpgrade(service.id);
		const [, renewal] = shop.tables.items.rows.values();
		expect(renewal?.price).toBe('20.00');
	});

	it('that is not paid before the period ends is cancelled with its invoice', () => {
		const { shop, service } = openShopWith('fire-knight');
		const { upgrade, invoice } = shop.upgrade(service.id, 'fire-legend');
		shop.days(31);
		expect([upgrade.status, invoice?.status]).toEqual(['cancelled', 'cancelled']);
		expect(() => shop.payUpgrade(service.id)).toThrow('has no unpaid upgrade');
	});

	it('down happens at once, and the rest is credited (6c)', () => {
		const { shop, service, told, moments } = openShopWith('fire-legend');
		const { invoice } = shop.downgrade(service.id, 'fire-knight');
		expect(invoice).toBeNull();
		expect(moments()).toEqual([
			'ServiceUpgrade\\Created',
			'ServiceUpgrade\\Updated',
			'Service\\Updated',
			'Service\\Updated',
		]);
		expect(told()).toEqual([
			'subscription.updated: active, fire-knight until 2026-04-10',
			'subscription.updated: active, fire-knight until 2026-04-10',
		]);
		expect([...shop.tables.credits.rows.values()]).toMatchObject([{ amount: '10.00' }]);
		expect(() => shop.downgrade(service.id, 'fire-legend')).toThrow('costs more');
	});
});

describe('A cancellation', () => {
	it('at once ends the service, whose paid time stays in the future (7a)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.cancelNow(service.id);
		expect([service.status, ends(service)]).toEqual(['cancelled', '2026-04-10 15:30:20']);
		expect(moments()).toEqual(['ServiceCancellation\\Created', 'Service\\Updated']);
		expect(told()).toEqual(['subscription.cancelled: cancelled, fire-knight until 2026-04-10']);
	});

	it('at the end of the period leaves it active, and tells the end (7b)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.cancelAtPeriodEnd(service.id);
		expect(service.status).toBe('active');
		expect(moments()).toEqual(['ServiceCancellation\\Created']);
		expect(told()).toEqual([
			'subscription.updated: active, fire-knight until 2026-04-10, ends 2026-04-10',
		]);
		expect(() => shop.cancelAtPeriodEnd(service.id)).toThrow('has a cancellation already');
	});

	it('at the end of the period stops the invoices; the cron suspends and ends it (7b)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.cancelAtPeriodEnd(service.id);
		told();
		shop.days(50);
		expect(shop.tables.invoices.rows.size).toBe(1);
		expect(service.status).toBe('cancelled');
		expect(told()).toEqual([
			'payment.failed: suspended, fire-knight until 2026-04-10, ends 2026-04-10',
			'subscription.cancelled: cancelled, fire-knight until 2026-04-10, ends 2026-04-10',
		]);
	});

	it('at the end of the period does not stop an open invoice from renewing it (7e)', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.days(25);
		shop.cancelAtPeriodEnd(service.id);
		told();
		shop.pay(service.id);
		expect(told()).toEqual([
			'payment.succeeded: active, fire-knight until 2026-05-10, ends 2026-05-10',
		]);
	});

	it('that is withdrawn is told as a change', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.cancelAtPeriodEnd(service.id);
		told();
		shop.withdraw(service.id);
		expect(told()).toEqual(['subscription.updated: active, fire-knight until 2026-04-10']);
		shop.days(25);
		expect(shop.tables.invoices.rows.size).toBe(2);
	});
});

describe('By hand', () => {
	it('status and product change in one event (9)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.suspend(service.id);
		expect(told()).toEqual(['subscription.updated: suspended, fire-knight until 2026-04-10']);
		moments();
		shop.setService(service.id, { status: 'active', product_id: 8 });
		expect(moments()).toEqual(['Service\\Updated']);
		expect(told()).toEqual(['payment.succeeded: active, fire-legend until 2026-04-10']);
		shop.setService(service.id, { status: 'active' });
		expect(moments()).toEqual([]);
	});

	it('an overdue service that is suspended counts as not paid', () => {
		const { shop, service, told } = openShopWith('fire-knight');
		shop.advance(31 * day + 12 * hour);
		shop.suspend(service.id);
		expect(told()).toEqual(['payment.failed: suspended, fire-knight until 2026-04-10']);
	});

	it('a service moves to another customer, and tells from whom', () => {
		const { shop, service, customer, events } = openShopWith('fire-knight');
		const other = shop.addUser({ email: 'cy@example.test' });
		shop.moveService(service.id, 'cy@example.test');
		expect(events()).toMatchObject([
			{
				event: 'subscription.updated',
				customer_id: String(other.id),
				customer_email: 'cy@example.test',
				customer_name: null,
				previous_customer_id: String(customer),
			},
		]);
	});

	it('an address changes once for all services; the portal also takes its proof (11)', () => {
		const { shop, customer, events, moments } = openShopWith('fire-knight');
		shop.user(customer).email_verified_at = 0;
		shop.pay(shop.buy(customer, 'awakened').service.id);
		events();
		moments();
		shop.changeEmail(customer, 'new@example.test');
		expect(moments()).toEqual(['User\\Updated', 'User\\Updated']);
		expect(events()).toMatchObject([
			{
				event: 'customer.updated',
				customer_email: 'new@example.test',
				previous_email: 'bea@example.test',
			},
		]);
		expect(shop.user('new@example.test').email_verified_at).toBeNull();
		shop.changeEmail(customer, 'newer@example.test', 'api');
		expect(moments()).toEqual(['User\\Updated']);
	});

	it('a payment is taken back by another sender’s word, and the service stays', () => {
		const { shop, service, customer, events, moments } = openShopWith('fire-knight');
		shop.refund(service.id);
		shop.dispute(service.id);
		const reversal = {
			event_id: expect.stringMatching(/^other_/),
			occurred_at: '2026-03-10T15:30:20.000Z',
			subscription_id: String(service.id),
			customer_id: String(customer),
			customer_email: 'bea@example.test',
		};
		expect(events()).toEqual([
			{ event: 'payment.refunded', ...reversal },
			{ event: 'payment.disputed', ...reversal },
		]);
		expect([service.status, moments()]).toEqual(['active', []]);
	});

	it('properties change one by one for an admin, and in one go past the models for a customer', () => {
		const { shop, customer, moments } = openShopWith('fire-knight');
		shop.setProperty(customer, 'discord_id', '100');
		shop.setProperty(customer, 'discord_id', '101');
		shop.setProperty(customer, 'discord_id', '101');
		shop.setProperty(customer, 'discord_id', null);
		shop.setProperty(customer, 'discord_id', null);
		expect(moments()).toEqual(['Property\\Created', 'Property\\Updated', 'Property\\Deleted']);
		shop.saveProfile(customer, { properties: { discord_id: '102', minecraft_username: 'bea' } });
		expect(moments()).toEqual(['Properties\\Updated']);
		expect([...shop.tables.properties.rows.values()]).toMatchObject([
			{ key: 'discord_id', name: 'Discord ID', value: '102' },
			{ key: 'minecraft_username', name: 'Minecraft Username', value: 'bea' },
		]);
	});

	it('a deleted service is told with what it was (12)', () => {
		const { shop, service, customer, events } = openShopWith('fire-knight');
		shop.deleteService(service.id);
		expect(events()).toMatchObject([
			{
				event: 'subscription.cancelled',
				subscription_id: String(service.id),
				customer_id: String(customer),
				customer_email: 'bea@example.test',
				product_id: 'fire-knight',
				status: 'cancelled',
			},
		]);
	});

	it('a deleted user vanishes with everything and without a word (13)', () => {
		const { shop, customer, told, moments } = openShopWith('fire-knight');
		shop.deleteUser(customer);
		const { users, orders, services, invoices, items, transactions } = shop.tables;
		for (const table of [users, orders, services, invoices, items, transactions]) {
			expect(table.rows.size).toBe(0);
		}
		expect([moments(), told()]).toEqual([[], []]);
	});

	it('a deleted order takes its services without a word of them (13)', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.deleteOrder(service.order_id ?? 0);
		expect(shop.tables.services.rows.size).toBe(0);
		expect([moments(), told()]).toEqual([['Order\\Deleted'], []]);
	});

	it('labels, cards and quantities are noise', () => {
		const { shop, service, told, moments } = openShopWith('fire-knight');
		shop.setService(service.id, { label: 'mine', quantity: 2 });
		shop.saveCard(service.id, 'good');
		expect(moments()).toEqual(['Service\\Updated', 'Service\\Updated']);
		expect(told()).toEqual([]);
	});
});
