import type { IExecuteFunctions } from 'n8n-workflow';

import type { HeldNode } from '../../../domain/perks/ranks';
import {
	ApiError,
	LATER,
	connected,
	isCutOff,
	isJson,
	keyTest,
	openApi,
	orNull,
	type ApiOptions,
	type RepeatableApi,
} from '../../shared/api';
import {
	numberIn,
	queryOf,
	quote,
	type Answer,
	type Call,
	type HttpClient,
} from '../../shared/httpClient';

const LUCKPERMS: RepeatableApi = {
	credential: 'luckPermsApi',
	credentialName: 'LuckPerms API',
	urlField: 'LuckPerms URL',
	name: 'LuckPerms',
	example: 'http://luckperms:8080',
	ownPath: /\/(?:docs|user|group|track|health)(?=\/|$)/i,
	// What happens to all is said in the same words, and alerted once.
	tried: () => 'does not answer',
	understand,
	retries: 2,
	longestWaitMs: 10_000,
	timeoutMs: 10_000,
};

export type LuckPerms = ReturnType<typeof connectLuckPerms>;

/** Connects to the LuckPerms of the node's credential. */
export const luckPermsOf = async (
	context: IExecuteFunctions,
	options: Omit<ApiOptions, 'url'>,
): Promise<LuckPerms> => await connected(context, LUCKPERMS, connectLuckPerms, options);

export const testLuckPermsKey = keyTest(LUCKPERMS, connectLuckPerms, 'LuckPerms accepts the key');

/**
 * The client of the LuckPerms REST API (LuckPerms/rest-api). It never calls DELETE, PUT or PATCH: they
 * can clear everything that a player has. All functions throw `ApiError`.
 */
export function connectLuckPerms(http: HttpClient, options: ApiOptions) {
	const send = openApi(http, LUCKPERMS, options);

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
			return (await orNull(send({ method: 'GET', path }))) !== null;
		},

		/** Throws unless it works with this key. */
		check: async (): Promise<void> => void (await send({ method: 'GET', path: '/health' })),
	};
}

function understand(call: Call, { statusCode: status, headers, body }: Answer): unknown {
	if (status === 200 && isJson(body)) return body;
	const said = isJson(body) ? null : quote(body);
	const isPart = status === 200 && isCutOff(body);
	const isNotFound = status === 404 && said === "Group doesn't exist";
	throw new ApiError(
		`LuckPerms said ${status} to ${call.method} ${routeOf(call)}${said ? `: ${said}` : ''}`,
		adviceFor(status),
		{
			isTransient: status === 429 || status >= 500 || isPart,
			isRunWide: status !== 400 && status < 500 && !isNotFound && !isPart,
			isNotFound,
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
	if (status === 503) return `LuckPerms has lost its database. ${LATER}`;
	if (status === 429 || status >= 500) return `See the log of the LuckPerms REST API. ${LATER}`;
	return 'Check the LuckPerms URL in the credential: it must be the address of the LuckPerms REST API, without a path.';
}

function listOf<T>(body: unknown): T[] {
	if (Array.isArray(body)) return body as T[];
	throw new ApiError('The answer was not that of the LuckPerms REST API', adviceFor(404), {
		isRunWide: true,
	});
}
