import {
	checkRequest,
	type WebhookSettings,
	type WebhookRequest,
} from '../../../../nodes/PaymenterTrigger/webhook/checkRequest';
import { Refusal, sign } from '../../../../nodes/PaymenterTrigger/webhook/signature';

const NOW = 1_780_000_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const BODY = Buffer.from('{"event":"ping"}');

const SETTINGS: WebhookSettings = {
	credential: { signing: 'standardWebhooks', signingSecret: SECRET },
	requireHttps: true,
	allowlist: '203.0.113.0/24',
	maxBodyBytes: 100,
};

function requesting(change: Partial<WebhookRequest> = {}, body = BODY): WebhookRequest {
	return {
		protocol: 'https',
		address: '203.0.113.7',
		body,
		...change,
		headers: {
			'content-type': ['application/json'],
			'content-length': [String(body.length)],
			'webhook-id': ['msg_1'],
			'webhook-timestamp': [String(NOW)],
			'webhook-signature': [sign(SECRET, 'msg_1', NOW, body)],
			...change.headers,
		},
	};
}

function status(change: Partial<WebhookRequest>, settings = SETTINGS, body = BODY) {
	try {
		checkRequest(requesting(change, body), settings, NOW);
		return { status: 200, why: '' };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		const { status, message: why } = error;
		return { status, why };
	}
}

describe('the check of a request', () => {
	it('lets a genuine request in, with its body and message id', () => {
		const accepted = checkRequest(requesting(), SETTINGS, NOW);
		expect(accepted).toEqual({ body: BODY, messageId: 'msg_1' });
	});

	const wrong = [
		[403, 'plain HTTP', { protocol: 'http' }],
		[403, 'a foreign address', { address: '198.51.100.1' }],
		[413, 'a body above the limit', { body: Buffer.alloc(101, ' ') }],
		[415, 'another type', { headers: { 'content-type': ['text/plain'] } }],
		[401, 'a wrong signature', { headers: { 'webhook-signature': ['v1,AAAA'] } }],
	] as const;
	type Wrong = Partial<WebhookRequest>;

	it.each(wrong)('answers %d to %s', (code, _what, change) => {
		expect(status(change as Wrong).status).toBe(code);
	});

	it('asks in this order: HTTPS, address, size, type, signature', () => {
		const expected = [/HTTPS/, /allowlist/, /larger/, /content type/, /signature/];
		for (const [from, why] of expected.entries()) {
			const together = wrong.slice(from).map(([, , change]) => change as Wrong);
			const all: Wrong = Object.assign({}, ...together, {
				headers: Object.assign(
					{},
					...together.map(({ headers }) => headers),
				) as WebhookRequest['headers'],
			}) as Wrong;
			const answer = status(all);
			expect(answer.status).toBe(wrong[from]?.[0]);
			expect(answer.why).toMatch(why);
		}
	});

	it.each(['Identity', 'IDENTITY', '', ' identity , '])(
		'lets a body in that is not compressed, as Content-Encoding says (%j)',
		(encoding) => {
			expect(status({ headers: { 'content-encoding': [encoding] } }).status).toBe(200);
		},
	);

	it('lets plain HTTP in where HTTPS is not required', () => {
		const settings = { ...SETTINGS, requireHttps: false };
		expect(status({ protocol: 'http' }, settings).status).toBe(200);
	});

	it('judges the protocol that n8n resolved, not what the client writes', () => {
		const headers = { 'x-forwarded-proto': ['https'], 'x-forwarded-for': ['203.0.113.7'] };
		expect(status({ protocol: 'http', headers }).status).toBe(403);
		expect(status({ address: '198.51.100.1', headers }).status).toBe(403);
	});

	it('lets every address in where there is no allowlist', () => {
		const settings = { ...SETTINGS, allowlist: ' ' };
		expect(status({ address: '' }, settings).status).toBe(200);
	});

	it('lets nobody in where the allowlist cannot be read, and names the entry', () => {
		const answer = status({}, { ...SETTINGS, allowlist: '203.0.113.7, nowhere' });
		expect(answer).toMatchObject({ status: 403 });
		expect(answer.why).toContain('nowhere');
	});

	it('lets a body of exactly the limit in, and no byte more', () => {
		const body = (bytes: number) => Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
		expect(status({}, SETTINGS, body(100)).status).toBe(200);
		expect(status({}, SETTINGS, body(101))).toMatchObject({ status: 413 });
	});

	it.each([
		'application/json',
		'Application/JSON',
		'application/json; charset=utf-8',
		'application/json;charset="UTF-8"',
		'application/json ; charset=utf8',
	])('takes the type %s', (type) => {
		expect(status({ headers: { 'content-type': [type] } }).status).toBe(200);
	});

	it.each([
		[undefined],
		[['']],
		[['text/json']],
		[['application/jsonp']],
		[['application/x-www-form-urlencoded']],
		[['multipart/form-data; boundary=x']],
		[['text/plain; application/json']],
		[['application/json; charset=utf-16']],
		[['application/json; charset=latin1']],
	])('refuses the type %j with 415', (type) => {
		const answer = status({ headers: { 'content-type': type } });
		expect(answer).toMatchObject({ status: 415 });
	});

	it.each(['gzip', 'br', 'deflate', 'identity, gzip'])(
		'refuses a body compressed by %s: it could unpack without end',
		(encoding) => {
			const answer = status({ headers: { 'content-encoding': [encoding] } });
			expect(answer).toMatchObject({ status: 415 });
		},
	);

	it('takes a body that says it is not compressed', () => {
		expect(status({ headers: { 'content-encoding': ['identity'] } }).status).toBe(200);
	});

	it('answers 401 to an old timestamp, naming how old', () => {
		const old = { headers: { 'webhook-timestamp': [String(NOW - 301)] } };
		expect(status(old)).toMatchObject({ status: 401, why: expect.stringMatching(/301 s/) });
	});
});
