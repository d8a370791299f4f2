/** From the event's arrival to the last grant on the panel, at steady rates. */
import { setTimeout as pause } from 'node:timers/promises';

import { percentile } from '../numbers.cjs';
import { figure, ratio, type Benchmark } from './report.cjs';
import { deliver, firstPurchases, judge } from './rush.cjs';
import { atRest, onStage, type Stage } from './stage.cjs';

const RATES: Array<[perSecond: number, count: number]> = [
	[1, 60],
	[5, 200],
	[20, 300],
];

export const latency: Benchmark = {
	name: 'latency',
	title: 'From webhook to access',
	what: 'First purchases of all six tiers at steady rates, whether n8n keeps up or not; the time from sending the event to the panel’s answer to the customer’s last grant. The panel has no limits; SQLite, one process. The promise is 30 seconds.',
	run: async (say) => {
		const table = [['events a second', 'events', 'p50', 'p95', 'p99', 'p50 against 1 a second']];
		const notes: string[] = [];
		let slowest = NaN;
		for (const [rate, count] of RATES) {
			await onStage({ rateLimits: false }, async (stage) => {
				// The first executions of an n8n that has just started are slower than all others.
				await measure(stage, `warm`, 5, 1);
				const seconds = await measure(stage, `rate${rate}x`, count, rate);
				const at = (percent: number) => percentile(seconds, percent);
				if (rate === 1) slowest = at(50);
				table.push([
					String(rate),
					String(count),
					`${figure(at(50))} s`,
					`${figure(at(95))} s`,
					`${figure(at(99))} s`,
					ratio(at(50), slowest),
				]);
				say(table.at(-1)?.join('  ') ?? '');
			});
		}
		return { table, notes };
	},
};

async function measure(stage: Stage, run: string, count: number, rate: number): Promise<number[]> {
	const { simulator } = stage;
	simulator.control.clearCalls();
	const sent = new Map<string, number>();
	const buyers = firstPurchases(run, count);
	const started = Date.now();
	const sending = buyers.map(async ({ email, events }, index) => {
		await pause(Math.max(0, started + (index * 1000) / rate - Date.now()));
		sent.set(email, Date.now());
		for (const event of events) await deliver(stage, event);
	});
	await Promise.all(sending);
	await atRest(stage);
	const { right } = judge(stage, buyers);
	if (right !== count) throw new Error(`Only ${right} of ${count} ended with the right access`);
	const last = new Map<string, number>();
	for (const { path, body, at, ms, status } of simulator.calls()) {
		if (!/\/client\/servers\/[\w-]+\/users$/.test(path) || status !== 200) continue;
		last.set((body as { email: string }).email, at + ms);
	}
	return buyers.map(({ email }) => ((last.get(email) ?? NaN) - (sent.get(email) ?? NaN)) / 1000);
}
