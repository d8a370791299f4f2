import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../shared/json';

/** The objects in a JSON parameter. Empty ones, which "Always Output Data" makes, are left out. */
export function listAt<T extends object>(context: IExecuteFunctions, name: string): T[] {
	const value = context.getNodeParameter(name, 0);
	const list = typeof value === 'string' ? parseJson(value || '[]') : value;
	if (!Array.isArray(list)) {
		throw new NodeOperationError(context.getNode(), `"${name}" must be a JSON list`);
	}
	return (list as T[]).filter((one) => Object.keys(one).length > 0);
}

/** The input items, without empty ones. */
export const inputOf = <T extends object>(context: IExecuteFunctions): T[] =>
	context
		.getInputData()
		.map(({ json }) => json as unknown as T)
		.filter((one) => Object.keys(one).length > 0);
