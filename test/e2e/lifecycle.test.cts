/** The product on a real n8n: what only a running one can show, and the whole life of six customers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import axios from 'axios';

import { sign } from '../../nodes/PaymenterTrigger/webhook/signature';
import { IGNORED_HEADER, RECEIPT_HEADER, send } from '../../simulators/events/sender.cjs';
import { sayAccess } from '../../tools/lifecycle/panelView.cjs';
import { ownPanel, setUp, type Set } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import {
	allApplied,
	atRest,
	eventually,
	expectAccess as expectThat,
	expectLives,
	rowOf as row,
} from './support.cjs';

jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-e2e-'));
const quiet = () => undefined;
let stage: Set;
let webhook: string;

beforeAll(async () => {
	stage = await setUp(folder, quiet, { ranks: 'rest' });
	webhook = `${stage.n8n.url}/webhook/paymenter`;
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

const deliver = (event: Record<string, unknown>, backoffMs?: number[]) =>
	send(event, { url: webhook, secret: stage.secret, ...(backoffMs ? { backoffMs } : {}) });

/** Those that a request has started; the run every five minutes may come at any time. */
const executions = async () =>
	(await (await stage.editor()).executions({ workflowId: 'paymenterEvents' })).length;

const rowOf = async (email: string) => await row(stage, email);
const expectAccess = async (email: string, tier: TierName | null) =>
	await expectThat(stage, email, tier);

const purchase = (name: string, product: string, more: Record<string, unknown> = {}) => ({
	event: 'subscription.created',
	subscription_id: `sub-${name}`,
	customer_id: `id-${name}`,
	customer_email: `${name}@example.com`,
	customer_name: `${name} Example`,
	product_id: product,
	status: 'active',
	...more,
});

if (!ownPanel()) {
	describe('Paymenter Trigger on a real n8n', () => {
		const post = async (
			body: string,
			headers: Record<string, string> = {},
			{ signed = true } = {},
		) => {
			const timestamp = Math.floor(Date.now() / 1000);
			const signature = {
				'webhook-id': 'evt_e2e',
				'webhook-timestamp': String(timestamp),
				'webhook-signature': sign(stage.secret, 'evt_e2e', timestamp, body),
			};
			// As bytes: of a text that is no JSON, axios makes a JSON string.
			return await axios.post(webhook, Buffer.from(body), {
				headers: {
					'Content-Type': 'application/json',
					'X-Forwarded-Proto': 'https',
					...(signed ? signature : {}),
					...headers,
				},
				validateStatus: () => true,
				timeout: 10_000,
			});
		};
		const good = JSON.stringify(purchase('gate', 'awakened'));

		it.each([
			['plain HTTP', 403, () => post(good, { 'X-Forwarded-Proto': 'http' })],
			['64 KiB and more', 413, () => post(JSON.stringify({ filler: 'x'.repeat(65_536) }))],
			['another content type', 415, () => post(good, { 'Content-Type': 'text/plain' })],
			['a missing signature', 401, () => post(good, {}, { signed: false })],
			['a forged signature', 401, () => post(good, { 'webhook-signature': 'v1,Zm9yZ2Vk' })],
			['an old timestamp', 401, () => post(good, { 'webhook-timestamp': '1700000000' })],
			['a missing field', 422, () => post('{"event":"payment.failed"}')],
			['an override', 422, () => post('{"event":"override.set","subscription_id":"1"}')],
		])('refuses %s with %i, a JSON body, and no execution', async (_, status, request) => {
			const before = await executions();
			const answer = await request();
			expect(answer.status).toBe(status);
			expect(answer.data).toEqual(expect.objectContaining({ error: expect.any(String) }));
			expect(answer.headers[RECEIPT_HEADER]).toBeUndefined();
			expect(await executions()).toBe(before);
		});

		it('answers a ping and an unknown event itself', async () => {
			const before = await executions();
			const ping = await post('{"event":"ping"}');
			expect([ping.status, ping.data]).toEqual([200, { ok: true }]);
			expect(ping.headers[IGNORED_HEADER]).toBe('ping');
			const unknown = await post('{"event":"invoice.printed"}');
			expect([unknown.status, unknown.data.ignored]).toEqual([202, true]);
			expect(await executions()).toBe(before);
		});
	});

	describe('Events on a real n8n', () => {
		it('takes the mission’s example payload as it is', async () => {
			const delivery = await deliver({
				event: 'subscription.created',
				subscription_id: '12345',
				customer_email: 'user@example.com',
				product_id: 'fire-elemental',
				tier: 'elemental',
				status: 'active',
			});
			expect(delivery.status).toBe(200);
			const log = await (await stage.editor()).rows('paymenter_events');
			expect(log.filter(({ subscription_id }) => subscription_id === '12345')).toHaveLength(1);
			await expectAccess('user@example.com', 'elemental');
		});

		it('applies a repeated delivery once more, although it counts once', async () => {
			const event = { ...purchase('repeat', 'frost-knight'), event_id: 'evt_repeat' };
			await deliver(event);
			await expectAccess('repeat@example.com', 'knight');
			const { control } = stage.simulator!;
			const account = control.user('repeat@example.com');
			stage.simulator!.state.subusers = stage.simulator!.state.subusers.filter(
				({ userId }) => userId !== account.id,
			);
			expect(sayAccess(await stage.panel.accessOf('repeat@example.com'))).toBe('none');
			await deliver(event);
			await expectAccess('repeat@example.com', 'knight');
		});

		it('ends in the same access for any order of arrival, repeats and simultaneous events', async () => {
			const at = (minute: number) =>
				new Date(Date.now() - 3_600_000 + minute * 60_000).toISOString();
			const told = (event: string, minute: number, product: string, status = 'active') => ({
				...purchase('shuffle', product, { event, status }),
				event_id: `evt_shuffle_${minute}`,
				occurred_at: at(minute),
				state_at: at(minute),
			});
			const history = [
				told('subscription.created', 1, 'fire-elemental'),
				told('subscription.updated', 2, 'frost-legend'),
				told('payment.failed', 3, 'frost-legend'),
				told('payment.succeeded', 4, 'frost-legend'),
				told('subscription.cancelled', 5, 'frost-legend', 'cancelled'),
				told('payment.succeeded', 6, 'frost-legend'),
				told('subscription.updated', 7, 'fire-master'),
			];
			// A fixed shuffle: the last first, some twice or three times, three at a time.
			const order = [6, 4, 0, 4, 2, 6, 1, 0, 5, 3, 3, 3, 2, 5];
			const arriving = order.map((index) => history[index] as Record<string, unknown>);
			for (let index = 0; index < arriving.length; index += 3) {
				await Promise.all(arriving.slice(index, index + 3).map((event) => deliver(event)));
			}
			await expectAccess('shuffle@example.com', 'master');
			expect(await atRest(stage)).toBe(0);
			await expectAccess('shuffle@example.com', 'master');
			expect((await rowOf('shuffle@example.com'))?.tiers).toBe('master');
		});

		it('looks again after the row is written: an event that came in meanwhile counts', async () => {
			const { control } = stage.simulator!;
			control.fault({
				method: 'POST',
				path: '/api/application/users',
				kind: 'slow',
				ms: 3000,
				times: 1,
			});
			await allApplied(stage);
			control.clearCalls();
			await deliver(purchase('meanwhile', 'fire-knight'));
			// The writer has read the log, and now creates the account.
			const isReading = () =>
				stage.simulator!.calls().some(({ path }) => path.includes('/servers'));
			expect(await eventually(async () => isReading(), Boolean)).toBe(true);
			const editor = await stage.editor();
			// Stored without anybody being told: only the second look can find it.
			const moment = new Date().toISOString();
			await editor.insert('paymenter_events', {
				...purchase('meanwhile', 'fire-knight'),
				event: 'subscription.cancelled',
				status: 'cancelled',
				event_id: 'evt_meanwhile',
				occurred_at: moment,
				state_at: moment,
				received_at: moment,
				paid_until: '',
				ends_at: '',
				source: 'webhook',
				queue: `0 ${moment}`,
			});
			const state = await eventually(
				() => rowOf('meanwhile@example.com'),
				(seen) => seen?.state === 'cancelled',
			);
			expect(state?.state).toBe('cancelled');
			await expectAccess('meanwhile@example.com', null);
			expect(await stage.panel.userOf('meanwhile@example.com')).toBeDefined();
		});

		it('writes what went wrong, and what to do, on the customer’s row', async () => {
			await deliver(purchase('unknown', 'ice-knight'));
			const row = await eventually(
				() => rowOf('unknown@example.com'),
				(seen) => seen?.last_result === 'failed',
			);
			expect(row?.last_error).toContain('no product "ice-knight"');
			expect(row?.retry_at).toBeTruthy();
			expect(await stage.panel.userOf('unknown@example.com')).toBeUndefined();
		});

		it('reports a suspended server as blocked and gives the rest', async () => {
			const { control } = stage.simulator!;
			control.serverStatus('Frost Path - Glacier', 'suspended');
			await deliver(purchase('blocked', 'awakened'));
			const row = await eventually(
				() => rowOf('blocked@example.com'),
				(seen) => Boolean(seen?.last_run_at),
			);
			control.serverStatus('Frost Path - Glacier', null);
			expect(row?.last_result).toContain('Blocked on Frost Path - Glacier');
			expect(row?.retry_at).toBeTruthy();
			expect(sayAccess(await stage.panel.accessOf('blocked@example.com'))).toBe(
				'1 server × 1 permission',
			);
		});

		it('moves access when a subscription changes hands', async () => {
			await deliver(purchase('seller', 'frost-master'));
			await expectAccess('seller@example.com', 'master');
			await deliver(
				purchase('buyer', 'frost-master', {
					event: 'subscription.updated',
					subscription_id: 'sub-seller',
					previous_customer_id: 'id-seller',
				}),
			);
			await expectAccess('buyer@example.com', 'master');
			await expectAccess('seller@example.com', null);
		});
	});

	describe('A database that does not take the event', () => {
		it('is answered 5xx, so that the sender comes again', async () => {
			await stage.n8n.stop();
			await stage.n8n.start({ env: { N8N_DATA_TABLES_MAX_SIZE_BYTES: '1' } });
			const event = { ...purchase('full', 'awakened'), event_id: 'evt_full' };
			await expect(deliver(event, [])).rejects.toThrow('500');
		});

		it('does not lose it: sent again to an n8n that is still starting, it arrives', async () => {
			await stage.n8n.stop();
			await stage.n8n.start({ until: 'spawned' });
			const event = { ...purchase('full', 'awakened'), event_id: 'evt_full' };
			const delivery = await deliver(event, Array<number>(300).fill(1000));
			expect(delivery.attempts).toBeGreaterThan(1);
			await expectAccess('full@example.com', 'awakened');
		});
	});
}

describe('The life of six customers', () => {
	it('leads every step to the access that was promised, grace and clock included', async () => {
		await expectLives(stage);
	});
});
