/** Sends signed events as the Paymenter extension does: until the trigger itself says "delivered". */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import axios from 'axios';

import { sign } from '../../nodes/PaymenterTrigger/signature';

export interface Delivery {
	status: number;
	body: unknown;
	/** Times it was sent until it was delivered. */
	attempts: number;
	/** From the first attempt to the answer. */
	ms: number;
}

export interface SenderOptions {
	url: string;
	secret: string;
	/** The sender's clock; n8n's may be shifted. */
	now?: () => Date;
	/** Pauses between attempts. */
	backoffMs?: number[];
	timeoutMs?: number;
}

const BACKOFF_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000];

/** A 2xx counts only with this header: while it starts, n8n answers every path with 200. */
export const RECEIPT_HEADER = 'x-paymenter-event';

/**
 * Sends one event until it is delivered; the id stays the same over all attempts.
 * Throws when it is refused for good (4xx but 404, 408 and 429) or all attempts are used up.
 */
export async function send(
	event: Record<string, unknown>,
	{
		url,
		secret,
		now = () => new Date(),
		backoffMs = BACKOFF_MS,
		timeoutMs = 30_000,
	}: SenderOptions,
): Promise<Delivery> {
	const id = typeof event.event_id === 'string' ? event.event_id : `evt_${randomUUID()}`;
	const body = JSON.stringify(event);
	const started = Date.now();
	let last = 'no attempt';
	for (const [attempt, wait] of [...backoffMs, 0].entries()) {
		const timestamp = Math.floor(now().getTime() / 1000);
		const answer = await axios
			.post(url, Buffer.from(body), {
				headers: {
					'Content-Type': 'application/json',
					'X-Forwarded-Proto': 'https',
					'webhook-id': id,
					'webhook-timestamp': String(timestamp),
					'webhook-signature': sign(secret, id, timestamp, body),
				},
				timeout: timeoutMs,
				maxRedirects: 0,
				validateStatus: () => true,
			})
			.catch((error: Error) => error);
		if (answer instanceof Error) last = answer.message;
		else {
			last = `${answer.status} ${JSON.stringify(answer.data)}`;
			const isSuccess = answer.status >= 200 && answer.status < 300;
			if (isSuccess && answer.headers[RECEIPT_HEADER] !== undefined) {
				const { status, data } = answer;
				return { status, body: data as unknown, attempts: attempt + 1, ms: Date.now() - started };
			}
			const isFinal = answer.status >= 400 && answer.status < 500;
			if (isFinal && ![404, 408, 429].includes(answer.status)) break;
		}
		await pause(wait);
	}
	throw new Error(`The event ${id} was not delivered: ${last}`);
}
