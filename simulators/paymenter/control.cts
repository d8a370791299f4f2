import type { RecordedCall } from '../panel/state.cjs';
import type { Fault } from '../faults.cjs';
import type { ApiKey } from './keys.cjs';
import { newKey } from './keys.cjs';
import type { Surroundings } from './pipeline.cjs';
import type { Sending, SendingMode, Sent } from './sending.cjs';
import { featuresOf } from './versions.cjs';

/**
 * The hands of a test on Paymenter; no part of it: `paymenter.control.NAME(…)` and
 * `paymenter.shop.VERB(…)`, or over HTTP from the same machine and without a key
 * `POST /_control/NAME` with a JSON list of arguments: `POST /_control/pay` with `[1]`.
 *
 * A `user` is an id or an e-mail address, a `service` an id. What is not found or not possible is
 * refused with 400.
 */
export interface Control {
	reset(seed?: { customers?: number }): void;
	fault(fault: Fault | Fault[]): void;
	clearFaults(): void;
	maintenance(on: boolean, retryAfter?: number | null): void;
	version(version: string): void;
	addKey(key?: Partial<ApiKey>): ApiKey;
	/** Where events go, and whether. */
	webhook(change: { url?: string | null; mode?: SendingMode }): void;
	release(order?: 'kept' | 'reversed'): void;
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
		webhook({ url, mode }) {
			if (url !== undefined) {
				paymenter.webhook = url;
				paymenter.sending.target(url);
			}
			if (mode !== undefined) paymenter.sending.mode(mode);
		},
		release: (order) => paymenter.sending.release(order),
		settled: () => paymenter.sending.settled(),
		events: () => paymenter.sending.log(),
		calls: () => paymenter.calls,
		clearCalls() {
			paymenter.calls = [];
		},
	};
}
