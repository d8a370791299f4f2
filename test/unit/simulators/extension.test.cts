import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ServiceFacts } from '../../../simulators/paymenter/extension.cjs';
import { eventOfService } from '../../../simulators/paymenter/extension.cjs';
import { readEvent } from '../../../nodes/PaymenterTrigger/event';
import { openShop, openShopWith } from './shopkeeper.cjs';

/** The cases that the extension in PHP is held to as well. */
interface Case {
	name: string;
	model: string;
	before: ServiceFacts | null;
	after: ServiceFacts | null;
	now: string;
	event: string | null;
	previous_customer_id?: string;
}

const file = join(__dirname, '../../../paymenter-extension/tests/moments.json');
const cases = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];

function eventOf({ model, before, after, now }: Case): string | null {
	if (model === 'Service\\Deleted') return 'subscription.cancelled';
	if (model !== 'Service\\Created' && model !== 'Service\\Updated') {
		throw new Error(`moments.json has a case about ${model}, which is not a service`);
	}
	if (!after) throw new Error('moments.json has a case without "after"');
	return eventOfService(model === 'Service\\Created' ? null : before, after, now.slice(0, 10));
}

(cases.length > 0 ? describe : describe.skip)('moments.json: the extension’s own cases', () => {
	it.each(cases.length > 0 ? cases : [{ name: 'are not there yet' } as Case])('$name', (one) => {
		expect(eventOf(one)).toBe(one.event);
		if (one.previous_customer_id !== undefined) {
			expect(String(one.before?.user_id)).toBe(one.previous_customer_id);
			expect(one.before?.user_id).not.toBe(one.after?.user_id);
		}
	});
});

describe('The extension', () => {
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

	it('pings when its settings are saved', () => {
		const { shop, told } = openShop();
		shop.ping();
		shop.report(['awakened']);
		expect(told()).toEqual(['ping', 'ping']);
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
		shop.days(30);
		shop.pay(service.id);
		shop.deleteService(service.id);
		const said = events();
		expect(new Set(said.map(({ event }) => event)).size).toBe(4);
		for (const event of said) {
			const body = Buffer.from(JSON.stringify(event));
			const reading = readEvent({ body, messageId: event.event_id, at: shop.now() });
			expect(reading).toMatchObject({ kind: 'event', event });
		}
	});
});
