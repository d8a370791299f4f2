import { tooManyAttempts } from './errors.cjs';
import type { PanelState, Server, User } from './state.cjs';
import { now } from './state.cjs';

export interface ApiLimits {
	/** Calls per minute and user; null or 0: no limit. */
	application: number | null;
	client: number | null;
}

export interface RateLimits extends ApiLimits {
	/** Attempts to create a subuser, per server and window; null or 0: no limit. */
	subuser: number | null;
	/** Whole seconds. */
	subuserWindow: number;
}

/** A panel as it is installed: Pterodactyl since 1.12, Pelican since January 2026. */
export const panelDefaults: RateLimits = {
	application: 256,
	client: 256,
	subuser: 10,
	subuserWindow: 15 * 60,
};

/** A call that was counted, and against which limit. */
export interface Counted {
	limit: number;
	bucket: { used: number; until: number };
}

/** One bucket per user and API, whatever the key [544, 553, 543]. */
export const countCall = (
	state: PanelState,
	limits: ApiLimits,
	api: keyof ApiLimits,
	user: User,
): Counted[] => count(state, `${api}:${user.uuid}`, limits[api], 60);

/** One bucket per server, whoever asks [pelican 522, 523]. */
export const countCreation = (
	state: PanelState,
	{ subuser, subuserWindow }: RateLimits,
	server: Server,
): Counted[] => count(state, `subuser:${server.uuid}`, subuser, subuserWindow);

/**
 * Counts one call, or throws 429 and does not count it. The window opens with the first call, ends
 * on a whole second, and everything is allowed anew after it (measured on a panel with 3 in 6 s).
 */
function count(
	state: PanelState,
	name: string,
	limit: number | null,
	windowSeconds: number,
): Counted[] {
	if (!limit) return [];
	const time = now(state);
	const current = state.buckets.get(name);
	const until = (Math.floor(time / 1000) + windowSeconds) * 1000;
	const bucket = current && current.until > time ? current : { used: 0, until };
	state.buckets.set(name, bucket);
	if (bucket.used >= limit) throw tooManyAttempts(limitedHeaders(limit, bucket.until, time));
	bucket.used++;
	return [{ limit, bucket }];
}

/**
 * The headers of an answer, outer limit first. Whichever leaves fewer calls shows, the inner one
 * when they are equal; what the bucket holds at the end counts, not at the start (both measured).
 */
export function countedHeaders(counted: Counted[]): Record<string, string> {
	const left = counted.map(({ limit, bucket }) => ({ limit, remaining: limit - bucket.used }));
	const [outer, inner = outer] = left;
	if (!outer || !inner) return {};
	const { limit, remaining } = inner.remaining <= outer.remaining ? inner : outer;
	return headers(limit, remaining);
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
