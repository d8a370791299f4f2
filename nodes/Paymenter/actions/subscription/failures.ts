import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { PaymenterError } from '../../transport/errors';

/** The item that tells of an error. Throws it unless the node continues on fail. */
export function failureOf(
	context: IExecuteFunctions,
	error: unknown,
	itemIndex: number,
): INodeExecutionData {
	const failure =
		error instanceof NodeOperationError
			? error
			: new NodeOperationError(context.getNode(), error as Error, {
					itemIndex,
					description: error instanceof PaymenterError ? error.advice : undefined,
				});
	if (!context.continueOnFail()) throw failure;
	return failedItem(failure, itemIndex);
}

/** Outputs what is read for each input item. */
export async function forEachItem(
	context: IExecuteFunctions,
	read: (index: number) => Promise<object[]>,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const item of context.getInputData().keys()) {
		try {
			const found = await read(item);
			output.push(...found.map((json) => ({ json: json as IDataObject, pairedItem: { item } })));
		} catch (error) {
			output.push(failureOf(context, error, item));
		}
	}
	return output;
}
