import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import type { HeldNode } from '../../../domain/perks/rankWrites';
import {
	ANY_ANSWER,
	numberIn,
	pauseBefore,
	queryOf,
	quote,
	silence,
	type Answer,
	type HttpClient,
} from '../../shared/httpClient';
import { parseJson } from '../../shared/json';

export interface LuckPermsOptions {
	url: string;
	/** How often a failed call is repeated. */
	retries: number;
	timeoutMs: number;
	/** No call starts after this time. */
	deadline: number;
}

/** An error at the LuckPerms REST API: the message says what happened, `advice` what to do. */
export class LuckPermsError extends Error {
	/** The same call may succeed later. */
	isTransient = false;

	/** No other call of the run would fare better. */
	isRunWide = false;

	/** The run's time is over; nothing is wrong. */
	isOutOfTime = false;

	/** It says itself that there is no such group. */
	isNotFound = false;

	/** Seconds to wait before the next call. */
	retryAfter: number | null = null;

	constructor(
		message: string,
		readonly advice: string,
		facts: Partial<LuckPermsError> = {},
	) {
		super(message);
		Object.assign(this, facts);
	}
}

/** Returns a `LuckPermsError` as a value, for callers that handle it. Other errors are thrown. */
export async function settleLuckPerms<T>(
	promise: Promise<T>,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: LuckPermsError }> {
	return await promise.then(
		(value) => ({ value }),
		(error: unknown) => {
			if (error instanceof LuckPermsError) return { error };
			throw error;
		},
	);
}

export type LuckPerms = ReturnType<typeof connectLuckPerms>;

interface Call {
	method: IHttpRequestMethods;
	path: string;
	body?: IDataObject;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * The client for the LuckPerms REST API (LuckPerms/rest-api). It never calls DELETE, PUT or PATCH: they
 * can clear everything that a player has. All functions throw `LuckPermsError`.
 */
export function connectLuckPerms(http: HttpClient, options: LuckPermsOptions) {
	const base = options.url.trim().replace(/\/+$/, '');
	let hasWorked = false;

	async function once(call: Call): Promise<unknown> {
		if (Date.now() > options.deadline) return outOfTime();
		const answer = await http
			.send({
				method: call.method,
				url: `${base}${call.path}`,
				headers: { Accept: 'application/json' },
				...(call.body ? { body: call.body } : {}),
				...ANY_ANSWER,
				timeout: options.timeoutMs,
			})
			.catch((error: unknown) => noAnswer(base, error));
		return answer instanceof LuckPermsError ? answer : understand(call, answer);
	}

	/** All our calls can be repeated. */
	async function send(call: Call): Promise<unknown> {
		for (let attempt = 0; ; attempt++) {
			const answer = await once(call);
			if (!(answer instanceof LuckPermsError)) {
				hasWorked = true;
				return answer;
			}
			const { isTransient, isOutOfTime, retryAfter } = answer;
			const ms = Math.max((retryAfter ?? 0) * 1000, pauseBefore(attempt, http.random()));
			const isSpent =
				attempt >= options.retries || ms > LONGEST_WAIT_MS || Date.now() + ms > options.deadline;
			if (!isTransient || isOutOfTime || isSpent) {
				answer.isRunWide ||= isTransient && !isOutOfTime && !hasWorked;
				throw answer;
			}
			await http.pause(ms);
		}
	}

	return {
		/**
		 * Sets a temporary node, which replaces one with another expiry; a permanent one stays. An API that
		 * does not know `replace` at least moves the expiry to later.
		 * @returns all nodes of the player afterwards
		 */
		async setNode(uuid: string, node: HeldNode): Promise<HeldNode[]> {
			const query = queryOf({
				replace: 'true',
				temporaryNodeMergeStrategy: 'replace_existing_if_duration_longer',
			});
			const path = `/user/${uuid}/nodes${query}`;
			return listOf<HeldNode>(await send({ method: 'POST', path, body: { ...node } }));
		},

		/** Everybody who has such a node, by UUID. */
		async search(key: string): Promise<Map<string, HeldNode[]>> {
			const path = `/user/search${queryOf({ key })}`;
			const found = listOf<{ uniqueId: string; results: HeldNode[] }>(
				await send({ method: 'GET', path }),
			);
			return new Map(found.map(({ uniqueId, results }) => [uniqueId.toLowerCase(), results]));
		},

		async hasGroup(name: string): Promise<boolean> {
			const path = `/group/${encodeURIComponent(name)}`;
			const { error } = await settleLuckPerms(send({ method: 'GET', path }));
			if (error && !error.isNotFound) throw error;
			return !error;
		},

		/** Throws unless it works with this key. */
		check: async (): Promise<void> => void (await send({ method: 'GET', path: '/health' })),
	};
}

function understand(call: Call, answer: Answer): unknown {
	const { statusCode: status, headers, body: sent } = answer;
	const body = typeof sent === 'string' ? (parseJson(sent) ?? sent) : sent;
	const isJson = typeof body === 'object' && body !== null;
	if (status === 200 && isJson) return body;
	const said = isJson ? null : quote(body);
	const isCutOff = status === 200 && typeof body === 'string' && /^\s*[{[]/.test(body);
	const isOwn404 = status === 404 && /^Group doesn't exist$/.test(said ?? '');
	return new LuckPermsError(
		`LuckPerms said ${status} to ${call.method} ${routeOf(call)}${said ? `: ${said}` : ''}`,
		adviceFor(status),
		{
			isTransient: status === 429 || status >= 500 || isCutOff,
			isRunWide: status !== 400 && status < 500 && !isOwn404 && !isCutOff,
			isNotFound: isOwn404,
			retryAfter: numberIn(headers, 'retry-after'),
		},
	);
}

/** Without the player: what happens to all is said in the same words, and alerted once. */
const routeOf = ({ path }: Call): string => path.replace(/\?.*/, '').replace(/[0-9a-f-]{36}/, '…');

function adviceFor(status: number): string {
	if (status === 401 || status === 403) {
		return 'Enter one of the keys in LUCKPERMS_REST_AUTH_KEYS in the credential LuckPerms API.';
	}
	if (status === 400) return 'See LuckPerms’ message.';
	if (status === 503) return 'LuckPerms has lost its database. It will be tried again later.';
	if (status === 429 || status >= 500) {
		return 'See the log of the LuckPerms REST API. It will be tried again later.';
	}
	return 'Check the LuckPerms URL in the credential: it must be the address of the LuckPerms REST API, without a path.';
}

const noAnswer = (base: string, error: unknown): LuckPermsError => {
	const where = URL.canParse(base) ? ` at ${new URL(base).origin}` : '';
	return new LuckPermsError(
		`LuckPerms${where} does not answer: ${silence(error).why}`,
		'Check the LuckPerms URL in the credential, and that n8n can reach it. It will be tried again later.',
		{ isTransient: true, isRunWide: true },
	);
};

const outOfTime = (): LuckPermsError =>
	new LuckPermsError('the time of this run is over', 'The next run continues.', {
		isTransient: true,
		isOutOfTime: true,
	});

function listOf<T>(body: unknown): T[] {
	if (Array.isArray(body)) return body as T[];
	throw new LuckPermsError('The answer was not that of the LuckPerms REST API', adviceFor(404), {
		isRunWide: true,
	});
}
