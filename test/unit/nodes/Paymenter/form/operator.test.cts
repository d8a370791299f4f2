import { NodeHelpers, Workflow, type INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../../nodes/Paymenter/Paymenter.node';
import { formOperations } from '../../../../../nodes/Paymenter/actions/operations';
import { event, customer } from '../../../support/billing.cjs';
import { paymenterForm } from '../../../support/paymenterForm.cjs';

const entitlement = customer([event('created', '05-01')], '05-03');
const item = { entitlement, known_tiers: ['knight'] } as never;

const override: INodeParameters = {
	action: 'Suspend',
	reason: 'why',
	actor: 'Olivia',
	customerId: '77',
	customerEmail: 'ada@example.com',
};

async function plannedOverride() {
	const [planned] = await paymenterForm('planOverride', override);
	return planned ?? [];
}

const CHANGES = [
	{ customer: 'customer:77', customer_email: 'ada@example.com', server_id: 'a', before: 'x.y' },
];
const undo = { changes: CHANGES as never, minutes: 60, actor: 'Olivia', reason: 'why' };

describe('Form → Describe Customer', () => {
	it('outputs the page and the keys of the customer', async () => {
		expect(await paymenterForm('describeCustomer', { email: 'ada@example.com' }, [item])).toEqual([
			[
				expect.objectContaining({
					customer: 'customer:77',
					html: expect.stringContaining('ada@example.com') as string,
				}),
			],
		]);
	});

	it('takes an empty item for nobody', async () => {
		const [[page]] = (await paymenterForm('describeCustomer', { email: 'x@y.z' })) as [[object]];
		expect(page).toMatchObject({ customer: 'email:x@y.z' });
	});
});

describe('Form → Plan Override', () => {
	it('outputs an event with an id of its own', async () => {
		const [events, problems] = await paymenterForm('planOverride', override);
		expect(events).toEqual([
			expect.objectContaining({
				event_id: expect.stringMatching(/^operator-12-\d+$/) as string,
				event: 'override.set',
			}),
		]);
		expect(problems).toEqual([]);
	});

	it('outputs a page on the second output if something is missing', async () => {
		expect(await paymenterForm('planOverride', { ...override, reason: '' })).toEqual([
			[],
			[
				{
					title: 'Nothing was changed',
					html: 'Enter a reason. Go back, or open the form again.',
				},
			],
		]);
		const until = '<b>{soon}';
		const [, [page] = []] = await paymenterForm('planOverride', { ...override, until });
		expect(page?.html).toContain('&#60;b&#62;&#123;soon&#125; is not a date');
	});

	it('outputs nothing for a page that was left open', async () => {
		expect(await paymenterForm('planOverride', { ...override, action: '' })).toEqual([[], []]);
	});
});

describe('Form → Describe Preview', () => {
	it('describes what a proposed event would change', async () => {
		const proposed = (await plannedOverride()) as never;
		const [[page]] = (await paymenterForm('describePreview', { proposed }, [item])) as [[object]];
		expect(page).toEqual({ html: expect.stringContaining('<b>Suspend</b>. why') as string });
		const json = JSON.stringify(proposed);
		expect(await paymenterForm('describePreview', { proposed: json }, [item])).toEqual([[page]]);
	});

	it('refuses what is not a list of rows', async () => {
		await expect(paymenterForm('describePreview', { proposed: '{}' })).rejects.toThrow(
			'"proposed" must be a list',
		);
	});
});

describe('Form → Check Answer', () => {
	it('outputs the rows only after a clear yes', async () => {
		const [row] = await plannedOverride();
		const events = [row] as never;
		const at = await paymenterForm('checkAnswer', { answer: 'Yes, do it', events });
		expect(at).toEqual([[expect.objectContaining({ event_id: row?.event_id })], []]);
		expect(await paymenterForm('checkAnswer', { answer: 'No, change nothing', events })).toEqual([
			[],
			[{ title: 'Nothing was changed', html: 'You said no.' }],
		]);
		expect(await paymenterForm('checkAnswer', { answer: '', events })).toEqual([[], []]);
	});
});

describe('Form → Describe Outcome', () => {
	const events = [{ event: 'override.set', customer_id: '77', processed_at: null }] as never;

	it('asks for another turn until the last one', async () => {
		const look = async (turn: number, mostTurns = 30) =>
			await paymenterForm('describeOutcome', { events, turn, mostTurns });
		expect(await look(0)).toEqual([[], [{}]]);
		expect(await look(28)).toEqual([[], [{}]]);
		expect(await look(29)).toEqual([[expect.objectContaining({ title: 'Stored' })], []]);
		expect((await look(29, 60))[0]).toEqual([]);
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

describe('Form → Plan Undo', () => {
	it('outputs an item per customer', async () => {
		const [plan, nothing] = await paymenterForm('planUndo', undo);
		expect(plan).toEqual([
			expect.objectContaining({
				customer: 'customer:77',
				recorded: { a: ['x.y'] },
				events: [
					expect.objectContaining({
						event_id: expect.stringMatching(/^undo-12-\d+-1-hold$/) as string,
					}),
					expect.objectContaining({ event: 'restore.requested' }),
				],
			}),
		]);
		expect(nothing).toEqual([]);
	});

	it('outputs a page on the second output if there is nothing to undo', async () => {
		const [plan, nothing] = await paymenterForm('planUndo', { ...undo, changes: [{}] as never });
		expect(plan).toEqual([]);
		expect(nothing).toEqual([
			{
				title: 'Nothing was changed',
				html: 'In that time no access was changed, so there is nothing to undo.',
			},
		]);
	});
});

describe('Form → Describe Undo', () => {
	it('outputs the page', async () => {
		expect(await paymenterForm('describeUndo', {}, [{ outcome: 'unchanged' }])).toEqual([
			[{ html: expect.stringContaining('in that time: 1.') as string }],
		]);
	});
});

describe('The operations of the forms', () => {
	it.each([
		['planOverride', ['Event', 'Problem']],
		['checkAnswer', ['Confirmed', 'Declined']],
		['describeOutcome', ['Result', 'Not Yet']],
		['planUndo', ['Plan', 'Nothing to Undo']],
		['describeUndo', ['']],
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
		const names = formOperations.map(({ name }) => name);
		expect(names).toEqual([...names].sort());
		for (const { value, properties } of formOperations) {
			for (const { displayOptions } of properties!) {
				expect(displayOptions).toEqual({ show: { resource: ['form'], operation: [value] } });
			}
		}
	});
});
