import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import {
	credentialTestClient,
	httpClientOf,
	pauseBefore,
	quote,
	sendCall,
	silence,
	type Answer,
	type Call,
	type HttpClient,
} from './httpClient';

/** An application with an API whose URL is entered in a credential. */
export interface Application {
	/** The type of the credential, and its name. */
	credential: string;
	credentialName: string;
	/** The field with the URL, such as `Panel URL`. */
	urlField: string;
	/** What it is called in a sentence. */
	name: string;
	/** An example of its URL. */
	example: string;
	/** Its own paths, which must not be part of the URL. */
	ownPath: RegExp;
}

/** An error at an API: the message says what happened, `advice` what to do. */
export class ApiError extends Error {
	status: number | null = null;
	/** The same call may succeed later. */
	isTransient = false;
	/** It is unknown whether the call took effect. */
	isUnconfirmed = false;
	/** There was no response. */
	isNoResponse = false;
	/** The API itself says that the record does not exist. */
	isNotFound = false;
	/** The run's time is over; nothing is wrong. */
	isOutOfTime = false;
	/** No other call of the run would fare better. */
	isRunWide = false;
	/** Seconds to wait before the next try, as far as the answer says. */
	retryAfter: number | null = null;

	constructor(
		message: string,
		readonly advice: string,
		facts: Partial<ApiError> = {},
	) {
		super(message);
		Object.assign(this, facts);
	}
}

/** What an `ApiError`, or one of a kind of it, is made of. */
type Parts = [message: string, advice: string, facts: Partial<ApiError>];

export const LATER = 'It will be tried again later.';

/** What happened and what to do; an application's own words may end with a full stop. */
export const sentencesOf = ({ message, advice }: Error & { advice?: string }): string =>
	advice ? `${message.replace(/\.$/, '')}. ${advice}` : message;

export const outOfTime = (): Parts => [
	'the time of this run is over',
	'The next run continues.',
	{ isTransient: true, isOutOfTime: true },
];

/** Why no call can be made: no credential is selected (null), or its URL is invalid. */
export function wrongUrl(app: Application, url: string | null): Parts | null {
	const facts = { isNoResponse: true, isRunWide: true };
	if (url === null) {
		return [
			`No ${app.name} credential is selected`,
			`Select a credential of the type ${app.credentialName} in this node, or create one there.`,
			facts,
		];
	}
	const wrong = wrongAddress(url, app);
	const advice = `Correct it in the credential ${app.credentialName}.`;
	return wrong === null ? null : [`${app.urlField}: ${wrong}`, advice, facts];
}

/**
 * What to correct in the URL that was entered; null if it is valid. The application may be in a
 * folder of its host.
 */
function wrongAddress(url: string, { example, ownPath }: Application): string | null {
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

/** @param tried such as "did not answer GET /users" */
export function noResponse(app: Application, url: string, tried: string, error: unknown): Parts {
	const { why, mayHaveArrived } = silence(error);
	return [
		`${upperFirst(app.name)} at ${new URL(url).origin} ${tried}: ${why}`,
		`Check the ${app.urlField} in the credential, and that n8n can reach it. ${LATER}`,
		{ isTransient: true, isUnconfirmed: mayHaveArrived, isNoResponse: true },
	];
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What to do if an answer is not the application's own. */
export function foreignAnswerAdvice(app: Application, { statusCode, headers }: Answer): string {
	if (statusCode < 300 || statusCode >= 400) {
		return `Check the ${app.urlField}, and whether a proxy or a protection page is in front of ${app.name}’s /api.`;
	}
	const { location } = headers;
	const target = typeof location === 'string' && URL.canParse(location) ? new URL(location) : null;
	const instead = target ? `It redirects to ${target.origin}. ` : '';
	return `${instead}Enter ${app.name}’s final address in the credential (with https:// if it redirects there): redirects are not followed.`;
}

/** The status of an unexpected answer, and a quote from it. */
export function factsOf({ statusCode, body }: Answer): string {
	const said = quote(body);
	return said ? `status ${statusCode}: ${said}` : `status ${statusCode}`;
}

export const isJson = (body: unknown): body is object => typeof body === 'object' && body !== null;

/** The answer began as JSON, and was cut off. */
export const isCutOff = (body: unknown): boolean =>
	typeof body === 'string' && /^\s*[{[]/.test(body);

type Settled<T, E> = { value: T; error?: undefined } | { value?: undefined; error: E };

/** Returns errors of a kind as a value, for callers that handle some of them. Others are thrown. */
export const settler =
	<E extends ApiError>(kind: new (...parts: never[]) => E) =>
	async <T>(promise: Promise<T>): Promise<Settled<T, E>> =>
		await promise.then(
			(value) => ({ value }),
			(error: unknown) => {
				if (error instanceof kind) return { error };
				throw error;
			},
		);

export const settle = settler(ApiError);

/** null if the API itself says that there is no such record. */
export const orNull = async <T>(reading: Promise<T>): Promise<T | null> =>
	await reading.catch((error: unknown) => {
		if (error instanceof ApiError && error.isNotFound) return null;
		throw error;
	});

/** An application all of whose calls can be repeated: reads, and writes that may be done twice. */
export interface RepeatableApi extends Application {
	/** How an error names a call that was not answered. */
	tried: (call: Call) => string;
	/** What the answer holds. Throws `ApiError`. */
	understand: (call: Call, answer: Answer) => unknown;
	/** How often a failed call is repeated. */
	retries: number;
	/** The longest wait for the next try. */
	longestWaitMs: number;
	timeoutMs: number;
}

export interface ApiOptions extends Partial<Pick<RepeatableApi, 'retries' | 'timeoutMs'>> {
	/** null: no credential is selected. */
	url: string | null;
	/** No call starts after this time. */
	deadline?: number;
}

/** Where nothing has worked yet, a transient error is one of the whole run. Throws `ApiError`. */
export function openApi(http: HttpClient, app: RepeatableApi, options: ApiOptions) {
	const { retries, timeoutMs, longestWaitMs, deadline = Infinity } = { ...app, ...options };
	const wrong = wrongUrl(app, options.url);
	const url = options.url ?? '';
	let hasWorked = false;

	async function once(call: Call): Promise<unknown> {
		if (wrong) throw new ApiError(...wrong);
		if (Date.now() > deadline) throw new ApiError(...outOfTime());
		const answer = await sendCall(http, url, call, timeoutMs).catch((error: unknown) => {
			const [message, advice, facts] = noResponse(app, url, app.tried(call), error);
			throw new ApiError(message, advice, { ...facts, isRunWide: true });
		});
		return app.understand(call, answer);
	}

	return async (call: Call): Promise<unknown> => {
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(once(call));
			if (!error) {
				hasWorked = true;
				return value;
			}
			const ms = Math.max((error.retryAfter ?? 0) * 1000, pauseBefore(attempt, http.random()));
			const isSpent = attempt >= retries || ms > longestWaitMs || Date.now() + ms > deadline;
			const isRetried = error.isTransient && !error.isOutOfTime;
			if (!isRetried || isSpent) {
				error.isRunWide ||= isRetried && !hasWorked;
				throw error;
			}
			await http.pause(ms);
		}
	};
}

export const hasCredential = (context: IExecuteFunctions, { credential }: Application): boolean =>
	context.getNode().credentials?.[credential] !== undefined;

type Connect<T> = (http: HttpClient, options: ApiOptions) => T;

/** Connects with the node's credential, if one is selected. */
export async function connected<T>(
	context: IExecuteFunctions,
	app: Application,
	connect: Connect<T>,
	options: Omit<ApiOptions, 'url'> = {},
): Promise<T> {
	const { url } = hasCredential(context, app)
		? await context.getCredentials<{ url: string }>(app.credential)
		: { url: null };
	return connect(httpClientOf(context, app.credential), { ...options, url });
}

/** The test of a credential that holds a URL and a key. */
export const keyTest = (
	app: Application,
	connect: Connect<{ check: () => Promise<void> }>,
	ok: string,
) =>
	async function (
		this: ICredentialTestFunctions,
		{ data }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const { url, apiKey } = data as { url: string; apiKey: string };
		const [wrong] = wrongUrl(app, url) ?? [];
		if (wrong) return { status: 'Error', message: wrong };
		const http = credentialTestClient(this, async (request) => ({
			...request,
			headers: { ...request.headers, Authorization: `Bearer ${apiKey.trim()}` },
		}));
		try {
			await connect(http, { url, retries: 0, timeoutMs: 10_000 }).check();
			return { status: 'OK', message: ok };
		} catch (error) {
			return { status: 'Error', message: sentencesOf(error as Error) };
		}
	};
