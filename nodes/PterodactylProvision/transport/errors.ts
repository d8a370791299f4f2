import type { Selector } from '../../../domain/access/tierPlan';
import { quote, silence, type Answer } from '../../shared/httpClient';
import type { Flavour } from './flavour';

/** An entry of the panel's `errors`. `status` is a string there; validation errors have `meta`. */
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
	/** The same call may succeed later. */
	isTransient?: boolean;
	/** It is unknown whether the call took effect. */
	isUnconfirmed?: boolean;
	/** The panel did not respond. */
	isNoResponse?: boolean;
	/** The account no longer exists, or is no longer the customer's. */
	isVanished?: boolean;
	/** The run's time is over; nothing is wrong. */
	isOutOfTime?: boolean;
	/** No customer of the run fares better: all need the answer, or the panel has answered nobody. */
	isRunWide?: boolean;
	/** Seconds until the server accepts new subusers again. */
	retryAfter?: number;
	/** How many come first. */
	ahead?: number;
	/** The message without the call, so that it is the same for everybody affected. */
	shared?: string;
}

/** An error at the panel: the message says what happened, `advice` what to do. */
export class PanelError extends Error {
	readonly status: number | null;

	readonly code: string | null;

	readonly errors: PanelAnswerError[];

	readonly isTransient: boolean;

	readonly isUnconfirmed: boolean;

	readonly isNoResponse: boolean;

	readonly isVanished: boolean;

	readonly isOutOfTime: boolean;

	isRunWide: boolean;

	/** Seconds until the server accepts new subusers again; null for any other error. */
	readonly retryAfter: number | null;

	readonly ahead: number;

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
			isOutOfTime = false,
			isRunWide = false,
			retryAfter,
			ahead = 0,
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
		this.isOutOfTime = isOutOfTime;
		this.isRunWide = isRunWide;
		this.retryAfter = retryAfter ?? null;
		this.ahead = ahead;
		this.shared = shared ?? null;
	}

	/** Whether the panel's validation rejected this field (by this rule, if given). */
	complainsOf(field: string, rule?: string): boolean {
		return this.errors.some(
			({ meta }) => meta?.source_field === field && (!rule || meta.rule === rule),
		);
	}

	/** The record does not exist. A 404 from Wings has another code [241, 355]. */
	get isNotFound(): boolean {
		return this.code === 'NotFoundHttpException' && !this.isNoRoute;
	}

	/** The panel's API is not at this address [530], so the 404 says nothing about a record. */
	get isNoRoute(): boolean {
		return this.errors.some(({ detail }) => NO_ROUTE.test(detail));
	}

	/** Other customers are probably affected too. */
	get concernsEverybody(): boolean {
		const status = this.status ?? 0;
		return this.shared !== null || this.isFatalForRun || status === 403 || status >= 500;
	}

	/** No other call will work either: a key or the address is wrong, the panel is down, or its rate limit is reached. */
	get isFatalForRun(): boolean {
		const isKey = this.status === 401 || this.code === 'TwoFactorAuthRequiredException';
		const isNotReached = this.isNoResponse && !this.isUnconfirmed;
		const isLimit = this.status === 429 && this.retryAfter === null;
		const isDown = isNotReached || this.isNoRoute || this.status === 503;
		return isKey || isDown || isLimit || this.isRunWide;
	}
}

const NO_ROUTE = /^The (route \S+ could not be found|\w+ method is not supported for route )/;

interface Call {
	method: string;
	path: string;
}

const keyOf = ({ path }: Call) =>
	path.startsWith('application/') ? 'application key' : 'account key';

/** Returns a `PanelError` as a value, for callers that handle some of them. Other errors are thrown. */
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

/** The error for an answer that carries the panel's own `errors`. */
export function refused(call: Call, status: number, errors: PanelAnswerError[]): PanelError {
	// A detail can hold line breaks and runs of spaces [110].
	const words = errors.map(({ detail }) => detail.replace(/\s+/g, ' ').trim()).join(' ');
	const code = errors[0]?.code ?? '';
	if (NO_ROUTE.test(words)) {
		const message = `The panel’s API is not at this address: it answered ${status} to ${call.method} /api/${call.path}`;
		return new PanelError(message, ADDRESS_ADVICE, { status, code, errors, shared: message });
	}
	return new PanelError(`Panel said ${status}: ${words}`, adviceFor(call, status, code), {
		status,
		code,
		errors,
		// A 404 may also come from Wings (see `isNotFound`).
		isTransient: status >= 500 || status === 429,
		isUnconfirmed: status === 502 || status === 504,
	});
}

function adviceFor(call: Call, status: number, code: string): string {
	if (code === 'TwoFactorAuthRequiredException') {
		return `The panel requires two-factor authentication for the owner of the ${keyOf(call)}. Set it up for that account, or relax the requirement under Admin → Settings → Security.`;
	}
	switch (status) {
		case 401:
			return `The panel does not know the ${keyOf(call)}. Create a new one and enter it in the credential.`;
		case 403:
			return `The ${keyOf(call)} is not permitted to call ${call.method} ${call.path}. An application key needs Users read & write and Servers read, and its owner must be an admin. The owner of an account key must be an admin, or a subuser with all user permissions and every permission that it grants. If the key has allowed IPs, they must include n8n's address.`;
		case 404:
			return `The ${keyOf(call)} cannot see this. If the server exists, the key's owner has no access to it: use an admin's key, or add the owner as a subuser there.`;
		case 409:
			return 'The server is suspended or being installed, or its node is under maintenance. It will be tried again later.';
		case 419:
			return 'The panel treated the call as one from its own web page. Remove cookies and the Origin header, which a proxy may add.';
		case 422:
			return 'The panel does not accept the value. Correct it where it comes from.';
		case 429:
			return 'The panel’s rate limit is reached. It will be tried again later; if this happens often, raise APP_API_CLIENT_RATELIMIT and APP_API_APPLICATION_RATELIMIT on the panel.';
		case 503:
			return 'The panel is in maintenance mode. It will be tried again later.';
		default:
			return status >= 500
				? 'The panel had an internal error. It will be tried again later; see the panel’s log (storage/logs) for details.'
				: 'See the panel’s message.';
	}
}

const ADDRESS_ADVICE =
	'Check the Panel URL in the credential: it must be the address at which the panel opens in the browser, with its folder if it has one, but without /api, /admin or /server.';

/**
 * Something other than the panel's API answered: a login page, the error of a proxy or protection
 * page, a truncated answer. After such an answer with 2xx or 5xx, a write is unconfirmed.
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
			: 'Check the Panel URL, and whether a proxy or a protection page is in front of the panel’s /api.',
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
	return `${instead}Enter the panel’s final address in the credential (with https:// if it redirects there): redirects are not followed.`;
}

/** No response. If the connection was refused or the host name is unknown, the call took no effect. */
export function unreachable(call: Call, error: unknown, base: string): PanelError {
	const { why, mayHaveArrived } = silence(error);
	const where = /^https?:/i.test(base) && URL.canParse(base) ? ` at ${new URL(base).origin}` : '';
	return new PanelError(
		`The panel${where} did not answer ${call.method} ${call.path}: ${why}`,
		'Check the Panel URL in the credential, and that n8n can reach it. It will be tried again later.',
		{
			isTransient: true,
			isUnconfirmed: mayHaveArrived,
			isNoResponse: true,
			shared: 'The panel does not answer',
		},
	);
}

/** The call was not sent, because the run must end. */
export const outOfTime = () =>
	new PanelError('the time of this run is over', 'The next run continues.', {
		isTransient: true,
		isOutOfTime: true,
	});

/** The server has used up its new subusers: ten in 15 minutes since panel 1.12 [pelican 501-525]. */
export function subuserLimit(retryAfter: number, ahead = 0): PanelError {
	return new PanelError(
		'the panel’s limit on new subusers of this server is reached',
		'It will be tried again when the limit allows.',
		{ status: 429, code: 'ThrottleRequestsException', isTransient: true, retryAfter, ahead },
	);
}

/** The panel answered with a different server than requested. */
export function noSuchServer(name: string): PanelError {
	return new PanelError(
		`The server ${name} no longer exists on the panel`,
		'It was deleted in the meantime. It will be tried again later.',
		{ status: 404, code: 'NotFoundHttpException', isTransient: true },
	);
}

/** The Panel URL in the credential is invalid; no call was made. */
export function wrongPanelUrl(why: string): PanelError {
	const message = `Panel URL: ${why}`;
	return new PanelError(message, 'Correct it in the credential Pterodactyl API.', {
		shared: message,
		isNoResponse: true,
	});
}

/** Another panel than the credential says. */
export function wrongPanel(chosen: string, actual: string): PanelError {
	const message = `The panel is a ${actual}, but the credential says ${chosen}`;
	return new PanelError(message, `Choose ${actual} or Detect under Panel in the credential.`, {
		shared: message,
		isRunWide: true,
	});
}

/** A key that the panel does not know, because another panel made it. */
export function foreignKey(
	key: 'application' | 'account',
	{ name, ...keyOf }: Flavour,
	actual: Flavour,
): PanelError {
	const message = `The ${key} key is a key of ${name} (${keyOf[`${key}Prefix`]}…), but the panel is a ${actual.name}`;
	return new PanelError(message, `Create one under ${actual[`${key}KeysAt`]}.`, {
		status: 401,
		shared: message,
	});
}

const SELECTED: Record<Selector, string> = {
	location: 'locations',
	nest: 'nests',
	tag: 'node tags',
};

/** The panel has nothing of the kind that a server group of the plan goes by. */
export function missingSelector(panel: string, selector: Selector): PanelError {
	const message = `${panel} has no ${SELECTED[selector]}`;
	return new PanelError(
		message,
		'Choose the servers of the group in another way in the tier plan, for example by name.',
		{ shared: message, isRunWide: true },
	);
}

/** The account no longer exists, or is no longer the customer's. */
export function vanished(): PanelError {
	return new PanelError(
		'the account was changed or deleted during the run',
		'It will be tried again later.',
		{ isTransient: true, isVanished: true },
	);
}
