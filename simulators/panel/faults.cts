import type { Answer } from './errors.cjs';
import { ordered, redirect, renderError, titleOf, tooManyAttempts } from './errors.cjs';
import { limitedHeaders } from './throttle.cjs';

/**
 * What goes wrong on the way, by order of a test:
 *
 * | kind | what the caller sees | executed |
 * |---|---|---|
 * | `refuse` | connection cut, no answer | no |
 * | `reset-after` | connection cut; `mid`: after half of the answer | yes |
 * | `hang` | nothing, ever | no |
 * | `slow` | the answer, after `ms` | yes |
 * | `drip` | the answer, piece by piece over `ms` | yes |
 * | `status` | `status` in the panel's error shape | no |
 * | `429` | too many attempts, with `retryAfter` seconds or without | no |
 * | `html` | 200 and an HTML page | no |
 * | `redirect` | 302 to /auth/login | no |
 * | `truncated` | the answer's JSON, cut off | yes |
 * | `not-json` | 200, `application/json`, and no JSON | no |
 */
export type FaultKind =
	| 'refuse'
	| 'reset-after'
	| 'hang'
	| 'slow'
	| 'drip'
	| 'status'
	| '429'
	| 'html'
	| 'redirect'
	| 'truncated'
	| 'not-json';

export interface Fault {
	kind: FaultKind;
	method?: string;
	/** Part of the path with its query; a RegExp only in-process. */
	path?: string | RegExp;
	/** The same as a regular expression, for HTTP. */
	pattern?: string;
	/** Whether it applies to this call; in-process only. Of the panel's, `calls().at(-1)` is the call. */
	when?: () => boolean;
	/** Done as the call arrives; in-process only. */
	meanwhile?: () => void;
	/** How often; left out: always. */
	times?: number;
	/** Lets so many matching calls pass first. */
	skip?: number;
	/** Overrides the table above. */
	executed?: boolean;
	ms?: number;
	status?: number;
	retryAfter?: number;
	mid?: boolean;
}

const executes: FaultKind[] = ['reset-after', 'slow', 'drip', 'truncated'];

export const isExecuted = (fault: Fault): boolean =>
	fault.executed ?? executes.includes(fault.kind);

function matches(fault: Fault, method: string, url: string): boolean {
	if (fault.method && fault.method.toUpperCase() !== method) return false;
	if (fault.pattern && !new RegExp(fault.pattern).test(url)) return false;
	if (fault.path instanceof RegExp) return fault.path.test(url);
	return fault.path === undefined || url.includes(fault.path);
}

/** The first fault that applies to the call; counts it down. */
export function takeFault(faults: Fault[], method: string, url: string): Fault | undefined {
	for (const fault of faults) {
		if (fault.times === 0 || !matches(fault, method, url)) continue;
		if (fault.when && !fault.when()) continue;
		if (fault.skip) {
			fault.skip--;
			continue;
		}
		if (fault.times !== undefined) fault.times--;
		fault.meanwhile?.();
		return fault;
	}
	return undefined;
}

const page = '<!DOCTYPE html>\n<html><head><title>Panel</title></head><body>Panel</body></html>';

/** The answer with the fault in it; faults of the connection leave it as it is. */
export function spoil(
	fault: Fault,
	answer: Answer | undefined,
	host: string,
	time: number,
): Answer {
	const request = { wantsJson: true, host, referer: undefined };
	switch (fault.kind) {
		case 'status': {
			const status = fault.status ?? 500;
			return renderError(ordered(status, titleOf(status)), request);
		}
		case '429': {
			const all = limitedHeaders(240, time + (fault.retryAfter ?? 60) * 1000, time);
			const { 'retry-after': _seconds, 'x-ratelimit-reset': _reset, ...bare } = all;
			return renderError(tooManyAttempts(fault.retryAfter === undefined ? bare : all), request);
		}
		case 'html':
			return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
		case 'redirect':
			return redirect(`http://${host}/auth/login`);
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
