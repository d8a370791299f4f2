import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';

import {
	Refusal,
	sign,
	signBody,
	verify as check,
	type Headers,
	type WebhookCredential,
} from '../../../../nodes/PaymenterTrigger/webhook/signature';

const NOW = 1_780_000_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const BODY = Buffer.from('{"event":"ping"}');

const credential = (
	signing: WebhookCredential['signing'],
	[signingSecret = '', previousSecret]: string[],
	headerName?: string,
): WebhookCredential => ({ signing, signingSecret, previousSecret, headerName });
const standard = (...secrets: string[]) => credential('standardWebhooks', secrets);

function verify(...request: Parameters<typeof check>) {
	try {
		return { genuine: true, id: check(...request) } as const;
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		expect(error.status).toBe(401);
		return { genuine: false, why: error.message } as const;
	}
}

function signed(secret = SECRET, body: Buffer | string = BODY, seconds = NOW, id = 'msg_1') {
	return {
		'webhook-id': [id],
		'webhook-timestamp': [String(seconds)],
		'webhook-signature': [new Webhook(secret).sign(id, new Date(seconds * 1000), body.toString())],
	};
}

function whyNot(signing: WebhookCredential, headers: Headers, body = BODY, now = NOW): string {
	const verdict = verify(signing, headers, body, now);
	if (verdict.genuine) throw new Error('it was taken for genuine');
	return verdict.why;
}

describe('a Standard Webhook', () => {
	it('signed by the reference library is genuine, and its message id is handed on', () => {
		expect(verify(standard(SECRET), signed(), BODY, NOW)).toEqual({ genuine: true, id: 'msg_1' });
	});

	it('signed by us is taken by the reference library', () => {
		jest.useFakeTimers({ now: NOW * 1000 });
		try {
			const headers = {
				'webhook-id': 'msg_1',
				'webhook-timestamp': String(NOW),
				'webhook-signature': sign(SECRET, 'msg_1', NOW, BODY),
			};
			expect(new Webhook(SECRET).verify(BODY, headers)).toEqual({ event: 'ping' });
		} finally {
			jest.useRealTimers();
		}
	});

	it('has the same signature from us and from the reference library, whatever is signed', () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 24, maxLength: 64 }),
				fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/),
				fc.integer({ min: 1, max: 99_999_999_999 }),
				fc.string({ unit: 'grapheme' }),
				(bytes, id, seconds, body) => {
					const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
					const theirs = new Webhook(secret).sign(id, new Date(seconds * 1000), body);
					expect(sign(secret, id, seconds, body)).toBe(theirs);
				},
			),
		);
	});

	it.each([
		['exactly the tolerance old', -300, true],
		['a second older than the tolerance', -301, false],
		['exactly the tolerance ahead', 300, true],
		['a second further ahead than the tolerance', 301, false],
		['of this second', 0, true],
	])('whose timestamp is %s: genuine is %s %s', (_what, off, genuine) => {
		const seconds = NOW + off;
		expect(verify(standard(SECRET), signed(SECRET, BODY, seconds), BODY, NOW).genuine).toBe(
			genuine,
		);
	});

	it('is told how far off its timestamp is', () => {
		expect(whyNot(standard(SECRET), signed(SECRET, BODY, NOW - 4000))).toMatch(/4000 s off/);
	});

	it('accepts a timestamp that is five minutes off, and no more', () => {
		const signing = standard(SECRET);
		expect(verify(signing, signed(SECRET, BODY, NOW - 300), BODY, NOW).genuine).toBe(true);
		expect(verify(signing, signed(SECRET, BODY, NOW - 301), BODY, NOW).genuine).toBe(false);
	});

	it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)(
		'without %s is refused, and so is one that has it twice or empty',
		(name) => {
			const headers: Headers = signed();
			const value = headers[name]?.[0] ?? '';
			const without = { ...headers, [name]: undefined };
			expect(whyNot(standard(SECRET), without)).toBe(`header ${name} is missing`);
			expect(whyNot(standard(SECRET), { ...headers, [name]: [''] })).toMatch(/missing/);
			expect(whyNot(standard(SECRET), { ...headers, [name]: [value, value] })).toBe(
				`header ${name} was sent 2 times`,
			);
		},
	);

	it.each([
		'now',
		'-5',
		'+1780000000',
		'1780000000.5',
		'1.78e9',
		' 1780000000',
		'0x6A18',
		'01780000000',
		'Infinity',
		'1780000000, 1780000000',
		'2026-05-28T20:26:40Z',
	])('with the timestamp %j is refused', (odd) => {
		const headers = { ...signed(), 'webhook-timestamp': [odd] };
		expect(whyNot(standard(SECRET), headers)).toMatch(/not a number of seconds/);
	});

	it('with another id or timestamp than was signed is refused', () => {
		const headers = signed();
		const otherId = { ...headers, 'webhook-id': ['msg_2'] };
		const later = { ...headers, 'webhook-timestamp': [String(NOW + 1)] };
		expect(whyNot(standard(SECRET), otherId)).toBe('the signature does not match');
		expect(whyNot(standard(SECRET), later)).toBe('the signature does not match');
	});

	it.each([
		['another body', '{"event":"pong"}'],
		['the same JSON written with a space', '{"event": "ping"}'],
		['the same JSON with a line break after it', '{"event":"ping"}\n'],
		['the same JSON after a byte order mark', '\uFEFF{"event":"ping"}'],
		['nothing', ''],
	])('is refused when what arrives is %s', (_what, arrived) => {
		expect(whyNot(standard(SECRET), signed(), Buffer.from(arrived))).toMatch(/does not match/);
	});

	it('is judged by its bytes, also where they are no UTF-8', () => {
		const body = Buffer.from([0xff, 0xfe, 0x00]);
		const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(`msg_1.${NOW}.`).update(body);
		const headers = { ...signed(), 'webhook-signature': [`v1,${mac.digest('base64')}`] };
		expect(verify(standard(SECRET), headers, body, NOW).genuine).toBe(true);
		const replaced = Buffer.from(body.toString());
		expect(verify(standard(SECRET), headers, replaced, NOW).genuine).toBe(false);
	});

	it('may carry several signatures, of which one must match', () => {
		const good = sign(SECRET, 'msg_1', NOW, BODY);
		const bad = sign(OTHER, 'msg_1', NOW, BODY);
		for (const list of [`${bad} ${good}`, `${good} ${bad}`, `v1a,xyz ${bad}  ${good} v2,abc`]) {
			const headers = { ...signed(), 'webhook-signature': [list] };
			expect(verify(standard(SECRET), headers, BODY, NOW).genuine).toBe(true);
		}
		const none = { ...signed(), 'webhook-signature': [`${bad} ${bad}`] };
		expect(whyNot(standard(SECRET), none)).toMatch(/does not match/);
	});

	it.each(['v2', 'v1a', 'V1', 'v11'])('signed in the version %s only is refused', (version) => {
		const mac = sign(SECRET, 'msg_1', NOW, BODY).slice('v1,'.length);
		const headers = { ...signed(), 'webhook-signature': [`${version},${mac}`] };
		expect(whyNot(standard(SECRET), headers)).toMatch(/no v1 signature/);
	});

	it('must carry the whole signature', () => {
		const good = sign(SECRET, 'msg_1', NOW, BODY);
		for (const part of [good.slice(0, -1), `${good}=`, 'v1,', good.toLowerCase()]) {
			const headers = { ...signed(), 'webhook-signature': [part] };
			expect(whyNot(standard(SECRET), headers)).toMatch(/does not match/);
		}
	});

	it('is genuine by the previous secret while it is being rotated, and not afterwards', () => {
		const old = signed(OTHER);
		expect(verify(standard(SECRET, OTHER), old, BODY, NOW).genuine).toBe(true);
		expect(verify(standard(SECRET, OTHER), signed(SECRET), BODY, NOW).genuine).toBe(true);
		expect(whyNot(standard(SECRET), old)).toBe('the signature does not match');
	});

	it('is judged alike with the secret written with and without whsec_', () => {
		const bare = SECRET.slice('whsec_'.length);
		expect(verify(standard(bare), signed(), BODY, NOW).genuine).toBe(true);
		expect(verify(standard(` ${SECRET}\n`), signed(), BODY, NOW).genuine).toBe(true);
		const twice = `whsec_${SECRET}`;
		expect(verify(standard(twice), signed(), BODY, NOW).genuine).toBe(false);
	});

	it.each(['whsec_', 'whsec_not base64!', 'whsec_ab-_cd', 'ä'])(
		'is refused when the secret in the credential is %j',
		(secret) => {
			const why = whyNot(standard(secret), signed());
			expect(why).toBe('the signing secret in the credential is not whsec_ followed by base64');
		},
	);

	it.each(['whsec_A', 'whsec_A=', 'whsec_A==', 'B'])(
		'is never judged by an empty key, which the secret %j stands for',
		(secret) => {
			const mac = createHmac('sha256', '').update(`msg_1.${NOW}.`).update(BODY);
			const forged = { ...signed(), 'webhook-signature': [`v1,${mac.digest('base64')}`] };
			expect(verify(standard(secret), forged, BODY, NOW).genuine).toBe(false);
		},
	);

	it('is still judged by the good one of two secrets', () => {
		expect(verify(standard('whsec_!', SECRET), signed(), BODY, NOW).genuine).toBe(true);
	});

	it('cannot be signed with a secret that is none', () => {
		expect(() => sign('whsec_no base64', 'msg_1', NOW, BODY)).toThrow(/not whsec_ followed/);
	});
});

describe('an HMAC of the body', () => {
	const KEY = 'a key of some length';
	const signing = credential('hmacBody', [KEY], 'X-Signature');
	const hex = createHmac('sha256', KEY).update(BODY).digest('hex');

	it('is what we sign ourselves', () => {
		expect(signBody(KEY, BODY)).toBe(hex);
	});

	it.each([
		['in hex', hex],
		['in hex after sha256=', `sha256=${hex}`],
		['in capital letters', hex.toUpperCase()],
	])('%s is genuine and has no message id', (_what, value) => {
		const verdict = verify(signing, { 'x-signature': [value] }, BODY, NOW);
		expect(verdict).toEqual({ genuine: true, id: null });
	});

	it.each([
		['in base64', Buffer.from(hex, 'hex').toString('base64')],
		['cut short', hex.slice(2)],
		['of SHA-1', createHmac('sha1', KEY).update(BODY).digest('hex')],
		['after sha1=', `sha1=${hex}`],
	])('%s is refused', (_what, value) => {
		expect(whyNot(signing, { 'x-signature': [value] })).toMatch(/not a SHA-256 HMAC in hex/);
	});

	it('is refused for another body, another key, when missing and when doubled', () => {
		expect(whyNot(signing, { 'x-signature': [hex] }, Buffer.from('{}'))).toMatch(/not match/);
		const foreign = signBody('another key', BODY);
		expect(whyNot(signing, { 'x-signature': [foreign] })).toMatch(/not match/);
		expect(whyNot(signing, {})).toBe('header X-Signature is missing');
		expect(whyNot(signing, { 'x-signature': [hex, hex] })).toMatch(/2 times/);
	});

	it('is genuine by the previous secret as well', () => {
		const rotated = credential('hmacBody', ['the new key', KEY]);
		expect(verify(rotated, { 'x-signature': [hex] }, BODY, NOW).genuine).toBe(true);
	});
});

describe('a shared secret header', () => {
	const signing = credential('sharedSecret', ['s3cret', 'old'], ' X-Key ');

	it.each(['s3cret', 'old'])('with the secret %s is genuine', (secret) => {
		expect(verify(signing, { 'x-key': [secret] }, BODY, NOW)).toEqual({ genuine: true, id: null });
	});

	it.each(['S3cret', 's3cret ', 's3cre', 's3cret2', 'older'])('with %j is refused', (wrong) => {
		expect(whyNot(signing, { 'x-key': [wrong] })).toMatch(/the secret in header X-Key is wrong/);
	});

	it('is refused when missing, empty and doubled', () => {
		expect(whyNot(signing, {})).toBe('header X-Key is missing');
		const unnamed = credential('sharedSecret', ['s3cret'], ' ');
		expect(whyNot(unnamed, {})).toBe('header x-signature is missing');
		expect(whyNot(signing, { 'x-key': [''] })).toMatch(/missing/);
		expect(whyNot(signing, { 'x-key': ['s3cret', 's3cret'] })).toMatch(/2 times/);
	});
});

describe('any way of signing', () => {
	it('refuses everything when the credential holds no secret', () => {
		const ways = [
			standard(),
			standard('   ', ' '),
			credential('hmacBody', [], 'x'),
			credential('sharedSecret', ['', ''], 'x'),
		];
		for (const signing of ways) {
			expect(whyNot(signing, { ...signed(), x: [''] })).toMatch(/no signing secret/);
		}
	});

	it('never says a secret, nor what was sent in its place', () => {
		const word = fc.stringMatching(/^[A-Za-z0-9+]{24,40}$/);
		fc.assert(
			fc.property(
				word,
				word,
				fc.constantFrom('standardWebhooks', 'hmacBody', 'sharedSecret'),
				fc.array(word, { maxLength: 2 }),
				fc.integer({ min: -400, max: 400 }),
				(secret, sent, way, doubled, off) => {
					fc.pre(secret !== sent);
					const header = 'x-proof';
					const signing = credential(way, [secret], header);
					const headers: Headers = {
						'webhook-id': ['msg_1'],
						'webhook-timestamp': [String(NOW + off)],
						'webhook-signature': [`v1,${sent}`, ...doubled],
						[header]: [sent, ...doubled],
					};
					const why = whyNot(signing, headers);
					expect(why).not.toContain(secret);
					expect(why).not.toContain(sent);
				},
			),
		);
	});
});
