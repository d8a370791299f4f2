import { describeLosses, type HeldCustomer } from '../../../../domain/operator/losses';
import type { Operation } from '../../../shared/operation';
import { itemOf, shownFor, textAt } from './formOperation';
import { inputObjects } from '../../../shared/items';

const displayOptions = shownFor('describeLosses');

export const describeLossesOperation: Operation = {
	name: 'Describe Losses',
	value: 'describeLosses',
	description: 'List the customers whose loss is held back',
	action: 'Describe losses to confirm',
	properties: [
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
	],
	execute() {
		const actor = textAt(this, 'actor');
		const json = describeLosses(inputObjects<HeldCustomer>(this), actor);
		return [[itemOf(json)]];
	},
};
