/** `npm run bench`: the figures of BENCHMARKS.md, all or those that are named. */
import { command } from '../command.cjs';
import { Unable } from '../n8n/install.cjs';
import { burst, burstInQueueMode } from './burst.cjs';
import { callsPerCustomer } from './calls.cjs';
import { latency } from './latency.cjs';
import { provisioning } from './provisioning.cjs';
import { pureParts } from './pure.cjs';
import { reconcile } from './reconcile.cjs';
import { conditions, print, writeDown, type Benchmark } from './report.cjs';
import { subuserWindows } from './window.cjs';

const BENCHMARKS: Benchmark[] = [
	pureParts,
	callsPerCustomer,
	latency,
	provisioning,
	burst,
	burstInQueueMode,
	reconcile,
	subuserWindows,
];

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const names = process.argv.slice(2);
	const known = BENCHMARKS.map(({ name }) => name);
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length > 0) {
		throw new Unable(`There is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
	}
	const where = await conditions();
	for (const benchmark of BENCHMARKS) {
		if (names.length > 0 && !names.includes(benchmark.name)) continue;
		say(`\n${benchmark.title}`);
		const started = Date.now();
		const finding = await benchmark.run(say);
		await writeDown(benchmark, finding, (Date.now() - started) / 1000, where);
		say(print(finding));
	}
	return 0;
}

command(main);
