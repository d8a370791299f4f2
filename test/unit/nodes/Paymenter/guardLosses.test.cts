import {
	NodeHelpers,
	Workflow,
	type IDataObject,
	type INodeParameters,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { ExecuteContext } from 'n8n-core';

import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { paymenter } from '../../support/paymenterNode.cjs';
import { surroundings } from '../../support/running.cjs';
import { correction, gaining, heldRow, losing, range, seen } from '../../support/guarded.cjs';

const type = new Paymenter();

/** The items of each output. */
async function guard(
	rows: object[],
	parameters: INodeParameters = {},
	mode: WorkflowExecuteMode = 'trigger',
): Promise<IDataObject[][]> {
	const { node, workflow, additionalData } = surroundings({
		type,
		parameters: { resource: 'subscription', operation: 'guardLosses', ...parameters },
		credential: { name: 'paymenterApi', data: {}, authenticate: async (request) => request },
	});
	const items = rows.map((json) => ({ json: json as IDataObject }));
	const context = new ExecuteContext(
		workflow,
		node,
		{ ...additionalData, executionId: '512' },
		mode,
		{ resultData: { runData: {} } } as unknown as ConstructorParameters<typeof ExecuteContext>[4],
		0,
		items,
		{ main: [items] },
		{ node, data: { main: [items] }, source: null },
		[],
	);
	const outputs = (await type.execute.call(context)) as Array<Array<{ json: IDataObject }>>;
	return outputs.map((output) => output.map(({ json }) => json));
}

const json = (value: unknown) => JSON.stringify(value);
const four = range(4).map((id) => losing(id, 'Aurora'));

describe('Subscription → Guard Losses', () => {
	it('gives rows, no alert and a summary', async () => {
		const [events, alert, page, summary] = await guard([gaining(1), seen(2)]);
		expect(events?.map(({ event_id: id }) => id)).toEqual([
			'reconcile-512-apply.requested-customer:1',
		]);
		expect([alert, page]).toEqual([[], []]);
		expect(summary).toMatchObject([{ customers: 2, apply_requested: 1, held: 0 }]);
	});

	it('asks for those who wait for the panel’s limit only if executed by hand', async () => {
		const row = {
			customer: 'customer:1',
			retry_at: '2026-05-20T09:00:00.000Z',
			granted: '{"aurora":["websocket.connect"]}',
		};
		const asked = async (mode: WorkflowExecuteMode) =>
			(await guard([gaining(1)], { customerRows: json([row]) }, mode))[3]?.[0];
		expect(await asked('trigger')).toMatchObject({ apply_requested: 0, waiting: 1 });
		expect(await asked('manual')).toMatchObject({ apply_requested: 1, waiting: 0 });
	});

	it('gives the alert, with the form’s address', async () => {
		const formUrl = 'https://n8n.example.com/form/paymenter-losses';
		const [, alert] = await guard(four, { formUrl });
		expect(alert).toHaveLength(1);
		expect(alert?.[0]?.what_to_do).toContain(formUrl);
	});

	it('takes lists as JSON, and what stands for nothing as nothing', async () => {
		const failures = json([{}, { error: 'No answer', details: { advice: 'Start it' } }]);
		const [events, alert] = await guard([{}, gaining(1)], {
			corrections: json([{}, correction(1)]),
			customerRows: '',
			failures,
		});
		expect(events?.map(({ event }) => event)).toEqual(['subscription.cancelled']);
		expect(alert?.[0]?.what_to_do).toBe('Start it.');
		expect((await guard([{}]))[3]).toMatchObject([{ customers: 0 }]);
	});

	it('takes no row of the log for a correction', async () => {
		const rows = [{ ...correction(1), id: 7, createdAt: '2026-05-20T04:16:00.000Z' }];
		const [events] = await guard([seen(1)], { corrections: json(rows) });
		expect(events).toEqual([]);
	});

	it('lets through what somebody with a name confirmed', async () => {
		const customerRows = json(range(4).map((id) => heldRow(id, 'Aurora')));
		const letThrough = async (confirmedBy: string) =>
			(await guard(four, { customerRows, confirmedBy }))[3]?.[0]?.let_through;
		expect(await letThrough(' Olivia ')).toBe(4);
		expect(await letThrough('  ')).toBe(0);
	});

	it('gives who confirmed a page instead of an alert', async () => {
		const [, alert, page] = await guard(four, { confirmedBy: 'Olivia' });
		expect(alert).toEqual([]);
		expect(page).toMatchObject([
			{ title: 'Look at this', html: expect.stringContaining('4 of 4 customers') as string },
		]);
	});

	it('refuses what is not a list', async () => {
		await expect(guard([], { corrections: '{"a":1}' })).rejects.toThrow('"corrections" must be');
		await expect(guard([], { failures: 'no' })).rejects.toThrow('"failures" must be a list');
	});

	it('takes ten thousand customers in no time', async () => {
		const many = range(10_000).map((id) => (id % 100 === 0 ? gaining(id) : seen(id)));
		const started = Date.now();
		const [events] = await guard(many);
		expect(events).toHaveLength(100);
		expect(Date.now() - started).toBeLessThan(2000);
	});
});

describe('Subscription → Compare that goes on after an error', () => {
	it('gives the error, so that the log is not taken for the corrections', async () => {
		const shop = { url: 'https://billing.example.com', apiKey: 'PAYM-1' };
		const items = [{ event: 'no such event' }];
		const output = await paymenter(shop, { operation: 'compare', items, continueOnFail: true });
		expect(output).toMatchObject([
			{ json: { error: expect.stringContaining('Item 0 is not a row') as string } },
		]);
	});
});

describe('The outputs of the Paymenter node', () => {
	const named = (parameters: INodeParameters, onError?: 'continueErrorOutput') => {
		const { node, workflow } = surroundings({
			type,
			parameters,
			credential: { name: 'paymenterApi', data: {}, authenticate: async (request) => request },
		});
		return NodeHelpers.getNodeOutputs(
			workflow as Workflow,
			{ ...node, ...(onError ? { onError } : {}) },
			type.description,
		).map((output) => (typeof output === 'string' ? output : (output.displayName ?? output.type)));
	};

	it('are those of the operation', () => {
		expect(named({ resource: 'subscription', operation: 'guardLosses' })).toEqual([
			'Events',
			'Alert',
			'Page',
			'Summary',
		]);
		expect(named({ resource: 'subscription', operation: 'resolve' })).toEqual([
			'Entitlements',
			'More to Read',
		]);
		expect(named({})).toEqual(['Entitlements', 'More to Read']);
		expect(named({ resource: 'form', operation: 'describeAccess' })).toEqual(['main']);
	});

	it('are followed by the error output', () => {
		const compare = { resource: 'subscription', operation: 'compare' };
		expect(named(compare, 'continueErrorOutput')).toEqual(['Success', 'Error']);
	});
});
