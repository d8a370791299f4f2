import type { IDataObject } from 'n8n-workflow';

import { isJson, noResponse, outOfTime, wrongUrl, type ApiOptions } from '../../shared/api';
import {
	numberIn,
	pauseBefore,
	queryOf,
	sendCall,
	type Answer,
	type Call as ApiCall,
	type HttpClient,
} from '../../shared/httpClient';
import {
	PANEL,
	PanelError,
	notThePanel,
	refused,
	settle,
	subuserLimit,
	type PanelAnswerError,
} from './errors';
import type { Flavour, PanelChoice } from './flavour';
import type { PanelRun } from './run';

export interface PanelOptions extends Pick<ApiOptions, 'retries' | 'timeoutMs'> {
	/** Identifies panel and keys: runs with the same value may share what they read. */
	sharedAs: string;
	url: string;
	/** Default: detect. */
	panel?: PanelChoice;
	/** Which panels' keys they are by their form. */
	keys?: { application: Flavour | null; account: Flavour | null };
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
const RATE_LIMIT = 'x-ratelimit-limit';

/** `path`: below `/api/`. */
interface Call extends ApiCall {
	/** The expected answer: a list, no content, or (by default) a single resource. */
	expects?: 'list' | 'nothing';
	query?: Record<string, string | number>;
}

const apiOf = ({ path }: Call): string => path.split('/')[0] ?? '';

const isNewSubuser = ({ method, path }: Call): boolean =>
	method === 'POST' && /^client\/servers\/[^/]+\/users$/.test(path);

export type Envelope<T> = { attributes: T };

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

	const once = async (call: Call): Promise<unknown> =>
		await run.calls.run(async () => await answerTo(call));

	async function answerTo(call: Call): Promise<unknown> {
		if (wrong) throw new PanelError(...wrong);
		const api = apiOf(call);
		for (;;) {
			await untilOpen(api);
			if (isNewSubuser(call)) refuseIfClosed(call);
			calls++;
			const path = `/api/${call.path}${queryOf(call.query)}`;
			const answer = await sendCall(wire, options.url, { ...call, path }, options.timeoutMs).catch(
				(error: unknown) => {
					const tried = `did not answer ${call.method} ${call.path}`;
					const failed = new PanelError(...noResponse(PANEL, options.url, tried, error));
					throw Object.assign(failed, { shared: 'The panel does not answer' });
				},
			);
			run.hasAnswered = true;
			listen(call, answer.headers);
			if (answer.statusCode !== 429) {
				refusalsInARow = 0;
				return understand(call, answer);
			}
			const limit = subuserLimitIn(call, answer.headers);
			if (limit) throw limit;
			// Whole seconds. Waiting exactly that long is enough, one second less is not [547, 557].
			const seconds = numberIn(answer.headers, 'retry-after') ?? 0;
			const ms = Math.max(seconds * 1000, pauseOf(++refusalsInARow));
			run.pausedUntil[api] = Date.now() + ms;
			if (waitedMs + ms > LONGEST_WAIT_MS) return understand(call, answer);
			waitedMs += ms;
		}
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

	/**
	 * The error if a 429 comes from the limit on a server's new subusers: its `X-RateLimit-Limit` is
	 * smaller than the API's own. Else null.
	 */
	function subuserLimitIn(call: Call, headers: IDataObject): PanelError | null {
		const limit = numberIn(headers, RATE_LIMIT);
		if (limit === null || !isNewSubuser(call)) return null;
		if (limit >= apiLimit()) return null;
		const seconds = numberIn(headers, 'retry-after') || 60;
		run.budget.noteClosed(call.path, { limit, ms: seconds * 1000 }, Date.now());
		return subuserLimit(seconds);
	}

	const apiLimit = () => callsPerMinute.client ?? callsPerMinute.application ?? SMALLEST_API_LIMIT;

	const pauseOf = (attempt: number) => pauseBefore(attempt, wire.random());

	/** No response to any call of the run: the panel is down, for everybody. */
	const final = (error: PanelError): PanelError =>
		Object.assign(error, {
			isRunWide: error.isRunWide || (error.isNoResponse && !run.hasAnswered),
		});

	const read = async <T>(path: string, query?: Call['query'], expects?: 'list'): Promise<T> =>
		await send<T>({ method: 'GET', path, query, expects });

	/** A single resource; null if it does not exist. */
	async function readOrNull<T>(path: string): Promise<T | null> {
		const { value, error } = await settle(read<Envelope<T>>(path));
		if (error && !error.isNotFound) throw error;
		return value?.attributes ?? null;
	}

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
			const list = await read<{
				data: Array<Envelope<T>>;
				meta?: { pagination?: { total_pages?: number } };
			}>(path, { ...query, page, per_page: options.pageSize }, 'list');
			for (const { attributes } of list.data) found.set(attributes.id, attributes);
			if (list.data.length === 0 || page >= (list.meta?.pagination?.total_pages ?? 1)) break;
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
			const { value, error } = await settle(once(call));
			if (!error) return value as T;
			const { isTransient, isNoResponse, isUnconfirmed, isOutOfTime, status } = error;
			// `once` has waited for a limit already. Without time, pauses would only delay what is to be saved.
			if (!isTransient || status === 429 || isOutOfTime) throw final(error);
			if (isUnconfirmed && call.method !== 'GET') unconfirmed.push(`${call.method} ${call.path}`);
			const isSpent =
				attempt >= options.retries ||
				Date.now() - started > LONGEST_TRY_MS ||
				// The missing response is the error: the next run would have no more time for it.
				(isNoResponse && Date.now() > run.deadline);
			if (isSpent) throw final(error);
			await wire.pause(pauseOf(attempt));
			const result = await landed?.();
			if (result) return result;
		}
	}

	async function remove(path: string): Promise<'removed' | 'was gone'> {
		const { error } = await settle(send({ method: 'DELETE', path }));
		if (error && !error.isNotFound) throw error;
		return error ? 'was gone' : 'removed';
	}

	/** Learns from response headers: the panel's clock, in whole seconds, and each API's rate limit [543, 555]. */
	function listen(call: Call, headers: IDataObject): void {
		const servedAt = Date.parse(String(headers.date));
		if (!Number.isNaN(servedAt)) observed.clockAhead = Math.round((Date.now() - servedAt) / 1000);
		const limit = numberIn(headers, RATE_LIMIT);
		if (limit === null) return;
		if (!isNewSubuser(call)) callsPerMinute[apiOf(call)] = limit;
		else if (limit < apiLimit()) {
			// The answer to a new subuser carries the server's limit if fewer calls of that one are left.
			const left = numberIn(headers, 'x-ratelimit-remaining');
			if (left !== null) run.budget.noteLeft(call.path, { limit, left }, Date.now());
		}
	}

	return {
		calls: () => calls,
		observed: () => observed,
		unconfirmed,
		/** Gives the next customer the full waiting time. */
		resetWaiting: () => void (waitedMs = 0),
		read,
		readOrNull,
		readAll,
		send,
		remove,
	};
}

function understand(call: Call, answer: Answer): unknown {
	const { statusCode: status, body } = answer;
	const isSuccess = status >= 200 && status < 300;
	// The panel answers 204, which a proxy may turn into 200.
	if (isSuccess && call.method === 'DELETE') return null;
	if (isSuccess && call.expects === 'nothing' && !body) return null;
	if (!isJson(body)) throw notThePanel(call, answer);
	if (isSuccess && isEnvelope(body, call.expects)) return body;
	const { errors } = body as { errors?: unknown };
	throw isErrorList(errors) ? refused(call, status, errors) : notThePanel(call, answer);
}

/** Tells the panel's `errors` from those of proxies, which have another shape. */
function isErrorList(errors: unknown): errors is PanelAnswerError[] {
	return (
		Array.isArray(errors) &&
		errors.length > 0 &&
		errors.every(
			(one: Partial<PanelAnswerError> | null) =>
				typeof one?.code === 'string' && typeof one.detail === 'string',
		)
	);
}

/** A resource has `attributes`, a list has `data`. */
function isEnvelope(body: object, expects: Call['expects']): boolean {
	const { attributes, data } = body as { attributes?: unknown; data?: unknown };
	return expects === 'list'
		? Array.isArray(data)
		: typeof attributes === 'object' && attributes !== null;
}
