import { pauses } from '../support/running.cjs';

import type { IDataObject } from 'n8n-workflow';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';
import { event } from '../support/billing.cjs';
import { runWorkflow, type Stub } from '../support/workflowRun.cjs';

const PACKAGE = 'n8n-nodes-paymenter-pterodactyl';
const PROCESSED = '2026-05-20T10:00:00.000Z';
const ADA = { customer_id: '77', customer_email: 'ada@example.com' };
const change = { ...ADA, customer: 'customer:77', server_id: 'a', before: 'schedule.read' };

/** Runs a form. The operator answers page after page; the writer needs a second look. */
async function fillIn(start: string, entered: IDataObject, answers: IDataObject[]) {
	const stored: IDataObject[] = [];
	let looks = 0;
	const stubs: Record<string, Stub> = {
		[start]: () => [[entered]],
		'Get Changes': () => [[change]],
		'Get All Customers': () => [[{ customer: 'customer:77', ...ADA }]],
		'Get Tier Plan': () => [[{ tier_plan: { grace_days: 7, delete_account_after_days: null } }]],
		'Get Customers': () => [[]],
		'Get Customer Events': () => [[event('created', '05-01') as unknown as IDataObject]],
		'Preview Changes': (entitlements) => [
			entitlements.map((entitlement) => ({
				...{ customer: 'customer:77', outcome: 'unchanged', known_tiers: ['knight'] },
				property_keys: { player: 'name', discord: 'discord_id' },
				entitlement,
			})),
		],
		// A page that is left open goes on with what it was given.
		'Ask Operator': (page) => [[answers.shift() ?? page[0] ?? {}]],
		'Append Events': (rows) => [stored.splice(0, 0, ...rows) && rows],
		'Get Events': () => [
			stored.map((row) => ({ ...row, processed_at: looks++ < stored.length ? null : PROCESSED })),
		],
		'Get Changed Customers': () => [[{ ...ADA, last_result: 'access taken' }]],
	};
	const real = { [`${PACKAGE}.paymenter`]: new Paymenter() };
	const run = await runWorkflow('manual-override.json', { start, stubs, real });
	expect(run.error).toBeUndefined();
	return { ...run, page: run.itemsOf('Show Result')[0], rows: stored, events: stored.map((row) => row.event) };
}

const YES = { confirm: 'Yes, do it' };
const NO = { confirm: 'No, change nothing' };

describe('The override’s form', () => {
	const open = async (...answers: IDataObject[]) =>
		await fillIn('Open the Override Form', { email: 'Ada@example.com', actor: 'Olivia' }, answers);
	const suspend = { action: 'Suspend', tier: '', until: '', reason: 'abuse' };

	it('looks, previews, appends after a yes, and waits for the writer', async () => {
		const { page, events, itemsOf, ran } = await open(suspend, YES);
		expect(itemsOf('Describe Access')[0]?.html).toMatch(/Suspend.*suspended/);
		expect(events).toEqual(['override.set']);
		expect(ran).toContain('Start Apply Access');
		expect(pauses).toEqual([2000]);
		expect(page).toEqual({ title: 'Done', html: '<b>access taken</b>' });
	});

	it.each([
		['a no', [suspend, NO], 'You said no.'],
		['a mistake', [{ ...suspend, reason: '' }], 'Enter a reason. Go back, or open the form again.'],
	])('appends nothing after %s', async (_what, answers, html) => {
		const { page, events } = await open(...answers);
		expect(events).toEqual([]);
		expect(page).toEqual({ title: 'Nothing was changed', html });
	});

	it.each([[[]], [[suspend]]])('ends without a page where one was left open', async (answers) => {
		const { last, events } = await open(...answers);
		expect(events).toEqual([]);
		expect(last).toBe('Plan Change');
	});

	it('sets the player, by the keys of the plan', async () => {
		const answer = { action: 'Set player', player: 'Eve', discord: '', reason: 'new name' };
		const { rows, itemsOf } = await open(answer, YES);
		expect(itemsOf('Describe Access')[0]?.html).toContain('Player: <b>Eve</b>');
		expect(rows).toMatchObject([
			{ event: 'override.player', customer_properties: '{"name":"Eve","discord_id":null}' },
		]);
	});
});

describe('The undo’s form', () => {
	const open = async (minutes: number, ...answers: IDataObject[]) =>
		await fillIn(
			'Open the Undo Form',
			{ minutes, email: '', actor: 'Olivia', reason: 'a wrong plan' },
			answers,
		);

	it('previews with the hold and the restore counted, and appends both after a yes', async () => {
		const { page, events, itemsOf } = await open(60, YES);
		expect(itemsOf('Resolve Entitlements')).toMatchObject([
			{ customer_id: '77', access: 'hold', restored_under_hold: '{"a":["schedule.read"]}' },
		]);
		expect(itemsOf('Describe Access')[0]).toMatchObject({ title: 'Undo' });
		expect(events).toEqual(['override.hold', 'restore.requested']);
		expect(page?.html).toContain('Put back: 1 of 1.');
	});

	it('appends nothing after a no, nor without a number of minutes', async () => {
		expect(await open(60, NO)).toMatchObject({ events: [], page: { html: 'You said no.' } });
		const { page, events } = await open(0);
		expect(events).toEqual([]);
		expect(page?.html).toBe('Enter a number of minutes.');
	});
});
