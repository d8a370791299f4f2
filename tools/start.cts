/** `npm start`: the whole life of six customers on a real n8n, then n8n to look at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { command, untilEnded, type Life } from './command.cjs';
import { sayAccess } from './lifecycle/panelView.cjs';
import { play, type Outcome, type Stage } from './lifecycle/play.cjs';
import { serveDemo } from '../demo/server.cjs';
import { ownPanel, setUp } from './lifecycle/stage.cjs';
import { customersOf } from './lifecycle/story.cjs';
import { claimed, portOf } from './n8n/port.cjs';
import { columns } from './numbers.cjs';

const once = process.argv.includes('--once');

async function main({ atEnd, isStopped }: Life): Promise<number> {
	const say = (line: string) => {
		if (!isStopped()) process.stdout.write(`${line}\n`);
	};
	// Before the long installation, so that nobody waits for it in vain.
	const port = await claimed(portOf('N8N_PORT', 5678), 'N8N_PORT');
	const demoPort = once ? 0 : await claimed(portOf('DEMO_PORT', 5680), 'DEMO_PORT');
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-'));
	let isUp = false;
	atEnd(() => {
		// Where n8n did not start, its log there says why.
		if (isUp || isStopped()) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	});
	const set = await setUp(folder, say, { port, ui: !once, ranks: 'rest' });
	isUp = true;
	const customers = customersOf(Date.now().toString(36));
	if (ownPanel()) {
		atEnd(async () => {
			for (const { email } of customers.values()) {
				await set.panel
					.deleteUser(email)
					.catch(({ message }: Error) => say(`The panel keeps the account ${email}: ${message}`));
			}
		});
	}
	atEnd(set.close);
	const demo = once ? null : await serveDemo(set, demoPort);
	if (demo) atEnd(demo.close);
	const tell = (text: string) => {
		say(text);
		demo?.tell(text.trim());
	};
	const stage: Stage = {
		...set,
		customers,
		say: tell,
		tell: (outcome) => tell(`  ${line(outcome)}`),
	};
	if (demo) {
		say(
			`\n  Open ${demo.url}\n\nBuy something there, and see it on the panel. Six customers play their lives meanwhile:`,
		);
	}
	const playing = async () => await play(stage);
	const outcomes = await (demo?.during('six customers are playing their lives', playing) ??
		playing());
	const failed = outcomes.filter(({ matches }) => !matches);
	say(`\n${table(outcomes)}\n`);
	tell(
		failed.length === 0
			? `All ${outcomes.length} steps led to the access they should.`
			: `${failed.length} of ${outcomes.length} steps did not lead to the access they should.`,
	);
	if (demo) {
		const { login } = await set.editor();
		say(
			`\nThe shop and n8n stay up: ${demo.url}\n\nn8n: ${set.n8n.url}\n  e-mail    ${login.email}\n  password  ${login.password}\nIts clock is more than a month ahead. Look at the executions, and at the Data Tables paymenter_customers and paymenter_provisioning_log.\nThe operators’ forms: ${set.n8n.url}/form/paymenter-override (and paymenter-undo, paymenter-losses)\n  user      ${set.operator.user}\n  password  ${set.operator.password}\nCtrl-C ends it.`,
		);
		await new Promise(() => undefined);
	}
	return failed.length === 0 ? 0 : 1;
}

function line(outcome: Outcome): string {
	const mark = outcome.matches ? '✓' : '✗';
	const problem = outcome.error ? ` (${outcome.error})` : '';
	return `${mark} ${outcome.customer} ${outcome.what}: ${sayAccess(outcome.found)}, ${outcome.seconds.toFixed(1)} s${problem}`;
}

function table(outcomes: Outcome[]): string {
	const rows = [
		['customer', 'step', 'expected access', 'access on the panel', 'rank', 'role', 'seconds', ''],
		...outcomes.map((one) => [
			one.customer,
			one.what,
			sayAccess(one.expected),
			sayAccess(one.found),
			one.perks?.ranks.join(', ') ?? '',
			one.perks?.role ?? '',
			one.seconds.toFixed(1),
			one.matches ? 'ok' : 'WRONG',
		]),
	];
	return columns(rows);
}

command(async () => await untilEnded(main));
