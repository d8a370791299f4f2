import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { shownFor } from './fields';

export interface Operation {
	name: string;
	value: string;
	description: string;
	action: string;
	/** The fields of this operation alone. */
	properties?: INodeProperties[];
	/** The names of its outputs; without them it has one. */
	outputs?: readonly string[];
	/** Takes all input items at once. Returns the items of each output. */
	execute: (this: IExecuteFunctions) => INodeExecutionData[][] | Promise<INodeExecutionData[][]>;
}

export async function executeChosen(
	context: IExecuteFunctions,
	operations: Operation[],
): Promise<INodeExecutionData[][]> {
	const chosen = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ value }) => value === chosen);
	if (!operation) {
		throw new NodeOperationError(context.getNode(), `Unknown operation ${JSON.stringify(chosen)}`);
	}
	return await operation.execute.call(context);
}

export const oneOutput = (
	execute: (this: IExecuteFunctions) => INodeExecutionData[] | Promise<INodeExecutionData[]>,
): Operation['execute'] =>
	async function (this: IExecuteFunctions) {
		return [await execute.call(this)];
	};

/** The fields that choose an operation of a resource, and the fields of these operations. */
export const fieldsOf = (
	resource: string,
	operations: Operation[],
	otherwise: string,
): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ name, value, description, action }) => ({
			name,
			value,
			description,
			action,
		})),
		default: otherwise,
	},
	...operations.flatMap(({ value, properties = [] }) => shownFor(resource, [value], properties)),
];

/** The outputs of a node, where some operations have several: an expression, as in n8n's own Switch node. */
export function outputsOf(operations: Operation[]): INodeTypeDescription['outputs'] {
	const type = NodeConnectionTypes.Main;
	const named = Object.fromEntries(
		operations
			.filter(({ outputs }) => outputs)
			.map(({ value, outputs }) => [value, outputs?.map((displayName) => ({ type, displayName }))]),
	);
	return `={{ (${JSON.stringify(named)})[$parameter["operation"]] ?? ["${type}"] }}`;
}
