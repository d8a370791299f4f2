import type { Fault } from '../faults.cjs';
import { statusText } from './errorPages.cjs';
import type { Answer } from './errors.cjs';
import { ordered, redirect, renderError, tooManyAttempts } from './errors.cjs';
import { limitedHeaders } from './throttle.cjs';

const page = '<!DOCTYPE html>\n<html><head><title>Panel</title></head><body>Panel</body></html>';

/** The answer with the fault in it; faults of the connection leave it as it is. */
export function spoil(
	fault: Fault,
	answer: Answer | undefined,
	host: string,
	time: number,
	loginPath: string,
): Answer {
	const request = { wantsJson: true, host, referer: undefined, loginPath };
	switch (fault.kind) {
		case 'status': {
			const status = fault.status ?? 500;
			return renderError(ordered(status, statusText(status)), request);
		}
		case '429': {
			const all = limitedHeaders(256, time + (fault.retryAfter ?? 60) * 1000, time);
			const { 'retry-after': _seconds, 'x-ratelimit-reset': _reset, ...bare } = all;
			return renderError(tooManyAttempts(fault.retryAfter === undefined ? bare : all), request);
		}
		case 'html':
			return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
		case 'redirect':
			return redirect(`http://${host}${loginPath}`);
		case 'not-json':
			return { status: 200, headers: { 'content-type': 'application/json' }, body: 'Whoops' };
		case 'truncated': {
			const whole = answer ?? { status: 200, headers: {}, body: '' };
			return { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) };
		}
		default:
			return answer ?? { status: 200, headers: {}, body: '' };
	}
}
