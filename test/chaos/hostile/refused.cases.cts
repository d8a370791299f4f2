import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { RECEIPT_HEADER } from '../../../simulators/events/sender.cjs';
import { eventually } from '../../e2e/support.cjs';
import {
	EVENT,
	GOOD,
	LIMIT,
	LOADED,
	MALFORMED,
	MIB_READ,
	PING,
	UNREADABLE,
	sized,
} from './bodies.cjs';
import {
	added,
	FORGERIES,
	genuine,
	nowSeconds,
	PATH,
	replaced,
	request,
	without,
	type Forgery,
} from './forge.cjs';
import {
	expectRefusal,
	expectRefusalByN8n,
	inChunks,
	KEY,
	knock,
	one,
	ROTATED,
	scene,
	seen,
} from './scene.cjs';
import { bytesOf, exchange, lengthOf, type Header } from './wire.cjs';

export function describeRefusals(): void {
	describe('A request that must not get in', () => {
		let before: object;
		beforeAll(async () => {
			before = await seen();
		});

		it.each(FORGERIES)('is refused with 401 when it is signed %s', async (_how, forgery) => {
			expectRefusal(await knock(GOOD, forgery), 401);
		});

		it('is refused when its signature was made for another body, or for the body alone', async () => {
			const other = genuine({ secret: scene.stage.secret, body: `${GOOD} ` });
			expectRefusal(await one(request(GOOD, other)), 401, /does not match/);
			const bodyOnly = createHmac('sha256', scene.stage.secret).update(GOOD).digest('hex');
			const forgery = replaced('webhook-signature', () => `v1,${bodyOnly}`);
			expectRefusal(await knock(GOOD, forgery), 401, /does not match/);
		});

		it('is refused a second too early or too late, and let in at the last second', async () => {
			// At the begin of a second, so that n8n sees the same one.
			const statuses = async () => {
				await pause(1000 - (Date.now() % 1000) + 5);
				const at = nowSeconds();
				const answers = await Promise.all(
					[-301, -300, 300, 301].map((off) => knock(PING, undefined, { at: at + off })),
				);
				return answers.map(({ status }) => status).join();
			};
			const expected = '401,200,200,401';
			expect(await eventually(statuses, (seen) => seen === expected)).toBe(expected);
			const at = nowSeconds();
			for (const off of [-86_400, 86_400]) {
				expectRefusal(await knock(GOOD, undefined, { at: at + off }), 401, /86\d\d\d s off/);
			}
		});

		it('is refused with the secret of somebody else, an empty and a forgotten one', async () => {
			expectRefusal(await knock(GOOD, undefined, { secret: ROTATED.now }), 401, /does not match/);
			for (const secret of [scene.stage.secret, ROTATED.gone]) {
				expectRefusal(await knock(GOOD, undefined, { secret }, '/webhook/rotated'), 401);
			}
			const empty = createHmac('sha256', '').update(`evt_hostile.${nowSeconds()}.${GOOD}`);
			const forgery = replaced('webhook-signature', () => `v1,${empty.digest('base64')}`);
			expectRefusal(await knock(GOOD, forgery), 401);
		});

		it('is refused at a webhook that takes another way of signing', async () => {
			expectRefusal(await knock(GOOD, undefined, {}, '/webhook/hmac'), 401, /x-sig is missing/);
			const hex = createHmac('sha256', KEY).update(PING).digest('hex');
			const signedBy = (...values: string[]) =>
				knock(PING, added(...values.map((value): Header => ['x-sig', value])), {}, '/webhook/hmac');
			expect((await signedBy(hex)).status).toBe(200);
			expectRefusal(await signedBy(hex, hex), 401, /sent 2 times/);
			expectRefusal(await signedBy(Buffer.from(hex, 'hex').toString('base64')), 401, /in hex/);
			expectRefusal(await signedBy(`sha1=${hex}`), 401, /in hex/);
		});

		it.each(MALFORMED)('is refused with 422 when its body is %s', async (_what, body, field) => {
			const answer = await knock(body);
			expectRefusal(answer, 422);
			expect(answer.json?.field).toBe(field);
		});

		it.each(UNREADABLE)('is refused by n8n when its body is %s', async (_what, body) => {
			expectRefusalByN8n(await knock(body), 422);
		});

		it('is refused when it is larger than 64 KiB, in whatever way it is sent', async () => {
			for (const body of [sized(LIMIT + 1), sized((MIB_READ - 1) * 1024 * 1024)]) {
				expectRefusal(await knock(body), 413, /larger than 65536 bytes/);
				expectRefusal(await one(inChunks(body)), 413);
			}
			const huge = sized(20 * 1024 * 1024);
			expectRefusalByN8n(await knock(huge), 500);
			expectRefusalByN8n(await one(inChunks(huge)), 500);
		});

		it.each<[string, Forgery]>([
			['no type', without('content-type')],
			['a form', replaced('content-type', () => 'application/x-www-form-urlencoded')],
			['a text', replaced('content-type', () => 'text/plain')],
			['gzip, named twice', added(['content-encoding', 'identity'], ['content-encoding', 'gzip'])],
		])('is refused with 415 when it says that it is %s', async (_what, forgery) => {
			expectRefusal(await knock(GOOD, forgery), 415);
		});

		it.each<[string, number, Forgery]>([
			['a file', 400, replaced('content-type', () => 'multipart/form-data; boundary=x')],
			['XML', 422, replaced('content-type', () => 'application/xml')],
			['UTF-16', 422, replaced('content-type', () => 'application/json; charset=utf-16')],
			['latin-1', 422, replaced('content-type', () => 'application/json; charset=iso-8859-1')],
			['gzip', 500, added(['content-encoding', 'gzip'])],
		])('is refused by n8n when it says that it is %s', async (_what, status, forgery) => {
			expectRefusalByN8n(await knock(GOOD, forgery), status);
		});

		it('is refused over plain HTTP, whatever it claims besides', async () => {
			for (const claim of ['http', 'HTTPS', 'ftp', 'http, https', '']) {
				const answer = await knock(
					GOOD,
					replaced('x-forwarded-proto', () => claim),
				);
				expectRefusal(answer, 403, /plain HTTP/);
			}
			const others = added(
				['x-forwarded-ssl', 'on'],
				['forwarded', 'proto=https'],
				['front-end-https', 'on'],
			);
			expectRefusal(
				await knock(GOOD, (headers) => others(without('x-forwarded-proto')(headers))),
				403,
			);
		});

		it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])(
			'gets nothing by the method %s',
			async (method) => {
				const headers = genuine({ secret: scene.stage.secret, body: GOOD });
				const answer = await one(request(GOOD, headers, { method }));
				expect(answer.status === 204 || answer.status >= 400).toBe(true);
				expect(answer.headers[RECEIPT_HEADER]).toBeUndefined();
			},
		);

		it.each([
			'/webhook/Paymenter',
			'/webhook/paymenter/x',
			'/webhook/paymenter%00',
			'/webhook/..%2fpaymenter',
			'/webhook-test/paymenter',
			'/webhook/paymenter;x',
		])('gets nothing by the path %s', async (path) => {
			const answer = await knock(GOOD, undefined, {}, path);
			expect(answer.status).toBeGreaterThanOrEqual(400);
			expect(answer.headers[RECEIPT_HEADER]).toBeUndefined();
		});

		it.each<[string, Header[]]>([
			['two lengths', [lengthOf(GOOD), ['content-length', '5']]],
			['a length and chunks', [lengthOf(GOOD), ['transfer-encoding', 'chunked']]],
			['a length that is none', [['content-length', '-1']]],
			['a bare line feed in a value', [lengthOf(GOOD), ['x-a', 'b\nwebhook-id: c']]],
			['a NUL in a value', [lengthOf(GOOD), ['x-a', 'b\0c']]],
			['a folded value', [lengthOf(GOOD), ['x-a', 'b\r\n c']]],
			['an array in a name', [lengthOf(GOOD), ['webhook-id[]', 'evt_hostile']]],
			['a space in a name', [lengthOf(GOOD), ['x a', 'b']]],
		])('is no HTTP to n8n with %s', async (_what, headers) => {
			const all = [...genuine({ secret: scene.stage.secret, body: GOOD }), ...headers];
			const answer = await one(bytesOf({ path: PATH, headers: all, body: GOOD }));
			expect([answer.status, answer.headers[RECEIPT_HEADER]]).toEqual([400, undefined]);
		});

		it('cannot hide behind a length that lies', async () => {
			const headers = genuine({ secret: scene.stage.secret, body: GOOD });
			const lying = (bytes: number) =>
				bytesOf({ path: PATH, headers: [...headers, ['content-length', `${bytes}`]], body: GOOD });
			// What is over is the begin of a next request, and none: Node answers 400 and closes.
			const answers = await exchange(scene.port, [lying(GOOD.length - 1)], { answers: 2 });
			expect(answers.map(({ status }) => status)).toContain(400);
			expect(answers.filter(({ status }) => status < 400)).toEqual([]);
			expect(await exchange(scene.port, [lying(GOOD.length + 1)], { ms: 1000 })).toEqual([]);
		});

		it('stays outside in a pipeline with others, each answered in its turn', async () => {
			const forged = FORGERIES.slice(0, 10).map(([, forgery]) =>
				request(GOOD, forgery(genuine({ secret: scene.stage.secret, body: GOOD }))),
			);
			const ping = request(PING, genuine({ secret: scene.stage.secret, body: PING }));
			const answers = await exchange(scene.port, [Buffer.concat([...forged, ping, ...forged])], {
				answers: 21,
			});
			const refused = Array<number>(10).fill(401);
			expect(answers.map(({ status }) => status)).toEqual([...refused, 200, ...refused]);
		});

		it('does not keep others waiting by sending a byte a second', async () => {
			const slow = [...request(GOOD, genuine({ secret: scene.stage.secret, body: GOOD }))];
			const headed = slow.slice(0, -GOOD.length);
			let stop = (): void => undefined;
			const until = new Promise<void>((done) => (stop = done));
			const crawl = (start: number[], rest: number[]) => {
				const drops = rest.map((byte) => Buffer.from([byte]));
				return exchange(scene.port, [Buffer.from(start), ...drops], { until, pauseMs: 1000 });
			};
			const crawling = Array.from({ length: 30 }, (_, index) =>
				index % 2
					? crawl(slow.slice(0, 20), slow.slice(20))
					: crawl(headed, [...Buffer.from(GOOD)]),
			);
			for (let ping = 0; ping < 10; ping++) {
				expect((await knock(PING)).status).toBe(200);
				await pause(300);
			}
			stop();
			expect((await Promise.all(crawling)).flat()).toEqual([]);
		});

		it.each(LOADED)('is ignored with 202 when its type is %s', async (event) => {
			const answer = await knock(JSON.stringify({ ...EVENT, event }));
			expect([answer.status, answer.json?.ignored]).toEqual([202, true]);
		});

		it('leaves no execution and no row behind, in whichever of these ways it came', async () => {
			expect(await seen()).toEqual(before);
		});
	});
}
