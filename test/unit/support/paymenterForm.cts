import type {
	IDataObject,
	IExecuteFunctions,
	IRunExecutionData,
	INodeParameters,
} from 'n8n-workflow';
import { ExecuteContext } from 'n8n-core';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';
import { surroundings } from './running.cjs';

const type = new Paymenter();

/** Runs an operation of the resource "form" in n8n's own context. Returns the items of each output. */
export async function paymenterForm(
	operation: string,
	parameters: INodeParameters,
	rows: IDataObject[] = [{}],
): Promise<IDataObject[][]> {
	const { node, workflow, additionalData } = surroundings({
		type,
		parameters: { resource: 'form', operation, ...parameters },
		credential: { name: 'none', data: {}, authenticate: async (request) => request },
	});
	const items = rows.map((json, item) => ({ json, pairedItem: { item } }));
	const context = new ExecuteContext(
		workflow,
		node,
		{ ...additionalData, executionId: '12' },
		'manual',
		{ resultData: { runData: {} } } as unknown as IRunExecutionData,
		0,
		items,
		{ main: [items] },
		{ node, data: { main: [items] }, source: null },
		[],
	);
	const outputs = await type.execute.call(context as IExecuteFunctions);
	return outputs.map((output) => output.map(({ json }) => json));
}
