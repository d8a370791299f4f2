import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	NodeConnectionTypes,
	Workflow,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** What stands in for a node: its output items by output, or an error to throw. */
export type Stub = (input: IDataObject[], node: INode) => IDataObject[][];

/**
 * Runs a shipped workflow in n8n's own engine. Nodes of n8n and of the panel are replaced by stubs, by
 * their names; those in `real`, by their types, are not.
 */
export async function runWorkflow(
	file: string,
	setting: { start: string; stubs: Record<string, Stub>; real: Record<string, INodeType> },
) {
	const path = join(__dirname, '..', '..', '..', 'workflows', file);
	const exported = JSON.parse(readFileSync(path, 'utf8')) as ConstructorParameters<
		typeof Workflow
	>[0];
	const { start, stubs, real } = setting;
	const stubbed: INodeType = {
		description: {
			displayName: 'Stub',
			name: 'stub',
			group: [],
			version: [1, 1.1, 1.2, 2, 2.2, 2.5, 2.6],
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			const node = this.getNode();
			const input = this.getInputData().map(({ json }) => json);
			const outputs = stubs[node.name]?.(input, node) ?? [input];
			return outputs.map((items) =>
				items.map((json, index) => ({
					json,
					pairedItem: { item: items.length === input.length ? index : 0 },
				})),
			);
		},
	};
	const typeOf = (name: string) => real[name] ?? stubbed;
	const nodeTypes: INodeTypes = {
		getByName: typeOf,
		getByNameAndVersion: typeOf,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({
		...exported,
		nodes: exported.nodes.filter(({ type }) => !type.endsWith('.stickyNote')),
		nodeTypes,
	});
	const additionalData = {
		executionId: '512',
		webhookWaitingBaseUrl: 'https://n8n.example.com/webhook-waiting',
		formWaitingBaseUrl: 'https://n8n.example.com/form-waiting',
		hooks: new ExecutionLifecycleHooks('trigger', '512', {
			...exported,
			id: '1',
		} as unknown as ConstructorParameters<typeof ExecutionLifecycleHooks>[2]),
		credentialsHelper: { getParentTypes: () => [] },
	} as unknown as IWorkflowExecuteAdditionalData;
	const engine = new WorkflowExecute(additionalData, 'trigger');
	const begin = workflow.getNode(start);
	if (!begin) throw new Error(`No node is called ${start}`);
	const run = await engine.run({ workflow, startNode: begin });
	const { runData, lastNodeExecuted = '', error } = run.data.resultData;
	/** The items of a node's output, without what surrounds them. */
	const itemsOf = (node: string, output = 0) =>
		(runData[node]?.at(-1)?.data?.main?.[output] ?? []).map(({ json }) => json);
	return { ran: Object.keys(runData), last: lastNodeExecuted, error, itemsOf };
}
