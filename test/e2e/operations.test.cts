/** What an operator does, and what they are told, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { send } from '../../simulators/events/sender.cjs';
import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { openForm, type Page } from '../../tools/n8n/forms.cjs';
import {
	allApplied,
	applyDue,
	atRest,
	eventually,
	openDiscord,
	expectAccess as expectThat,
	rowOf,
	sendAlerts,
	simulatorOf,
	writesOf,
} from './support.cjs';

jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-operations-'));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YES = 'Yes, do it';
let stage: Stage;
let discord: Awaited<ReturnType<typeof openDiscord>>;

beforeAll(async () => {
	discord = await openDiscord();
	stage = await setUp(folder, () => undefined, {
		rateLimits: false,
		alertsTo: discord.url,
	});
	await sendAlerts(stage);
});

afterAll(async () => {
	await stage?.close();
	discord?.close();
	rmSync(folder, { recursive: true, force: true });
});

const panel = () => simulatorOf(stage);
const writes = () => writesOf(stage);
const now = () => stage.n8n.now().getTime();
const emailOf = (name: string) => `${name}@example.com`;
const expectAccess = async (name: string, tier: TierName | null) =>
	await expectThat(stage, emailOf(name), tier);
const row = async (name: string) => await rowOf(stage, emailOf(name));
const log = async () => await (await stage.editor()).rows('paymenter_provisioning_log');

async function tell(
	name: string,
	product: string,
	more: Record<string, unknown> = {},
	backoffMs?: number[],
) {
	const moment = stage.n8n.now().toISOString();
	const event = {
		event: 'subscription.created',
		subscription_id: `sub-${name}`,
		customer_id: `id-${name}`,
		customer_email: emailOf(name),
		customer_name: name,
		product_id: product,
		status: 'active',
		occurred_at: moment,
		state_at: moment,
		...more,
	};
	const url = `${stage.n8n.url}/webhook/paymenter`;
	const { secret, n8n } = stage;
	return await send(event, { url, secret, now: n8n.now, ...(backoffMs ? { backoffMs } : {}) });
}

async function buys(name: string, product: string, tier: TierName) {
	await tell(name, product);
	await expectAccess(name, tier);
	await allApplied(stage);
}

async function failsToPay(name: string) {
	const paid_until = new Date(now() - 2 * DAY_MS).toISOString().slice(0, 10);
	await tell(name, 'fire-knight', { event: 'payment.failed', paid_until });
	const state = await eventually(
		() => row(name),
		(seen) => seen?.state === 'grace',
	);
	expect(state?.state).toBe('grace');
}

const form = async (path: string) => await openForm(stage.n8n.url, path, stage.operator);

/** What an operator enters: action, tier, last day and reason; then the player and the Discord id. */
type Said = [string, string, string, string, string?, string?];

const enter = async (page: Page, ...said: Said): Promise<Page> => {
	const [action, tier, until, reason, player = '', discordId = ''] = said;
	return await page.submit(action, tier, until, player, discordId, reason);
};

/** The page that shows what would change. */
async function proposes(name: string, ...said: Said): Promise<Page> {
	const shown = await (await form('paymenter-override')).submit(emailOf(name), 'Olivia');
	return await enter(shown, ...said);
}

async function decides(name: string, ...said: Said): Promise<Page> {
	const done = await (await proposes(name, ...said)).submit(YES);
	expect(done.text).toContain('Done');
	return done;
}

const timePasses = async (ms: number) => await stage.n8n.later(ms);

const due = async () => await applyDue(stage);

describe('Check Setup', () => {
	it('checks the plan of Tier Plan, and finds the tables, the tiers and no problem', async () => {
		await buys('checked', 'fire-knight', 'knight');
		const editor = await stage.editor();
		const { id, status } = await editor.run('paymenterSetup', 'Check Setup');
		expect(status).toBe('success');
		const found = JSON.stringify((await editor.api.get(`/executions/${id}`)).data);
		expect(found).toMatch(/\d+ warnings, \d+ notes, \d+ in order/);
		expect(found).not.toMatch(/\d+ problem/);
		expect(found).toContain('Tier sovereign');
		expect(found).toContain('paymenter_events 1');
	});
});

describe('Manual Override', () => {
	it('is opened by nobody without the operators’ password', async () => {
		const open = openForm(stage.n8n.url, 'paymenter-override');
		await expect(open).rejects.toMatchObject({ response: { status: 401 } });
		const wrong = { user: 'operator', password: 'wrong' };
		const opened = openForm(stage.n8n.url, 'paymenter-override', wrong);
		await expect(opened).rejects.toMatchObject({ response: { status: 401 } });
	});

	it('shows a customer as they are, and what would change, before anything is done', async () => {
		await buys('seen', 'fire-knight', 'knight');
		const before = writes();
		const events = (await (await stage.editor()).rows('paymenter_events')).length;
		const shown = await (await form('paymenter-override')).submit(emailOf('seen'), 'Olivia');
		expect(shown.text).toMatch(/State: active .*fire-knight.*active/);
		expect(shown.text).toMatch(/On the panel now.*Aurora.*schedule\.read/);
		const proposal = await enter(shown, 'Give a tier', 'legend', '', 'a prize');
		expect(proposal.text).toMatch(/would change.*schedule\.read → .*activity\.read/);
		const left = await proposal.submit('No, change nothing');
		expect(left.text).toContain('Nothing was changed');
		expect(writes()).toBe(before);
		expect(await (await stage.editor()).rows('paymenter_events')).toHaveLength(events);
		await expectAccess('seen', 'knight');
	});

	it('gives a tier until a date, takes it, and goes back to automatic; each is an event', async () => {
		await buys('given', 'fire-knight', 'knight');
		const until = new Date(now() + 5 * DAY_MS).toISOString().slice(0, 10);
		const done = await decides('given', 'Give a tier', 'legend', until, 'a <b>prize</b> {{ 7*7 }}');
		await expectAccess('given', 'legend');
		expect(done.text).toContain('a <b>prize</b> {{ 7*7 }}');
		expect(done.html).not.toContain('a <b>prize');
		expect(Date.parse(String((await row('given'))?.next_change_at))).toBe(
			Date.parse(until) + 2 * DAY_MS,
		);
		await decides('given', 'Suspend', '', '', 'abuse');
		await expectAccess('given', null);
		await tell('given', 'fire-knight', { event: 'payment.succeeded' });
		expect(await atRest(stage)).toBe(0);
		await expectAccess('given', null);
		await decides('given', 'Back to automatic', '', '', 'made up');
		await expectAccess('given', 'knight');
		const events = await (await stage.editor()).rows('paymenter_events');
		expect(
			events
				.filter(
					({ source, customer_email }) =>
						source === 'operator' && customer_email === emailOf('given'),
				)
				.map(({ event, tier, actor, reason }) => [event, tier, actor, reason]),
		).toEqual([
			['override.set', 'legend', 'Olivia', 'a <b>prize</b> {{ 7*7 }}'],
			['override.set', null, 'Olivia', 'abuse'],
			['override.clear', null, 'Olivia', 'made up'],
		]);
	});

	it('extends a grace', async () => {
		await buys('late', 'fire-knight', 'knight');
		await failsToPay('late');
		const until = new Date(now() + 20 * DAY_MS).toISOString().slice(0, 10);
		const done = await decides('late', 'Extend the grace', '', until, 'on holiday');
		expect(done.text).toContain('extended by Olivia: on holiday');
		expect(await row('late')).toMatchObject({ state: 'grace' });
		expect(Date.parse(String((await row('late'))?.next_change_at))).toBe(
			Date.parse(until) + 2 * DAY_MS,
		);
	});

	it('removes a customer with their account, and the next purchase changes nothing', async () => {
		await buys('gone', 'fire-knight', 'knight');
		await decides('gone', 'Remove', '', '', 'chargeback');
		expect(await stage.panel.userOf(emailOf('gone'))).toBeUndefined();
		await tell('gone', 'fire-knight', { subscription_id: 'sub-again' });
		expect(await atRest(stage)).toBe(0);
		expect(await stage.panel.userOf(emailOf('gone'))).toBeUndefined();
	});

	it('sets the player and the Discord ID, until billing is to say them again', async () => {
		await buys('played', 'fire-knight', 'knight');
		const propertiesOf = async () =>
			JSON.parse(String((await row('played'))?.customer_properties)) as Record<string, string>;
		await decides('played', 'Set player', '', '', 'asked in chat', 'Ada', '300000000000000001');
		expect(await eventually(propertiesOf, (one) => 'discord_id' in one)).toEqual({
			discord_id: '300000000000000001',
			minecraft_username: 'Ada',
		});
		await decides('played', 'Set player', '', '', 'a mistake');
		expect(await eventually(propertiesOf, (one) => !('discord_id' in one))).toEqual({});
	});

	it('applies again what somebody changed by hand', async () => {
		await buys('drifted', 'fire-knight', 'knight');
		const { id } = panel().control.user(emailOf('drifted'));
		panel().state.subusers = panel().state.subusers.filter(({ userId }) => userId !== id);
		await decides('drifted', 'Apply again', '', '', 'asked for it');
		await expectAccess('drifted', 'knight');
	});

	it('does not say "Done" where a server takes no changes, nor where the account is left alone', async () => {
		await buys('abuser', 'fire-knight', 'knight');
		const closed = 'Frost Path - Aurora';
		panel().control.serverStatus(closed, 'suspended');
		const done = await (await proposes('abuser', 'Suspend', '', '', 'abuse')).submit(YES);
		expect(done.text).toMatch(/not done yet.*Blocked on .*Aurora.*tried again/);
		panel().control.serverStatus(closed, null);
		await timePasses(6 * 60_000);
		await due();
		await expectAccess('abuser', null);

		panel().control.changeUser(emailOf('abuser'), { rootAdmin: true });
		const left = await (await proposes('abuser', 'Back to automatic', '', '', 'why')).submit(YES);
		expect(left.text).toMatch(/the panel stays as it is.*administrator/);
	});

	it('gives a tier to somebody who bought nothing', async () => {
		const proposal = await proposes('guest', 'Give a tier', 'awakened', '', 'a guest');
		expect(proposal.text).toContain('account created');
		await proposal.submit(YES);
		await expectAccess('guest', 'awakened');
	});

	it('gives up pages that are left open, and changes nothing', async () => {
		await (await form('paymenter-override')).submit(emailOf('seen'), 'Olivia');
		await proposes('seen', 'Give a tier', 'legend', '', 'forgotten');
		const before = writes();
		await timePasses(2 * HOUR_MS);
		const editor = await stage.editor();
		const open = await eventually(
			() => editor.executions({ workflowId: 'paymenterOverride', status: ['waiting'] }),
			(executions) => executions.length === 0,
			150_000,
		);
		expect(open).toEqual([]);
		expect(writes()).toBe(before);
		const events = await editor.rows('paymenter_events');
		expect(events.filter(({ reason }) => reason === 'forgotten')).toEqual([]);
	});

	it.each([
		['no tier', ['Give a tier', '', '', 'why'], 'Choose the tier'],
		['no day', ['Extend the grace', '', '', 'why'], 'Enter the day'],
		['a day that is over', ['Suspend', '', '2020-01-01', 'why'], 'is over'],
		['no reason', ['Suspend', '', '', ' '], 'Enter a reason'],
	] as Array<[string, Said, string]>)(
		'refuses %s, and changes nothing',
		async (_what, said, words) => {
			expect((await proposes('seen', ...said)).text).toContain(words);
			await expectAccess('seen', 'knight');
		},
	);
});

describe('Undo', () => {
	it('of the last hour restores exactly the recorded access, and holds it', async () => {
		await buys('up', 'fire-knight', 'knight');
		await buys('out', 'frost-legend', 'legend');
		await timePasses(2 * HOUR_MS);
		await tell('up', 'fire-master', { event: 'subscription.updated' });
		await tell('out', 'frost-legend', { event: 'subscription.cancelled', status: 'cancelled' });
		await expectAccess('up', 'master');
		await expectAccess('out', null);
		await buys('new', 'fire-elemental', 'elemental');
		expect(await atRest(stage)).toBe(0);

		const before = writes();
		const proposal = await (
			await form('paymenter-undo')
		).submit('60', '', 'Olivia', 'a wrong plan');
		expect(proposal.text).toMatch(/put back/);
		expect(writes()).toBe(before);
		const done = await proposal.submit(YES);
		expect(done.text).toContain('Put back: 3 of 3');
		await expectAccess('up', 'knight');
		await expectAccess('out', 'legend');
		await expectAccess('new', null);
		expect((await row('up'))?.why).toContain('held');
		expect(
			(await log()).filter(({ why }) => String(why).startsWith('Undone by Olivia')),
		).not.toEqual([]);

		await tell('up', 'fire-legend', { event: 'subscription.updated' });
		await due();
		expect(await atRest(stage)).toBe(0);
		await expectAccess('up', 'knight');
		await decides('up', 'Back to automatic', '', '', 'plan mended');
		await expectAccess('up', 'legend');
	});

	it('of one customer leaves the others', async () => {
		await buys('one', 'fire-knight', 'knight');
		await buys('other', 'fire-knight', 'knight');
		const page = await (await form('paymenter-undo')).submit('60', emailOf('one'), 'Kim', 'why');
		expect((await page.submit(YES)).text).toContain('Put back: 1 of 1');
		await expectAccess('one', null);
		await expectAccess('other', 'knight');
	});

	it('waits for the writer, where it is at work for another customer', async () => {
		await buys('busy', 'fire-knight', 'knight');
		panel().control.fault({
			method: 'POST',
			path: '/api/application/users',
			kind: 'slow',
			ms: 5000,
			times: 1,
		} as never);
		await tell('slow', 'awakened');
		const page = await (await form('paymenter-undo')).submit('60', emailOf('busy'), 'Kim', 'why');
		expect((await page.submit(YES)).text).toContain('Put back: 1 of 1');
		await expectAccess('busy', null);
	});

	it('of a customer with a new address names them by it, and leaves it on the panel', async () => {
		await buys('mover', 'fire-knight', 'knight');
		await tell('mover', 'fire-knight', {
			event: 'subscription.updated',
			customer_email: emailOf('moved'),
			previous_email: emailOf('mover'),
		});
		await expectAccess('moved', 'knight');
		expect(await atRest(stage)).toBe(0);
		const page = await (await form('paymenter-undo')).submit('60', emailOf('moved'), 'Kim', 'why');
		expect((await page.submit(YES)).text).toContain('Put back: 1 of 1');
		await expectAccess('moved', null);
		expect((await row('moved'))?.customer).toBe('customer:id-mover');
	});

	it('refuses to guess', async () => {
		const nothing = await (
			await form('paymenter-undo')
		).submit('60', emailOf('nobody'), 'Kim', 'why');
		expect(nothing.text).toContain('nothing to undo');
		expect((await (await form('paymenter-undo')).submit('', '', 'Kim', 'why')).text).toContain(
			'Enter a number of minutes',
		);
	});
});

describe('An error', () => {
	const failed = async (name: string, times: number) =>
		await eventually(
			() => row(name),
			(seen) => Number(seen?.failures) >= times,
			60_000,
		);
	const settled = async () => {
		expect(await atRest(stage, 60_000)).toBe(0);
		return discord.alerts.splice(0);
	};

	it('that passes heals by itself, without an alert', async () => {
		await settled();
		panel().control.fault({ kind: 'status', status: 500, method: 'POST', path: '/users' });
		await tell('unlucky', 'fire-knight');
		expect(await failed('unlucky', 1)).toMatchObject({ failures: 1, needs_attention: false });
		expect((await row('unlucky'))?.what_to_do).toContain('tried again');
		panel().control.clearFaults();
		expect(await settled()).toEqual([]);
		await timePasses(6 * 60_000);
		await due();
		await expectAccess('unlucky', 'knight');
		expect(await row('unlucky')).toMatchObject({ last_error: '', failing_since: null });
		expect(await settled()).toEqual([]);
	});

	it('that a person must mend is told once an hour, however often it is met', async () => {
		await tell('odd', 'ice-knight');
		await failed('odd', 1);
		for (let again = 0; again < 3; again++) await tell('odd', 'ice-knight');
		await failed('odd', 2);
		await allApplied(stage);
		const [alert, ...more] = await settled();
		expect(more).toEqual([]);
		expect(alert).toContain('odd@\u200bexample.com');
		expect(alert).toContain('no product "ice-knight"');
		expect(alert).toMatch(/What to do: .*\n.*\/workflow\/paymenterApply\/executions\/\d+$/);
		const rows = (await log()).filter(({ customer_email }) => customer_email === emailOf('odd'));
		expect(rows.filter(({ what }) => what === 'alert')).toHaveLength(1);
		expect(rows.filter(({ what }) => what === 'failed').length).toBeGreaterThan(1);
	});

	it('is told for each of two customers whom one event is about', async () => {
		await buys('giver', 'fire-knight', 'knight');
		await settled();
		panel().control.fault({ kind: 'status', status: 422, path: /client\/servers/ });
		await tell('taker', 'fire-knight', {
			subscription_id: 'sub-giver',
			event: 'subscription.updated',
			previous_customer_id: 'id-giver',
		});
		await failed('giver', 1);
		await failed('taker', 1);
		panel().control.clearFaults();
		const alerts = (await settled()).join('\n');
		expect(alerts).toContain('giver@');
		expect(alerts).toContain('taker@');
	});

	it('after a day of failing is marked as needing a person, and told once more', async () => {
		await timePasses(25 * HOUR_MS);
		await due();
		expect(await row('odd')).toMatchObject({ needs_attention: true });
		expect((await settled()).filter((alert) => alert.includes('for a day'))).toHaveLength(1);
		await timePasses(7 * HOUR_MS);
		const failures = Number((await row('odd'))?.failures);
		await due();
		expect(Number((await row('odd'))?.failures)).toBe(failures + 1);
		expect(await settled()).toEqual([]);
	});

	it('that concerns everybody is told once, counts as nobody’s failure, and heals', async () => {
		panel().control.fault({ kind: 'status', status: 401 });
		await tell('first', 'fire-knight');
		await tell('second', 'fire-knight');
		const told = await eventually(
			async () => discord.alerts,
			(alerts) => alerts.length > 0,
		);
		expect(told[0]).toContain('does not know the application key');
		expect(told[0]).not.toContain('first');
		panel().control.clearFaults();
		// The writer pauses for a minute after a run that failed.
		await timePasses(2 * 60_000);
		await expectAccess('first', 'knight');
		await expectAccess('second', 'knight');
		expect(await row('first')).toMatchObject({ failures: 0, failing_since: null });
		expect(await settled()).toHaveLength(1);
	});

	it('of a wrong tier plan is told once, and heals when the plan is corrected', async () => {
		const editor = await stage.editor();
		const give = async (permissions: string[]) =>
			await editor.edit('paymenterTierPlan', (nodes) => {
				const plan = nodes.find(({ name }) => name === 'Tier Plan')?.parameters;
				const { tier } = plan?.tiers as { tier: Array<{ permissions: string[] }> };
				Object.assign(tier[0] ?? {}, { permissions });
			});
		await give(['no permission']);
		await tell('planned', 'awakened');
		const told = await eventually(
			async () => discord.alerts,
			(alerts) => alerts.length > 0,
		);
		expect(told[0]).toContain('no permission');
		await give(['websocket.connect']);
		await timePasses(3 * 60_000);
		await allApplied(stage);
		expect(await row('planned')).toMatchObject({ tiers: 'awakened', failures: 0 });
		expect(await settled()).toHaveLength(1);
	});

	it('whose alert cannot be handed over holds up nobody, and stands on the row', async () => {
		const editor = await stage.editor();
		await editor.unpublish('paymenterOnError');
		await tell('untold', 'ice-legend');
		await allApplied(stage);
		expect((await row('untold'))?.last_error).toContain('no product "ice-legend"');
		await editor.publish('paymenterOnError');
		await buys('told', 'fire-knight', 'knight');
	});

	it('that cannot be told because the channel refuses it shows as a failed execution of On Error', async () => {
		const editor = await stage.editor();
		const failedAlerts = async () =>
			(await editor.executions({ workflowId: 'paymenterOnError', status: ['error'] })).length;
		const before = await failedAlerts();
		discord.refuses = true;
		await tell('unheard', 'ice-master');
		const after = await eventually(failedAlerts, (count) => count > before);
		discord.refuses = false;
		expect(after).toBeGreaterThan(before);
		await settled();
	});

	it('of an event log that is gone loses nothing: Setup does not put an empty one in its place', async () => {
		await buys('keeper', 'fire-knight', 'knight');
		const editor = await stage.editor();
		await editor.renameTable('paymenter_events', 'renamed_log');
		await expect(tell('late', 'fire-knight', {}, [])).rejects.toThrow('500');
		expect((await editor.run('paymenterSetup', 'Run Setup')).status).toBe('error');
		await expectAccess('keeper', 'knight');
		await editor.renameTable('renamed_log', 'paymenter_events');
		expect((await editor.run('paymenterSetup', 'Run Setup')).status).toBe('success');
		await tell('late', 'fire-knight');
		await expectAccess('late', 'knight');
		expect((await settled()).join('\n')).toContain('Run the workflow Setup');
	});

	it('that nobody foresaw is told too, with its node and its execution', async () => {
		await stage.n8n.stop();
		await stage.n8n.start({
			offsetMs: stage.n8n.offsetMs(),
			env: { N8N_DATA_TABLES_MAX_SIZE_BYTES: '1' },
		});
		await expect(tell('full', 'fire-knight', {}, [])).rejects.toThrow('500');
		await eventually(
			async () => discord.alerts,
			(seen) => seen.length > 0,
		);
		const told = await settled();
		expect(told[0]).toContain('Paymenter Events → Store Event');
		expect(told[0]).toContain('/workflow/paymenterEvents/executions/');
	});
});
