/** What the panel and Paymenter do wrong at each moment of a run, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { eventually, simulatorOf } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';
import { describePaymenter } from './support.paymenter.cjs';
import { forgotten, midRun } from './support.midrun.cjs';
import { batches, givesUpSoon, RETRIES, TIMEOUT, type Case } from './support.faults.cjs';
import {
	applyDue,
	faultFor,
	isRight,
	leaseOf,
	look,
	person,
	settled,
	tell,
	unsettled,
	type Deed,
	type Person,
	type Seen,
} from './support.cjs';

jest.setTimeout(1_800_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-faults-'));
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false, prepare: givesUpSoon });
	stage.paymenter.control.webhook({ mode: 'off' });
	// Accounts made at once fail now and then on a real panel; here each fault is to be met alone.
	stage.simulator?.control.settings({ deadlocks: false });
	await (
		await stage.editor()
	).edit('paymenterReconcile', (nodes) => {
		const node = nodes.find(({ name }) => name === 'Compare with Paymenter');
		Object.assign(node?.parameters.compareOptions as object, {
			timeout: TIMEOUT,
			retries: RETRIES,
		});
	});
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

const FRESH_MS = 3000;

/** The writer serves so many at the same time, and looks up so few one by one. */
const AT_ONCE = 8;

/** Lets the fault happen to each, looks, ends it, lets the run for the due come, and looks again. */
async function play(cases: Case[]): Promise<void> {
	const { control } = simulatorOf(stage);
	const had = cases.filter(({ before }) => before !== null);
	await Promise.all(
		had.map(async ({ who, before }) => before && (await tell(stage, who, { buys: before }))),
	);
	await settled(
		stage,
		had.map(({ who }) => who),
	);
	const together = cases.filter(({ isAlone }) => !isAlone);
	for (let start = 0; start < together.length; start += AT_ONCE) {
		const some = together.slice(start, start + AT_ONCE);
		for (const { who, faults } of some) {
			control.fault(faults.map((fault) => faultFor(stage, who, fault)));
		}
		await Promise.all(some.map(async ({ who, deed }) => await tell(stage, who, deed)));
		await settled(
			stage,
			some.map(({ who }) => who),
		);
		control.clearFaults();
	}
	await remember(together, 'during');
	const alone = cases.filter(({ isAlone }) => isAlone);
	for (const one of [...alone.filter(isServed), ...alone.filter((each) => !isServed(each))]) {
		if (one.arrange) {
			one.arrange();
			// For so long, what was read of the panel's servers is still taken for new.
			await pause(FRESH_MS);
		}
		control.fault(one.faults);
		await tell(stage, one.who, one.deed);
		if (isServed(one)) await settled(stage, [one.who]);
		else await runFails([one.who]);
		await remember([one], 'during');
		control.clearFaults();
		one.mend?.();
		if (isServed(one)) continue;
		// The writer pauses after a run that failed.
		await stage.n8n.later(2 * 60_000);
		await applyDue(stage);
	}

	await stage.n8n.later(11 * 60_000);
	await applyDue(stage);
	await remember(cases, 'after');
}

const isServed = ({ meanwhile }: Case): boolean => meanwhile !== 'waits';

/** Until a run has failed: the lease is free, and is kept from others for a moment. */
async function runFails(those: Person[]): Promise<void> {
	const isPausing = await eventually(
		async () => {
			const { holder, expires_at: at } = await leaseOf(stage);
			return !holder && Date.parse(String(at)) > stage.n8n.now().getTime();
		},
		(so) => so,
	);
	expect(isPausing).toBe(true);
	expect(await unsettled(stage, those)).toEqual(those);
}

async function remember(cases: Case[], when: 'during' | 'after'): Promise<void> {
	const seen = await look(
		stage,
		cases.map(({ who }) => who),
	);
	for (const one of cases) one[when] = seen.get(one.who);
}

function expectWhole({ who }: Case, seen?: Seen): asserts seen is Seen {
	expect(seen?.accounts).toBeLessThanOrEqual(1);
	expect(Object.keys(seen?.access ?? {}).filter((name) => name.endsWith('(row 2)'))).toEqual([]);
	expect(seen?.events.map(({ event_id }) => event_id)).toEqual(who.told);
	expect(seen?.rows.length).toBeLessThanOrEqual(1);
	const { applicationKey, accountKey } = stage.panelAddress;
	const said = JSON.stringify([seen?.rows, seen?.log]);
	for (const key of [applicationKey, accountKey]) expect(said).not.toContain(key);
}

/** The row says what is wrong, what to do, and when it is tried again; the log says so too. */
function expectTold({ words }: Case, { rows, log }: Seen): void {
	const [row] = rows;
	const isBlocked = String(row?.last_result).includes('Blocked on');
	if (!isBlocked) {
		expect(row).toMatchObject({ last_result: 'failed', what_to_do: expect.stringMatching(/\w/) });
		expect(row?.last_error).toMatch(/^customer \d+, \S+@example.com: \w/);
		expect(log.map(({ what }) => what)).toContain('failed');
	}
	if (words) expect(`${row?.last_error} ${row?.what_to_do}`).toMatch(words);
	const wait =
		new Date(row?.retry_at ?? NaN).getTime() - new Date(row?.last_run_at ?? NaN).getTime();
	expect(wait).toBeGreaterThan(4 * 60_000);
	expect(wait).toBeLessThan(11 * 60_000);
}

/** Nobody's try is counted; a failure that does not pass by itself is told at once. */
function expectWaits({ before, words }: Case, { rows, log }: Seen, alerts: string[]): void {
	const untouched = { last_error: '', failures: 0, failing_since: null, retry_at: null };
	expect(rows).toEqual(before ? [expect.objectContaining(untouched)] : []);
	expect(log.map(({ what }) => what)).not.toContain('failed');
	if (words) expect(alerts.filter((text) => words.test(text))).toHaveLength(1);
}

/** What was told of runs, and of nobody in particular. */
const alertsOfRuns = async (): Promise<string[]> =>
	(await (await stage.editor()).rows('paymenter_provisioning_log'))
		.filter(({ what, customer }) => what === 'alert' && !customer)
		.map(({ why, what_to_do: advice }) => `${why} ${advice}`);

/** n8n starts anew after each batch, so the short form has one. */
const allBatches: Array<[string, Case[]]> = isLong
	? [...batches, ['in the middle of a run', midRun(() => stage)]]
	: [
			[
				'of many kinds',
				[...batches.flatMap(([, cases]) => cases), ...midRun(() => stage).slice(0, 3)],
			],
		];

describePaymenter(() => stage);

describe.each(allBatches)('Faults %s:', (_name, cases) => {
	beforeAll(async () => await play(cases));

	it.each(cases)('$title: access, or a row that tells ($meanwhile)', async (one) => {
		expectWhole(one, one.during);
		const { access, promised, rows } = one.during;
		if (one.meanwhile === 'waits') return expectWaits(one, one.during, await alertsOfRuns());
		expect(rows).toHaveLength(1);
		if (one.meanwhile === 'right') {
			const last_error = rows[0]?.last_error;
			expect({ access, last_error }).toEqual({ access: promised, last_error: '' });
		} else if (one.meanwhile === 'told' || !isRight(one.during)) expectTold(one, one.during);
	});

	it.each(cases)('$title: once it is over, the next try puts it right', (one) => {
		expectWhole(one, one.after);
		expect(one.after.access).toEqual(one.after.promised);
		expect(one.after.rows).toEqual([
			expect.objectContaining({ last_error: '', failures: 0, retry_at: null, recheck_at: null }),
		]);
		// What was done without anybody knowing is found as it should be, and no change any more.
		if (one.meanwhile === 'either') return;
		for (const server of Object.keys(one.after.promised)) {
			expect(one.after.log.map((entry) => entry.server)).toContain(server);
		}
	});
});

describe('A panel that is away', () => {
	const those = ['one', 'two', 'three'].map((name) => person(`away ${name}`));
	const mine = async () => await look(stage, those);
	const told = async () => (await alertsOfRuns()).filter((text) => /does not answer/.test(text));

	it('fails the run: nobody’s try is counted, and nobody is told of what may pass', async () => {
		// Nothing listens at the port of nobody.
		await stage.enterPanel('http://127.0.0.1:1');
		await Promise.all(those.map(async (one) => await tell(stage, one, { buys: 'knight' })));
		await runFails(those);
		for (const { rows, log } of (await mine()).values()) expect([rows, log]).toEqual([[], []]);
		expect(await told()).toEqual([]);
	});

	it('is told once when it has been away for ten minutes', async () => {
		await stage.n8n.later(11 * 60_000);
		const alerts = await eventually(told, (some) => some.length > 0);
		expect(alerts).toHaveLength(1);
		await runFails(those);
		for (const { rows } of (await mine()).values()) expect(rows).toEqual([]);
	});

	it('and comes back: everybody has their access within two minutes', async () => {
		await stage.enterPanel(stage.panelAddress.url);
		await stage.n8n.later(2 * 60_000);
		await settled(stage, those, 150_000);
		for (const seen of (await mine()).values()) {
			expect(isRight(seen)).toBe(true);
			expect(seen.rows).toEqual([expect.objectContaining({ failures: 0, last_error: '' })]);
		}
		expect(await told()).toHaveLength(1);
	});
});

describe('A permission that the panel no longer knows', () => {
	const who = person('forgotten');
	const now = async () => (await look(stage, [who])).get(who) as Seen;
	const after = async (deed: Deed) => {
		await tell(stage, who, deed);
		await settled(stage, [who]);
		return await now();
	};

	it('is left out and told, at the first run and at each that changes something', async () => {
		const bringBack = forgotten('schedule.read');
		const words = /does not know schedule.read and left it out/;
		for (const deed of [{ buys: 'knight' }, { upgrades: 'master' }] as const) {
			const { access, promised, rows } = await after(deed);
			expect(rows[0]).toMatchObject({
				last_error: '',
				last_result: expect.stringMatching(words),
			});
			for (const [server, keys] of Object.entries(promised)) {
				expect(access[server]).toEqual(keys.filter((key) => key !== 'schedule.read'));
			}
		}
		bringBack();
	});

	it('is given by the next run after the panel knows it again', async () => {
		const { access, promised } = await after({ upgrades: 'master' });
		expect(access).toEqual(promised);
	});
});
