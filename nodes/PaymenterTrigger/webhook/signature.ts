import { createHash, createHmac, timingSafeEqual } from 'crypto';

/** How the sender authenticates. */
export type Signing =
	| { way: 'standardWebhooks'; secrets: string[]; toleranceSeconds: number }
	| { way: 'hmacBody'; secrets: string[]; header: string }
	| { way: 'sharedSecret'; secrets: string[]; header: string };

/** Request headers by lower-case name, each with all its values. */
export type Headers = Record<string, string[] | undefined>;

/** `id` is the signed message id, if the signature scheme has one. */
export type Verdict = { genuine: true; id: string | null } | { genuine: false; why: string };

const refuse = (why: string): Verdict => ({ genuine: false, why });

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
	if (signing.secrets.length === 0) return refuse('the credential has no signing secret');
	switch (signing.way) {
		case 'standardWebhooks':
			return verifyStandardWebhook(signing, headers, body, nowSeconds);
		case 'hmacBody':
			return verifyBodyHmac(signing, headers, body);
		case 'sharedSecret':
			return verifySharedSecret(signing, headers);
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

function verifyStandardWebhook(
	{ secrets, toleranceSeconds }: Extract<Signing, { way: 'standardWebhooks' }>,
	headers: Headers,
	body: Buffer,
	nowSeconds: number,
): Verdict {
	const id = single(headers, 'webhook-id');
	const timestamp = single(headers, 'webhook-timestamp');
	const signatures = single(headers, 'webhook-signature');
	for (const header of [id, timestamp, signatures]) {
		if ('why' in header) return refuse(header.why);
	}
	const { value: idValue } = id as Present;
	const { value: timestampValue } = timestamp as Present;
	const { value: signatureValue } = signatures as Present;

	if (!/^[1-9]\d{0,11}$/.test(timestampValue)) {
		return refuse('header webhook-timestamp is not a number of seconds');
	}
	const seconds = Number(timestampValue);
	if (Math.abs(nowSeconds - seconds) > toleranceSeconds) {
		return refuse(
			`header webhook-timestamp is ${Math.abs(nowSeconds - seconds)} s off; at most ${toleranceSeconds} s are accepted`,
		);
	}
	if (!secrets.some((secret) => keyOf(secret))) {
		return refuse('the signing secret in the credential is not whsec_ followed by base64');
	}
	const offered = signatureValue.split(' ').filter((part) => part.startsWith('v1,'));
	if (offered.length === 0) return refuse('header webhook-signature has no v1 signature');
	for (const secret of secrets) {
		if (!keyOf(secret)) continue;
		const expected = sign(secret, idValue, seconds, body);
		if (offered.some((signature) => equal(signature, expected))) {
			return { genuine: true, id: idValue };
		}
	}
	return refuse('the signature does not match');
}

function verifyBodyHmac(
	{ secrets, header }: Extract<Signing, { way: 'hmacBody' }>,
	headers: Headers,
	body: Buffer,
): Verdict {
	const sent = single(headers, header);
	if ('why' in sent) return refuse(sent.why);
	const hex = sent.value.replace(/^sha256=/i, '').toLowerCase();
	if (!/^[0-9a-f]{64}$/.test(hex)) {
		return refuse(`header ${header} is not a SHA-256 HMAC in hex`);
	}
	return secrets.some((secret) => equal(hex, signBody(secret, body)))
		? { genuine: true, id: null }
		: refuse('the signature does not match');
}

function verifySharedSecret(
	{ secrets, header }: Extract<Signing, { way: 'sharedSecret' }>,
	headers: Headers,
): Verdict {
	const sent = single(headers, header);
	if ('why' in sent) return refuse(sent.why);
	return secrets.some((secret) => equal(sent.value, secret))
		? { genuine: true, id: null }
		: refuse(`the secret in header ${header} is wrong`);
}

type Present = { value: string };

/** A header that must be present exactly once: with a second one it would be unclear which counts. */
function single(headers: Headers, name: string): Present | { why: string } {
	const values = headers[name.toLowerCase()] ?? [];
	if (values.length > 1) return { why: `header ${name} was sent ${values.length} times` };
	const value = values[0];
	return value ? { value } : { why: `header ${name} is missing` };
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
