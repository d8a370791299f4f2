import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { describeLosses, type HeldCustomer } from '../../../../domain/operator/losses';
import { oneOutput, type Operation } from '../../../shared/operation';
import { inputObjects } from '../../../shared/items';

const displayOptions = { show: { resource: ['form'], operation: ['describeLosses'] } };

const describeLossesProperties: INodeProperties[] = [
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
function losses(this: IExecuteFunctions): INodeExecutionData[] {
	const actor = String(this.getNodeParameter('actor', 0) ?? '');
	const json = describeLosses(inputObjects<HeldCustomer>(this), actor);
	return [{ json: { ...json }, pairedItem: { item: 0 } }];
}

export const describeLossesOperation: Operation = {
	name: 'Describe Losses',
	value: 'describeLosses',
	description: 'List the customers whose loss is held back',
	action: 'Describe losses to confirm',
	properties: describeLossesProperties,
	execute: oneOutput(losses),
};
