import { laravelPage, symfonyPage } from './errorPages.cjs';

/** One entry of the panel's `errors`. */
export interface ErrorEntry {
	code: string;
	status: string;
	detail: string;
	meta?: { source_field: string; rule: string };
}

/**
 * How the panel answers it to a caller who did not ask for JSON: `login` and `back` redirect
 * [520, 521], `page` is an HTML page with the status [522].
 */
type WithoutJson = 'login' | 'back' | 'page';

/** What goes wrong while the panel answers a call. */
export class PanelError extends Error {
	constructor(
		readonly status: number,
		readonly entries: ErrorEntry[],
		readonly withoutJson: WithoutJson = 'page',
		readonly headers: Record<string, string> = {},
	) {
		super(entries[0]?.detail ?? '');
	}
}

function one(
	status: number,
	code: string,
	detail: string,
	withoutJson: WithoutJson = 'page',
	headers: Record<string, string> = {},
): PanelError {
	return new PanelError(status, [{ code, status: String(status), detail }], withoutJson, headers);
}

const unexpected =
	'An unexpected error was encountered while processing this request, please try again.';

/** A crash: only the class name tells them apart [150, 174, 322, 560]. */
export const crash = (code: string): PanelError => one(500, code, unexpected);

export const unauthenticated = (): PanelError =>
	one(401, 'AuthenticationException', 'Unauthenticated.', 'login');

export const denied = (detail = 'This action is unauthorized.'): PanelError =>
	one(403, 'AccessDeniedHttpException', detail);

export const grantsTooMuch = (): PanelError =>
	one(
		403,
		'HttpForbiddenException',
		'Cannot assign permissions to a subuser that your account does not actively possess.',
	);

export const notFound = (
	detail = 'The requested resource could not be found on the server.',
): PanelError => one(404, 'NotFoundHttpException', detail);

/** A server that the key's owner cannot see [348, 414]. */
export const notYours = (): PanelError =>
	notFound('The requested resource does not exist on this server.');

export const noRoute = (path: string): PanelError =>
	notFound(`The route ${path} could not be found.`);

export function wrongMethod(method: string, path: string, allowed: string[]): PanelError {
	const list = allowed.join(', ');
	const detail = `The ${method} method is not supported for route ${path}. Supported methods: ${list}.`;
	return one(405, 'MethodNotAllowedHttpException', detail, 'page', { allow: list });
}

/** The panel's own refusals (DisplayException and its children). */
export const refused = (detail: string, code = 'DisplayException', status = 400): PanelError =>
	one(status, code, detail, 'back');

export const conflict = (detail: string): PanelError =>
	one(409, 'ServerStateConflictException', detail);

export const malformedJson = (problem: string): PanelError =>
	one(
		400,
		'BadRequestHttpException',
		`The JSON data passed in the request appears to be malformed: ${problem}`,
	);

export const needsTwoFactor = (): PanelError =>
	one(
		400,
		'TwoFactorAuthRequiredException',
		'Two-factor authentication is required on this account in order to access this endpoint.',
	);

export const csrfMismatch = (): PanelError => one(419, 'HttpException', 'CSRF token mismatch.');

export const inMaintenance = (): PanelError => one(503, 'HttpException', 'Service Unavailable');

export const serverOffline = (): PanelError =>
	one(502, 'HttpException', 'Server must be online in order to send commands.');

export const tooManyAttempts = (headers: Record<string, string>): PanelError =>
	one(429, 'ThrottleRequestsException', 'Too Many Attempts.', 'page', headers);

export function unknownFilter(names: string[], allowed: readonly string[]): PanelError {
	const detail =
		`Requested filter(s) \`${names.join(', ')}\` are not allowed. ` +
		`Allowed filter(s) are \`${allowed.join(', ')}\`.`;
	return one(400, 'InvalidFilterQuery', detail);
}

export function unknownSort(names: string[], allowed: readonly string[]): PanelError {
	const detail =
		`Requested sort(s) \`${names.join(', ')}\` is not allowed. ` +
		`Allowed sort(s) are \`${allowed.join(', ')}\`.`;
	return one(400, 'InvalidSortQuery', detail);
}

export function invalid(
	failures: Array<{ field: string; rule: string; detail: string }>,
): PanelError {
	const entries = failures.map(({ field, rule, detail }) => ({
		code: 'ValidationException',
		status: '422',
		detail,
		meta: { source_field: field, rule },
	}));
	return new PanelError(422, entries, 'back');
}

/** For faults that a test orders: any status in the panel's own shape. */
export const ordered = (status: number, detail: string): PanelError =>
	status === 500 ? crash('QueryException') : one(status, 'HttpException', detail);

export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

const html = { 'content-type': 'text/html; charset=utf-8' };

export function redirect(to: string): Answer {
	const body = `<!DOCTYPE html>
<html>
    <head>
        <meta charset="UTF-8" />
        <meta http-equiv="refresh" content="0;url='${to}'" />

        <title>Redirecting to ${to}</title>
    </head>
    <body>
        Redirecting to <a href="${to}">${to}</a>.
    </body>
</html>`;
	return { status: 302, headers: { ...html, location: to }, body };
}

/** What Laravel itself answers on a route that it knows. */
export const options = (allowed: string[]): Answer => ({
	status: 200,
	headers: { ...html, allow: allowed.join(',') },
	body: '',
});

export function renderError(
	error: PanelError,
	request: {
		wantsJson: boolean;
		host: string;
		referer: string | undefined;
		loginPath: string;
	},
): Answer {
	const { status, entries, withoutJson } = error;
	if (request.wantsJson) {
		const headers = { 'content-type': 'application/json', ...error.headers };
		return { status, headers, body: JSON.stringify({ errors: entries }) };
	}
	if (withoutJson === 'login') return redirect(`http://${request.host}${request.loginPath}`);
	if (withoutJson === 'back') return redirect(request.referer ?? `http://${request.host}`);
	const body = laravelPage(status, error.message) ?? symfonyPage(status);
	return { status, headers: { ...html, ...error.headers }, body };
}
