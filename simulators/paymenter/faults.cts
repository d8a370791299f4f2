import type { Fault } from '../faults.cjs';
import { statusText } from '../panel/errorPages.cjs';
import type { Answer, Request } from './laravel.cjs';
import { html, refuse, render } from './laravel.cjs';

const page =
	'<!DOCTYPE html>\n<html><head><title>Paymenter</title></head><body>Paymenter</body></html>';
const whole: Answer = { status: 200, headers: {}, body: '' };

/** The answer with the fault in it; faults of the connection leave it as it is. */
export function spoil(fault: Fault, request: Request, answer: Answer = whole): Answer {
	switch (fault.kind) {
		case 'status': {
			const status = fault.status ?? 500;
			return render(refuse(status, status === 500 ? 'Server Error' : statusText(status)), request);
		}
		// Paymenter has no throttle: only a proxy in front of it says so.
		case '429': {
			const { retryAfter } = fault;
			const headers: Record<string, string> =
				retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
			return render(refuse(429, 'Too Many Attempts.', headers), request);
		}
		case 'html':
			return html(200, page);
		case 'redirect':
			return html(302, page, { location: `http://${request.headers.host}/login` });
		case 'not-json':
			return { ...whole, headers: { 'content-type': 'application/json' }, body: 'Whoops' };
		case 'truncated':
			return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
		default:
			return answer;
	}
}
