import { createHash, createHmac, timingSafeEqual } from 'crypto';

/** The credential Paymenter Webhook API. */
export interface WebhookCredential {
	signing: 'standardWebhooks' | 'hmacBody' | 'sharedSecret';
	signingSecret: string;
	/** Accepted as well until it is cleared. */
	previousSecret?: string;
	/** Where the HMAC or the secret is; Standard Webhooks has headers of its own. */
	headerName?: string;
}

/** Request headers by lower-case name, each with all its values. */
export type Headers = Record<string, string[] | undefined>;

/** How far a timestamp may be off before it is refused as a replay. */
const TOLERANCE_SECONDS = 300;

/** A request that is refused: what to answer, and why. */
export class Refusal extends Error {
	constructor(
		readonly status: 401 | 403 | 413 | 415,
		why: string,
	) {
		super(why);
	}
}

/** What is wrong with the secrets, or null. The message never contains a secret. */
export function whySecretIsWrong(credential: WebhookCredential): string | null {
	if (!credential.signingSecret) return 'The signing secret is empty';
	const named = { signing: credential.signingSecret, previous: credential.previousSecret ?? '' };
	for (const [name, secret] of Object.entries(named)) {
		if (!secret) continue;
		if (credential.signing !== 'standardWebhooks') {
			if (secret.length >= 16) continue;
			return `The ${name} secret must have at least 16 characters, or it can be guessed`;
		}
		const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
		if (!base64) return `The ${name} secret is not whsec_ followed by base64`;
		if (Buffer.from(base64, 'base64').length < 24) {
			return `The ${name} secret must have at least 24 bytes, as Standard Webhooks requires`;
		}
	}
	return null;
}

/** The signed message id, if there is one. Throws a `Refusal` unless the sender knows a secret. */
export function verify(
	{ signing, signingSecret, previousSecret = '', headerName = '' }: WebhookCredential,
	headers: Headers,
	body: Buffer,
	nowSeconds: number,
): string | null {
	const secrets = [signingSecret, previousSecret].filter((secret) => secret.trim() !== '');
	if (secrets.length === 0) throw new Refusal(401, 'the credential has no signing secret');
	if (signing === 'standardWebhooks') {
		return verifyStandardWebhook(secrets, headers, body, nowSeconds);
	}
	const header = headerName.trim() || 'x-signature';
	const sent = single(headers, header);
	if (signing === 'sharedSecret') {
		if (secrets.some((secret) => equal(sent, secret))) return null;
		throw new Refusal(401, `the secret in header ${header} is wrong`);
	}
	const hex = sent.replace(/^sha256=/i, '').toLowerCase();
	if (!/^[0-9a-f]{64}$/.test(hex)) {
		throw new Refusal(401, `header ${header} is not a SHA-256 HMAC in hex`);
	}
	if (secrets.some((secret) => equal(hex, signBody(secret, body)))) return null;
	throw new Refusal(401, 'the signature does not match');
}

/**
 * Signs according to Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over
 * `id.timestamp.body`, written as `v1,<base64>`.
 * @param secret `whsec_<base64>`, or the base64 alone
 */
export function sign(
	secret: string,
	id: string,
	timestampSeconds: number,
	body: Buffer | string,
): string {
	const key = keyOf(secret);
	if (!key) throw new Error('The signing secret is not whsec_ followed by base64');
	const mac = createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body);
	return `v1,${mac.digest('base64')}`;
}

/** HMAC-SHA256 of the body alone, in hex: for senders without Standard Webhooks. */
export function signBody(secret: string, body: Buffer | string): string {
	return createHmac('sha256', secret).update(body).digest('hex');
}

function verifyStandardWebhook(
	secrets: string[],
	headers: Headers,
	body: Buffer,
	nowSeconds: number,
): string {
	const id = single(headers, 'webhook-id');
	const timestamp = single(headers, 'webhook-timestamp');
	const signatures = single(headers, 'webhook-signature');
	if (!/^[1-9]\d{0,11}$/.test(timestamp)) {
		throw new Refusal(401, 'header webhook-timestamp is not a number of seconds');
	}
	const seconds = Number(timestamp);
	const off = Math.abs(nowSeconds - seconds);
	if (off > TOLERANCE_SECONDS) {
		throw new Refusal(
			401,
			`header webhook-timestamp is ${off} s off; at most ${TOLERANCE_SECONDS} s are accepted`,
		);
	}
	const usable = secrets.filter((secret) => keyOf(secret));
	if (usable.length === 0) {
		throw new Refusal(401, 'the signing secret in the credential is not whsec_ followed by base64');
	}
	const offered = signatures.split(' ').filter((part) => part.startsWith('v1,'));
	if (offered.length === 0) throw new Refusal(401, 'header webhook-signature has no v1 signature');
	const expected = usable.map((secret) => sign(secret, id, seconds, body));
	if (offered.some((one) => expected.some((other) => equal(one, other)))) return id;
	throw new Refusal(401, 'the signature does not match');
}

/** A header that must be present exactly once: with a second one it would be unclear which counts. */
function single(headers: Headers, name: string): string {
	const values = headers[name.toLowerCase()] ?? [];
	if (values.length > 1) throw new Refusal(401, `header ${name} was sent ${values.length} times`);
	if (!values[0]) throw new Refusal(401, `header ${name} is missing`);
	return values[0];
}

function keyOf(secret: string): Buffer | null {
	const base64 = secret.trim().replace(/^whsec_/, '');
	const key = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : null;
	// With an empty key anybody could sign.
	return key && key.length > 0 ? key : null;
}

/** Compares in constant time, whatever the content and length. */
function equal(a: string, b: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(a), digest(b));
}
