import type { IDataObject } from 'n8n-workflow';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';
import { correction, heldRow, losing, range, seen } from '../support/guarded.cjs';
import { runWorkflow, type Stub } from '../support/workflowRun.cjs';

const PACKAGE = 'n8n-nodes-paymenter-pterodactyl';
const asItems = (list: object[]): IDataObject[] => list as IDataObject[];
const { description, execute } = new Paymenter();

interface Night {
	start?: string;
	preview: object[];
	customers?: object[];
	corrections?: object[];
	failure?: string;
	answer?: string;
}

async function night({ start = 'Every Night', ...told }: Night) {
	const { preview, customers = [], corrections = [], failure, answer = '' } = told;
	const stubs: Record<string, Stub> = {
		'Losses to Confirm': () => [[{ actor: 'Olivia' }]],
		'Get Held Customers': () => [asItems(customers)],
		'Confirm Losses': () => [[{ confirm: answer }]],
		'Get Tier Plan': () => [[{ tier_plan: { grace_days: 7, delete_account_after_days: null } }]],
		'Get Customers': () => [asItems(customers)],
		'Get Event Log': () => [],
		'Preview Changes': () => [asItems(preview)],
		'Append Events': (input) => [[{ insertedRows: input.length }]],
		Tell: (input) => {
			throw new Error(String(input[0]?.what_happened));
		},
	};
	class Stubbed extends Paymenter {
		async execute(this: ThisParameterType<typeof execute>) {
			if (this.getNode().name !== 'Compare with Paymenter') return await execute.call(this);
			const failed = failure ? [{ error: failure, details: { advice: 'Start it' } }] : corrections;
			return [asItems(failed).map((json) => ({ json, pairedItem: { item: 0 } }))];
		}
	}
	return await runWorkflow('reconcile.json', {
		start,
		stubs,
		real: { [`${PACKAGE}.paymenter`]: Object.assign(new Stubbed(), { description }) },
	});
}

const four = range(4).map((id) => losing(id, 'Aurora'));
const cancelled = range(4).map((id) => correction(id));

describe('The workflow Reconcile', () => {
	it('appends what Paymenter knows and the log does not, and starts Apply Access', async () => {
		const run = await night({ preview: [seen(1)], corrections: [correction(1)] });
		expect(run.error).toBeUndefined();
		expect(run.itemsOf('Guard Losses').map(({ event }) => event)).toEqual([
			'subscription.cancelled',
		]);
		expect(run.ran).toEqual(expect.arrayContaining(['Append Events', 'Start Apply Access']));
		expect(run.ran).not.toContain('Tell');
	});

	it('counts the corrections when it resolves', async () => {
		const run = await night({ preview: [], corrections: [correction(1)] });
		expect(run.itemsOf('Resolve Entitlements')).toMatchObject([{ customer: 'customer:1' }]);
	});

	it('appends nothing if there is nothing, and shows nobody a page', async () => {
		const run = await night({ preview: [seen(1)] });
		expect(run.last).toBe('Guard Losses');
		expect(run.itemsOf(run.last, 3)).toMatchObject([{ customers: 1, held: 0 }]);
	});

	it('holds a loss of many, and fails with it after everything else', async () => {
		const run = await night({ preview: four, corrections: cancelled });
		expect(run.itemsOf('Guard Losses').map(({ event }) => event)).toEqual(
			range(4).map(() => 'changes.held'),
		);
		expect(run.ran).toContain('Append Events');
		expect(run.last).toBe('Tell');
		expect(run.error?.message).toContain('4 of 4 customers');
		expect(run.itemsOf('Guard Losses', 1)).toMatchObject([
			{
				what_to_do: expect.stringContaining(
					'https://n8n.example.com/form/paymenter-losses',
				) as string,
			},
		]);
	});

	it('goes on without Paymenter, and tells', async () => {
		const run = await night({ preview: [losing(1, 'Aurora')], failure: 'Paymenter is down' });
		expect(run.itemsOf('Guard Losses').map(({ event }) => event)).toEqual(['apply.requested']);
		expect(run.error?.message).toBe('Paymenter could not be compared: Paymenter is down.');
	});
});

describe('The form Losses to Confirm', () => {
	const customers = [...range(4).map((id) => heldRow(id, 'Aurora')), seen(9)];
	const open = async (answer: string, more: Partial<Night> = {}) => {
		const run = await night({
			...{ start: 'Losses to Confirm', preview: four, corrections: cancelled, customers, answer },
			...more,
		});
		expect(run.error).toBeUndefined();
		return { ...run, page: run.itemsOf('Show Outcome')[0] };
	};

	it('says that nobody is held', async () => {
		const { page, ran } = await open('', { customers: [{}] });
		expect(page).toMatchObject({ title: 'Nothing to confirm' });
		expect(ran).not.toContain('Confirm Losses');
	});

	it('lets the losses through after a yes, and says so', async () => {
		const { page, itemsOf, ran } = await open('Yes, do it');
		expect(ran).toEqual(expect.arrayContaining(['Append Events', 'Start Apply Access']));
		expect(itemsOf('Guard Losses', 3)).toMatchObject([{ corrections: 4, let_through: 4, held: 0 }]);
		expect(page).toMatchObject({
			title: 'Done',
			html: expect.stringContaining('4 of 4') as string,
		});
	});

	it.each([
		['No, change nothing', { title: 'Nothing was changed' }],
		['', undefined],
	])('does nothing after %j', async (answer, last) => {
		const { page, ran } = await open(answer);
		expect(ran).not.toContain('Get Tier Plan');
		expect(page).toEqual(last && expect.objectContaining(last));
	});

	it('says whose loss it asks for again, and fails nothing', async () => {
		const { page, ran } = await open('Yes, do it', {
			preview: range(8, 11).map((id) => losing(id, 'Aurora')),
			customers: [heldRow(1, 'Aurora')],
		});
		expect(ran).not.toContain('Tell');
		expect(page).toMatchObject({
			title: 'Look at this',
			html: expect.stringContaining('8 of 8 customers') as string,
		});
	});
});
