import type { Input } from './php.cjs';
import { cleanInput, isObject, parseQuery } from './php.cjs';

/** A request's body, as PHP and Laravel read it. */
export interface Sent {
	headers: Record<string, string | undefined>;
	body: string;
	/** false: bytes that are none were replaced in `body`. */
	isUtf8: boolean;
}

const nothing = { input: {}, problem: undefined };

/** JSON only with a JSON content type [528], forms as PHP reads them [125]. */
export function readBody({ headers, body, isUtf8 }: Sent): {
	input: Input;
	/** What PHP finds wrong with the JSON. */
	problem: string | undefined;
} {
	const type = headers['content-type'] ?? '';
	if (/[/+]json/.test(type)) {
		if (body === '') return nothing;
		try {
			if (!isUtf8) throw new SyntaxError();
			const parsed: unknown = JSON.parse(body);
			const input = isObject(parsed) ? parsed : { ...(Array.isArray(parsed) ? parsed : [parsed]) };
			return { input: cleanInput(input) as Input, problem: undefined };
		} catch {
			return { input: {}, problem: jsonProblem(body, isUtf8) };
		}
	}
	const isForm = type.startsWith('application/x-www-form-urlencoded');
	return isForm ? { ...nothing, input: cleanInput(parseQuery(body)) as Input } : nothing;
}

const replaced = '\ufffd';
const escape = String.raw`\\(?:["\\/bfnrt]|u[\da-fA-F]{4})`;

/**
 * PHP's `json_last_error_msg`. Its scanner reads a token to the end before its parser asks whether
 * it fits, so a broken token is told of also where it does not.
 */
function jsonProblem(text: string, isUtf8: boolean): string {
	const inside = `(?:[^"\\\\\\x00-\\x1f${isUtf8 ? '' : replaced}]|${escape})*`;
	const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
	const tokens = new RegExp(`^(?:[ \\t\\r\\n]|"${inside}"|[{}[\\],:]|${number}|true|false|null)*`);
	const whole = tokens.exec(text)?.[0] ?? '';
	const rest = text.slice(whole.length);
	const broken = rest.replace(new RegExp(`^"${inside}`), '');
	if (rest !== '' && mayGoOn(whole)) {
		if (!isUtf8 && broken.startsWith(replaced)) {
			return 'Malformed UTF-8 characters, possibly incorrectly encoded';
		}
		// A control character, or the end within a string.
		if (broken < ' ') {
			return 'Control character error, possibly incorrectly encoded';
		}
	}
	return 'Syntax error';
}

/** Whether it is the beginning of some JSON, or all of it. */
function mayGoOn(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch (error) {
		const { message } = error as SyntaxError;
		return message.includes('end of JSON') || message.includes(`at position ${text.length}`);
	}
}
