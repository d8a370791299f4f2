import type {
	ICredentialTestFunctions,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { parseJson } from '../../domain/json';

export interface Answer {
	statusCode: number;
	headers: IDataObject;
	body: unknown;
}

/** HTTP, sleep and randomness: n8n's helpers in the nodes, stubs in unit tests. */
export interface HttpClient {
	/** Sends with the credential's key. Resolves for every status, rejects if there is no response. */
	send: (request: IHttpRequestOptions) => Promise<Answer>;
	pause: (ms: number) => Promise<void>;
	random: () => number;
}

export interface Call {
	method: IHttpRequestMethods;
	/** Below the URL of the API. */
	path: string;
	body?: IDataObject;
}

/** Sends a call; an answer in JSON is parsed. */
export async function sendCall(
	http: HttpClient,
	url: string,
	{ method, path, body }: Call,
	timeout: number,
): Promise<Answer> {
	const { body: sent, ...answer } = await http.send({
		method,
		url: `${url.trim().replace(/\/+$/, '')}${path}`,
		// Without Accept, errors come as HTML pages and redirects [520-525].
		headers: {
			Accept: 'application/json',
			...(body ? { 'Content-Type': 'application/json' } : {}),
		},
		...(body ? { body } : {}),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		json: true,
		timeout,
	});
	return { ...answer, body: typeof sent === 'string' ? (parseJson(sent) ?? sent) : sent };
}

const clientOf = (send: (request: IHttpRequestOptions) => Promise<unknown>): HttpClient => ({
	send: async (request) => (await send(request)) as IN8nHttpFullResponse,
	pause: sleep,
	random: Math.random,
});

export const httpClientOf = (
	context: IExecuteFunctions | ILoadOptionsFunctions,
	credential: string,
): HttpClient =>
	clientOf(
		async (request) =>
			await context.helpers.httpRequestWithAuthentication.call(context, credential, request),
	);

/** For services that ask for no key. */
export const plainHttpClient = ({ helpers }: IExecuteFunctions): HttpClient =>
	clientOf(async (request) => await helpers.httpRequest(request));

/** In a credential test n8n offers only its old request helper, which does not add the key. */
export const credentialTestClient = (
	{ helpers: { request } }: ICredentialTestFunctions,
	authenticate: (request: IHttpRequestOptions) => Promise<IHttpRequestOptions>,
): HttpClient =>
	clientOf(async (options) => {
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
		})) as unknown;
	});

export function numberIn(headers: IDataObject, name: string): number | null {
	const value = Number(headers[name] ?? NaN);
	return Number.isFinite(value) ? value : null;
}

const LONGEST_PAUSE_MS = 20_000;

/** Exponential backoff in ms, half of it random, so that many executions do not retry at the same time. */
export function pauseBefore(attempt: number, random: number): number {
	const full = Math.min(500 * 2 ** attempt, LONGEST_PAUSE_MS);
	return full / 2 + (random * full) / 2;
}

export function queryOf(query: Record<string, string | number> = {}): string {
	const pairs = Object.entries(query).map(
		([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
	);
	return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Network errors in words: n8n's own messages do not name the host. */
const REASONS: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'the host name is unknown',
	EAI_AGAIN: 'the host name could not be resolved',
	ECONNRESET: 'it closed the connection',
	ECONNABORTED: 'it took too long',
	ETIMEDOUT: 'it took too long',
	EHOSTUNREACH: 'there is no route to the host',
	ENETUNREACH: 'there is no route to the host',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted (self-signed)',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted (self-signed)',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted (issuer unknown)',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted (chain incomplete)',
};

/** All other known errors occur before the request is sent. */
const MAY_HAVE_BEEN_SENT = ['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT'];

/** Why there was no response, and whether the request may still have arrived. */
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

const LONGEST_QUOTE = 200;

/**
 * A quote from an unexpected answer: from a proxy's JSON, a protection page's title, or a short text.
 * null if there is nothing to quote. API keys in it are removed.
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

const TELLING = 'title message msg error detail error_description reason errors'.split(' ');

/** The texts under the keys that usually hold a message, or else the first text. */
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
