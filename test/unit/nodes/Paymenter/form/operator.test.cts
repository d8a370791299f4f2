// First: it replaces n8n's sleep.
import { pauses } from '../../../support/running.cjs';

import { NodeHelpers, Workflow, type IDataObject, type INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../../nodes/Paymenter/Paymenter.node';
import { RESOURCES } from '../../../../../nodes/Paymenter/actions/operations';
import { event, customer } from '../../../support/billing.cjs';
import { paymenterForm } from '../../../support/paymenterForm.cjs';

const entitlement = customer([event('created', '05-01')], '05-03');
const item = { entitlement, known_tiers: ['knight'] } as never;

const OVERRIDE = { email: ' Ada@example.com', actor: 'Olivia' };
const UNDO = { minutes: 60, email: '', actor: 'Olivia', reason: 'why' };
const CHANGES = [
	{ customer: 'customer:77', customer_email: 'ada@example.com', server_id: 'a', before: 'x.y' },
];

const plan = async (parameters: object, input: IDataObject = {}) =>
	await paymenterForm('planChange', parameters as INodeParameters, [input]);

async function shown(proposals: IDataObject[]) {
	const [pages] = await paymenterForm('describeAccess', { proposals: proposals as never }, [item]);
	return pages?.[0] ?? {};
}

/** The page after the first one of an override. */
async function lookedAt() {
	const [proposals = []] = await plan({ overrideForm: OVERRIDE });
	return await shown(proposals);
}

const answered = async (page: IDataObject, answer: object) =>
	await plan({ overrideForm: OVERRIDE, page }, answer as IDataObject);

describe('Form → Plan Change, for an override', () => {
	it('looks at the customer first', async () => {
		expect(await plan({ overrideForm: OVERRIDE })).toEqual([
			[{ customer_id: null, customer_email: 'ada@example.com', events: [] }],
			[],
			[],
		]);
		expect(await lookedAt()).toMatchObject({
			customer: 'customer:77',
			html: expect.stringContaining('ada@example.com') as string,
		});
	});

	it('then previews an event with an id of its own', async () => {
		const [proposals = [], ...rest] = await answered(await lookedAt(), {
			action: 'Suspend',
			reason: 'why',
		});
		expect(proposals).toEqual([
			{
				customer_id: '77',
				customer_email: 'ada@example.com',
				events: [
					expect.objectContaining({
						event_id: expect.stringMatching(/^operator-12-\d+-override$/) as string,
						event: 'override.set',
						actor: 'Olivia',
					}),
				],
			},
		]);
		expect(rest).toEqual([[], []]);
		expect((await shown(proposals)).html).toContain('<b>Suspend</b>. why');
	});

	it('ends with a page if something is missing', async () => {
		const page = await lookedAt();
		expect(await answered(page, { action: 'Suspend', reason: '' })).toEqual([
			[],
			[],
			[
				{
					title: 'Nothing was changed',
					html: 'Enter a reason. Go back, or open the form again.',
				},
			],
		]);
		expect(await answered(page, { action: 'Give a tier', tier: null, reason: 'x' })).toMatchObject([
			[],
			[],
			[{ html: expect.stringContaining('Choose the tier') as string }],
		]);
		const until = '<b>{soon}';
		const [, , [last] = []] = await answered(page, { action: 'Suspend', reason: 'x', until });
		expect(last?.html).toContain('&#60;b&#62;&#123;soon&#125; is not a date');
	});

	it('appends after a clear yes only, and nothing for a page that was left open', async () => {
		const look = await lookedAt();
		const [proposals = []] = await answered(look, { action: 'Suspend', reason: 'why' });
		const page = await shown(proposals);
		const [event] = page.events as IDataObject[];
		expect(await answered(page, { confirm: 'Yes, do it' })).toEqual([
			[],
			[expect.objectContaining({ event_id: event?.event_id })],
			[],
		]);
		expect(await answered(page, { confirm: 'No, change nothing' })).toEqual([
			[],
			[],
			[{ title: 'Nothing was changed', html: 'You said no.' }],
		]);
		// n8n goes on with the page itself.
		expect(await answered(page, page)).toEqual([[], [], []]);
		expect(await answered(look, look)).toEqual([[], [], []]);
	});
});

describe('Form → Plan Change, for an undo', () => {
	const undone = async (changes: object[]) =>
		await plan({ undoForm: UNDO, changes }, { customer: 'customer:77' });

	it('previews the hold and the restore of each customer', async () => {
		const [proposals = [], ...rest] = await undone(CHANGES);
		expect(proposals).toEqual([
			expect.objectContaining({
				customer_id: '77',
				events: [
					expect.objectContaining({
						event_id: expect.stringMatching(/^operator-12-\d+-1-hold$/) as string,
					}),
					expect.objectContaining({ event: 'restore.requested', recorded: '{"a":["x.y"]}' }),
				],
			}),
		]);
		expect(rest).toEqual([[], []]);
		const page = await shown(proposals);
		expect(page.html).toContain('in that time: 1.');
		const [, rows] = await plan(
			{ undoForm: UNDO, changes: CHANGES, page },
			{
				confirm: 'Yes, do it',
			},
		);
		expect(rows).toHaveLength(2);
	});

	it('ends with a page if there is nothing to undo', async () => {
		expect(await undone([{}])).toEqual([
			[],
			[],
			[
				{
					title: 'Nothing was changed',
					html: 'In that time no access was changed, so there is nothing to undo.',
				},
			],
		]);
	});

	it('refuses what is not a list of rows', async () => {
		await expect(plan({ undoForm: UNDO, changes: '{}' })).rejects.toThrow(
			'"changes" must be a list',
		);
	});
});

describe('Form → Describe Access', () => {
	it('takes an empty item for nobody', async () => {
		const proposals = [{ customer_id: null, customer_email: 'x@y.z', events: [] }] as never;
		const [[page]] = (await paymenterForm('describeAccess', { proposals })) as [[object]];
		expect(page).toMatchObject({ customer: 'email:x@y.z' });
	});
});

describe('Form → Describe Outcome', () => {
	const events = [{ event: 'override.set', customer_id: '77', processed_at: null }] as never;

	it('asks for another turn after two seconds, until the last one', async () => {
		const look = async (turn: number) => await paymenterForm('describeOutcome', { events, turn });
		expect(await look(0)).toEqual([[], [{}]]);
		expect(pauses).toEqual([2000]);
		expect(await look(58)).toEqual([[], [{}]]);
		expect(await look(59)).toEqual([[expect.objectContaining({ title: 'Stored' })], []]);
		expect(pauses).toEqual([]);
	});

	it('outputs the last page once the events are processed', async () => {
		const done = [{ customer_id: '77', processed_at: '2026-05-03T10:00:00Z' }] as never;
		const row = { customer_id: '77', last_result: 'fine' };
		expect(await paymenterForm('describeOutcome', { events: done }, [row])).toEqual([
			[{ title: 'Done', html: '<b>fine</b>' }],
			[],
		]);
	});

	it('takes an empty item for an event that is not there yet', async () => {
		expect(await paymenterForm('describeOutcome', { events: [{}] as never })).toEqual([[], [{}]]);
	});
});

describe('The operations of the forms', () => {
	it.each([
		['checkAnswer', ['Confirmed', 'Declined']],
		['describeAccess', ['']],
		['describeLosses', ['To Confirm', 'Nothing']],
		['describeOutcome', ['Result', 'Not Yet']],
		['planChange', ['Preview', 'Confirmed', 'Ended']],
	])('%s has the outputs %j', (operation, names) => {
		const type = new Paymenter();
		const node = {
			...{ id: '1', name: 'Form', type: 'paymenter', typeVersion: 1 },
			position: [0, 0] as [number, number],
			parameters: { resource: 'form', operation },
		};
		const nodeTypes = {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		const outputs = NodeHelpers.getNodeOutputs(workflow, node, type.description);
		const named = names.map((displayName) => ({ type: 'main', displayName }));
		expect(outputs).toEqual(names[0] === '' ? ['main'] : named);
	});

	it('are sorted, and show only their own fields', () => {
		const names = RESOURCES.form.operations.map(({ name }) => name);
		expect(names).toEqual([...names].sort());
		const shown = new Paymenter().description.properties;
		for (const { value, properties = [] } of RESOURCES.form.operations) {
			for (const { name, displayName } of properties) {
				const field = shown.find((one) => one.name === name && one.displayName === displayName);
				const show = { resource: ['form'], operation: [value] };
				expect(field?.displayOptions).toEqual({ show });
			}
		}
	});
});
