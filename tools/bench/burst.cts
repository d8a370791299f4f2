/** Hundreds of events at once: what is taken, what comes of it, how fast. */
import { percentile } from '../numbers.cjs';
import type { SetOptions } from '../lifecycle/stage.cjs';
import { baseline } from './baseline.cjs';
import { figure, type Benchmark, type Finding } from './report.cjs';
import { deliver, judge, shortLives, shuffled } from './rush.cjs';
import { atOnce, atRest, onStage, type Stage } from './stage.cjs';

const EVENTS = 300;
const AT_ONCE = 20;

const what = `${EVENTS / 2} customers buy, and then change tier, fail to pay, pay, or cancel: ${EVENTS.toLocaleString('en-US')} signed events, shuffled, ${AT_ONCE} at a time. "Accepted" is answered 2xx by the trigger itself; "lost" and "doubled" are told by the event log against what was accepted, and by the panel’s own tables. Compared with a workflow that is only a Webhook and one Data Table insert, on the same n8n, for as many events at the same rate of ${AT_ONCE} at a time. The panel answers at measured times, without limits.`;

export const burst: Benchmark = {
	name: 'burst',
	title: 'A burst of 300 events, regular mode (SQLite)',
	what,
	run: async (say) => await measure({}, say),
};

export const burstInQueueMode: Benchmark = {
	name: 'burst-queue',
	title: 'A burst of 300 events, queue mode (PostgreSQL, Redis, two workers, a webhook process)',
	what,
	run: async (say) => await measure({ queueMode: { workers: 2, webhooks: 1 } }, say),
};

async function measure(options: SetOptions, say: (line: string) => void): Promise<Finding> {
	return await onStage({ ...options, rateLimits: false }, async (stage) => {
		const insert = await baseline(stage);
		const buyers = shortLives('burst', EVENTS / 2);
		const events = shuffled(buyers.flatMap(({ events }) => events));

		const plain = await timed(() => atOnce(AT_ONCE, events, insert));
		say(`Baseline: ${figure(plain)} s`);
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
		say(`Accepted after ${figure(accepting)} s`);
		await atRest(stage);
		const ending = (Date.now() - started) / 1000;
		const atRestNow = judge(stage, buyers);
		say(`At rest after ${figure(ending)} s: ${atRestNow.right} of ${buyers.length} right`);
		const log = await logged(stage);
		const rate = (seconds: number) => EVENTS / seconds;
		const fraction = (seconds: number) => figure(plain / seconds);
		return {
			table: [
				['', 'events a second', 'of the baseline'],
				['baseline: Webhook and one insert', figure(rate(plain)), '1'],
				['accepted and stored', figure(rate(accepting)), fraction(accepting)],
				['applied on the panel', figure(rate(ending)), fraction(ending)],
			],
			notes: [
				`Accepted ${answers.length} of ${EVENTS}; ended right, without any later run: ${atRestNow.right} of ${buyers.length} customers.`,
				`Lost: ${events.filter(({ event_id }) => !log.has(String(event_id))).length}. Stored more often than sent: ${Math.max(0, [...log.values()].reduce((sum, times) => sum + times, 0) - deliveries)}. Customers with two accounts or two rows on a server: ${atRestNow.doubled}.`,
				`Time to the answer: p50 ${figure(percentile(answers, 50) / 1000)} s, p95 ${figure(percentile(answers, 95) / 1000)} s.`,
				...(atRestNow.wrong.length > 0 ? [`Not right: ${atRestNow.wrong.join(', ')}.`] : []),
			],
		};
	});
}

async function timed(work: () => Promise<void>): Promise<number> {
	const started = Date.now();
	await work();
	return (Date.now() - started) / 1000;
}

/** How often each event is in the log. */
async function logged({ editor }: Stage): Promise<Map<string, number>> {
	const times = new Map<string, number>();
	for (const { event_id: id } of await (await editor()).rows('paymenter_events')) {
		times.set(String(id), (times.get(String(id)) ?? 0) + 1);
	}
	return times;
}
