import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import type { Operation } from '../../../shared/operation';

type Field = Pick<INodeProperties, 'displayName' | 'name' | 'description'> &
	Partial<INodeProperties>;

/** An operation of the resource "form": what it takes as input, and its fields. */
export function formOperation({
	input,
	fields = [],
	...operation
}: Omit<Operation, 'properties'> & { input: string; fields?: Field[] }): Operation {
	const displayOptions = { show: { resource: ['form'], operation: [operation.value] } };
	const notice: Field = {
		displayName: input,
		name: `${operation.value}Notice`,
		type: 'notice',
		default: '',
	};
	return {
		...operation,
		properties: [notice, ...fields].map((field) => ({
			type: 'json',
			default: '[]',
			displayOptions,
			...field,
		})),
	};
}

export const textField = (
	displayName: string,
	name: string,
	description: string,
	placeholder: string,
): Field => ({ displayName, name, type: 'string', default: '', description, placeholder });

export function textAt(context: IExecuteFunctions, name: string): string {
	const value = context.getNodeParameter(name, 0, '') as string | number | null | undefined;
	return String(value ?? '');
}

/** An item of output. It comes from all of the input, but one link is enough for n8n. */
export const itemOf = (json: object): INodeExecutionData => ({
	json: { ...json } as IDataObject,
	pairedItem: { item: 0 },
});
