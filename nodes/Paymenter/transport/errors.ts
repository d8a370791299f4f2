import { numberIn, quote, silence, type Answer } from '../../shared/httpClient';

/** An error at Paymenter: the message says what happened, `advice` what to do. */
export class PaymenterError extends Error {
	constructor(
		message: string,
		readonly advice: string,
		/** Set if the same call may succeed later, with the seconds to wait if Paymenter sent them. */
		readonly retryable: { afterSeconds: number | null } | null = null,
		/** Paymenter itself says that the record does not exist. */
		readonly isNotFound = false,
	) {
		super(message);
	}
}

const LATER = 'It will be tried again later.';
const ADMIN_API = 'under Paymenter → Admin → API';

/** The error for a status other than 2xx, as measured in the contract [numbers are recorded exchanges]. */
export function refusal(path: string, answer: Answer): PaymenterError {
	const { statusCode, headers, body } = answer;
	const words = wordsOf(body);
	if (words === null || !isOwn(statusCode, words)) return notPaymenter(path, answer);
	return new PaymenterError(
		`Paymenter said ${statusCode}: ${words}`,
		adviceFor(statusCode, words),
		statusCode === 429 || statusCode >= 500 ? { afterSeconds: secondsIn(headers) } : null,
		statusCode === 404 && isNoService(words),
	);
}

const isNoService = (words: string): boolean =>
	words.startsWith('No query results for model [App\\Models\\Service]');

function adviceFor(statusCode: number, words: string): string {
	switch (statusCode) {
		case 400:
			return adviceForIncludes(words);
		case 401:
			return `Create a key ${ADMIN_API} and enter it in the credential.`;
		case 403:
			return words.startsWith('This action')
				? `The API key lacks the permission admin.services.view. Add it ${ADMIN_API}.`
				: 'The API key is not of the type admin, or is restricted to an IP address other than n8n’s.';
		case 404:
			return isNoService(words)
				? 'The subscription does not exist.'
				: 'Check the Paymenter URL. The Admin API exists since Paymenter 1.2; this node needs 1.5 or newer.';
		case 429:
			return `A proxy in front of Paymenter limits the rate of calls. ${LATER}`;
		case 503:
			return `Paymenter is in maintenance mode. ${LATER}`;
		default:
			return statusCode >= 500
				? `Paymenter had an internal error; see its log (storage/logs) for details. ${LATER}`
				: 'See Paymenter’s message.';
	}
}

/** Paymenter refuses an include by name if the key lacks the permission, or if the version is too old. */
function adviceForIncludes(words: string): string {
	const refused = /include\(s\) (.+?) (?:is|are) not allowed/.exec(words)?.[1] ?? '';
	if (refused.includes('user')) {
		return `The API key lacks the permission admin.users.view. Add it ${ADMIN_API}.`;
	}
	if (refused.includes('properties')) {
		return `The API key lacks the permission admin.properties.view. Add it ${ADMIN_API}.`;
	}
	return refused
		? `This version of Paymenter does not return the ${refused} of a service. Update it to 1.5 or newer.`
		: 'See Paymenter’s message.';
}

/** The text is in `message`, or in `error` if the bearer token is missing. */
function wordsOf(body: unknown): string | null {
	if (typeof body !== 'object' || body === null) return null;
	const { message, error } = body as { message?: unknown; error?: unknown };
	const words = message ?? error;
	return typeof words === 'string' ? words.replace(/\s+/g, ' ').trim() : null;
}

/** Paymenter's own messages for statuses that something in front of it may also send [122-135, 68, 142]. */
const OWN_WORDS: Record<number, RegExp> = {
	401: /bearer token|API key/,
	403: /^You do not have permission|^This action is unauthorized/,
	404: /^No query results for model|^The route .* could not be found/,
	502: /^$/,
	504: /^$/,
};

const isOwn = (statusCode: number, words: string): boolean =>
	OWN_WORDS[statusCode]?.test(words) ?? true;

/**
 * Something other than Paymenter's API answered: a login page, the error of a proxy or protection
 * page, a truncated answer.
 */
export function notPaymenter(path: string, { statusCode, headers, body }: Answer): PaymenterError {
	const said = quote(body);
	const facts = said ? `status ${statusCode}: ${said}` : `status ${statusCode}`;
	const isRedirect = statusCode >= 300 && statusCode < 400;
	return new PaymenterError(
		typeof body === 'object' && statusCode >= 400
			? `Something in front of Paymenter answered GET ${path} (${facts})`
			: `The answer to GET ${path} was not Paymenter’s (${facts})`,
		isRedirect
			? 'Enter Paymenter’s final address in the credential (with https:// if it redirects there): redirects are not followed.'
			: 'Check the Paymenter URL, and whether a proxy or a protection page is in front of its /api.',
		statusCode >= 500 || statusCode === 429 ? { afterSeconds: secondsIn(headers) } : null,
	);
}

const secondsIn = (headers: Answer['headers']) => numberIn(headers, 'retry-after');

export function noAnswer(path: string, error: unknown, base: string): PaymenterError {
	return new PaymenterError(
		`Paymenter at ${new URL(base).origin} did not answer GET ${path}: ${silence(error).why}`,
		`Check the Paymenter URL in the credential, and that n8n can reach it. ${LATER}`,
		{ afterSeconds: null },
	);
}

export function tooOld(what: string, needed: string): PaymenterError {
	return new PaymenterError(
		`This version of Paymenter does not return ${what} in its API`,
		`Update Paymenter to ${needed} or newer.`,
	);
}
