import { randomBytes } from 'node:crypto';

import { RECEIPT_HEADER } from '../../../simulators/events/sender.cjs';
import { count, isLong } from '../../long.cjs';
import { GOOD, LIMIT, sized } from './bodies.cjs';
import { flood } from './flood.cjs';
import { genuine, PATH, replaced, without, type Forgery } from './forge.cjs';
import { listenerOf, memoryOf } from './memory.cjs';
import { expectRefusalByN8n, inChunks, knock, scene, seen } from './scene.cjs';
import { exchange, type Answer } from './wire.cjs';

export function describeFloods(): void {
	describe('A flood of bad requests', () => {
		const KINDS: Array<[number, string, Forgery]> = [
			[401, GOOD, replaced('webhook-signature', () => `v1,${randomBytes(32).toString('base64')}`)],
			[401, GOOD, without('webhook-signature')],
			[401, GOOD, replaced('webhook-timestamp', (value) => String(Number(value) - 600))],
			[403, GOOD, replaced('x-forwarded-proto', () => 'http')],
			[413, sized(LIMIT + 1), (headers) => headers],
			[415, GOOD, replaced('content-type', () => 'text/plain')],
			[422, '{"event":', (headers) => headers],
			[422, '{"event":"payment.failed"}', (headers) => headers],
		];
		const total = count(10_000, 200);

		it(`of ${total} leaves nothing behind, takes no memory, and the next event is taken`, async () => {
			const before = await seen();
			const pid = listenerOf(scene.port);
			const memory: number[] = [];
			const started = Date.now();
			const { statuses, unexpected } = await flood(
				`${scene.stage.n8n.url}${PATH}`,
				total,
				(index) => {
					const [status, body, forgery] = KINDS[index % KINDS.length] as (typeof KINDS)[number];
					return { status, body, headers: forgery(genuine({ secret: scene.stage.secret, body })) };
				},
				(done) => {
					if (pid && done % (total / 10) === 0) memory.push(memoryOf(pid));
				},
			);
			if (isLong) console.log({ statuses, memory, seconds: (Date.now() - started) / 1000 });
			expect(unexpected).toEqual([]);
			expect(await seen()).toEqual(before);
			expect((await knock(GOOD)).headers[RECEIPT_HEADER]).toBe('evt_hostile');
			if (memory.length > 0) {
				const [early, late] = [Math.max(...memory.slice(0, 5)), Math.min(...memory.slice(5))];
				expect(late).toBeLessThan(early + 50);
			}
		});

		it('of bodies without announced length takes no more memory than n8n’s limit', async () => {
			const pid = listenerOf(scene.port);
			const before = pid ? memoryOf(pid) : 0;
			const body = sized(15 * 1024 * 1024);
			const bytes = inChunks(body);
			let most = 0;
			const watch = setInterval(() => {
				if (pid) most = Math.max(most, memoryOf(pid));
			}, 20);
			const answers = await Promise.all(
				Array.from({ length: 20 }, () => exchange(scene.port, [bytes])),
			);
			clearInterval(watch);
			if (isLong) console.log({ before, most });
			expect(most - before).toBeLessThan(200);
			for (const [answer] of answers) expectRefusalByN8n(answer as Answer, 500);
		});
	});
}
