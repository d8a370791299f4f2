/** `npm start`: the whole life of six customers on a real n8n, then n8n to look at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sayAccess } from './lifecycle/panelView.cjs';
import { play, playStep, type Outcome, type Stage } from './lifecycle/play.cjs';
import { ownPanel, setUp } from './lifecycle/stage.cjs';
import { customersOf, purchase, type Customer, type TierName } from './lifecycle/story.cjs';
import { Unable } from './n8n/install.cjs';
import { columns, percentile } from './numbers.cjs';

const once = process.argv.includes('--once');
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-'));
	const set = await setUp(folder, say, { port: Number(process.env.N8N_PORT ?? 5678) });
	const customers = customersOf(Date.now().toString(36));
	const stage: Stage = { ...set, customers, say, tell: (outcome) => say(`  ${line(outcome)}`) };
	let ended = false;
	const end = async () => {
		if (ended) return;
		ended = true;
		if (ownPanel()) for (const { email } of customers.values()) await set.panel.deleteUser(email);
		await set.close();
		rmSync(folder, { recursive: true, force: true });
	};
	process.once('SIGINT', () => void end().then(() => process.exit(130)));
	process.once('SIGTERM', () => void end().then(() => process.exit(143)));

	try {
		const times = set.simulator ? await measure(stage) : [];
		const outcomes = await play(stage);
		const failed = outcomes.filter(({ matches }) => !matches);
		say(`\n${table(outcomes)}\n`);
		if (times.length > 0) {
			say(
				`Payment at the shop → access given and written down, ${times.length} purchases one after the other, simulator at the measured latencies: p50 ${percentile(times, 50).toFixed(1)} s, p95 ${percentile(times, 95).toFixed(1)} s (promised: 30 s).`,
			);
		}
		say(
			failed.length === 0
				? `All ${outcomes.length} steps led to the access they should.`
				: `${failed.length} of ${outcomes.length} steps did not lead to the access they should.`,
		);
		if (!once) {
			const { login } = await set.editor();
			say(
				`\nn8n stays up: ${set.n8n.url}\n  e-mail    ${login.email}\n  password  ${login.password}\nIts clock is more than a month ahead. Look at the executions, and at the Data Tables paymenter_customers and paymenter_provisioning_log.\nThe operators’ forms: ${set.n8n.url}/form/paymenter-override (and paymenter-undo, paymenter-losses)\n  user      ${set.operator.user}\n  password  ${set.operator.password}\nCtrl-C ends it.`,
			);
			await new Promise(() => undefined);
		}
		return failed.length === 0 ? 0 : 1;
	} finally {
		await end();
	}
}

/** Twenty purchases, one after the other. */
async function measure(stage: Stage): Promise<number[]> {
	say('Twenty purchases, one after the other');
	const products: Array<[string, TierName]> = [
		['awakened', 'awakened'],
		['fire-elemental', 'elemental'],
		['frost-knight', 'knight'],
		['fire-master', 'master'],
		['frost-legend', 'legend'],
		['sovereign', 'sovereign'],
	];
	const times: number[] = [];
	for (let number = 0; number < 20; number++) {
		const [product, tier] = products[number % products.length] as [string, TierName];
		const customers = customersOf('measured', [`Buyer ${number}`]);
		const customer = [...customers.values()][0] as Customer;
		const outcome = await playStep(
			{ ...stage, customers },
			purchase(customer, 'first', product, tier),
		);
		if (!outcome.matches) throw new Error(`${customer.email}: ${line(outcome)}`);
		times.push(outcome.seconds);
	}
	return times;
}

function line(outcome: Outcome): string {
	const mark = outcome.matches ? '✓' : '✗';
	const problem = outcome.error ? ` (${outcome.error})` : '';
	return `${mark} ${outcome.customer} ${outcome.what}: ${sayAccess(outcome.found)}, ${outcome.seconds.toFixed(1)} s${problem}`;
}

function table(outcomes: Outcome[]): string {
	const rows = [
		['customer', 'step', 'expected access', 'access on the panel', 'seconds', ''],
		...outcomes.map((one) => [
			one.customer,
			one.what,
			sayAccess(one.expected),
			sayAccess(one.found),
			one.seconds.toFixed(1),
			one.matches ? 'ok' : 'WRONG',
		]),
	];
	return columns(rows);
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		const known = error instanceof Unable;
		process.stderr.write(`\n${known ? error.message : String((error as Error).stack ?? error)}\n`);
		process.exit(1);
	},
);
