import { tooManyAttempts } from './errors.cjs';
import type { PanelState, User } from './state.cjs';
import { now } from './state.cjs';

/** Calls per minute; null switches the limit off. */
export interface RateLimits {
	application: number | null;
	client: number | null;
}

export const panelDefaults: RateLimits = { application: 240, client: 720 };

const window = 60_000;

/**
 * Counts the call and gives the headers of its answer, or throws 429. One bucket per user and API,
 * whatever the key [544, 553, 543]; a fixed minute from the first call; refused calls do not count.
 */
export function throttle(
	state: PanelState,
	limits: RateLimits,
	api: keyof RateLimits,
	user: User,
): Record<string, string> {
	const limit = limits[api];
	if (limit === null) return {};
	const time = now(state);
	const name = `${api}:${user.uuid}`;
	const current = state.buckets.get(name);
	const bucket = current && current.until > time ? current : { used: 0, until: time + window };
	state.buckets.set(name, bucket);
	if (bucket.used >= limit) throw tooManyAttempts(limitedHeaders(limit, bucket.until, time));
	bucket.used++;
	return headers(limit, limit - bucket.used);
}

const headers = (limit: number, remaining: number): Record<string, string> => ({
	'x-ratelimit-limit': String(limit),
	'x-ratelimit-remaining': String(remaining),
});

/** `retry-after` in whole seconds and the unix time of the reset: only on 429 [540, 550]. */
export function limitedHeaders(limit: number, until: number, time: number): Record<string, string> {
	return {
		...headers(limit, 0),
		'retry-after': String(Math.max(1, Math.ceil((until - time) / 1000))),
		'x-ratelimit-reset': String(Math.ceil(until / 1000)),
	};
}
