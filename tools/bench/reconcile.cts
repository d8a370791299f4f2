/** The nightly comparison of shop, log and panel, with everything in order and with some drift. */
import { readFileSync } from 'node:fs';

import { makeKnown } from './known.cjs';
import { figure, ratio, type Benchmark } from './report.cjs';
import { atRest, onStage, type Stage } from './stage.cjs';

const SIZES = [100, 1000, 10_000];
const SERVERS = 10;

export const reconcile: Benchmark = {
	name: 'reconcile',
	title: 'The nightly reconcile',
	what: `As many customers (every tenth with two subscriptions) whom shop, log and panel know alike, on ${SERVERS} servers; then the same after somebody has taken one grant each from one customer in a hundred. The panel has no limits; SQLite, one process; memory is the process’s peak, before and in the run.`,
	run: async (say) => {
		const table = [
			['customers', 'drift', 'seconds', 'calls (writes)', 'peak memory', 'seconds against 100'],
		];
		const first: Record<string, number> = {};
		for (const size of SIZES) {
			await onStage({ customers: size, rateLimits: false }, async (stage) => {
				stage.paymenter.control.webhook({ mode: 'off' });
				const servers = Array.from({ length: SERVERS }, (_, number) => ({
					name: `Frost Path ${number + 1}`,
				}));
				stage.simulator.control.reset({ customers: 0, servers });
				await makeKnown(stage);
				say(`${size} customers are known`);
				for (const drift of ['none', '1 %']) {
					const rowsBefore = stage.simulator.state.subusers.length;
					if (drift !== 'none') takeAway(stage, size / 100);
					const before = memoryOf(stage);
					const run = await reconciled(stage);
					first[drift] ??= run.seconds;
					if (stage.simulator.state.subusers.length !== rowsBefore) {
						throw new Error('The panel is not as it was before');
					}
					table.push([
						size.toLocaleString('en-US'),
						drift,
						figure(run.seconds),
						run.calls,
						`${before} → ${memoryOf(stage)} MB`,
						ratio(run.seconds, first[drift]),
					]);
					say(table.at(-1)?.join('  ') ?? '');
				}
			});
		}
		return {
			table,
			notes: [
				'Seconds until the last customer is repaired and saved. Each round of at most 50 customers reads the servers with everybody’s access: with 10,000 customers on 10 servers these are 100,000 rows, for which the panel takes eight seconds at the measured times.',
			],
		};
	},
};

/** One row each of so many customers. */
function takeAway({ simulator: { state } }: Stage, customers: number): void {
	const seen = new Set<number>();
	state.subusers = state.subusers.filter(({ userId }) => {
		if (seen.size >= customers || seen.has(userId)) return true;
		seen.add(userId);
		return false;
	});
}

async function reconciled(stage: Stage) {
	const { editor, simulator, paymenter } = stage;
	simulator.control.clearCalls();
	paymenter.control.clearCalls();
	const started = Date.now();
	const { status } = await (await editor()).run('paymenterReconcile', 'Every Night');
	await atRest(stage);
	const seconds = (Date.now() - started) / 1000;
	if (status !== 'success') throw new Error(`Reconcile ended with ${status}`);
	const calls = simulator.calls();
	const writes = calls.filter(({ method }) => method !== 'GET').length;
	const all = `panel ${calls.length} (${writes}), Paymenter ${paymenter.calls().length}`;
	return { seconds, calls: all };
}

/** Megabytes, at the most so far. */
function memoryOf({ n8n }: Stage): number {
	const [main] = n8n.processes();
	const status = readFileSync(`/proc/${main?.pid}/status`, 'utf8');
	return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}
