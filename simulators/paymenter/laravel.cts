import { symfonyPage } from '../panel/errorPages.cjs';
import type { Answer } from '../panel/errors.cjs';
import type { PanelRequest as Request } from '../panel/pipeline.cjs';

/** How Laravel answers and refuses. */

export type { Answer, Request };

/** What goes wrong while the API answers a call. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly body: Record<string, unknown>,
		/** Without an Accept for JSON: a page with the status, or JSON all the same. */
		readonly withoutJson: 'page' | 'json' = 'page',
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

export const noRecord = (model: string, id: string): Refusal =>
	refuse(404, `No query results for model [App\\Models\\${model}] ${id}`);

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

export const inMaintenance = (retryAfter: number | null): Refusal =>
	refuse(
		503,
		'Service Unavailable',
		retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
	);

const common = {
	'cache-control': 'no-cache, private',
	'access-control-allow-origin': '*',
};

export const success = (body: unknown): Answer => ({
	status: 200,
	headers: { ...common, 'content-type': 'application/vnd.api+json' },
	body: JSON.stringify(body),
});

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
	// For 404 and 500 Paymenter's theme has pages of its own.
	return html(status, symfonyPage(status), headers);
}
