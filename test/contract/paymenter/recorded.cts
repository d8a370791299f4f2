import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { databaseTime } from '../../../simulators/paymenter/calendar.cjs';
import type { Service } from '../../../simulators/paymenter/model.cjs';
import type { Paymenter } from '../../../simulators/paymenter/server.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';
import type { Shop } from '../../../simulators/paymenter/shop.cjs';
import type { Moment } from '../../../simulators/paymenter/world.cjs';
import type { Recording } from '../replay.cjs';

/** The shop that was recorded, and the recordings of it. */

const folder = join(__dirname, '..', '..', 'recordings', 'paymenter');

export interface Numbered extends Recording {
	number: number;
	/** Model events that a probe saw, in their order: `web:Service\\Updated {"status": [old, new]}`. */
	observed_events?: string[];
}

export const recordings: Numbered[] = readdirSync(folder)
	.filter((file) => /^\d+-/.test(file))
	.map((file) => ({
		...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording),
		number: Number.parseInt(file, 10),
	}))
	.sort((left, right) => left.number - right.number);

/** Recorded, but no single exchange; `statements.test.cts` has a sentence on each. */
export const notReplayed: Record<number, string> = {
	144: 'A summary of 400 calls.',
};

export const recordedUrl = 'http://127.0.0.1:8002';

const columns = ['status', 'expires_at', 'product_id', 'plan_id', 'user_id', 'price'] as const;

function written(moment: Moment): string {
	if (moment.event !== 'Service\\Updated') return moment.event;
	const { before: old, service } = moment;
	const shown = (row: Service, name: (typeof columns)[number]) =>
		name === 'expires_at' && row.expires_at !== null ? databaseTime(row.expires_at) : row[name];
	const changes = columns
		.filter((name) => old[name] !== service[name])
		.map((name) => [name, [shown(old, name), shown(service, name)]]);
	return `${moment.event} ${JSON.stringify(Object.fromEntries(changes))}`;
}

const opening = Date.parse('2026-11-22T20:12:20Z');

export interface RecordedShop {
	paymenter: Paymenter;
	/** By their names in the recordings' descriptions: `(key: API_KEY_NOPERM)`. */
	keys: Record<string, string>;
	/** Model events since they were last taken, as the probe wrote them. */
	takeEvents(): string[];
	/** The clock never goes back. */
	setClock(time: number): void;
	close(): Promise<void>;
}

const people = [
	'Bea Brown',
	'Cy Clark',
	'Dee Davis',
	'Eli Evans',
	'Fay Frost',
	'Gus Green',
	'Hana Hall',
	'Ivo Irwin',
	'Joy Jones',
	'Kai King',
	'Lea Lopez',
	'Max Moore',
];

/** Tells the shop's story again, second by second. */
export async function openRecordedShop(): Promise<RecordedShop> {
	let time = opening;
	let events: string[] = [];
	const paymenter = await startPaymenter({
		now: () => new Date(time),
		settings: { invoiceNumberFormat: 'INV-{number}' },
		watch: (moment) => events.push(written(moment)),
	});
	const { shop, control } = paymenter;
	const { users, invoices, items } = shop.tables;
	const admin = shop.user(1);
	admin.email_verified_at = opening;
	for (const [index, name] of people.entries()) {
		const [first_name = '', last_name = ''] = name.split(' ');
		const email = `${first_name.toLowerCase()}@example.test`;
		const user = shop.addUser({ first_name, last_name, email, email_verified_at: opening });
		shop.setProperty(user.id, 'discord_id', String(100000000000000001n + BigInt(index)));
	}
	const mail = (name: string) => `${name}@example.test`;
	const bought = (name: string, product: string) => {
		const { service } = shop.buy(mail(name), product);
		shop.pay(service.id);
		return service.id;
	};

	bought('bea', 'fire-elemental');
	bought('cy', 'frost-knight');
	bought('cy', 'awakened');
	bought('dee', 'sovereign');
	shop.buy(mail('eli'), 'fire-master');
	const fay = bought('fay', 'frost-legend');

	time += 1000;
	shop.setService(fay, { expires_at: Date.parse('2026-11-18T20:12:21Z') });
	shop.fail(fay);
	shop.suspend(fay);
	shop.cancelNow(bought('gus', 'fire-knight'));
	const { invoice: upgrade } = shop.upgrade(bought('hana', 'fire-elemental'), 'fire-legend');
	shop.cancelAtPeriodEnd(bought('ivo', 'frost-master'));
	const joy = bought('joy', 'fire-legend');
	const kai = bought('kai', 'frost-elemental');
	const renewal = shop.fail(kai);
	renewal.due_at = Date.parse('2026-11-25');
	renewal.number = '3';
	for (const item of items.rows.values()) {
		if (item.invoice_id === renewal.id) item.description = 'renewal';
		if (item.invoice_id === upgrade?.id) item.description = 'Upgrade';
	}

	time += 1000;
	shop.setService(joy, { status: 'cancelled' });
	users.nextId = 14;
	invoices.nextId = 15;
	const all = { API_KEY: paymenter.apiKey };
	const view = ['admin.services.view'];
	return {
		paymenter,
		keys: {
			...all,
			API_KEY_DISABLED: control.addKey({ enabled: false }).token,
			API_KEY_IP_OTHER: control.addKey({ ipAddresses: ['10.9.9.9'] }).token,
			API_KEY_USERTYPE: control.addKey({ type: 'user' }).token,
			API_KEY_NOPERM: control.addKey({ permissions: [] }).token,
			API_KEY_SERVICES_VIEW: control.addKey({ permissions: view }).token,
		},
		takeEvents() {
			const taken = events;
			events = [];
			return taken;
		},
		setClock(wanted) {
			time = Math.max(time, wanted);
		},
		close: () => paymenter.close(),
	};
}

/** What happened between two recordings and is not recorded. */
export const before: Record<number, (paymenter: Paymenter) => void> = {
	154: ({ shop }) => shop.buy(14, 'frost-knight'),
	174: ({ shop }) => shop.moveService(12, 14),
	178: ({ shop }) => shop.buy(14, 'fire-knight'),
	181: ({ shop }) => shop.buy(14, 'fire-knight'),
	184: ({ shop }) => shop.deleteProduct('fire-knight'),
	186: ({ control }) => control.maintenance(true),
};

/** Writes to the API, which only a person would make: here by hand, for the events that they cause. */
export const byHand: Record<number, (shop: Shop) => void> = {
	146: (shop) => shop.addUser({ email: 'api@example.test' }),
	149: (shop) => shop.changeEmail(14, 'api2@example.test', 'api'),
	154: (shop) => shop.setService(12, { status: 'active' }),
	155: (shop) => shop.setService(12, { expires_at: Date.parse('2027-01-31') }),
	157: (shop) => shop.suspend(12),
	159: (shop) => shop.setService(12, { product_id: 9 }),
	161: (shop) => shop.setService(12, { plan_id: 9 }),
	162: (shop) => shop.setService(12, { product_id: 5, status: 'active' }),
	163: (shop) => shop.moveService(12, 13),
	174: (shop) => shop.deleteService(12),
	178: (shop) => shop.deleteOrder(13),
	181: (shop) => shop.deleteUser(14),
};
