/** What the panel and Paymenter do wrong at each moment of a run, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { simulatorOf } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';
import { describePaymenter } from './support.paymenter.cjs';
import { forgotten, midRun } from './support.midrun.cjs';
import { batches, RETRIES, TIMEOUT, type Case } from './support.faults.cjs';
import {
	applyTheDue,
	faultFor,
	isRight,
	look,
	person,
	settled,
	tell,
	type Deed,
	type Seen,
} from './support.cjs';

jest.setTimeout(1_800_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-faults-'));
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false });
	stage.paymenter.control.webhook({ mode: 'off' });
	// Accounts made at once fail now and then on a real panel; here each fault is to be met alone.
	stage.simulator?.control.settings({ deadlocks: false });
	await inHaste('paymenterApply', 'Make Access Match', 'options');
	await inHaste('paymenterReconcile', 'Compare with Paymenter', 'compareOptions');
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** A node that gives up soon. */
async function inHaste(workflow: string, node: string, options: string): Promise<void> {
	const editor = await stage.editor();
	await editor.edit(workflow, (nodes) => {
		const { parameters } = nodes.find(({ name }) => name === node) ?? {};
		Object.assign(parameters?.[options] as object, { timeout: TIMEOUT, retries: RETRIES });
	});
}

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
	for (const { who, faults } of together) {
		control.fault(faults.map((fault) => faultFor(stage, who, fault)));
	}
	await Promise.all(together.map(async ({ who, deed }) => await tell(stage, who, deed)));
	await settled(
		stage,
		together.map(({ who }) => who),
	);
	control.clearFaults();
	for (const one of cases.filter(({ isAlone }) => isAlone)) {
		one.arrange?.();
		control.fault(one.faults);
		await tell(stage, one.who, one.deed);
		await settled(stage, [one.who]);
		control.clearFaults();
		one.mend?.();
	}
	await remember(cases, 'during');

	await stage.n8n.later(11 * 60_000);
	await applyTheDue(stage);
	await remember(cases, 'after');
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
	expect(seen?.rows).toHaveLength(1);
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

	it.each(cases)('$title: access, or a row that tells ($meanwhile)', (one) => {
		expectWhole(one, one.during);
		const { access, promised, rows } = one.during;
		if (one.meanwhile === 'right') {
			const last_error = rows[0]?.last_error;
			expect({ access, last_error }).toEqual({ access: promised, last_error: '' });
		} else if (one.meanwhile === 'told' || !isRight(one.during)) expectTold(one, one.during);
	});

	it.each(cases)('$title: once it is over, the run for the due puts it right', (one) => {
		expectWhole(one, one.after);
		expect(one.after.access).toEqual(one.after.promised);
		expect(one.after.rows[0]).toMatchObject({ last_error: '', retry_at: null, failures: 0 });
		// What was done without anybody knowing is found as it should be, and no change any more.
		if (one.meanwhile === 'either') return;
		for (const server of Object.keys(one.after.promised)) {
			expect(one.after.log.map((entry) => entry.server)).toContain(server);
		}
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
