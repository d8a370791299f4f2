import type { IExecuteFunctions, INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { timeoutField } from '../../../shared/timeout.fields';
import { paymenterOf } from '../../transport/connection';
import type { Paymenter } from '../../transport/client';
import { PaymenterError } from '../../transport/errors';

type Option = NonNullable<INodeProperties['options']>[number] & Partial<INodePropertyCollection>;

export const connectionOptions: Option[] = [
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 200,
		description: 'How many subscriptions to read per call',
	},
	{
		displayName: 'Retries',
		name: 'retries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 3,
		description: 'How often to retry a call after a transient error',
	},
	timeoutField,
];

/** Connects to Paymenter with the node's credential and the options in this collection. */
export async function paymenterAt(
	context: IExecuteFunctions,
	collection: string,
): Promise<Paymenter> {
	const { pageSize, retries, timeout } = context.getNodeParameter(collection, 0, {}) as {
		pageSize?: number;
		retries?: number;
		timeout?: number;
	};
	return await paymenterOf(context, {
		...(pageSize ? { pageSize } : {}),
		...(retries !== undefined ? { retries } : {}),
		...(timeout ? { timeoutMs: timeout * 1000 } : {}),
	});
}

/** Wraps an error for n8n; a `PaymenterError` keeps its advice as the description. */
export function asNodeError(context: IExecuteFunctions, error: unknown, itemIndex: number) {
	if (error instanceof NodeOperationError) return error;
	return new NodeOperationError(context.getNode(), error as Error, {
		itemIndex,
		...(error instanceof PaymenterError ? { description: error.advice } : {}),
	});
}
