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
