import type { RecordedCall } from '../panel/state.cjs';
import type { NewProduct } from './catalogue.cjs';
import type { NewUser, Profile } from './edits.cjs';
import type { Fault } from '../faults.cjs';
import type { ApiKey } from './keys.cjs';
import { newKey } from './keys.cjs';
import type { Card, Service } from './model.cjs';
import type { PurchaseOptions } from './orders.cjs';
import type { Surroundings } from './pipeline.cjs';
import type { Sending, SendingMode, Sent } from './sending.cjs';
import type { Reference, Shop } from './shop.cjs';
import { featuresOf } from './versions.cjs';
import type { Settings } from './world.cjs';

/**
 * The hands of a test on Paymenter; no part of it. In-process: `paymenter.control.NAME(…)` and
 * `paymenter.shop.VERB(…)`. Over HTTP, from the same machine and without a key, JSON in and out:
 *
 *     GET    /_control/state|users|services|invoices|events|calls|faults|settled
 *     DELETE /_control/calls|faults
 *     POST   /_control/reset            {customers?}             back to the seed, same key
 *     POST   /_control/faults           a Fault, or a list of them (see the panel's faults.cts)
 *     POST   /_control/maintenance      {on, retryAfter?: seconds|null}
 *     POST   /_control/version          {version: "1.4.0"}
 *     POST   /_control/add-key          {permissions?, enabled?, type?, ipAddresses?, token?}
 *     POST   /_control/change-key       {token, …}
 *     POST   /_control/webhook          {url?, mode?: on|off|hold, repeat?: times, stampBy?: shop|wall}
 *     POST   /_control/release          {order?: kept|reversed}  what was held back
 *     POST   /_control/resend           {}                       what was delivered, once more
 *     POST   /_control/ping             {}
 *     POST   /_control/report           {products: [slug, …]}    which to report, [] all; pings
 *     POST   /_control/send-properties  {keys: [key, …]}         of customers; pings
 *     POST   /_control/clock            {advance: ms}
 *     POST   /_control/days             {count}                  each followed by the cron
 *     POST   /_control/cron             {}
 *     POST   /_control/settings         {invoiceDays?, suspendDays?, terminateDays?, timezone?, …}
 *     POST   /_control/add-user         {email, first_name?, last_name?, …}
 *     POST   /_control/add-product      {name, price, slug?, type?, period?, unit?}
 *     POST   /_control/buy              {user, product: slug or list, quantity?, card?}
 *     POST   /_control/pay|fail|pay-upgrade|fail-upgrade         {service}
 *     POST   /_control/upgrade|downgrade                         {service, product}
 *     POST   /_control/cancel-now|cancel-at-period-end|withdraw  {service}
 *     POST   /_control/suspend|unsuspend                         {service}
 *     POST   /_control/set-service      {service, …columns}      dates in milliseconds
 *     POST   /_control/hold-suspension  {service, until: YYYY-MM-DD|null}  a Paymenter after 1.5.8
 *     POST   /_control/move-service     {service, user}
 *     POST   /_control/change-email     {user, email, where?: portal|api}
 *     POST   /_control/save-profile     {user, first_name?, last_name?, email?, properties?: {key: value}}
 *     POST   /_control/set-property     {user, key, value: text|null}      by an admin
 *     POST   /_control/refund|dispute   {service}                by another sender
 *     POST   /_control/save-card        {service, card: good|declined|unreachable|null}
 *     POST   /_control/expire           {service, daysAgo?}
 *     POST   /_control/delete-service|delete-user|delete-order|delete-product   {service|user|order|product}
 *
 * A `user` is an id or an e-mail address, a `service` an id. What is not found or not possible is
 * refused with 400.
 */
export interface Control {
	reset(seed?: { customers?: number }): void;
	fault(fault: Fault | Fault[]): void;
	clearFaults(): void;
	faults(): Fault[];
	maintenance(on: boolean, retryAfter?: number | null): void;
	version(version: string): void;
	addKey(key?: Partial<ApiKey>): ApiKey;
	changeKey(token: string, change: Partial<ApiKey>): ApiKey;
	/** Where events go, and whether. */
	webhook(change: {
		url?: string | null;
		mode?: SendingMode;
		repeat?: number;
		stampBy?: 'shop' | 'wall';
	}): void;
	release(order?: 'kept' | 'reversed'): void;
	resend(): void;
	settled(): Promise<void>;
	/** What became of each event. */
	events(): Sent[];
	calls(): RecordedCall[];
	clearCalls(): void;
}

/** What the control API may change. */
export interface Controlled extends Surroundings {
	faults: Fault[];
	calls: RecordedCall[];
	sending: Sending;
	/** Where events go. */
	webhook: string | null;
	/** A new shop with the seed in place of the old one. */
	restart: (customers?: number) => void;
}

export function createControl(paymenter: Controlled): Control {
	return {
		reset: ({ customers } = {}) => paymenter.restart(customers),
		fault(fault) {
			paymenter.faults.push(...(Array.isArray(fault) ? fault : [fault]));
		},
		clearFaults() {
			paymenter.faults = [];
		},
		faults: () => paymenter.faults,
		maintenance(on, retryAfter = 60) {
			paymenter.maintenance = on ? { retryAfter } : null;
		},
		version(version) {
			paymenter.features = featuresOf(version);
		},
		addKey(fields) {
			const key = newKey(fields);
			paymenter.keys.push(key);
			return key;
		},
		changeKey(token, change) {
			const key = paymenter.keys.find((one) => one.token === token);
			if (!key) throw new Error('No such key');
			return Object.assign(key, change);
		},
		webhook({ url, mode, repeat, stampBy }) {
			if (url !== undefined) {
				paymenter.webhook = url;
				paymenter.sending.target(url);
			}
			if (mode !== undefined) paymenter.sending.mode(mode);
			if (repeat !== undefined) paymenter.sending.repeat(repeat);
			if (stampBy !== undefined) paymenter.sending.stampBy(stampBy);
		},
		release: (order) => paymenter.sending.release(order),
		resend: () => paymenter.sending.resend(),
		settled: () => paymenter.sending.settled(),
		events: () => paymenter.sending.log(),
		calls: () => paymenter.calls,
		clearCalls() {
			paymenter.calls = [];
		},
	};
}

interface Hands {
	control: Control;
	shop: Shop;
}

/** Control input comes from tests on the same machine: it is taken as it is written. */
type Wire = (hands: Hands, input: never) => unknown;

type OnService = { service: Reference };
type OnProduct = OnService & { product: Reference };
type OnUser = { user: Reference };

const rowsOf = (table: { rows: Map<number, unknown> }): unknown[] => [...table.rows.values()];

const wires: Record<string, Wire> = {
	'GET state': ({ shop }) => ({
		now: shop.now(),
		settings: shop.world.settings,
		...Object.fromEntries(
			Object.entries(shop.tables).map(([name, table]) => [name, rowsOf(table)]),
		),
	}),
	'GET users': ({ shop }) => rowsOf(shop.tables.users),
	'GET services': ({ shop }) => rowsOf(shop.tables.services),
	'GET invoices': ({ shop }) => rowsOf(shop.tables.invoices),
	'GET events': ({ control }) => control.events(),
	'GET calls': ({ control }) => control.calls(),
	'GET faults': ({ control }) => control.faults(),
	'GET settled': ({ control }) => control.settled(),
	'DELETE calls': ({ control }) => control.clearCalls(),
	'DELETE faults': ({ control }) => control.clearFaults(),
	'POST reset': ({ control }, input) => control.reset(input),
	'POST faults': ({ control }, input) => control.fault(input),
	'POST maintenance': ({ control }, input: { on: boolean; retryAfter?: number | null }) =>
		control.maintenance(input.on, input.retryAfter),
	'POST version': ({ control }, input: { version: string }) => control.version(input.version),
	'POST add-key': ({ control }, input) => control.addKey(input),
	'POST change-key': ({ control }, input: Partial<ApiKey> & { token: string }) =>
		control.changeKey(input.token, input),
	'POST webhook': ({ control }, input) => control.webhook(input),
	'POST release': ({ control }, input: { order?: 'kept' | 'reversed' }) =>
		control.release(input.order),
	'POST resend': ({ control }) => control.resend(),
	'POST ping': ({ shop }) => shop.ping(),
	'POST report': ({ shop }, input: { products: string[] }) => shop.report(input.products),
	'POST send-properties': ({ shop }, input: { keys: string[] }) => shop.sendProperties(input.keys),
	'POST clock': ({ shop }, input: { advance: number }) => shop.advance(input.advance),
	'POST days': ({ shop }, input: { count: number }) => shop.days(input.count),
	'POST cron': ({ shop }) => shop.runCron(),
	'POST settings': ({ shop }, input: Partial<Settings>) => shop.configure(input),
	'POST add-user': ({ shop }, input: NewUser) => shop.addUser(input),
	'POST add-product': ({ shop }, input: NewProduct) => shop.addProduct(input),
	'POST buy': (
		{ shop },
		{ user, product, ...options }: OnUser & { product: string | string[] } & PurchaseOptions,
	) => shop.buy(user, product, options),
	'POST pay': ({ shop }, { service }: OnService) => shop.pay(service),
	'POST fail': ({ shop }, { service }: OnService) => shop.fail(service),
	'POST upgrade': ({ shop }, { service, product }: OnProduct) => shop.upgrade(service, product),
	'POST downgrade': ({ shop }, { service, product }: OnProduct) => shop.downgrade(service, product),
	'POST pay-upgrade': ({ shop }, { service }: OnService) => shop.payUpgrade(service),
	'POST fail-upgrade': ({ shop }, { service }: OnService) => shop.failUpgrade(service),
	'POST cancel-now': ({ shop }, { service }: OnService) => shop.cancelNow(service),
	'POST cancel-at-period-end': ({ shop }, { service }: OnService) =>
		shop.cancelAtPeriodEnd(service),
	'POST withdraw': ({ shop }, { service }: OnService) => shop.withdraw(service),
	'POST suspend': ({ shop }, { service }: OnService) => shop.suspend(service),
	'POST unsuspend': ({ shop }, { service }: OnService) => shop.unsuspend(service),
	'POST set-service': ({ shop }, { service, ...changes }: OnService & Partial<Service>) =>
		shop.setService(service, changes),
	'POST hold-suspension': ({ shop }, { service, until }: OnService & { until: string | null }) =>
		shop.holdSuspension(service, until),
	'POST move-service': ({ shop }, { service, user }: OnService & OnUser) =>
		shop.moveService(service, user),
	'POST change-email': (
		{ shop },
		{ user, email, where }: OnUser & { email: string; where?: 'portal' | 'api' },
	) => shop.changeEmail(user, email, where),
	'POST save-profile': ({ shop }, { user, ...profile }: OnUser & Profile) =>
		shop.saveProfile(user, profile),
	'POST set-property': (
		{ shop },
		{ user, key, value }: OnUser & { key: string; value: string | null },
	) => shop.setProperty(user, key, value),
	'POST refund': ({ shop }, { service }: OnService) => shop.refund(service),
	'POST dispute': ({ shop }, { service }: OnService) => shop.dispute(service),
	'POST save-card': ({ shop }, { service, card }: OnService & { card: Card | null }) =>
		shop.saveCard(service, card),
	'POST expire': ({ shop }, { service, daysAgo }: OnService & { daysAgo?: number }) =>
		shop.expire(service, daysAgo),
	'POST delete-service': ({ shop }, { service }: OnService) => shop.deleteService(service),
	'POST delete-user': ({ shop }, { user }: OnUser) => shop.deleteUser(user),
	'POST delete-order': ({ shop }, { order }: { order: number }) => shop.deleteOrder(order),
	'POST delete-product': ({ shop }, { product }: { product: Reference }) =>
		shop.deleteProduct(product),
};

/** `POST /_control/pay` and the like; undefined when there is no such thing. */
export async function runWire(
	hands: Hands,
	method: string,
	name: string,
	input: unknown,
): Promise<{ result: unknown } | undefined> {
	const wire = wires[`${method} ${name}`];
	return wire && { result: (await wire(hands, input as never)) ?? { ok: true } };
}
