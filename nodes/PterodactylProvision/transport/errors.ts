import {
	ApiError,
	LATER,
	factsOf,
	foreignAnswerAdvice,
	isCutOff,
	isJson,
	settler,
	type Application,
} from '../../shared/api';
import type { Answer } from '../../shared/httpClient';

export const PANEL: Application = {
	credential: 'pterodactylApi',
	credentialName: 'Pterodactyl API',
	urlField: 'Panel URL',
	name: 'the panel',
	example: 'https://panel.example.com',
	/** Including /server/… for each server. */
	ownPath: /\/(?:(?:api|admin|auth|account|login|profile)(?=\/|$)|server\/.)/i,
};

/** An entry of the panel's `errors`. `status` is a string there; validation errors have `meta`. */
export interface PanelAnswerError {
	code: string;
	status: string;
	detail: string;
	meta?: { source_field?: string; rule?: string };
}

/** An error at the panel. `retryAfter`: until the server accepts new subusers again. */
export class PanelError extends ApiError {
	code: string | null = null;
	errors: PanelAnswerError[] = [];
	/** The panel's API is not at this address [530], so the 404 says nothing about a record. */
	isNoRoute = false;
	/** The account no longer exists, or is no longer the customer's. */
	isVanished = false;
	/** The server does not run, so it takes no commands [353]. */
	isOffline = false;
	/** How many come first at that server. */
	ahead = 0;
	/** The message without the call, so that it is the same for everybody affected. */
	shared: string | null = null;

	constructor(message: string, advice: string, facts: Partial<PanelError> = {}) {
		super(message, advice);
		Object.assign(this, facts);
	}

	/** Whether the panel's validation rejected this field (by this rule, if given). */
	complainsOf(field: string, rule?: string): boolean {
		return this.errors.some(
			({ meta }) => meta?.source_field === field && (!rule || meta.rule === rule),
		);
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

export const settle = settler(PanelError);

const NO_ROUTE = /^The (route \S+ could not be found|\w+ method is not supported for route )/;

interface Call {
	method: string;
	path: string;
}

const keyOf = ({ path }: Call) =>
	path.startsWith('application/') ? 'application key' : 'account key';

/** The error in an answer: the panel's own `errors`, or something in front of the panel answered. */
export function errorIn(call: Call, answer: Answer): PanelError {
	const { statusCode: status, body } = answer;
	const { errors } = (isJson(body) ? body : {}) as { errors?: unknown };
	return isErrorList(errors) ? refused(call, status, errors) : notThePanel(call, answer);
}

/** Tells the panel's `errors` from those of proxies, which have another shape. */
const isErrorList = (errors: unknown): errors is PanelAnswerError[] =>
	Array.isArray(errors) &&
	errors.length > 0 &&
	errors.every(
		(one: Partial<PanelAnswerError> | null) =>
			typeof one?.code === 'string' && typeof one.detail === 'string',
	);

function refused(call: Call, status: number, errors: PanelAnswerError[]): PanelError {
	// A detail can hold line breaks and runs of spaces [110].
	const words = errors.map(({ detail }) => detail.replace(/\s+/g, ' ').trim()).join(' ');
	const code = errors[0]?.code ?? '';
	if (NO_ROUTE.test(words)) {
		const shared = `The panel’s API is not at this address: it answered ${status} to ${call.method} /api/${call.path}`;
		return new PanelError(
			shared,
			'Check the Panel URL in the credential: it must be the address at which the panel opens in the browser, with its folder if it has one, but without /api, /admin or /server.',
			{ status, code, errors, shared, isNoRoute: true },
		);
	}
	const isOffline = status === 502 && /^Server must be online/.test(words);
	return new PanelError(`Panel said ${status}: ${words}`, adviceFor(call, status, code), {
		status,
		code,
		errors,
		isOffline,
		// A 404 from Wings has another code [241, 355].
		isNotFound: code === 'NotFoundHttpException',
		isTransient: (status >= 500 && !isOffline) || status === 429,
		isUnconfirmed: (status === 502 && !isOffline) || status === 504,
	});
}

function adviceFor(call: Call, status: number, code: string): string {
	if (code === 'TwoFactorAuthRequiredException') {
		return `The panel requires two-factor authentication for the owner of the ${keyOf(call)}. Set it up for that account, or relax the requirement under Admin → Settings → Security.`;
	}
	const otherwise =
		status >= 500
			? 'The panel had an internal error. It will be tried again later; see the panel’s log (storage/logs) for details.'
			: 'See the panel’s message.';
	return ADVICE[status]?.(call) ?? otherwise;
}

const ADVICE: Record<number, (call: Call) => string> = {
	401: (call) =>
		`The panel does not know the ${keyOf(call)}. Create a new one and enter it in the credential.`,
	403: (call) =>
		`The ${keyOf(call)} is not permitted to call ${call.method} ${call.path}. An application key needs Users read & write and Servers read, and its owner must be an admin. The owner of an account key must be an admin, or a subuser with all user permissions and every permission that it grants. If the key has allowed IPs, they must include n8n's address.`,
	404: (call) =>
		`The ${keyOf(call)} cannot see this. If the server exists, the key's owner has no access to it: use an admin's key, or add the owner as a subuser there.`,
	409: () =>
		`The server is suspended or being installed, or its node is under maintenance. ${LATER}`,
	419: () =>
		'The panel treated the call as one from its own web page. Remove cookies and the Origin header, which a proxy may add.',
	422: () => 'The panel does not accept the value. Correct it where it comes from.',
	429: () =>
		'The panel’s rate limit is reached. It will be tried again later; if this happens often, raise APP_API_CLIENT_RATELIMIT and APP_API_APPLICATION_RATELIMIT on the panel.',
	503: () => `The panel is in maintenance mode. ${LATER}`,
	504: () => `Wings on the server’s node does not answer. ${LATER}`,
};

/**
 * Something other than the panel's API answered: a login page, the error of a proxy or protection
 * page, a truncated answer. After such an answer with 2xx or 5xx, a write is unconfirmed.
 */
function notThePanel(call: Call, answer: Answer): PanelError {
	const { statusCode: status, body } = answer;
	const isUnclear =
		status >= 500 || isCutOff(body) || (status >= 200 && status < 300 && call.method !== 'GET');
	const say = (what: string) =>
		isJson(body)
			? `Something in front of the panel answered ${what}(${factsOf(answer)})`
			: `The panel’s answer ${what && 'to '}${what}was no JSON (${factsOf(answer)})`;
	return new PanelError(say(`${call.method} ${call.path} `), foreignAnswerAdvice(PANEL, answer), {
		status,
		isTransient: isUnclear || status === 429,
		isUnconfirmed: isUnclear,
		shared: say(''),
	});
}

/** The server has used up its new subusers: ten in 15 minutes since panel 1.12 [pelican 501-525]. */
export const subuserLimit = (retryAfter: number, ahead = 0): PanelError =>
	new PanelError(
		'the panel’s limit on new subusers of this server is reached',
		'It will be tried again when the limit allows.',
		{ status: 429, code: 'ThrottleRequestsException', isTransient: true, retryAfter, ahead },
	);

/** The account no longer exists, or is no longer the customer's. */
export const vanished = (): PanelError =>
	new PanelError('the account was changed or deleted during the run', LATER, {
		isTransient: true,
		isVanished: true,
	});
