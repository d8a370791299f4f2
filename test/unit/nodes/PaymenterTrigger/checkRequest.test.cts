import {
	admit,
	type WebhookSettings,
	type WebhookRequest,
} from '../../../../nodes/PaymenterTrigger/webhook/checkRequest';
import { sign } from '../../../../nodes/PaymenterTrigger/webhook/signature';

const NOW = 1_780_000_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const BODY = Buffer.from('{"event":"ping"}');

const SETTINGS: WebhookSettings = {
	signing: { way: 'standardWebhooks', secrets: [SECRET] },
	requireHttps: true,
	allowlist: '203.0.113.0/24',
	maxBodyBytes: 100,
};

function knocking(change: Partial<WebhookRequest> = {}, body = BODY) {
	const readBody = jest.fn(async () => body);
	const knock: WebhookRequest = {
		protocol: 'https',
		address: '203.0.113.7',
		readBody,
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
	return { knock, readBody };
}

async function status(change: Partial<WebhookRequest>, settings = SETTINGS, body = BODY) {
	const { knock, readBody } = knocking(change, body);
	const admission = await admit(knock, settings, NOW);
	return {
		status: admission.admitted ? 200 : admission.status,
		why: admission.admitted ? '' : admission.why,
		reads: readBody.mock.calls.length,
	};
}

describe('the gate', () => {
	it('lets a genuine request in, with its body and message id', async () => {
		const { knock, readBody } = knocking();
		const admission = await admit(knock, SETTINGS, NOW);
		expect(admission).toEqual({ admitted: true, body: BODY, messageId: 'msg_1' });
		expect(readBody).toHaveBeenCalledTimes(1);
	});

	const wrong = [
		[403, 'plain HTTP', { protocol: 'http' }],
		[403, 'a foreign address', { address: '198.51.100.1' }],
		[413, 'an announced length above the limit', { headers: { 'content-length': ['101'] } }],
		[415, 'another type', { headers: { 'content-type': ['text/plain'] } }],
		[401, 'a wrong signature', { headers: { 'webhook-signature': ['v1,AAAA'] } }],
	] as const;
	type Wrong = { protocol?: string; address?: string; headers?: WebhookRequest['headers'] };

	it.each(wrong)('answers %d to %s', async (code, _what, change) => {
		expect((await status(change as Wrong)).status).toBe(code);
	});

	it.each(wrong.slice(0, 4))(
		'does not read the body to answer %d to %s',
		async (_c, _w, change) => {
			expect((await status(change as Wrong)).reads).toBe(0);
		},
	);

	it('asks in this order: HTTPS, address, size, type, signature', async () => {
		const expected = [/HTTPS/, /allowlist/, /larger/, /content type/, /signature/];
		for (const [from, why] of expected.entries()) {
			const together = wrong.slice(from).map(([, , change]) => change as Wrong);
			const all: Wrong = Object.assign({}, ...together, {
				headers: Object.assign(
					{},
					...together.map(({ headers }) => headers),
				) as WebhookRequest['headers'],
			}) as Wrong;
			const answer = await status(all);
			expect(answer.status).toBe(wrong[from]?.[0]);
			expect(answer.why).toMatch(why);
		}
	});

	it.each(['Identity', 'IDENTITY', '', ' identity , '])(
		'lets a body in that is not compressed, as Content-Encoding says (%j)',
		async (encoding) => {
			expect((await status({ headers: { 'content-encoding': [encoding] } })).status).toBe(200);
		},
	);

	it('lets plain HTTP in where HTTPS is not required', async () => {
		const settings = { ...SETTINGS, requireHttps: false };
		expect((await status({ protocol: 'http' }, settings)).status).toBe(200);
	});

	it('judges the protocol that n8n resolved, not what the client writes', async () => {
		const headers = { 'x-forwarded-proto': ['https'], 'x-forwarded-for': ['203.0.113.7'] };
		expect((await status({ protocol: 'http', headers })).status).toBe(403);
		expect((await status({ address: '198.51.100.1', headers })).status).toBe(403);
	});

	it('lets every address in where there is no allowlist', async () => {
		const settings = { ...SETTINGS, allowlist: ' ' };
		expect((await status({ address: '' }, settings)).status).toBe(200);
	});

	it('lets nobody in where the allowlist cannot be read, and names the entry', async () => {
		const answer = await status({}, { ...SETTINGS, allowlist: '203.0.113.7, nowhere' });
		expect(answer).toMatchObject({ status: 403, reads: 0 });
		expect(answer.why).toContain('nowhere');
	});

	it('lets a body of exactly the limit in, and no byte more', async () => {
		const body = (bytes: number) => Buffer.from(JSON.stringify('x'.repeat(bytes - 2)));
		expect((await status({}, SETTINGS, body(100))).status).toBe(200);
		expect(await status({}, SETTINGS, body(101))).toMatchObject({ status: 413, reads: 0 });
	});

	it.each([[undefined], [['5']], [['nonsense']], [['-1']]])(
		'is not misled by the announced length %j',
		async (length) => {
			const body = Buffer.from(JSON.stringify('x'.repeat(200)));
			const headers = { 'content-length': length };
			expect((await status({ headers }, SETTINGS, body)).status).toBe(413);
		},
	);

	it.each([
		'application/json',
		'Application/JSON',
		'application/json; charset=utf-8',
		'application/json;charset="UTF-8"',
		'application/json ; charset=utf8',
	])('takes the type %s', async (type) => {
		expect((await status({ headers: { 'content-type': [type] } })).status).toBe(200);
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
	])('refuses the type %j with 415', async (type) => {
		const answer = await status({ headers: { 'content-type': type } });
		expect(answer).toMatchObject({ status: 415, reads: 0 });
	});

	it.each(['gzip', 'br', 'deflate', 'identity, gzip'])(
		'refuses a body compressed by %s: it could unpack without end',
		async (encoding) => {
			const answer = await status({ headers: { 'content-encoding': [encoding] } });
			expect(answer).toMatchObject({ status: 415, reads: 0 });
		},
	);

	it('takes a body that says it is not compressed', async () => {
		expect((await status({ headers: { 'content-encoding': ['identity'] } })).status).toBe(200);
	});

	it('answers 401 to an old timestamp, naming how old', async () => {
		const old = { headers: { 'webhook-timestamp': [String(NOW - 301)] } };
		expect(await status(old)).toMatchObject({ status: 401, why: expect.stringMatching(/301 s/) });
	});
});
