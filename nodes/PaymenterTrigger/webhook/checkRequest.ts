import { isAllowed, parseAllowlist } from './ipAllowlist';
import { verify, type Headers, type Signing } from './signature';

/** A request as far as it can be judged without knowing n8n. */
export interface WebhookRequest {
	/** `http` or `https`, as n8n resolved it through the proxies it trusts. */
	protocol: string;
	/** The address of the client, resolved likewise. */
	address: string;
	headers: Headers;
	/** The body; null where it is larger than is accepted. */
	readBody: () => Promise<Buffer | null>;
}

export interface WebhookSettings {
	signing: Signing;
	requireHttps: boolean;
	/** Addresses and CIDR ranges; empty lets every address in. */
	allowlist: string;
	maxBodyBytes: number;
}

/** A request that is let in, or the status and the reason why it is not. */
export type Verdict =
	| { admitted: true; body: Buffer; messageId: string | null }
	| { admitted: false; status: number; why: string };

const refuse = (status: number, why: string): Verdict => ({ admitted: false, status, why });

/** Decides about a request, the cheapest question first; the body is read only if all others pass. */
export async function admit(
	knock: WebhookRequest,
	settings: WebhookSettings,
	nowSeconds: number,
): Promise<Verdict> {
	const { protocol, address, headers } = knock;
	if (settings.requireHttps && protocol !== 'https') {
		return refuse(403, 'the request came over plain HTTP, HTTPS is required');
	}
	const allowlist = parseAllowlist(settings.allowlist);
	if ('wrong' in allowlist) {
		return refuse(403, `the IP allowlist holds "${allowlist.wrong}", which is no address or range`);
	}
	if (allowlist.ranges.length > 0 && !isAllowed(allowlist.ranges, address)) {
		return refuse(403, 'the address is not on the IP allowlist');
	}
	const announced = Number(headers['content-length']?.[0] ?? 0);
	const tooLarge = refuse(413, `the body is larger than ${settings.maxBodyBytes} bytes`);
	if (announced > settings.maxBodyBytes) return tooLarge;
	const notJson = whyNotJson(headers);
	if (notJson) return refuse(415, notJson);

	const body = await knock.readBody();
	if (body === null || body.length > settings.maxBodyBytes) return tooLarge;
	const verdict = verify(settings.signing, headers, body, nowSeconds);
	return verdict.genuine
		? { admitted: true, body, messageId: verdict.id }
		: refuse(401, verdict.why);
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
		: 'the body is compressed, which is not accepted';
}
