/** n8n killed at many points of an execution, and started again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { eventually, expectAccess, simulatorOf } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';
import { heldLives, moments, nodePoints, until } from './support.killed.cjs';
import {
	applyDue,
	faultFor,
	leaseOf,
	look,
	person,
	settled,
	store,
	tell,
	waiting,
	type Deed,
	type Person,
} from './support.cjs';

jest.setTimeout(1_800_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-killed-'));
let stage: Stage;

/** Longer than a lease, and the difference of two clocks. */
const LEASE_OVER_MS = 3 * 60_000;
/** A lease, the difference of two clocks, a minute until Due comes, and a slow machine. */
const HEALED_MS = 240_000;
/** So long the writer is busy with another, until all events are stored. */
const BUSY_MS = 12_000;

const control = () => simulatorOf(stage).control;
const kill = async () => await stage.n8n.stop('SIGKILL');

/** Starts it when the lease is over, and lets Due come once. */
async function heal(laterMs = LEASE_OVER_MS): Promise<void> {
	control().clearFaults();
	await stage.n8n.later(laterMs);
	await applyDue(stage);
}

async function expectRight(who: Person): Promise<void> {
	const seen = (await look(stage, [who])).get(who);
	expect(seen).toMatchObject({ accounts: 1, access: seen?.promised });
	expect(seen?.rows).toEqual([
		expect.objectContaining({ last_error: '', failures: 0, retry_at: null }),
	]);
	const ids = seen?.events.map(({ event_id }) => event_id);
	expect([...new Set(ids)]).toEqual(who.told);
	expect(seen?.events.filter(({ processed_at: at, rejected }) => !at || rejected)).toEqual([]);
}

const points = [...heldLives.flat(), ...nodePoints];

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false });
	stage.paymenter.control.webhook({ mode: 'off' });
	const had = points.filter(({ before }) => before !== null);
	await Promise.all(
		had.map(async ({ who, before }) => before && (await tell(stage, who, { buys: before }))),
	);
	await settled(
		stage,
		had.map(({ who }) => who),
	);
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe.each(heldLives.map((life) => [life]))(
	'n8n is killed in the middle of a round,',
	(life) => {
		const busy = person('served before');
		const answered = person('just answered');
		let term: number;

		beforeAll(async () => {
			const reached = new Set<string>();
			const fault = (who: Person, title: string, call: object, kind: 'hang' | 'slow') =>
				control().fault(
					faultFor(stage, who, { ...call, kind, meanwhile: () => void reached.add(title) }),
				);
			fault(busy, 'busy', { path: /users$/, method: 'POST', ms: BUSY_MS, times: 1 }, 'slow');
			for (const { title, who, call } of life) fault(who, title, call, 'hang');
			await tell(stage, busy, { buys: 'awakened' });
			await until(() => reached.has('busy'));
			await Promise.all(life.map(async ({ who, deed }) => await tell(stage, who, deed)));
			await eventually(
				() => Promise.resolve(reached.size),
				(count) => count === 1 + life.length,
			);
			expect([...reached].sort()).toEqual(['busy', ...life.map(({ title }) => title)].sort());
			await tell(stage, answered, { buys: 'knight' });
			const lease = await leaseOf(stage);
			expect(lease.holder).not.toBe('');
			term = Number(lease.term);
			await kill();
			await heal();
		});

		it.each(life)('$title: the next writer puts it right', async ({ who }) => {
			await expectRight(who);
		});

		it('just after an event was answered: the next writer puts it right', async () => {
			await expectRight(answered);
		});

		it('and the lease was taken over', async () => {
			const lease = await leaseOf(stage);
			expect(lease).toMatchObject({ holder: '', taken_over_at: expect.stringMatching(/\d/) });
			expect(lease.term).toBeGreaterThan(term);
		});
	},
);

/** Whether n8n lived long enough to store an event. */
async function isStoredBy(who: Person, deed: Deed): Promise<boolean> {
	const storing = stage.n8n.ready().then(async () => await store(stage, who, deed));
	return await storing.then(
		() => true,
		() => false,
	);
}

describe('n8n is killed at one node after another,', () => {
	const others: Person[] = [];

	beforeAll(async () => {
		await stage.n8n.stop();
		const telling: Array<Promise<void>> = [];
		for (const { node, who, deed, isByItself } of nodePoints) {
			const offsetMs = stage.n8n.offsetMs() + LEASE_OVER_MS;
			await stage.n8n.start({ offsetMs, env: { N8N_DIE_BEFORE: node }, until: 'spawned' });
			const isDead = async () => stage.n8n.processes().length === 0;
			const isStored = isByItself && (await isStoredBy(who, deed));
			// If it dies before it has answered, the sender comes again.
			if (!isStored) telling.push(tell(stage, who, deed));
			// Where Due was first and started the writer, another event may find the lease free.
			for (let more = 0; more < 8 && !(await eventually(isDead, (so) => so, 20_000)); more++) {
				if (isStored) continue;
				others.push(person('another'));
				telling.push(tell(stage, others.at(-1) as Person, { buys: 'awakened' }));
			}
			expect([node, await isDead()]).toEqual([node, true]);
		}
		await stage.n8n.start({ offsetMs: stage.n8n.offsetMs() + LEASE_OVER_MS });
		await Promise.all(telling);
		await applyDue(stage);
	});

	it.each(nodePoints)('$title: the next writer puts it right', async ({ who }) => {
		await expectRight(who);
	});

	it('and so are those who came in between', async () => {
		for (const who of others) await expectRight(who);
	});
});

if (isLong) {
	describe('n8n is killed', () => {
		it.each(moments)('$title: the next writer puts it right', async (moment) => {
			const who = person(moment.title);
			await moment.reach(stage, who);
			await kill();
			if (moment.then === null) who.tier = null;
			await heal(moment.laterMs);
			await expectRight(who);
		});

		it('before a grace period was started: access ends all the same', async () => {
			const ended = nodePoints.filter(({ deed }) => 'fails' in deed);
			for (const { who } of ended) {
				who.tier = null;
				await expectRight(who);
			}
			expect(ended).toHaveLength(1);
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

		it('while it holds the lease: all is right by itself when the lease is over', async () => {
			const those = Array.from({ length: 5 }, () => person('by itself'));
			let isReached = false;
			control().fault({
				kind: 'hang',
				method: 'POST',
				path: /client\/servers\/[\w-]+\/users$/,
				meanwhile: () => (isReached = true),
			});
			await Promise.all(those.map(async (one) => await tell(stage, one, { buys: 'knight' })));
			await until(() => isReached);
			await kill();
			control().clearFaults();
			const killedAt = Date.now();
			await stage.n8n.start({ offsetMs: stage.n8n.offsetMs() });
			await settled(stage, those, HEALED_MS);
			process.stdout.write(
				`Healed ${Math.round((Date.now() - killedAt) / 1000)} s after the kill\n`,
			);
			for (const one of those) await expectRight(one);
		});

		it.each([0, 100, 200, 400, 600, 800, 1000, 1300, 1600, 2000])(
			'%i ms after five events were answered: the next writer puts all right',
			async (ms) => {
				const those = Array.from({ length: 5 }, () => person(`after ${ms}`));
				await Promise.all(those.map(async (one) => await tell(stage, one, { buys: 'knight' })));
				await pause(ms);
				await kill();
				await heal();
				for (const one of those) await expectRight(one);
			},
		);

		describe('while the reconcile', () => {
			const email = 'compared@example.com';
			const reconcile = async () =>
				await (
					await stage.editor()
				).api.post('/workflows/paymenterReconcile/run', {
					triggerToStartFrom: { name: 'Every Night' },
				});

			beforeAll(() => {
				const { shop } = stage.paymenter;
				shop.addUser({ email, first_name: 'Compared' });
				shop.pay(shop.buy(email, 'fire-knight').service.id);
			});

			it('reads from Paymenter: the next one finds the same', async () => {
				let isReached = false;
				stage.paymenter.control.fault({ kind: 'hang', meanwhile: () => (isReached = true) });
				await reconcile();
				await until(() => isReached);
				await kill();
				stage.paymenter.control.clearFaults();
				await heal();
				await expectAccess(stage, email, null, 0);
			});

			it('has appended what it found: the next writer carries it out', async () => {
				let isReached = false;
				control().fault({
					kind: 'hang',
					method: 'POST',
					path: /client\/servers\/[\w-]+\/users$/,
					skip: 1,
					meanwhile: () => (isReached = true),
				});
				await reconcile();
				await until(() => isReached);
				await kill();
				await heal();
				await expectAccess(stage, email, 'knight', 0);
			});
		});
	});
}

describe('A quarter of an hour after all that', () => {
	it('nothing is left to do or to check again, and the lease is free', async () => {
		await heal(16 * 60_000);
		expect(await waiting(stage)).toEqual([]);
		const customers = await (await stage.editor()).rows('paymenter_customers');
		const open = customers.filter((row) => row.retry_at || row.recheck_at);
		expect(open.map(({ customer }) => customer)).toEqual([]);
	});
});
