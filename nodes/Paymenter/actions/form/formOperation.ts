import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../../shared/json';

/** An operation of the resource `form`. */
export interface FormOperation {
	name: string;
	value: string;
	description: string;
	action: string;
	properties: INodeProperties[];
	/** The names of its outputs; without them it has one. */
	outputs?: string[];
	/** Uses all input items at once. Returns the items of each output. */
	execute: (this: IExecuteFunctions) => INodeExecutionData[][];
}

/** Shows a field with one operation only. */
export const shownFor = (operation: string) => ({
	show: { resource: ['form'], operation: [operation] },
});

/** The input items without the empty one that "Always Output Data" adds. */
export const inputRows = <T>(context: IExecuteFunctions): T[] =>
	context
		.getInputData()
		.map(({ json }) => json)
		.filter((json) => Object.keys(json).length > 0) as T[];

export function textAt(context: IExecuteFunctions, name: string): string {
	const value = context.getNodeParameter(name, 0, '') as string | number | null | undefined;
	return String(value ?? '');
}

/** A field that holds a list of rows, as JSON or by expression. */
export function rowsAt<T>(context: IExecuteFunctions, name: string, label: string): T[] {
	const value = context.getNodeParameter(name, 0, []) as unknown;
	const rows = typeof value === 'string' ? parseJson(value) : value;
	if (!Array.isArray(rows)) {
		throw new NodeOperationError(context.getNode(), `"${label}" must be a JSON list of rows`);
	}
	return rows as T[];
}

/** An item of output. It comes from all of the input, but one link is enough for n8n. */
export const itemOf = (json: object): INodeExecutionData => ({
	json: { ...json } as IDataObject,
	pairedItem: { item: 0 },
});

/** Starts the ids of the events of this run. */
export const runId = (context: IExecuteFunctions, now: Date): string =>
	`${context.getExecutionId()}-${now.getTime()}`;
