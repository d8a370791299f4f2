import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../domain/json';

/**
 * A parameter that takes a list of objects: the name of a node whose items they are, an array, its JSON,
 * or items as `$('Node').all()` returns them. Only with the name are many items not copied into n8n's
 * sandbox for expressions and back. Empty objects, which "Always Output Data" makes, are left out.
 */
export function objectsAt<T extends object = IDataObject>(
	context: IExecuteFunctions,
	parameter: string,
): T[] {
	const value = context.getNodeParameter(parameter, 0, []) as unknown;
	const list = typeof value === 'string' ? listIn(context, value) : value;
	if (!Array.isArray(list)) {
		throw new NodeOperationError(
			context.getNode(),
			`"${parameter}" must be a list of objects or of items, or the name of a node`,
		);
	}
	return (list as Array<T & { json?: T }>)
		.map((entry) => entry.json ?? entry)
		.filter((entry) => Object.keys(entry).length > 0);
}

function listIn(context: IExecuteFunctions, text: string): unknown {
	const list = parseJson(text || '[]');
	if (list !== undefined) return list;
	try {
		const data = context.getWorkflowDataProxy(0) as unknown as {
			$: (node: string) => { all: () => unknown[] };
		};
		return data.$(text).all();
	} catch {
		return undefined;
	}
}

/** The input items, without empty ones. */
export const inputObjects = <T extends object = IDataObject>(context: IExecuteFunctions): T[] =>
	context
		.getInputData()
		.map(({ json }) => json as unknown as T)
		.filter((one) => Object.keys(one).length > 0);

/** A parameter that takes one object, as an object or as JSON; {} if it is empty. */
export function objectAt(context: IExecuteFunctions, parameter: string): IDataObject {
	const value = context.getNodeParameter(parameter, 0, {}) as unknown;
	const object = typeof value === 'string' ? parseJson(value || '{}') : (value ?? {});
	if (typeof object !== 'object' || object === null || Array.isArray(object)) {
		throw new NodeOperationError(context.getNode(), `"${parameter}" must be an object`);
	}
	return object as IDataObject;
}

/** A parameter as text; '' if it is empty. */
export const textAt = (context: IExecuteFunctions, parameter: string): string =>
	String(context.getNodeParameter(parameter, 0, '') ?? '');

/** An item of output. It comes from all of the input, but one link is enough for n8n. */
export const itemOf = (json: object): INodeExecutionData => ({
	json: { ...json } as IDataObject,
	pairedItem: { item: 0 },
});

/** Where the present execution can be looked at. */
export const executionUrlOf = (context: IExecuteFunctions): string =>
	`${context.getInstanceBaseUrl()}workflow/${context.getWorkflow().id ?? ''}/executions/${context.getExecutionId()}`;

/** A parameter that takes the items of another node, with their links to its input; false: it did not run. */
export function itemsAt(context: IExecuteFunctions, parameter: string): INodeExecutionData[] {
	const value = context.getNodeParameter(parameter, 0, []) as unknown;
	return Array.isArray(value) ? (value as INodeExecutionData[]) : [];
}

/** The place of the input item that an item came from; where n8n has lost it, its own place. */
export function placeOf({ pairedItem }: INodeExecutionData, otherwise: number): number {
	const [first] = [pairedItem ?? otherwise].flat();
	return typeof first === 'number' ? first : (first?.item ?? otherwise);
}
