import type { Answer } from '../panel/errors.cjs';
import type { PanelRequest as Request } from '../panel/pipeline.cjs';

/** How Laravel answers and refuses. */

export type { Answer, Request };

/** What goes wrong while the API answers a call. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly body: Record<string, unknown>,
		/** Without an Accept for JSON: a page with the status, the way back, or JSON all the same. */
		readonly withoutJson: 'page' | 'back' | 'json' = 'page',
		readonly headers: Record<string, string> = {},
	) {
		super(JSON.stringify(body));
	}
}

export const refuse = (status: number, message: string, headers?: Record<string, string>) =>
	new Refusal(status, { message }, 'page', headers);

export const crash = (): Refusal => refuse(500, 'Server Error');

export const noRoute = (path: string): Refusal =>
	refuse(404, `The route ${path} could not be found.`);

export const wrongMethod = (method: string, path: string, allowed: string): Refusal =>
	refuse(
		405,
		`The ${method} method is not supported for route ${path}. Supported methods: ${allowed}.`,
		{ allow: allowed },
	);

export const noRecord = (model: string, id?: string): Refusal =>
	refuse(
		404,
		`No query results for model [App\\Models\\${model}]${id === undefined ? '.' : ` ${id}`}`,
	);

export const unauthorized = (): Refusal => refuse(403, 'This action is unauthorized.');

export function notAllowed(
	what: 'include' | 'filter' | 'sort',
	names: string[],
	allowed: string[],
): Refusal {
	const list = (items: string[]) => `\`${items.join(', ')}\``;
	const verb = what === 'sort' ? 'is' : 'are';
	const rest =
		allowed.length > 0
			? `Allowed ${what}(s) are ${list(allowed)}.`
			: `There are no allowed ${what}s.`;
	return refuse(400, `Requested ${what}(s) ${list(names)} ${verb} not allowed. ${rest}`);
}

export function invalid(errors: Record<string, string[]>): Refusal {
	const all = Object.values(errors).flat();
	const more = all.length - 1;
	const rest = more > 0 ? ` (and ${more} more error${more > 1 ? 's' : ''})` : '';
	return new Refusal(422, { message: `${all[0]}${rest}`, errors }, 'back');
}

export const inMaintenance = (retryAfter: number | null): Refusal =>
	refuse(
		503,
		'Service Unavailable',
		retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
	);

const titles: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

export const titleOf = (status: number): string => titles[status] ?? 'Error';

/** Symfony's page, as in recordings 71, 125 and 187. For 404 and 500 Paymenter's theme has its own. */
export function errorPage(status: number): string {
	const title = titleOf(status);
	return `<!DOCTYPE html>
<html lang="en">
<head>
    <meta charset="UTF-8" />
    <meta name="robots" content="noindex,nofollow,noarchive" />
    <title>An Error Occurred: ${title}</title>
    <link rel="icon" href="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 128 128%22><text y=%221.2em%22 font-size=%2296%22>❌</text></svg>" />
    <style>body { background-color: #fff; color: #222; font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; margin: 0; }
.container { margin: 30px; max-width: 600px; }
h1 { color: #dc3545; font-size: 24px; }
h2 { font-size: 18px; }</style>
</head>
<body>
<div class="container">
    <h1>Oops! An Error Occurred</h1>
    <h2>The server returned a "${status} ${title}".</h2>

    <p>
        Something is broken. Please let us know what you were doing when this error occurred.
        We will fix it as soon as possible. Sorry for any inconvenience caused.
    </p>
</div>
</body>
</html>`;
}

const common = {
	'cache-control': 'no-cache, private',
	'access-control-allow-origin': '*',
};

export const success = (status: number, body: unknown): Answer => ({
	status,
	headers: { ...common, 'content-type': 'application/vnd.api+json' },
	body: JSON.stringify(body),
});

export const noContent = (): Answer => ({ status: 204, headers: common, body: '' });

export const html = (
	status: number,
	body: string,
	headers: Record<string, string> = {},
): Answer => ({
	status,
	headers: { ...common, 'content-type': 'text/html; charset=utf-8', ...headers },
	body,
});

/** Laravel's `wantsJson`: what the first type of Accept is. */
export const wantsJson = ({ headers }: Request): boolean =>
	/^[^,]*[/+]json/i.test(headers.accept ?? '');

export function render(refusal: Refusal, request: Request): Answer {
	const { status, body, withoutJson, headers } = refusal;
	if (wantsJson(request) || withoutJson === 'json') {
		return {
			status,
			headers: { ...common, 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		};
	}
	if (withoutJson === 'page') return html(status, errorPage(status), headers);
	const location = request.headers.referer ?? `http://${request.headers.host}`;
	return html(302, `<!DOCTYPE html>\n<title>Redirecting to ${location}</title>`, { location });
}
