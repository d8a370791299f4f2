import type { IDataObject } from 'n8n-workflow';

import { isJson, noResponse, orNull, outOfTime, wrongUrl } from '../../shared/api';
import {
	numberIn,
	pauseBefore,
	queryOf,
	sendCall,
	type Answer,
	type Call as ApiCall,
	type HttpClient,
} from '../../shared/httpClient';
import { PANEL, PanelError, errorIn, settle, subuserLimit } from './errors';
import type { KeyForms, PanelChoice } from './flavour';
import type { PanelRun } from './run';

export interface PanelOptions {
	url: string;
	/** How often a failed call is repeated. */
	retries: number;
	timeoutMs: number;
	/** Default: detect. */
	panel?: PanelChoice;
	/** What the keys are by their form. */
	keys?: KeyForms;
	/** Entries per page; the panel has no upper limit [148, 260]. */
	pageSize: number;
	/** Shared by all customers of a run. */
	run: PanelRun;
	/** Bulk work leaves some new subusers of each server to purchases. */
	isBulk?: boolean;
}

/** Longest total wait on 429 per customer: a run must end before it is considered dead (3 minutes). */
const LONGEST_WAIT_MS = 120_000;
/** After this time a call is not retried, for the same reason. */
const LONGEST_TRY_MS = 50_000;
const MAX_PAGES = 1000;

/** Assumed calls per minute of an API until one of its answers reports the limit. */
const SMALLEST_API_LIMIT = 60;

/** `path`: below `/api/`. */
interface Call extends ApiCall {
	/** The expected answer: a list, no content, or (by default) a single resource. */
	expects?: 'list' | 'nothing';
	query?: Record<string, string | number>;
}

/** A page of a list. */
interface Page<T> {
	data: Array<{ attributes: T }>;
	meta?: { pagination?: { total_pages?: number } };
}

const apiOf = ({ path }: Call): string => path.split('/')[0] ?? '';

const isNewSubuser = ({ method, path }: Call): boolean =>
	method === 'POST' && /^client\/servers\/[^/]+\/users$/.test(path);

/**
 * The HTTP client for the panel's two APIs, as measured in the contract (numbers in brackets are
 * recorded exchanges). Reads are retried after network errors and 5xx. A write is retried only after
 * checking that it did not take effect. All functions throw `PanelError`.
 */
export function openTransport(wire: HttpClient, options: PanelOptions) {
	const { run } = options;
	const wrong = wrongUrl(PANEL, options.url);
	let calls = 0;
	let refusalsInARow = 0;
	let waitedMs = 0;
	const callsPerMinute: Record<string, number> = {};
	const observed = { clockAhead: null as number | null, callsPerMinute };
	/** Writes with an unknown outcome: they may still take effect later. */
	const unconfirmed: string[] = [];

	async function answerTo(call: Call): Promise<unknown> {
		if (wrong) throw new PanelError(...wrong);
		const api = apiOf(call);
		for (;;) {
			await untilOpen(api);
			if (isNewSubuser(call)) refuseIfClosed(call);
			calls++;
			const answer = await answerOnce(call);
			const { statusCode, headers } = answer;
			run.hasAnswered = true;
			const serverLimit = listen(call, headers);
			if (statusCode !== 429) {
				refusalsInARow = 0;
				return contentOf(call, answer);
			}
			const seconds = numberIn(headers, 'retry-after') ?? 0;
			if (serverLimit !== null) throw closed(call, serverLimit, seconds || 60);
			// Whole seconds. Waiting exactly that long is enough, one second less is not [547, 557].
			const ms = Math.max(seconds * 1000, pauseOf(++refusalsInARow));
			run.pausedUntil[api] = Date.now() + ms;
			if (waitedMs + ms > LONGEST_WAIT_MS) return contentOf(call, answer);
			waitedMs += ms;
		}
	}

	async function answerOnce({ path, query, ...call }: Call): Promise<Answer> {
		const full = { ...call, path: `/api/${path}${queryOf(query)}` };
		return await sendCall(wire, options.url, full, options.timeoutMs).catch((error: unknown) => {
			const tried = `did not answer ${call.method} ${path}`;
			const [message, advice, facts] = noResponse(PANEL, options.url, tried, error);
			throw new PanelError(message, advice, { ...facts, shared: 'The panel does not answer' });
		});
	}

	/** The limit of calls counts for everybody who uses the key, so all of a run wait for it. */
	async function untilOpen(api: string): Promise<void> {
		const until = run.pausedUntil[api] ?? 0;
		const ms = until - Date.now();
		if (Date.now() + Math.max(ms, 0) > run.deadline) throw new PanelError(...outOfTime());
		if (ms <= 0) return;
		await wire.pause(ms + wire.random() * 250);
		if (run.pausedUntil[api] === until) delete run.pausedUntil[api];
	}

	/** Sends nothing to a server that accepts no new subusers now: refused ones count too. */
	function refuseIfClosed({ path, body }: Call): void {
		const now = Date.now();
		const customer = { who: String(body?.email), isBulk: options.isBulk ?? false };
		const wait = run.budget.waitFor(path, customer, now);
		if (wait) throw subuserLimit(Math.ceil((wait.until - now) / 1000), wait.ahead);
	}

	/** The server has just refused a new subuser. */
	function closed({ path }: Call, limit: number, seconds: number): PanelError {
		run.budget.noteClosed(path, { limit, ms: seconds * 1000 }, Date.now());
		return subuserLimit(seconds);
	}

	/**
	 * Learns from response headers: the panel's clock, in whole seconds, and each API's rate limit [543, 555].
	 * @returns a server's own limit on new subusers, which is smaller than the API's, or null
	 */
	function listen(call: Call, headers: IDataObject): number | null {
		const servedAt = Date.parse(String(headers.date));
		if (!Number.isNaN(servedAt)) observed.clockAhead = Math.round((Date.now() - servedAt) / 1000);
		const limit = numberIn(headers, 'x-ratelimit-limit');
		if (limit === null) return null;
		if (!isNewSubuser(call)) {
			callsPerMinute[apiOf(call)] = limit;
			return null;
		}
		const { client, application } = callsPerMinute;
		if (limit >= (client ?? application ?? SMALLEST_API_LIMIT)) return null;
		// The answer to a new subuser carries the server's limit if fewer calls of that one are left.
		const left = numberIn(headers, 'x-ratelimit-remaining');
		if (left !== null) run.budget.noteLeft(call.path, { limit, left }, Date.now());
		return limit;
	}

	const pauseOf = (attempt: number) => pauseBefore(attempt, wire.random());

	const read = async <T>(path: string): Promise<T> => await send<T>({ method: 'GET', path });

	/** A single resource; null if it does not exist. */
	const readOrNull = async <T>(path: string): Promise<T | null> => await orNull(read<T>(path));

	/** One page of a list, by default the first record. */
	const readPage = async <T>(
		path: string,
		query: Call['query'] = { per_page: 1 },
	): Promise<Page<T>> => await send({ method: 'GET', path, query, expects: 'list' });

	/**
	 * All pages of a list. Pages are counted; links are not followed, because those of the application
	 * API lose the page size and the filters [146].
	 */
	async function readAll<T extends { id: number }>(
		path: string,
		query: Call['query'] = {},
	): Promise<T[]> {
		const found = new Map<number, T>();
		for (let page = 1; page <= MAX_PAGES; page++) {
			const paged = { ...query, page, per_page: options.pageSize };
			const { data, meta } = await readPage<T>(path, paged);
			for (const { attributes } of data) found.set(attributes.id, attributes);
			if (data.length === 0 || page >= (meta?.pagination?.total_pages ?? 1)) break;
		}
		return [...found.values()];
	}

	/**
	 * Sends a call, and retries it on transient errors; a write only if it did not take effect.
	 * @param landed checks whether the write took effect: returns its result, or null
	 */
	async function send<T>(call: Call, landed?: () => Promise<T | null>): Promise<T> {
		const started = Date.now();
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(run.calls.run(() => answerTo(call)));
			if (!error) return value as T;
			const { isTransient, isNoResponse, isUnconfirmed, isOutOfTime, status } = error;
			// A limit has been waited for already. Without time, pauses would only delay what is to be saved.
			const isRetried = isTransient && status !== 429 && !isOutOfTime;
			if (isRetried && isUnconfirmed && call.method !== 'GET') {
				unconfirmed.push(`${call.method} ${call.path}`);
			}
			const isSpent =
				attempt >= options.retries ||
				Date.now() - started > LONGEST_TRY_MS ||
				// The missing response is the error: the next run would have no more time for it.
				(isNoResponse && Date.now() > run.deadline);
			if (!isRetried || isSpent) {
				// No response to any call of the run: the panel is down, for everybody.
				error.isRunWide ||= isNoResponse && !run.hasAnswered;
				throw error;
			}
			await wire.pause(pauseOf(attempt));
			const result = await landed?.();
			if (result) return result;
		}
	}

	async function remove(path: string): Promise<'removed' | 'was gone'> {
		const removed = send({ method: 'DELETE', path }).then(() => 'removed' as const);
		return (await orNull(removed)) ?? 'was gone';
	}

	return {
		calls: () => calls,
		observed: () => observed,
		unconfirmed,
		/** Gives the next customer the full waiting time. */
		resetWaiting: () => void (waitedMs = 0),
		read,
		readOrNull,
		readPage,
		readAll,
		send,
		remove,
	};
}

/** A list as it is; of a resource its `attributes` and `meta` in one. Throws what the answer says instead. */
function contentOf({ method, path, expects }: Call, answer: Answer): unknown {
	const { statusCode: status, body } = answer;
	if (status >= 200 && status < 300) {
		// The panel answers 204, which a proxy may turn into 200.
		if (method === 'DELETE' || (expects === 'nothing' && !body)) return null;
		const { attributes, data, meta } = (body ?? {}) as Record<string, unknown>;
		if (expects === 'list' ? Array.isArray(data) : isJson(attributes)) {
			return expects === 'list' ? body : { ...(meta as object), ...(attributes as object) };
		}
	}
	throw errorIn({ method, path }, answer);
}
