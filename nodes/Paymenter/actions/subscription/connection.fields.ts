import type { IExecuteFunctions, INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

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
		description: 'How many subscriptions Paymenter is asked for at a time',
	},
	{
		displayName: 'Retries',
		name: 'retries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 3,
		description: 'How often a call that failed for a passing reason is repeated',
	},
	{
		displayName: 'Timeout (Seconds)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 300 },
		default: 30,
		description: 'How long an answer of Paymenter may take',
	},
];

/** Paymenter as the credential and the operation's options (a collection of that name) say. */
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

/** Paymenter's error with what to do; other errors as they are. */
export function asNodeError(context: IExecuteFunctions, error: unknown, itemIndex: number) {
	if (error instanceof NodeOperationError) return error;
	return new NodeOperationError(context.getNode(), error as Error, {
		itemIndex,
		...(error instanceof PaymenterError ? { description: error.advice } : {}),
	});
}
