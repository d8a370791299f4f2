import type { IDataObject, INodeExecutionData, NodeOperationError } from 'n8n-workflow';

/**
 * An item for the error output that carries details besides the message. Measured on n8n 2.40.7: an
 * item with an `error` property loses all other data, and of the remaining items only those whose
 * JSON has no other keys than `error`, `message` and `details` go to the error output.
 */
export function failedItem(
	failure: NodeOperationError,
	item: number,
	details: IDataObject = {},
): INodeExecutionData {
	return {
		json: { error: failure.message, details: { advice: failure.description ?? '', ...details } },
		pairedItem: { item },
	};
}
