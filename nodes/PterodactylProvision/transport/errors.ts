import { quote, silence, type Answer } from '../../shared/httpClient';

/** One entry of the panel's `errors`; `status` is a text there, `meta` comes with validation errors. */
export interface PanelAnswerError {
	code: string;
	status: string;
	detail: string;
	meta?: { source_field?: string; rule?: string };
}

interface Facts {
	status?: number;
	code?: string;
	errors?: PanelAnswerError[];
	/** The same call may work a little later. */
	isTransient?: boolean;
	/** Nobody told whether the call was carried out. */
	isUnconfirmed?: boolean;
	/** No answer came. */
	isNoResponse?: boolean;
	/** The account is not there any more, or not the customer's. */
	isVanished?: boolean;
	/** Seconds until the server takes new subusers again. */
	retryAfter?: number;
	/** The same, said for all whom it meets: without the call. */
	shared?: string;
}

/** What went wrong at the panel, in a sentence, and in another what to do. */
export class PanelError extends Error {
	readonly status: number | null;

	readonly code: string | null;

	readonly errors: PanelAnswerError[];

	readonly isTransient: boolean;

	readonly isUnconfirmed: boolean;

	readonly isNoResponse: boolean;

	readonly isVanished: boolean;

	/** Seconds until a server takes new subusers again; null: that is not what is wrong. */
	readonly retryAfter: number | null;

	readonly shared: string | null;

	constructor(
		message: string,
		readonly advice: string,
		{
			status,
			code,
			errors = [],
			isTransient = false,
			isUnconfirmed = false,
			isNoResponse = false,
			isVanished = false,
			retryAfter,
			shared,
		}: Facts = {},
	) {
		super(message);
		this.name = 'PanelError';
		this.status = status ?? null;
		this.code = code ?? null;
		this.errors = errors;
		this.isTransient = isTransient;
		this.isUnconfirmed = isUnconfirmed;
		this.isNoResponse = isNoResponse;
		this.isVanished = isVanished;
		this.retryAfter = retryAfter ?? null;
		this.shared = shared ?? null;
	}

	/** Whether the panel complained about this field, with this rule if one is named. */
	complainsOf(field: string, rule?: string): boolean {
		return this.errors.some(
			({ meta }) => meta?.source_field === field && (!rule || meta.rule === rule),
		);
	}

	/** There is no such record. Wings has a 404 of another name [241, 355]. */
	get isNotFound(): boolean {
		return this.code === 'NotFoundHttpException' && !this.isNoRoute;
	}

	/** The panel's API is not at this address [530]: that says nothing of any record. */
	get isNoRoute(): boolean {
		return this.errors.some(({ detail }) => NO_ROUTE.test(detail));
	}

	/** Others are likely to meet it too, or will. */
	get concernsEverybody(): boolean {
		const status = this.status ?? 0;
		return this.shared !== null || this.isFatalForRun || status === 403 || status >= 500;
	}

	/** Nothing else will work either: a key, the address or the whole panel is wrong, or its limit reached. */
	get isFatalForRun(): boolean {
		const isKey = this.status === 401 || this.code === 'TwoFactorAuthRequiredException';
		const isNotReached = this.isNoResponse && !this.isUnconfirmed;
		const isLimit = this.status === 429 && this.retryAfter === null;
		return isKey || isNotReached || this.isNoRoute || isLimit || this.status === 503;
	}
}

const NO_ROUTE = /^The (route \S+ could not be found|\w+ method is not supported for route )/;

interface Call {
	method: string;
	path: string;
}

const keyOf = ({ path }: Call) =>
	path.startsWith('application/') ? 'application key (ptla_)' : 'account key (ptlc_)';

/** What came of a call, for those who go on after some errors. Other errors than the panel's are thrown. */
export async function settle<T>(
	promise: Promise<T>,
): Promise<{ value: T; error?: undefined } | { value?: undefined; error: PanelError }> {
	const settled = await promise.then(
		(value) => ({ value }),
		(reason: unknown) => ({ reason }),
	);
	if ('value' in settled) return settled;
	if (settled.reason instanceof PanelError) return { error: settled.reason };
	throw settled.reason;
}

/** The panel answered with an error of its own. */
export function refused(call: Call, status: number, errors: PanelAnswerError[]): PanelError {
	// A detail can hold line breaks and runs of spaces [110].
	const words = errors.map(({ detail }) => detail.replace(/\s+/g, ' ').trim()).join(' ');
	const code = errors[0]?.code ?? '';
	if (NO_ROUTE.test(words)) {
		const message = `The panel’s API is not at this address: it said ${status} to ${call.method} /api/${call.path}`;
		return new PanelError(message, ADDRESS_ADVICE, { status, code, errors, shared: message });
	}
	return new PanelError(`Panel said ${status}: ${words}`, adviceFor(call, status, code), {
		status,
		code,
		errors,
		// A 404 can come from Wings and be no "not found" of the panel [241, 355].
		isTransient: status >= 500 || status === 429,
		isUnconfirmed: status === 502 || status === 504,
	});
}

function adviceFor(call: Call, status: number, code: string): string {
	if (code === 'TwoFactorAuthRequiredException') {
		return `The panel demands two-factor authentication of the owner of the ${keyOf(call)}. Set it up for that account, or relax Admin → Settings → Security.`;
	}
	switch (status) {
		case 401:
			return `The panel does not know the ${keyOf(call)}. Create a new one and enter it in the credential.`;
		case 403:
			return `The ${keyOf(call)} lacks a right for ${call.method} ${call.path}. Application keys need Users read & write and Servers read, and an owner who is an admin; an account key needs an admin, or a subuser with all user permissions and every permission it hands out. A key with allowed IPs must list n8n's address.`;
		case 404:
			return `The ${keyOf(call)} does not see this. If the server exists, the account of the key has no access to it: make it an admin's key, or add that account as subuser there.`;
		case 409:
			return 'The server is suspended, being installed or its node is under maintenance. It is tried again later.';
		case 419:
			return 'The panel took the call for its own web page. Remove cookies and the Origin header that a proxy adds.';
		case 422:
			return 'The panel does not accept the value. Correct it at its source.';
		case 429:
			return 'The panel limits how many calls it takes a minute. It is tried again later; if that comes often, raise APP_API_CLIENT_RATELIMIT and APP_API_APPLICATION_RATELIMIT on the panel.';
		case 503:
			return 'The panel is in maintenance mode. It is tried again later.';
		default:
			return status >= 500
				? 'The panel had a fault. It is tried again later; the panel’s log (storage/logs) tells more.'
				: 'See the panel’s own words.';
	}
}

const ADDRESS_ADVICE =
	'Check the Panel URL in the credential: the address at which the panel opens in the browser, with its folder if it has one, and without /api, /admin or /server.';

/**
 * Something else than the panel's API answered: a login page, a proxy's or protection page's error,
 * half an answer. After a write that was answered so with 2xx or 5xx nobody knows its outcome.
 */
export function notThePanel(call: Call, { statusCode: status, headers, body }: Answer): PanelError {
	const said = quote(body);
	const facts = said ? `status ${status}: ${said}` : `status ${status}`;
	const isJson = typeof body === 'object' && body !== null;
	const isCutOff = typeof body === 'string' && /^\s*[{[]/.test(body);
	const isUnclear = status >= 500 || isCutOff || (status >= 200 && status < 300 && !isRead(call));
	const [message, shared] = isJson
		? [
				`Something in front of the panel answered ${call.method} ${call.path} (${facts})`,
				`Something in front of the panel answered (${facts})`,
			]
		: [
				`The answer to ${call.method} ${call.path} was no JSON (${facts})`,
				`The panel’s answer was no JSON (${facts})`,
			];
	return new PanelError(
		message,
		status >= 300 && status < 400
			? redirectAdvice(headers.location)
			: 'Check the Panel URL, and whether a proxy or a protection page stands in front of the panel’s /api.',
		{
			status,
			isTransient: isUnclear || status === 429,
			isUnconfirmed: isUnclear,
			shared,
		},
	);
}

const isRead = ({ method }: Call): boolean => method === 'GET';

function redirectAdvice(location: unknown): string {
	const target = typeof location === 'string' && URL.canParse(location) ? new URL(location) : null;
	const instead = target ? `It redirects to ${target.origin}. ` : '';
	return `${instead}Enter the panel’s own address in the credential, with https:// if it redirects to that; the client follows no redirects.`;
}

/** No answer. Where the connection was refused or the name not found, nothing was carried out. */
export function unreachable(call: Call, error: unknown, base: string): PanelError {
	const { why, mayHaveArrived } = silence(error);
	const where = /^https?:/i.test(base) && URL.canParse(base) ? ` at ${new URL(base).origin}` : '';
	return new PanelError(
		`The panel${where} did not answer ${call.method} ${call.path}: ${why}`,
		'Check the Panel URL in the credential, and that n8n can reach it. It is tried again later.',
		{
			isTransient: true,
			isUnconfirmed: mayHaveArrived,
			isNoResponse: true,
			shared: 'The panel does not answer',
		},
	);
}

/** The server took as many new subusers as panels since 1.12 allow in 15 minutes [pelican 501-525]. */
export function subuserLimit(retryAfter: number): PanelError {
	return new PanelError(
		'the panel’s limit on new subusers of this server is reached',
		'It is tried again when the limit allows.',
		{ status: 429, code: 'ThrottleRequestsException', isTransient: true, retryAfter },
	);
}

/** The panel answered with another server than the one that was asked for. */
export function noSuchServer(identifier: string): PanelError {
	return new PanelError(
		`The panel has no server ${identifier} any more`,
		'It was deleted meanwhile. It is tried again later.',
		{ status: 404, code: 'NotFoundHttpException', isTransient: true },
	);
}

/** The credential holds no address of a panel; nothing was asked. */
export function wrongPanelUrl(why: string): PanelError {
	const message = `Panel URL: ${why}`;
	return new PanelError(message, 'Correct it in the credential Pterodactyl API.', {
		shared: message,
		isNoResponse: true,
	});
}

/** The account that was found is not there any more, or not the customer's. */
export function vanished(): PanelError {
	return new PanelError(
		'the account was changed or deleted while it was being worked on',
		'It is tried again later.',
		{ isTransient: true, isVanished: true },
	);
}
