import { createHash, createHmac, timingSafeEqual } from 'crypto';

export type Signing =
	| { way: 'standardWebhooks'; secrets: string[] }
	| { way: 'hmacBody' | 'sharedSecret'; secrets: string[]; header: string };

/** Request headers by lower-case name, each with all its values. */
export type Headers = Record<string, string[] | undefined>;

/** `id` is the signed message id, if the signature scheme has one. */
export type Verdict = { genuine: true; id: string | null } | { genuine: false; why: string };

/** How far a timestamp may be off before it is refused as a replay. */
const TOLERANCE_SECONDS = 300;

class Refused extends Error {}

/**
 * Verifies that the sender knows one of the secrets: the current one or, during a rotation, the
 * previous one.
 */
export function verify(
	signing: Signing,
	headers: Headers,
	body: Buffer,
	nowSeconds: number,
): Verdict {
	try {
		if (signing.secrets.length === 0) throw new Refused('the credential has no signing secret');
		if (signing.way === 'standardWebhooks') {
			return {
				genuine: true,
				id: verifyStandardWebhook(signing.secrets, headers, body, nowSeconds),
			};
		}
		const { header, secrets } = signing;
		const sent = single(headers, header);
		if (signing.way === 'hmacBody') verifyBodyHmac(secrets, header, sent, body);
		else if (!secrets.some((secret) => equal(sent, secret))) {
			throw new Refused(`the secret in header ${header} is wrong`);
		}
		return { genuine: true, id: null };
	} catch (error) {
		const why = error instanceof Refused ? error.message : 'the signature cannot be checked';
		return { genuine: false, why };
	}
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

/** @returns the message id */
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
		throw new Refused('header webhook-timestamp is not a number of seconds');
	}
	const seconds = Number(timestamp);
	const off = Math.abs(nowSeconds - seconds);
	if (off > TOLERANCE_SECONDS) {
		throw new Refused(
			`header webhook-timestamp is ${off} s off; at most ${TOLERANCE_SECONDS} s are accepted`,
		);
	}
	const usable = secrets.filter((secret) => keyOf(secret));
	if (usable.length === 0) {
		throw new Refused('the signing secret in the credential is not whsec_ followed by base64');
	}
	const offered = signatures.split(' ').filter((part) => part.startsWith('v1,'));
	if (offered.length === 0) throw new Refused('header webhook-signature has no v1 signature');
	const expected = usable.map((secret) => sign(secret, id, seconds, body));
	if (offered.some((one) => expected.some((other) => equal(one, other)))) return id;
	throw new Refused('the signature does not match');
}

function verifyBodyHmac(secrets: string[], header: string, sent: string, body: Buffer): void {
	const hex = sent.replace(/^sha256=/i, '').toLowerCase();
	if (!/^[0-9a-f]{64}$/.test(hex)) {
		throw new Refused(`header ${header} is not a SHA-256 HMAC in hex`);
	}
	if (!secrets.some((secret) => equal(hex, signBody(secret, body)))) {
		throw new Refused('the signature does not match');
	}
}

/** A header that must be present exactly once: with a second one it would be unclear which counts. */
function single(headers: Headers, name: string): string {
	const values = headers[name.toLowerCase()] ?? [];
	if (values.length > 1) throw new Refused(`header ${name} was sent ${values.length} times`);
	if (!values[0]) throw new Refused(`header ${name} is missing`);
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
