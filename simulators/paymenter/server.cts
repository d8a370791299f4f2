import { randomBytes } from 'node:crypto';

import { listen } from '../http.cjs';
import type { RecordedCall } from '../panel/state.cjs';
import type { Control, Controlled } from './control.cjs';
import { createControl } from './control.cjs';
import { spoil } from './faults.cjs';
import { newKey } from './keys.cjs';
import { answer } from './pipeline.cjs';
import { seedAdmin, seedCustomers } from './seed.cjs';
import type { Sending } from './sending.cjs';
import { createSending } from './sending.cjs';
import type { Shop, ShopOptions } from './shop.cjs';
import { createShop } from './shop.cjs';
import { featuresOf, newest } from './versions.cjs';

export interface PaymenterOptions extends Pick<
	ShopOptions,
	'now' | 'settings' | 'report' | 'properties' | 'watch'
> {
	/** 0 or left out: any free port. */
	port?: number;
	/** Where events go; left out: nowhere. */
	webhook?: string;
	/** `whsec_` and base64; left out: drawn by lot. */
	webhookSecret?: string;
	/** Of the admin, with every permission; left out: drawn by lot. */
	apiKey?: string;
	/** So many customers with services, after the admin, who is user 1. */
	customers?: number;
	/** Behaves as this version's Admin API; left out: 1.5.8. */
	version?: string;
	/** Pauses between attempts to send an event. */
	backoffMs?: number[];
}

export interface Paymenter {
	/** `http://127.0.0.1:PORT`; the Admin API is at `/api/v1/admin`. */
	url: string;
	apiKey: string;
	webhookSecret: string;
	/** `control.reset` replaces it. */
	readonly shop: Shop;
	control: Control;
	/** Every call to the API since the start, those of the control API not counted. */
	calls(): RecordedCall[];
	close(): Promise<void>;
}

/** Starts a simulated Paymenter on 127.0.0.1. Rejects when the port is busy. */
export async function startPaymenter(options: PaymenterOptions = {}): Promise<Paymenter> {
	const { port = 0, version = newest, backoffMs } = options;
	const webhookSecret = options.webhookSecret ?? `whsec_${randomBytes(32).toString('base64')}`;
	const key = newKey(options.apiKey === undefined ? {} : { token: options.apiKey });

	const open = (customers: number, webhook: string | null): { shop: Shop; sending: Sending } => {
		const { now, settings, report, properties, watch } = options;
		const sending = createSending({
			url: webhook,
			secret: webhookSecret,
			now: () => shop.now(),
			backoffMs,
		});
		const dispatch = sending.take;
		const shop = createShop({ now, settings, report, properties, watch, dispatch });
		seedAdmin(shop);
		seedCustomers(shop, customers);
		return { shop, sending };
	};

	const controlled: Controlled = {
		...open(options.customers ?? 0, options.webhook ?? null),
		webhook: options.webhook ?? null,
		keys: [key],
		features: featuresOf(version),
		maintenance: null,
		faults: [],
		calls: [],
		restart(customers = options.customers ?? 0) {
			controlled.sending.close();
			Object.assign(controlled, open(customers, controlled.webhook), {
				keys: [key],
				features: featuresOf(version),
				maintenance: null,
				faults: [],
				calls: [],
			});
		},
	};
	const control = createControl(controlled);

	const listener = await listen(
		{
			answer: (request) => answer(controlled, request),
			spoil,
			hands: () => ({ ...controlled.shop, ...control }),
			faults: () => controlled.faults,
			calls: () => controlled.calls,
		},
		port,
	);
	return {
		url: listener.url,
		apiKey: key.token,
		webhookSecret,
		get shop() {
			return controlled.shop;
		},
		control,
		calls: () => controlled.calls,
		close() {
			controlled.sending.close();
			return listener.close();
		},
	};
}
