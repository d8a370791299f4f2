import { errorPageText } from './files.cjs';

/** The pages that a browser gets: Laravel's, and Symfony's where Laravel has none. */

const texts: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	402: 'Payment Required',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	422: 'Unprocessable Content',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

export const statusText = (status: number): string => texts[status] ?? 'Error';

const own: Record<number, string> = { 419: 'Page Expired', 500: 'Server Error' };
const views = [401, 402, 403, 404, 419, 429, 500, 503];

/** The page of the panel's [522, 542]; only that of 403 says what the refusal says. */
export function laravelPage(status: number, message: string): string | undefined {
	if (!views.includes(status)) return undefined;
	const title = own[status] ?? statusText(status);
	return errorPageText
		.replace('{{title}}', title)
		.replace('{{status}}', String(status))
		.replace('{{message}}', status === 403 ? message : title);
}

/** Symfony's page, as in Paymenter's recordings 71, 125 and 187. */
export function symfonyPage(status: number): string {
	const title = statusText(status);
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
