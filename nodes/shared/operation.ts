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
	/** Takes all input items at once. Returns the items, or those of each named output. */
	execute: (this: IExecuteFunctions) => Items | Promise<Items>;
}

type Items = INodeExecutionData[] | INodeExecutionData[][];

export interface Resource {
	name: string;
	operations: Operation[];
	/** The operation that is chosen at first. */
	otherwise: string;
}

/** The resources of a node by their values. */
export type Resources = Record<string, Resource>;

export async function executeChosen(
	context: IExecuteFunctions,
	resources: Resources,
): Promise<INodeExecutionData[][]> {
	const resource = context.getNodeParameter('resource', 0) as string;
	const chosen = context.getNodeParameter('operation', 0);
	const operation = resources[resource]?.operations.find(({ value }) => value === chosen);
	if (!operation) {
		throw new NodeOperationError(context.getNode(), `Unknown operation ${JSON.stringify(chosen)}`);
	}
	const items = await operation.execute.call(context);
	return (operation.outputs ? items : [items]) as INodeExecutionData[][];
}

/** The fields that choose a resource and an operation of it, and the fields of all operations. */
export const fieldsOf = (resources: Resources, otherwise: string): INodeProperties[] => [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: Object.entries(resources).map(([value, { name }]) => ({ name, value })),
		default: otherwise,
	},
	...Object.entries(resources).flatMap(([resource, one]) => operationFields(resource, one)),
];

const operationFields = (
	resource: string,
	{ operations, otherwise }: Resource,
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
export function outputsOf(resources: Resources): INodeTypeDescription['outputs'] {
	const type = NodeConnectionTypes.Main;
	const named = Object.fromEntries(
		Object.values(resources)
			.flatMap(({ operations }) => operations)
			.filter(({ outputs }) => outputs)
			.map(({ value, outputs }) => [value, outputs?.map((displayName) => ({ type, displayName }))]),
	);
	return `={{ (${JSON.stringify(named)})[$parameter["operation"]] ?? ["${type}"] }}`;
}
