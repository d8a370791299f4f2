import type {
	ICredentialTestFunctions,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

export interface Answer {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

/** The outside world as a client needs it; n8n's helpers in the nodes, stand-ins in unit tests. */
export interface HttpClient {
	/** Sends with the credential's key; resolves for every status, rejects without an answer. */
	send: (request: IHttpRequestOptions) => Promise<Answer>;
	pause: (ms: number) => Promise<void>;
	/** A number from 0 to 1. */
	random: () => number;
}

/** What every request of ours asks of n8n's helper: all statuses are answers, no redirects. */
export const ANY_ANSWER = {
	returnFullResponse: true,
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
	json: true,
} as const;

export function httpClientOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	credential: string,
): HttpClient {
	return {
		send: async (request) =>
			(await context.helpers.httpRequestWithAuthentication.call(
				context,
				credential,
				request,
			)) as IN8nHttpFullResponse,
		pause: sleep,
		random: Math.random,
	};
}

/** In a credential test n8n offers its old request helper only, and the key is ours to add. */
export function credentialTestClient(
	{ helpers: { request } }: ICredentialTestFunctions,
	authenticate: (request: IHttpRequestOptions) => Promise<IHttpRequestOptions>,
): HttpClient {
	return {
		send: async (options) => {
			const { url, method, headers } = await authenticate(options);
			return (await request({
				uri: url,
				method,
				headers,
				json: true,
				simple: false,
				followRedirect: false,
				resolveWithFullResponse: true,
				timeout: options.timeout,
			})) as IN8nHttpFullResponse;
		},
		pause: sleep,
		random: Math.random,
	};
}

const LONGEST_PAUSE_MS = 20_000;

/** Half fixed, half random, so that many executions do not come back at the same moment. */
export function pauseBefore(attempt: number, random: number): number {
	const full = Math.min(500 * 2 ** attempt, LONGEST_PAUSE_MS);
	return full / 2 + (random * full) / 2;
}

/** `?a=1&b=2`, or nothing. */
export function queryOf(query: Record<string, string | number> = {}): string {
	const pairs = Object.entries(query).map(
		([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
	);
	return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Words for what n8n would replace by a sentence of its own, which names nobody. */
const REASONS: Record<string, string> = {
	ECONNREFUSED: 'nothing listens there',
	ENOTFOUND: 'its name is not known',
	EAI_AGAIN: 'its name could not be looked up',
	ECONNRESET: 'it closed the connection',
	ECONNABORTED: 'it took too long',
	ETIMEDOUT: 'it took too long',
	EHOSTUNREACH: 'no route leads to it',
	ENETUNREACH: 'no route leads to it',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (self-signed)',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (self-signed)',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted (issuer unknown)',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (chain incomplete)',
};

/** All others come before the request is sent. */
const MAY_HAVE_BEEN_SENT = ['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT'];

/** Why no answer came, and whether the request may have arrived all the same. */
export function silence(error: unknown): { why: string; mayHaveArrived: boolean } {
	const code = codeOf(error);
	return {
		why: REASONS[code] ?? 'the connection failed',
		mayHaveArrived: !(code in REASONS) || MAY_HAVE_BEEN_SENT.includes(code),
	};
}

function codeOf(error: unknown): string {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const { code } = cause as NodeJS.ErrnoException;
		if (typeof code === 'string') return code;
	}
	return '';
}

/** An application whose address is entered in a credential. */
export interface Application {
	/** What its address may look like. */
	example: string;
	/** Its own paths, which are no part of its address. */
	ownPath: RegExp;
}

/**
 * What is wrong with the address of an application as it was entered, and how it should read; null
 * where nothing is. An application may live in a folder of its host.
 */
export function wrongAddress(url: string, { example, ownPath }: Application): string | null {
	const text = url.trim();
	if (!/^https?:\/\/[^/\s]+/i.test(text) || !URL.canParse(text)) {
		return `enter the address with https://, like ${example}`;
	}
	const { origin, pathname, username, password } = new URL(text);
	const start = pathname.search(ownPath);
	const folder = (start === -1 ? pathname : pathname.slice(0, start)).replace(/\/+$/, '');
	if (username || password) return `enter ${origin}${folder}, without a user name and password`;
	const rest = `${start === -1 ? '' : pathname.slice(start)}${/[?#].*$/s.exec(text)?.[0] ?? ''}`;
	return rest === '' ? null : `enter only ${origin}${folder}, without "${rest}"`;
}

const LONGEST_QUOTE = 200;

/**
 * What somebody else's answer says of itself: a proxy's JSON, a protection page's title, a short
 * text. null where there is nothing to quote. Keys that it may repeat are left out.
 */
export function quote(body: unknown): string | null {
	const words = typeof body === 'string' ? quoteText(body) : quoteJson(body);
	const clean = words
		.replace(/\b(?:ptla_|ptlc_|papp_|pacc_|PAYM|Bearer\s+)\S+/g, '…')
		.replace(/\s+/g, ' ')
		.trim();
	if (clean === '') return null;
	return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE)}…` : clean;
}

function quoteText(text: string): string {
	const page = /<(title|h1)\b[^>]*>(.*?)<\/\1>/is.exec(text.slice(0, 20_000));
	if (page) return (page[2] ?? '').replace(/<[^>]*>/g, '');
	return /^\s*[<{[]/.test(text) ? '' : text;
}

const TELLING = [
	'title',
	'message',
	'msg',
	'error',
	'detail',
	'error_description',
	'reason',
	'errors',
];

/** The texts under the keys that tell what happened, or else the first text there is. */
function quoteJson(value: unknown, depth = 0): string {
	if (typeof value === 'string') return value;
	if (typeof value !== 'object' || value === null || depth > 3) return '';
	const entries = Object.entries(value).map(([key, part]) => [key.toLowerCase(), part] as const);
	const told = TELLING.flatMap((name) =>
		entries.filter(([key]) => key === name).map(([, part]) => quoteJson(part, depth + 1)),
	).filter((text) => text !== '');
	if (told.length > 0) return [...new Set(told)].slice(0, 2).join(': ');
	return entries.map(([, part]) => quoteJson(part, depth + 1)).find((text) => text !== '') ?? '';
}
