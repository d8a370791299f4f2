import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import {
	ANY_ANSWER,
	pauseBefore,
	queryOf,
	wrongAddress,
	type Answer,
	type Application,
	type HttpClient,
} from '../../shared/httpClient';
import { parseJson } from '../../shared/json';
import {
	PanelError,
	notThePanel,
	refused,
	settle,
	subuserLimit,
	unreachable,
	wrongPanelUrl,
	type PanelAnswerError,
} from './errors';

export interface PanelOptions {
	/** Names the panel and the keys: what other runs read with the same can be shared. */
	sharedAs: string;
	url: string;
	/** How often a failed call is repeated. */
	retries: number;
	/** Entries a page; the panel knows no upper limit [148, 260]. */
	pageSize: number;
	timeoutMs: number;
}

/** The panel has pages below these, and /server/… for each server. */
export const PANEL: Application = {
	example: 'https://panel.example.com',
	ownPath: /\/(?:(?:api|admin|auth|account)(?=\/|$)|server\/.)/i,
};

/** So long, for one customer, the panel may say "too many": a run must end before it counts as dead (3 minutes). */
const LONGEST_WAIT_MS = 120_000;
/** After so long a call is not repeated, for the same reason. */
const LONGEST_TRY_MS = 50_000;
const MAX_PAGES = 1000;

/** Calls a minute that an API allows at least, where none of its answers has told. */
const SMALLEST_API_LIMIT = 60;
const NEW_SUBUSER = /^client\/servers\/[^/]+\/users$/;

type Call = {
	method: IHttpRequestMethods;
	/** Below `/api/`. */
	path: string;
	/** What it is answered with; one thing unless it says otherwise. */
	expects?: 'list';
	query?: Record<string, string | number>;
	body?: IDataObject;
};

export type Envelope<T> = { attributes: T };

/**
 * Calls of the panel's two APIs, as measured in the contract (numbers in brackets are recorded
 * exchanges). Reads are repeated after network errors and 5xx. A write is repeated only after a
 * look whether it had worked. All functions throw `PanelError`.
 */
export function openTransport(wire: HttpClient, options: PanelOptions) {
	const base = options.url.trim().replace(/\/+$/, '');
	const wrongUrl = wrongAddress(options.url, PANEL);
	let calls = 0;
	let refusalsInARow = 0;
	let waitedMs = 0;
	let clockAhead: number | null = null;
	const callsPerMinute: Record<string, number> = {};
	/** Writes whose outcome was never told: they may still land later. */
	const unconfirmed: string[] = [];

	async function once(call: Call): Promise<unknown> {
		if (wrongUrl) throw wrongPanelUrl(wrongUrl);
		for (;;) {
			calls++;
			const answer = await wire
				.send({
					method: call.method,
					url: `${base}/api/${call.path}${queryOf(call.query)}`,
					// Without Accept, errors come as HTML pages and redirects [520-525].
					headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
					...(call.body ? { body: call.body } : {}),
					...ANY_ANSWER,
					timeout: options.timeoutMs,
				})
				.catch((error: unknown) => unreachable(call, error, base));
			if (answer instanceof PanelError) throw answer;
			listen(call, answer.headers);
			if (answer.statusCode !== 429) refusalsInARow = 0;
			else {
				const limit = subuserLimitIn(call, answer.headers);
				if (limit) throw limit;
				// Whole seconds; waiting that long was enough, one second less was not [547, 557].
				const seconds = Number(answer.headers['retry-after'] ?? NaN);
				const ms = Math.max(seconds * 1000 || 0, pauseOf(++refusalsInARow));
				if (waitedMs + ms <= LONGEST_WAIT_MS) {
					waitedMs += ms;
					await wire.pause(ms + wire.random() * 250);
					continue;
				}
			}
			return understand(call, answer);
		}
	}

	/**
	 * The limit on a server's new subusers, if that is what refuses the call: the smaller one than the
	 * API's own.
	 */
	function subuserLimitIn({ method, path }: Call, headers: IDataObject): PanelError | null {
		if (method !== 'POST' || !NEW_SUBUSER.test(path)) return null;
		const seconds = Number(headers['retry-after'] ?? NaN);
		const limit = Number(headers['x-ratelimit-limit'] ?? NaN);
		const apiLimit = callsPerMinute.client ?? callsPerMinute.application ?? SMALLEST_API_LIMIT;
		return limit < apiLimit ? subuserLimit(seconds || 60) : null;
	}

	const pauseOf = (attempt: number) => pauseBefore(attempt, wire.random());

	/** At the rate limit `once` has waited already. */
	const isWorthAnother = ({ isTransient, status }: PanelError) => isTransient && status !== 429;

	/** Whether the call was tried often or long enough. */
	function retryBudget(): (attempt: number) => boolean {
		const started = Date.now();
		return (attempt) => attempt >= options.retries || Date.now() - started > LONGEST_TRY_MS;
	}

	async function read<T>(
		path: string,
		query?: Call['query'],
		expects?: Call['expects'],
	): Promise<T> {
		const isSpent = retryBudget();
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(once({ method: 'GET', path, query, expects }));
			if (!error) return value as T;
			if (!isWorthAnother(error) || isSpent(attempt)) throw error;
			await wire.pause(pauseOf(attempt));
		}
	}

	async function readOrNull<T>(path: string, query?: Call['query']): Promise<T | null> {
		const { value, error } = await settle(read<T>(path, query));
		if (error && !error.isNotFound) throw error;
		return value ?? null;
	}

	/**
	 * All pages of a list. Pages are counted, never followed: the application API's links lose the
	 * page size and the filters [146].
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
	 * @param landed looks whether the write had worked: its result, or null
	 */
	async function write<T>(call: Call, landed: () => Promise<T | null>): Promise<T> {
		const isSpent = retryBudget();
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(once(call));
			if (!error) return value as T;
			if (!isWorthAnother(error)) throw error;
			if (error.isUnconfirmed) unconfirmed.push(`${call.method} ${call.path}`);
			if (isSpent(attempt)) throw error;
			await wire.pause(pauseOf(attempt));
			const result = await landed();
			if (result !== null) return result;
		}
	}

	async function remove(path: string): Promise<'removed' | 'was gone'> {
		const { error } = await settle(write({ method: 'DELETE', path }, async () => null));
		if (error && !error.isNotFound) throw error;
		return error ? 'was gone' : 'removed';
	}

	/** What headers say of the panel: its clock, in whole seconds, and each API's own limit [543, 555]. */
	function listen({ method, path }: Call, headers: IDataObject): void {
		const servedAt = Date.parse(String(headers.date));
		if (!Number.isNaN(servedAt)) clockAhead = Math.round((Date.now() - servedAt) / 1000);
		const limit = Number(headers['x-ratelimit-limit'] ?? NaN);
		// A new subuser is answered with the server's limit where fewer of that are left.
		const isOther = method === 'POST' && NEW_SUBUSER.test(path);
		if (!Number.isNaN(limit) && !isOther) callsPerMinute[path.split('/')[0] ?? ''] = limit;
	}

	const observed = () => ({ clockAhead, callsPerMinute });

	/** For the next customer the panel is waited for anew. */
	function resetWaiting(): void {
		waitedMs = 0;
	}

	return {
		calls: () => calls,
		observed,
		unconfirmed,
		resetWaiting,
		read,
		readOrNull,
		readAll,
		write,
		remove,
	};
}

function understand(call: Call, { statusCode: status, headers, body }: Answer): unknown {
	const isSuccess = status >= 200 && status < 300;
	// The panel says 204; a proxy may make 200 of it.
	if (isSuccess && call.method === 'DELETE') return null;
	const parsed = typeof body === 'string' ? (parseJson(body) ?? body) : body;
	const isJson = typeof parsed === 'object' && parsed !== null;
	if (isSuccess && isJson && isEnvelope(parsed, call.expects)) return parsed;
	const errors = isJson ? (parsed as { errors?: unknown }).errors : undefined;
	if (isErrorList(errors)) throw refused(call, status, errors);
	throw notThePanel(call, { statusCode: status, headers, body: parsed });
}

/** Others have `errors` too, of another form. */
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

/** One thing has `attributes`, a list has `data`. */
function isEnvelope(body: object, expects: Call['expects']): boolean {
	const { attributes, data } = body as { attributes?: unknown; data?: unknown };
	return expects === 'list'
		? Array.isArray(data)
		: typeof attributes === 'object' && attributes !== null;
}
