/** Hundreds of events at once: what is taken, what comes of it, how fast. */
import { percentile } from '../numbers.cjs';
import type { SetOptions } from '../lifecycle/stage.cjs';
import { baseline } from './baseline.cjs';
import { fillLog } from './known.cjs';
import { figure, type Benchmark, type Finding } from './report.cjs';
import { deliver, judge, shortLives, shuffled } from './rush.cjs';
import { atOnce, atRest, onStage, type Stage } from './stage.cjs';

const EVENTS = 300;
const AT_ONCE = 20;

const BURST = `${EVENTS / 2} customers buy, and then change tier, fail to pay, pay, or cancel: ${EVENTS.toLocaleString('en-US')} signed events, shuffled, ${AT_ONCE} at a time. The baseline is a workflow of only a Webhook and one Data Table insert, on the same n8n, with as many events. The panel answers at measured times, without limits.`;

export const burst: Benchmark = {
	name: 'burst',
	title: 'A burst of 300 events, regular mode (SQLite)',
	what: `${BURST} n8n is set up as in \`deploy/\`; beside it, with n8n’s own default of \`N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE\`, and with 100,000 events in the log before.`,
	run: async (say) =>
		await measured(
			{ 'as in `deploy/`': {}, 'n8n’s defaults': { env: DEFAULTS }, 'full log': { log: 100_000 } },
			say,
		),
};

export const burstInQueueMode: Benchmark = {
	name: 'burst-queue',
	title: 'A burst of 300 events, queue mode (PostgreSQL, Redis, two workers, a webhook process)',
	what: 'The same burst, as in `deploy/`.',
	run: async (say) =>
		await measured({ 'queue mode': { queueMode: { workers: 2, webhooks: 1 } } }, say),
};

const DEFAULTS = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'false' };

type Variant = SetOptions & { log?: number };

async function measured(
	variants: Record<string, Variant>,
	say: (line: string) => void,
): Promise<Finding> {
	const table: string[][] = [
		['', 'baseline', 'accepted', 'applied', 'accepted ÷ baseline', 'applied ÷ baseline'],
	];
	const notes = ['Baseline, accepted and applied in events a second.'];
	for (const [name, variant] of Object.entries(variants)) {
		const { plain, accepting, ending, said } = await measure(variant);
		const rate = (seconds: number) => figure(EVENTS / seconds);
		const fraction = (seconds: number) => figure(plain / seconds);
		table.push([
			name,
			...[plain, accepting, ending].map(rate),
			...[accepting, ending].map(fraction),
		]);
		say(table.at(-1)?.join('  ') ?? '');
		notes.push(...said.map((one) => `${name}: ${one}`));
	}
	return { table, notes };
}

async function measure({ log: rows = 0, ...options }: Variant) {
	return await onStage({ ...options, rateLimits: false }, async (stage) => {
		if (rows > 0) await fillLog(stage, rows);
		const insert = await baseline(stage);
		const buyers = shortLives('burst', EVENTS / 2);
		const events = shuffled(buyers.flatMap(({ events }) => events));

		const plain = await timed(() => atOnce(AT_ONCE, events, insert));
		const answers: number[] = [];
		let deliveries = 0;
		const started = Date.now();
		const accepting = await timed(() =>
			atOnce(AT_ONCE, events, async (event) => {
				const { ms, attempts } = await deliver(stage, event);
				answers.push(ms);
				deliveries += attempts;
			}),
		);
		await atRest(stage);
		const ending = (Date.now() - started) / 1000;
		const { right, doubled, wrong } = judge(stage, buyers);
		const log = await logged(stage, EVENTS * 2);
		const stored = events.map(({ event_id: id }) => log.get(String(id)) ?? 0);
		const sum = stored.reduce((a, b) => a + b, 0);
		return {
			plain,
			accepting,
			ending,
			said: [
				`accepted ${answers.length} of ${EVENTS}, ended right without any later run ${right} of ${buyers.length} customers; lost ${stored.filter((times) => times === 0).length}, stored more often than sent ${Math.max(0, sum - deliveries)}, customers with two accounts or two rows on a server ${doubled}; time to the answer p50 ${figure(percentile(answers, 50) / 1000)} s, p95 ${figure(percentile(answers, 95) / 1000)} s.`,
				...(wrong.length > 0 ? [`not right: ${wrong.join(', ')}.`] : []),
			],
		};
	});
}

async function timed(work: () => Promise<void>): Promise<number> {
	const started = Date.now();
	await work();
	return (Date.now() - started) / 1000;
}

/** How often each event is among the newest rows of the log. */
async function logged({ editor }: Stage, newest: number): Promise<Map<string, number>> {
	const times = new Map<string, number>();
	for (const { event_id: id } of await (await editor()).rows('paymenter_events', newest)) {
		times.set(String(id), (times.get(String(id)) ?? 0) + 1);
	}
	return times;
}
