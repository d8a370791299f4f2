/** The long form: the whole life of six customers on queue mode, the forms, and the alerts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { send } from '../../simulators/events/sender.cjs';
import { play } from '../../tools/lifecycle/play.cjs';
import { ALERTS, setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { customersOf } from '../../tools/lifecycle/story.cjs';
import { openForm } from '../../tools/n8n/forms.cjs';
import {
	atRest,
	eventually,
	expectAccess,
	openDiscord,
	rowOf,
	simulatorOf,
} from '../e2e/support.cjs';

jest.setTimeout(1_200_000);

const quiet = () => undefined;
let discord: Awaited<ReturnType<typeof openDiscord>>;
let folder: string;
let stage: Stage;

const tell = async (name: string, product: string) =>
	await send(
		{
			event: 'subscription.created',
			subscription_id: `sub-${name}`,
			customer_id: `id-${name}`,
			customer_email: `${name}@example.com`,
			product_id: product,
			status: 'active',
		},
		{
			url: `${stage.n8n.webhookUrl}/webhook/paymenter`,
			secret: stage.secret,
			now: stage.n8n.now,
		},
	);

const edit = async (workflow: string, name: string, isDisabled: boolean) =>
	await (
		await stage.editor()
	).edit(workflow, (nodes) => {
		for (const node of nodes.filter((one) => one.name === name)) {
			node.disabled = isDisabled;
			if (name === 'Discord') node.credentials = { discordWebhookApi: ALERTS };
		}
	});

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-queue-life-'));
	discord = await openDiscord();
	stage = await setUp(folder, quiet, {
		alertsTo: discord.url,
		queueMode: { workers: 2, webhooks: 1 },
	});
	await edit('paymenterOnError', 'Discord', false);
});

afterAll(async () => {
	await stage?.close();
	discord?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('Queue mode', () => {
	it('lets an operator grant, and shows what was done', async () => {
		await tell('given', 'fire-knight');
		await expectAccess(stage, 'given@example.com', 'knight');
		const { n8n, operator } = stage;
		const page = await openForm(n8n.url, 'paymenter-override', operator);
		const shown = await page.submit('given@example.com', 'Olivia');
		expect(shown.text).toMatch(/State: active .*fire-knight.*active/);
		const proposal = await shown.submit('Give a tier', 'legend', '', 'a prize');
		expect(proposal.text).toMatch(/would change.*schedule\.read → .*activity\.read/);
		expect((await proposal.submit('Yes, do it')).text).toContain('Done');
		await expectAccess(stage, 'given@example.com', 'legend');
	});

	it('takes an operator’s form at the process for webhooks too', async () => {
		const { n8n, operator } = stage;
		const page = await openForm(n8n.webhookUrl, 'paymenter-override', operator);
		const shown = await page.submit('given@example.com', 'Olivia');
		const proposal = await shown.submit('Back to automatic', '', '', 'over');
		expect((await proposal.submit('Yes, do it')).text).toContain('Done');
		await expectAccess(stage, 'given@example.com', 'knight');
	});

	it('tells once what a person must mend, when two events meet it on two workers at once', async () => {
		discord.alerts.length = 0;
		await Promise.all([tell('odd', 'ice-knight'), tell('odd', 'ice-knight')]);
		await eventually(
			() => rowOf(stage, 'odd@example.com'),
			(row) => Number(row?.failures) >= 1,
		);
		await eventually(
			async () => discord.alerts,
			(seen) => seen.length > 1,
			15_000,
		);
		expect(discord.alerts).toHaveLength(1);
		expect(discord.alerts[0]).toContain('no product "ice-knight"');
	});

	it('tells of an error that nobody foresaw, with its node and its execution', async () => {
		discord.alerts.length = 0;
		await stage.n8n.stop();
		await stage.n8n.start({ env: { N8N_DATA_TABLES_MAX_SIZE_BYTES: '1' } });
		await expect(tell('full', 'fire-knight')).rejects.toThrow('500');
		const told = await eventually(
			async () => discord.alerts,
			(seen) => seen.length > 0,
		);
		expect(told[0]).toContain('Paymenter Events → Store Event');
		expect(told[0]).toContain('/workflow/paymenterEvents/executions/');
		await stage.n8n.stop();
		await stage.n8n.start();
	});

	it('retries by its own clock, in one execution, whatever the number of processes', async () => {
		const { control } = simulatorOf(stage);
		control.fault({ kind: 'status', status: 500, method: 'POST', path: '/users' });
		await tell('unlucky', 'fire-knight');
		const failed = await eventually(
			() => rowOf(stage, 'unlucky@example.com'),
			(row) => Number(row?.failures) >= 1,
		);
		expect(failed).toMatchObject({ failures: 1 });
		control.clearFaults();
		await atRest(stage);
		const runs = async () =>
			(await (await stage.editor()).executions({ workflowId: 'paymenterApply' })).length;
		const before = await runs();
		await stage.n8n.later(6 * 60_000);
		await expectAccess(stage, 'unlucky@example.com', 'knight', 180_000);
		await atRest(stage);
		expect(await runs()).toBe(before + 1);
	});

	it('leads six customers through all steps to the access that was promised', async () => {
		const customers = customersOf(Date.now().toString(36));
		const started = Date.now();
		const outcomes = await play({ ...stage, customers, say: quiet, tell: quiet });
		const wrong = outcomes.filter(({ matches }) => !matches);
		process.stdout.write(
			`${outcomes.length - wrong.length} of ${outcomes.length} steps matched, ${Math.round((Date.now() - started) / 1000)} s\n`,
		);
		expect(outcomes).toHaveLength(22);
		expect(wrong).toEqual([]);
	});
});
