/** Sends signed events as the Paymenter extension does: until n8n itself says "delivered" or "refused". */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { AxiosResponse } from 'axios';
import axios from 'axios';

import { sign } from '../../nodes/PaymenterTrigger/webhook/signature';

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

/** The event is stored. A 2xx alone says nothing: while it starts, n8n answers every path with 200. */
export const RECEIPT_HEADER = 'x-paymenter-event';
/** A ping, or an event that is not selected or not known. */
export const IGNORED_HEADER = 'x-paymenter-ignored';
/** This event cannot be taken, now or later. */
export const REFUSED_HEADER = 'x-paymenter-refused';

const REFUSALS = [413, 415, 422];

export class NotDelivered extends Error {
	/** Another attempt cannot help. */
	readonly isRefused: boolean;

	constructor(message: string, isRefused: boolean) {
		super(message);
		this.isRefused = isRefused;
	}
}

type Verdict = 'delivered' | 'refused' | 'again';

function verdictOn({ status, headers }: AxiosResponse): Verdict {
	const isSuccess = status >= 200 && status < 300;
	const isTaken = RECEIPT_HEADER in headers || IGNORED_HEADER in headers;
	if (isSuccess && isTaken) return 'delivered';
	return REFUSALS.includes(status) && REFUSED_HEADER in headers ? 'refused' : 'again';
}

/**
 * Sends one event until it is delivered; the id stays the same over all attempts.
 * Throws `NotDelivered` when n8n refuses it for good or all attempts are used up.
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
	let verdict: Verdict = 'again';
	for (const [attempt, wait] of [...backoffMs, 0].entries()) {
		const timestamp = Math.floor(now().getTime() / 1000);
		const answer = await axios
			.post<unknown>(url, Buffer.from(body), {
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
			const { status, data } = answer;
			last = `${status} ${JSON.stringify(data)}`;
			verdict = verdictOn(answer);
			if (verdict === 'delivered') {
				return { status, body: data, attempts: attempt + 1, ms: Date.now() - started };
			}
			if (verdict === 'refused') break;
		}
		await pause(wait);
	}
	throw new NotDelivered(`The event ${id} was not delivered: ${last}`, verdict === 'refused');
}
