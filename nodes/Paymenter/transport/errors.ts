import {
	ApiError,
	LATER,
	factsOf,
	foreignAnswerAdvice,
	isJson,
	type RepeatableApi,
} from '../../shared/api';
import { numberIn, type Answer, type Call } from '../../shared/httpClient';

export const PAYMENTER: RepeatableApi & { pageSize: number } = {
	credential: 'paymenterApi',
	credentialName: 'Paymenter API',
	urlField: 'Paymenter URL',
	name: 'Paymenter',
	example: 'https://billing.example.com',
	ownPath: /\/(?:api|admin|dashboard|login|account|services|invoices)(?=\/|$)/i,
	tried: ({ path }) => `did not answer GET ${path}`,
	understand,
	retries: 3,
	longestWaitMs: 60_000,
	timeoutMs: 30_000,
	/** Services per page; there is no upper limit [08]. */
	pageSize: 200,
};

const ADMIN_API = 'under Paymenter → Admin → API';

/** The document in an answer. Throws what the answer says instead [numbers are recorded exchanges]. */
function understand({ path }: Call, answer: Answer): unknown {
	const { statusCode: status, headers, body } = answer;
	const isOk = status >= 200 && status < 300;
	if (isOk && isJson(body) && 'data' in body) return body;
	const words = isOk ? null : wordsOf(body);
	if (words === null || !(OWN_WORDS[status] ?? /^/).test(words)) throw notPaymenter(path, answer);
	throw new ApiError(`Paymenter said ${status}: ${words}`, adviceFor(status, words), {
		isTransient: status === 429 || status >= 500,
		retryAfter: numberIn(headers, 'retry-after'),
		isNotFound: status === 404 && isNoService(words),
	});
}

const isNoService = (words: string): boolean =>
	words.startsWith('No query results for model [App\\Models\\Service]');

const lacks = (permission: string): string =>
	`The API key lacks the permission ${permission}. Add it ${ADMIN_API}.`;

function adviceFor(status: number, words: string): string {
	const otherwise =
		status >= 500
			? `Paymenter had an internal error; see its log (storage/logs) for details. ${LATER}`
			: 'See Paymenter’s message.';
	return ADVICE[status]?.(words) ?? otherwise;
}

const ADVICE: Record<number, (words: string) => string | null> = {
	400: adviceForIncludes,
	401: () => `Create a key ${ADMIN_API} and enter it in the credential.`,
	403: (words) =>
		words.startsWith('This action')
			? lacks('admin.services.view')
			: 'The API key is not of the type admin, or is restricted to an IP address other than n8n’s.',
	404: (words) =>
		isNoService(words)
			? 'The subscription does not exist.'
			: 'Check the Paymenter URL. The Admin API exists since Paymenter 1.2; this node needs 1.5 or newer.',
	429: () => `A proxy in front of Paymenter limits the rate of calls. ${LATER}`,
	503: () => `Paymenter is in maintenance mode. ${LATER}`,
};

/** Paymenter refuses an include by name if the key lacks the permission, or if the version is too old. */
function adviceForIncludes(words: string): string | null {
	const [, refused] = /include\(s\) (.+?) (?:is|are) not allowed/.exec(words) ?? [];
	if (!refused) return null;
	if (refused.includes('user')) return lacks('admin.users.view');
	if (refused.includes('properties')) return lacks('admin.properties.view');
	return `This version of Paymenter does not return the ${refused} of a service. Update it to 1.5 or newer.`;
}

/** The text is in `message`, or in `error` if the bearer token is missing. */
function wordsOf(body: unknown): string | null {
	if (!isJson(body)) return null;
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

/**
 * Something other than Paymenter's API answered: a login page, the error of a proxy or protection
 * page, a truncated answer.
 */
function notPaymenter(path: string, answer: Answer): ApiError {
	const { statusCode: status, headers, body } = answer;
	return new ApiError(
		isJson(body) && status >= 400
			? `Something in front of Paymenter answered GET ${path} (${factsOf(answer)})`
			: `The answer to GET ${path} was not Paymenter’s (${factsOf(answer)})`,
		foreignAnswerAdvice(PAYMENTER, answer),
		{
			isTransient: status >= 500 || status === 429,
			retryAfter: numberIn(headers, 'retry-after'),
		},
	);
}

export const tooOld = (what: string, needed: string): ApiError =>
	new ApiError(
		`This version of Paymenter does not return ${what} in its API`,
		`Update Paymenter to ${needed} or newer.`,
	);
