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

/** An error at the panel: the message says what happened, `advice` what to do. */
export class PanelError extends Error {
	status: number | null = null;

	code: string | null = null;

	errors: PanelAnswerError[] = [];

	/** The same call may succeed later. */
	isTransient = false;

	/** It is unknown whether the call took effect. */
	isUnconfirmed = false;

	/** The panel did not respond. */
	isNoResponse = false;

	/** The account no longer exists, or is no longer the customer's. */
	isVanished = false;

	/** The run's time is over; nothing is wrong. */
	isOutOfTime = false;

	/** The server does not run, so it takes no commands [353]. */
	isOffline = false;

	/** No customer of the run fares better: all need the answer, or the panel has answered nobody. */
	isRunWide = false;

	/** Seconds until the server accepts new subusers again; null for any other error. */
	retryAfter: number | null = null;

	/** How many come first at that server. */
	ahead = 0;

	/** The message without the call, so that it is the same for everybody affected. */
	shared: string | null = null;

	constructor(
		message: string,
		readonly advice: string,
		facts: Partial<PanelError> = {},
	) {
		super(message);
		Object.assign(this, facts);
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

/** What happened and what to do; the panel's own words may end with a full stop. */
export const sentencesOf = ({ message, advice }: PanelError): string =>
	`${message.replace(/\.$/, '')}. ${advice}`;

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
		return sharedError(message, ADDRESS_ADVICE, { status, code, errors });
	}
	const isOffline = status === 502 && /^Server must be online/.test(words);
	return new PanelError(`Panel said ${status}: ${words}`, adviceFor(call, status, code), {
		status,
		code,
		errors,
		isOffline,
		// A 404 may also come from Wings (see `isNotFound`).
		isTransient: (status >= 500 && !isOffline) || status === 429,
		isUnconfirmed: (status === 502 && !isOffline) || status === 504,
	});
}

function adviceFor(call: Call, status: number, code: string): string {
	if (code === 'TwoFactorAuthRequiredException') {
		return `The panel requires two-factor authentication for the owner of the ${keyOf(call)}. Set it up for that account, or relax the requirement under Admin → Settings → Security.`;
	}
	const otherwise = status >= 500 ? INTERNAL_ERROR : 'See the panel’s message.';
	return ADVICE[status]?.(call) ?? otherwise;
}

const INTERNAL_ERROR =
	'The panel had an internal error. It will be tried again later; see the panel’s log (storage/logs) for details.';

const ADVICE: Record<number, (call: Call) => string> = {
	401: (call) =>
		`The panel does not know the ${keyOf(call)}. Create a new one and enter it in the credential.`,
	403: (call) =>
		`The ${keyOf(call)} is not permitted to call ${call.method} ${call.path}. An application key needs Users read & write and Servers read, and its owner must be an admin. The owner of an account key must be an admin, or a subuser with all user permissions and every permission that it grants. If the key has allowed IPs, they must include n8n's address.`,
	404: (call) =>
		`The ${keyOf(call)} cannot see this. If the server exists, the key's owner has no access to it: use an admin's key, or add the owner as a subuser there.`,
	409: () =>
		'The server is suspended or being installed, or its node is under maintenance. It will be tried again later.',
	419: () =>
		'The panel treated the call as one from its own web page. Remove cookies and the Origin header, which a proxy may add.',
	422: () => 'The panel does not accept the value. Correct it where it comes from.',
	429: () =>
		'The panel’s rate limit is reached. It will be tried again later; if this happens often, raise APP_API_CLIENT_RATELIMIT and APP_API_APPLICATION_RATELIMIT on the panel.',
	503: () => 'The panel is in maintenance mode. It will be tried again later.',
	504: () => 'Wings on the server’s node does not answer. It will be tried again later.',
};

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
	const isUnclear =
		status >= 500 || isCutOff || (status >= 200 && status < 300 && call.method !== 'GET');
	const say = (what: string) =>
		isJson
			? `Something in front of the panel answered ${what}(${facts})`
			: `The panel’s answer ${what && 'to '}${what}was no JSON (${facts})`;
	return new PanelError(
		say(`${call.method} ${call.path} `),
		status >= 300 && status < 400
			? redirectAdvice(headers.location)
			: 'Check the Panel URL, and whether a proxy or a protection page is in front of the panel’s /api.',
		{
			status,
			isTransient: isUnclear || status === 429,
			isUnconfirmed: isUnclear,
			shared: say(''),
		},
	);
}

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
export const subuserLimit = (retryAfter: number, ahead = 0): PanelError =>
	new PanelError(
		'the panel’s limit on new subusers of this server is reached',
		'It will be tried again when the limit allows.',
		{ status: 429, code: 'ThrottleRequestsException', isTransient: true, retryAfter, ahead },
	);

/** The panel answered with a different server than requested. */
export const noSuchServer = (name: string): PanelError =>
	new PanelError(
		`The server ${name} no longer exists on the panel`,
		'It was deleted in the meantime. It will be tried again later.',
		{ status: 404, code: 'NotFoundHttpException', isTransient: true },
	);

/** An error whose message is the same for everybody. */
const sharedError = (shared: string, advice: string, facts: Partial<PanelError>): PanelError =>
	new PanelError(shared, advice, { shared, ...facts });

/** The Panel URL in the credential is invalid; no call was made. */
export const wrongPanelUrl = (why: string): PanelError =>
	sharedError(`Panel URL: ${why}`, 'Correct it in the credential Pterodactyl API.', {
		isNoResponse: true,
	});

/** Another panel than the credential says. */
export const wrongPanel = (chosen: string, actual: string): PanelError =>
	sharedError(
		`The panel is a ${actual}, but the credential says ${chosen}`,
		`Choose ${actual} or Detect under Panel in the credential.`,
		{ isRunWide: true },
	);

/** A key that the panel does not know, because another panel made it. */
export function foreignKey(
	key: 'application' | 'account',
	{ name, ...keyOf }: Flavour,
	actual: Flavour,
): PanelError {
	const message = `The ${key} key is a key of ${name} (${keyOf[`${key}Prefix`]}…), but the panel is a ${actual.name}`;
	return sharedError(message, `Create one under ${actual[`${key}KeysAt`]}.`, { status: 401 });
}

const SELECTED: Record<Selector, string> = {
	location: 'locations',
	nest: 'nests',
	tag: 'node tags',
};

/** The panel has nothing of the kind that a server group of the plan goes by. */
export const missingSelector = (panel: string, selector: Selector): PanelError =>
	sharedError(
		`${panel} has no ${SELECTED[selector]}`,
		'Choose the servers of the group in another way in the tier plan, for example by name.',
		{ isRunWide: true },
	);

/** The account no longer exists, or is no longer the customer's. */
export const vanished = (): PanelError =>
	new PanelError(
		'the account was changed or deleted during the run',
		'It will be tried again later.',
		{ isTransient: true, isVanished: true },
	);
