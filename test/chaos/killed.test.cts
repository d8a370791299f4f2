/** n8n killed at many points of an execution, and started again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { eventually, expectAccess, simulatorOf } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';
import { heldPoints, moments } from './support.killed.cjs';
import { applyTheDue, faultFor, look, person, settled, tell, type Person } from './support.cjs';

jest.setTimeout(1_800_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-killed-'));
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false });
	stage.paymenter.control.webhook({ mode: 'off' });
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Longer than a run may be in work before it counts as dead. */
const LATER_MS = 6 * 60_000;

const control = () => simulatorOf(stage).control;
const kill = async () => await stage.n8n.stop('SIGKILL');

/** Starts it, and lets the run every five minutes come once. */
async function heal(laterMs = LATER_MS): Promise<void> {
	control().clearFaults();
	await stage.n8n.later(laterMs);
	await applyTheDue(stage);
}

async function expectRight(who: Person): Promise<void> {
	const seen = (await look(stage, [who])).get(who);
	expect(seen).toMatchObject({ accounts: 1, access: seen?.promised });
	expect(seen?.rows).toEqual([
		expect.objectContaining({ in_work: '', last_error: '', failures: 0, retry_at: null }),
	]);
	const ids = seen?.events.map(({ event_id }) => event_id);
	expect([...new Set(ids)]).toEqual(who.told);
}

describe('n8n is killed', () => {
	const answered = person('just answered');

	beforeAll(async () => {
		const had = heldPoints.filter(({ before }) => before !== null);
		for (const { who, before } of had) if (before) await tell(stage, who, { buys: before });
		await settled(
			stage,
			had.map(({ who }) => who),
		);
		const reached = new Set<string>();
		for (const { title, who, call } of heldPoints) {
			const meanwhile = () => void reached.add(title);
			control().fault(faultFor(stage, who, { ...call, kind: 'hang', meanwhile }));
		}
		await Promise.all(heldPoints.map(async ({ who, deed }) => await tell(stage, who, deed)));
		await eventually(
			() => Promise.resolve(reached.size),
			(count) => count === heldPoints.length,
		);
		expect([...reached].sort()).toEqual(heldPoints.map(({ title }) => title).sort());
		await tell(stage, answered, { buys: 'knight' });
		await kill();
		await heal();
	});

	it.each(heldPoints)('$title: one run for the due puts it right', async ({ who }) => {
		await expectRight(who);
	});

	it('just after the event was answered: one run for the due puts it right', async () => {
		await expectRight(answered);
	});

	it('and a quarter of an hour later nobody’s mark is left', async () => {
		await heal(16 * 60_000);
		expect(await (await stage.editor()).rows('paymenter_work')).toEqual([]);
	});
});

if (isLong) {
	describe('n8n is killed', () => {
		it.each(moments)('$title: one run for the due puts it right', async (moment) => {
			const who = person(moment.title);
			await moment.reach(stage, who);
			await kill();
			if (moment.then === null) who.tier = null;
			await heal(moment.laterMs);
			await expectRight(who);
		});

		it('before it has answered: the sender sends again, and it counts once', async () => {
			const who = person('not answered');
			const telling = tell(stage, who, { buys: 'knight' });
			await pause(30);
			await kill();
			expect(who.told).toEqual([]);
			await heal();
			await telling;
			await settled(stage, [who]);
			await expectRight(who);
		});

		it.each([0, 100, 200, 400, 600, 800, 1000, 1300, 1600, 2000])(
			'%i ms after five events were answered: one run for the due puts all right',
			async (ms) => {
				const those = Array.from({ length: 5 }, () => person(`after ${ms}`));
				await Promise.all(those.map(async (one) => await tell(stage, one, { buys: 'knight' })));
				await pause(ms);
				await kill();
				await heal();
				for (const one of those) await expectRight(one);
			},
		);

		it('in the middle of a comparison with Paymenter: nothing that it found is lost', async () => {
			const email = 'compared@example.com';
			const { shop } = stage.paymenter;
			shop.addUser({ email, first_name: 'Compared' });
			const { service } = shop.buy(email, 'fire-knight');
			shop.pay(service.id);
			let isReached = false;
			control().fault({
				kind: 'hang',
				method: 'POST',
				path: /client\/servers\/\w+\/users$/,
				skip: 1,
				meanwhile: () => (isReached = true),
			});
			await (
				await stage.editor()
			).api.post('/workflows/paymenterReconcile/run', {
				triggerToStartFrom: { name: 'By Hand' },
			});
			await eventually(
				() => Promise.resolve(isReached),
				(so) => so,
				60_000,
			);
			expect(isReached).toBe(true);
			await kill();
			await heal();
			await expectAccess(stage, email, 'knight', 0);
		});
	});
}
