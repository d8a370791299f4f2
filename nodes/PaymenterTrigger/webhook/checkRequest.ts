import { isAllowed, parseAllowlist } from './ipAllowlist';
import { Refusal, verify, type Headers, type WebhookCredential } from './signature';

export interface WebhookRequest {
	/** `http` or `https`, as n8n determined it from the proxies it trusts. */
	protocol: string;
	/** The client's address, determined the same way. */
	address: string;
	headers: Headers;
	/** As n8n has read it; empty if n8n could not tell what it is. */
	body: Buffer;
}

export interface WebhookSettings {
	credential: WebhookCredential;
	requireHttps: boolean;
	/** Addresses and CIDR ranges; empty: every address is allowed. */
	allowlist: string;
	maxBodyBytes: number;
}

/** Checks a request, cheapest check first; throws a `Refusal`. */
export function checkRequest(
	{ protocol, address, headers, body }: WebhookRequest,
	settings: WebhookSettings,
	nowSeconds: number,
): { body: Buffer; messageId: string | null } {
	if (settings.requireHttps && protocol !== 'https') {
		throw new Refusal(403, 'the request came over plain HTTP, but HTTPS is required');
	}
	const allowlist = parseAllowlist(settings.allowlist);
	if ('wrong' in allowlist) {
		throw new Refusal(403, `invalid entry in the IP allowlist: "${allowlist.wrong}"`);
	}
	if (allowlist.ranges.length > 0 && !isAllowed(allowlist.ranges, address)) {
		throw new Refusal(403, 'the address is not on the IP allowlist');
	}
	if (body.length > settings.maxBodyBytes) {
		throw new Refusal(413, `the body is larger than ${settings.maxBodyBytes} bytes`);
	}
	const notJson = whyNotJson(headers);
	if (notJson) throw new Refusal(415, notJson);
	return { body, messageId: verify(settings.credential, headers, body, nowSeconds) };
}

function whyNotJson(headers: Headers): string | null {
	const [type = '', ...parameters] = (headers['content-type']?.[0] ?? '')
		.split(';')
		.map((part) => part.trim().toLowerCase());
	if (type !== 'application/json') return 'the content type is not application/json';
	const charset = parameters.find((parameter) => parameter.startsWith('charset='));
	if (charset && !/^charset="?utf-?8"?$/.test(charset)) return 'the charset is not utf-8';
	const encodings = (headers['content-encoding']?.join() ?? '').split(',').map((one) => one.trim());
	return encodings.every((one) => /^(identity)?$/i.test(one))
		? null
		: 'compressed bodies are not accepted';
}
