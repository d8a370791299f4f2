import { webhookDescriptionIsNativelyResolvable, type INodeParameters } from 'n8n-workflow';

import { TABLES } from '../../../../domain/tables';
import { PaymenterTrigger } from '../../../../nodes/PaymenterTrigger/PaymenterTrigger.node';
import { sign, signBody } from '../../../../nodes/PaymenterTrigger/webhook/signature';
import { activate, knock, type Setting } from '../../support/contexts.cjs';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OLD = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const KEY = 'a plain key of some length';
const EXAMPLE =
	'{"event":"subscription.created","subscription_id":"12345","customer_email":"user@example.com","product_id":"fire-elemental","tier":"elemental","status":"active"}';

const CREDENTIAL = { signing: 'standardWebhooks', signingSecret: SECRET, previousSecret: OLD };
const ALL = [
	'subscription.created',
	'subscription.updated',
	'payment.failed',
	'payment.succeeded',
	'subscription.cancelled',
	'customer.updated',
	'payment.refunded',
	'payment.disputed',
];

function signed(body: string, secret = SECRET, id = 'msg_1') {
	const timestamp = Math.floor(Date.now() / 1000);
	return {
		'content-type': 'application/json',
		'webhook-id': id,
		'webhook-timestamp': String(timestamp),
		'webhook-signature': sign(secret, id, timestamp, body),
	};
}

function knocks(
	body: string,
	headers: Record<string, string | string[]> = signed(body),
	setting: Partial<Setting> = {},
) {
	const { parameters, ...rest } = setting;
	return knock(
		new PaymenterTrigger(),
		{
			credential: () => CREDENTIAL,
			...rest,
			parameters: { events: ALL, path: 'paymenter', security: {}, ...parameters },
		},
		headers,
		body,
	);
}

describe('the trigger lets an event through', () => {
	it('as one normalized item, and marks the answer as received', async () => {
		const { handed, headers, log } = await knocks(EXAMPLE);
		expect(handed.noWebhookResponse).toBeUndefined();
		expect(handed.workflowData).toHaveLength(1);
		expect(handed.workflowData?.[0]).toEqual([
			{
				json: expect.objectContaining({
					event_id: 'msg_1',
					event: 'subscription.created',
					customer_email: 'user@example.com',
					source: 'webhook',
				}) as object,
			},
		]);
		expect(headers['x-paymenter-event']).toBe('msg_1');
		expect(log).toEqual([]);
	});

	it('as a row of the event log, in the queue of what people wait for', async () => {
		const row = (await knocks(EXAMPLE)).handed.workflowData?.[0]?.[0]?.json ?? {};
		expect(Object.keys(TABLES.paymenter_events)).toEqual(expect.arrayContaining(Object.keys(row)));
		expect(row.queue).toBe(`0 ${String(row.received_at)} ${String(row.event_id)}`);
	});

	it('signed with the previous secret', async () => {
		const { handed } = await knocks(EXAMPLE, signed(EXAMPLE, OLD));
		expect(handed.workflowData).toHaveLength(1);
	});

	it('signed over its body alone, where the credential says so', async () => {
		const headers = { 'content-type': 'application/json', 'x-sig': signBody(KEY, EXAMPLE) };
		const credential = () => ({ signing: 'hmacBody', signingSecret: KEY, headerName: 'X-Sig' });
		const { handed, headers: answered } = await knocks(EXAMPLE, headers, { credential });
		expect(handed.workflowData).toHaveLength(1);
		expect(answered['x-paymenter-event']).toMatch(/^body-/);
	});

	it('with the shared secret, where the credential says so', async () => {
		const headers = { 'content-type': 'application/json', 'x-signature': KEY };
		const credential = () => ({ signing: 'sharedSecret', signingSecret: KEY });
		const { handed } = await knocks(EXAMPLE, headers, { credential });
		expect(handed.workflowData).toHaveLength(1);
	});

	it('whatever characters its id has', async () => {
		const body = EXAMPLE.replace('{', '{"event_id":"evt ä/🎮",');
		const { handed, headers } = await knocks(body);
		expect(handed.workflowData?.[0]?.[0]?.json.event_id).toBe('evt ä/🎮');
		expect(decodeURIComponent(String(headers['x-paymenter-event']))).toBe('evt ä/🎮');
	});

	it('over plain HTTP, from anywhere and in any size, only where that is set', async () => {
		const security = { requireHttps: false, maxBodySize: 200, ipAllowlist: '198.51.100.0/24' };
		const body = EXAMPLE.replace('{', `{"padding":"${'x'.repeat(100_000)}",`);
		const { handed } = await knocks(body, signed(body), {
			parameters: { security },
			protocol: 'http',
			ip: '::ffff:198.51.100.9',
		});
		expect(handed.workflowData).toHaveLength(1);
	});
});

interface Refusal {
	status: number;
	error: RegExp;
	body?: string;
	headers?: (body: string) => Record<string, string | string[]>;
	setting?: Partial<Setting>;
}

const security = (set: INodeParameters) => ({ parameters: { security: set } });
const big = EXAMPLE.replace('{', `{"padding":"${'x'.repeat(65_536)}",`);

const REFUSALS: Array<[string, Refusal]> = [
	['plain HTTP', { status: 403, error: /HTTPS is required/, setting: { protocol: 'http' } }],
	[
		'a foreign address',
		{
			status: 403,
			error: /not on the IP allowlist/,
			setting: security({ ipAllowlist: '198.51.100.0/24' }),
		},
	],
	[
		'an unknown address where only known ones may send',
		{
			status: 403,
			error: /not on the IP allowlist/,
			setting: { ...security({ ipAllowlist: '0.0.0.0/0' }), ip: undefined },
		},
	],
	['more than 64 KiB', { status: 413, error: /larger than 65536 bytes/, body: big }],
	[
		'a form',
		{
			status: 415,
			error: /application\/json/,
			headers: (body) => ({ ...signed(body), 'content-type': 'text/plain' }),
		},
	],
	[
		'a signature by another secret',
		{
			status: 401,
			error: /signature does not match/,
			headers: (body) => signed(body, `whsec_${Buffer.alloc(32, 1).toString('base64')}`),
		},
	],
	[
		'no signature',
		{
			status: 401,
			error: /webhook-id is missing/,
			headers: () => ({ 'content-type': 'application/json' }),
		},
	],
	[
		'a doubled signature header',
		{
			status: 401,
			error: /webhook-signature was sent 2 times/,
			headers: (body) => {
				const headers = signed(body);
				const value = headers['webhook-signature'];
				return { ...headers, 'webhook-signature': [value, value] };
			},
		},
	],
	[
		'an old message',
		{
			status: 401,
			error: /webhook-timestamp is \d+ s off/,
			headers: (body) => {
				const old = Math.floor(Date.now() / 1000) - 400;
				return {
					...signed(body),
					'webhook-timestamp': String(old),
					'webhook-signature': sign(SECRET, 'msg_1', old, body),
				};
			},
		},
	],
	[
		'a credential without a secret',
		{
			status: 401,
			error: /no signing secret/,
			setting: { credential: () => ({ signing: 'standardWebhooks', signingSecret: '' }) },
		},
	],
	['a body that is no JSON', { status: 422, error: /body is not valid JSON/, body: '{"event":' }],
	[
		'an event without its subscription',
		{
			status: 422,
			error: /subscription_id is required/,
			body: '{"event":"payment.failed","customer_id":7}',
		},
	],
	[
		'an override',
		{
			status: 422,
			error: /reserved for operators/,
			body: EXAMPLE.replace('subscription.created', 'override.set'),
		},
	],
];

describe('the trigger refuses', () => {
	it.each(REFUSALS)('%s', async (_what, { status, error, body = EXAMPLE, headers, setting }) => {
		const answer = await knocks(body, (headers ?? signed)(body), setting);
		expect(answer.status).toBe(status);
		const told = JSON.parse(answer.body) as { error: string };
		expect(told.error).toMatch(error);
		expect(answer.handed).toEqual({ noWebhookResponse: true });
		expect(answer.headers['x-paymenter-event']).toBeUndefined();
		// Only what will never be taken is final; a wrong secret may be mended.
		const isFinal = [413, 415, 422].includes(status);
		expect(answer.headers['x-paymenter-refused'] !== undefined).toBe(isFinal);
		expect(answer.log).toHaveLength(1);
		expect(answer.log[0]).toMatch(error);
		expect(answer.log[0]).toContain(`${status}`);
		for (const secret of [SECRET, OLD]) {
			expect(answer.log[0] + answer.body).not.toContain(secret.slice('whsec_'.length));
		}
	});

	it('naming the field that is malformed', async () => {
		const { body, headers } = await knocks('{"event":"payment.failed","customer_id":7}');
		expect(JSON.parse(body)).toMatchObject({ field: 'subscription_id' });
		expect(headers['x-paymenter-refused']).toBe('subscription_id');
	});

	it('or repairs, but does not fail at, an id that no header can hold', async () => {
		// A 500 would make the sender repeat for ever what can never succeed.
		const { status } = await knocks(EXAMPLE.replace('{', '{"event_id":"a\\ud83d",'));
		expect([200, 422]).toContain(status);
	});

	it('without writing line breaks of a stranger into the log', async () => {
		const { log } = await knocks('{"event":"a\\r\\nb\\u0085c\\u2028d"}');
		expect(log).toHaveLength(1);
		expect(log[0]).not.toMatch(/[\r\n\u0085]/);
	});
});

describe('the trigger answers itself, without an execution,', () => {
	it('a ping with 200', async () => {
		const { status, body, handed, headers } = await knocks('{"event":"ping"}');
		expect([status, JSON.parse(body)]).toEqual([200, { ok: true }]);
		expect(handed).toEqual({ noWebhookResponse: true });
		expect(headers['x-paymenter-ignored']).toBe('ping');
		expect(headers['x-paymenter-event']).toBeUndefined();
	});

	it('a ping only to who knows the secret', async () => {
		const headers = { ...signed('{"event":"ping"}'), 'webhook-signature': 'v1,AAAA' };
		expect((await knocks('{"event":"ping"}', headers)).status).toBe(401);
	});

	it('an event type that it does not know with 202 and a line in the log', async () => {
		const { status, handed, headers, log } = await knocks('{"event":"invoice.paid"}');
		expect([status, handed]).toEqual([202, { noWebhookResponse: true }]);
		expect(headers['x-paymenter-ignored']).toBe('unknown-event');
		expect(headers['x-paymenter-event']).toBeUndefined();
		expect(log).toEqual([expect.stringContaining('invoice.paid')]);
	});

	it('an event that was not selected with 202', async () => {
		const parameters = { events: ['payment.failed'] };
		const { status, handed, headers } = await knocks(EXAMPLE, signed(EXAMPLE), { parameters });
		expect([status, handed]).toEqual([202, { noWebhookResponse: true }]);
		expect(headers['x-paymenter-ignored']).toBe('not-selected');
		expect(headers['x-paymenter-event']).toBeUndefined();
	});

	it('500 when the credential cannot be read, and says nothing of why to the stranger', async () => {
		const credential = () => {
			throw new Error('Credentials could not be decrypted');
		};
		const { status, body, handed, headers, log } = await knocks(EXAMPLE, signed(EXAMPLE), {
			credential,
		});
		expect([status, handed]).toEqual([500, { noWebhookResponse: true }]);
		expect(body).not.toMatch(/decrypted/);
		expect(headers['x-paymenter-event']).toBeUndefined();
		expect(log).toEqual([expect.stringMatching(/500.*could not be decrypted/)]);
	});
});

describe('publishing the workflow', () => {
	it.each(['', '203.0.113.7', '203.0.113.0/24, 2001:db8::/32\n::1'])(
		'works with the allowlist %j',
		async (ipAllowlist) => {
			await expect(
				activate(new PaymenterTrigger(), { events: ALL, security: { ipAllowlist } }),
			).resolves.toBe(true);
		},
	);

	it('is refused with a wrong allowlist, naming the entry', async () => {
		const parameters = { events: ALL, security: { ipAllowlist: '203.0.113.7, 10.0.0.0/33' } };
		await expect(activate(new PaymenterTrigger(), parameters)).rejects.toThrow('10.0.0.0/33');
	});
});

describe('the description', () => {
	const { description } = new PaymenterTrigger();

	it('lets the sender wait until the event is stored', () => {
		expect(description.webhooks).toEqual([
			expect.objectContaining({
				httpMethod: 'POST',
				responseMode: 'lastNode',
				responseData: 'noData',
			}),
		]);
	});

	it('needs no expression engine for an event', () => {
		const [webhook] = description.webhooks ?? [];
		if (!webhook) throw new Error('No webhook');
		expect(description.version).toBeGreaterThan(1);
		expect(webhook.path).toBe('={{$parameter["path"]}}');
		expect(webhookDescriptionIsNativelyResolvable(webhook)).toBe(true);
	});

	it('offers the eight events of billing and selects them all', () => {
		const events = description.properties.find(({ name }) => name === 'events');
		expect([...(events?.default as string[])].sort()).toEqual([...ALL].sort());
		expect(events?.options).toHaveLength(ALL.length);
	});
});
