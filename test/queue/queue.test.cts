/** Queue mode, as deploy/docker-compose.yml sets it up: what is accepted is carried out, whoever dies. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { applyDue } from '../chaos/support.cjs';
import { eventually } from '../e2e/support.cjs';
import { count, isLong } from '../long.cjs';
import { burst, buyers, wronged, type Burst, type Buyer } from './support.cjs';

jest.setTimeout(1_200_000);

const CUSTOMERS = count(300, 20);
/** Longer than n8n bears. */
const AWAY_MS = 15_000;
const say = (line: string) => process.stdout.write(`${line}\n`);
let folder: string;
let stage: Stage;

const running = () => stage.n8n.processes().map(({ name }) => name);
const killed = buyers('killed', CUSTOMERS);
const cutOff = buyers('cutoff', CUSTOMERS);

/** How many have what they bought, once all have it or the time is over. */
const rightSoon = async (those: Buyer[], seconds: number) =>
	those.length -
	(
		await eventually(
			() => wronged(stage, those),
			(wrong) => wrong.length === 0,
			seconds * 1000,
		)
	).length;

/** Whatever happened in the middle: who sends again is heard at last, and what was accepted is stored. */
async function expectStored(what: string, { accepted, refused, attempts, seconds }: Burst) {
	const rows = await (await stage.editor()).rows('paymenter_events');
	const stored = new Set(rows.map(({ event_id }) => event_id));
	say(
		`${what}: ${accepted.size} of ${CUSTOMERS} events accepted in ${seconds.toFixed(1)} s and ${attempts} attempts`,
	);
	expect(refused).toEqual([]);
	expect(accepted.size).toBe(CUSTOMERS);
	expect([...accepted].filter((id) => !stored.has(id))).toEqual([]);
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-queue-'));
	stage = await setUp(folder, () => undefined, {
		rateLimits: false,
		queueMode: { workers: 2, webhooks: 1 },
	});
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('Queue mode', () => {
	it('runs a main, two workers, and a process for webhooks, which is where the shop sends to', () => {
		expect(running()).toEqual(['main', 'worker 1', 'worker 2', 'webhook 1']);
		expect(stage.paymenter.control.events()).toEqual([]);
		expect(stage.n8n.webhookUrl).not.toBe(stage.n8n.url);
	});

	// Until n8n works as before takes a minute: too long for the short form.
	if (isLong) {
		it('stores all it accepts when Redis is away in the middle of a burst', async () => {
			const sent = await burst(stage, cutOff, async () => {
				await stage.n8n.redis?.stop();
				await pause(AWAY_MS);
				await stage.n8n.redis?.start();
				// n8n ends by itself after ten seconds without Redis, and Docker starts it again.
				say(`Redis away for ${AWAY_MS / 1000} s ended: ${(await stage.n8n.revive()).join(', ')}`);
			});
			await expectStored('Redis away', sent);
		});
	}

	it('stores all it accepts when a worker is killed in the middle of a burst', async () => {
		const sent = await burst(stage, killed, async () => await stage.n8n.kill('worker 2'));
		expect(running()).not.toContain('worker 2');
		await expectStored('Worker killed', sent);
	});

	it('has given all of them their access, and nobody two accounts, once the lease of a dead worker is over', async () => {
		const all = isLong ? [...cutOff, ...killed] : killed;
		const before = await rightSoon(all, count(120, 10));
		say(`Right by themselves: ${before} of ${all.length}`);
		if (before < all.length || isLong) {
			// The worker that was killed may have held the lease.
			await stage.n8n.later(6 * 60_000);
			await applyDue(stage, 600_000);
			say(`Right when nothing was due any more: ${await rightSoon(all, 1)}`);
		}
		expect(await wronged(stage, all)).toEqual([]);
	});
});
