import { NotDelivered, send } from '../events/sender.cjs';
import type { Report } from './extension.cjs';

/**
 * The queue of the extension's jobs and its worker: one attempt after the other, each with the
 * present state and the same id, until the receiver says "delivered" or "refused". It ends by itself
 * when the pauses are used up.
 */
export interface Sending {
	take(report: Report): void;
	/** `off`: what is reported now is lost, as with a dead queue; `hold`: it waits for `release`. */
	mode(mode: SendingMode): void;
	/** Sends what was held back, in its order or from the last to the first. */
	release(order?: 'kept' | 'reversed'): void;
	/** Where to; null: nowhere, which is `off`. */
	target(url: string | null): void;
	/** When nothing is under way; what is held back is not. */
	settled(): Promise<void>;
	log(): Sent[];
	/** Gives up what is under way. */
	close(): void;
}

export type SendingMode = 'on' | 'off' | 'hold';

export interface Sent {
	event_id: string;
	/** As of the last attempt; null: there was nothing to send any more. */
	event: ReturnType<Report['read']>;
	attempts: number;
	/** `refused`: the receiver refuses this event for good; `failed`: all pauses are used up. */
	outcome: 'waiting' | 'held' | 'lost' | 'delivered' | 'nothing' | 'refused' | 'failed';
	/** Why the last attempt was none. */
	problem?: string;
}

export interface SendingOptions {
	url: string | null;
	secret: string;
	/** The shop's clock. */
	now: () => Date;
	/** Pauses between attempts. */
	backoffMs?: number[];
	timeoutMs?: number;
}

const pauses = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000];

export function createSending(options: SendingOptions): Sending {
	const { secret, now, backoffMs = pauses, timeoutMs = 5000 } = options;
	let url = options.url;
	let mode: SendingMode = 'on';
	let isClosed = false;
	let worker: Promise<void> = Promise.resolve();
	let held: Array<{ report: Report; entry: Sent }> = [];
	const log: Sent[] = [];
	const underWay = new Set<Promise<void>>();
	const stops = new Set<() => void>();

	const pause = (ms: number): Promise<void> =>
		new Promise((resolve) => {
			const stop = () => {
				clearTimeout(timer);
				stops.delete(stop);
				resolve();
			};
			const timer = setTimeout(stop, ms);
			stops.add(stop);
		});

	/** True: another attempt may help. */
	async function attempt(report: Report, entry: Sent): Promise<boolean> {
		const event = report.read();
		entry.event = event;
		if (event === null || url === null) {
			entry.outcome = event === null ? 'nothing' : 'lost';
			return false;
		}
		entry.attempts++;
		try {
			await send({ ...event }, { url, secret, now, timeoutMs, backoffMs: [] });
			entry.outcome = 'delivered';
			return false;
		} catch (error) {
			entry.problem = error instanceof Error ? error.message : String(error);
			if (!(error instanceof NotDelivered && error.isRefused)) return true;
			entry.outcome = 'refused';
			return false;
		}
	}

	async function deliver(report: Report, entry: Sent): Promise<void> {
		for (const wait of [...backoffMs, null]) {
			let again = false;
			worker = worker.then(async () => {
				again = !isClosed && (await attempt(report, entry));
			});
			await worker;
			if (!again) return;
			if (wait === null) break;
			await pause(wait);
		}
		entry.outcome = 'failed';
	}

	function start(report: Report, entry: Sent): void {
		entry.outcome = 'waiting';
		const work = deliver(report, entry).finally(() => underWay.delete(work));
		underWay.add(work);
	}

	function enqueue(report: Report): void {
		const entry: Sent = {
			event_id: report.event_id,
			event: null,
			attempts: 0,
			outcome: 'waiting',
		};
		log.push(entry);
		if (mode === 'off' || url === null) entry.outcome = 'lost';
		else if (mode === 'hold') {
			entry.outcome = 'held';
			held.push({ report, entry });
		} else start(report, entry);
	}

	return {
		take(report) {
			enqueue(report);
		},
		mode(wanted) {
			mode = wanted;
		},
		release(order = 'kept') {
			const due = order === 'reversed' ? held.toReversed() : held;
			held = [];
			for (const { report, entry } of due) start(report, entry);
		},
		target(wanted) {
			url = wanted;
		},
		async settled() {
			while (underWay.size > 0) await Promise.all(underWay);
		},
		log: () => log,
		close() {
			isClosed = true;
			for (const stop of stops) stop();
		},
	};
}
