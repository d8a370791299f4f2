import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { describeLosses, type HeldCustomer } from '../../../../domain/operator/losses';
import { inputOf } from '../list';

const displayOptions = { show: { resource: ['form'], operation: ['describeLosses'] } };

export const describeLossesProperties: INodeProperties[] = [
	{
		displayName:
			'Input: rows of paymenter_customers. Output: one item with the number of customers whose loss is held back, and their list as HTML.',
		name: 'describeLossesNotice',
		type: 'notice',
		default: '',
		displayOptions,
	},
	{
		displayName: 'Operator',
		name: 'actor',
		type: 'string',
		default: '',
		displayOptions,
		description: 'The name that was entered. Without one there is nothing to confirm.',
	},
];

/** Form → Describe Losses */
export function losses(this: IExecuteFunctions): INodeExecutionData[] {
	const actor = String(this.getNodeParameter('actor', 0) ?? '');
	const json = describeLosses(inputOf<HeldCustomer>(this), actor);
	return [{ json: { ...json }, pairedItem: { item: 0 } }];
}
