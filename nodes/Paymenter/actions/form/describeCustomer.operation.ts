import { describeCustomer, type PreviewItem } from '../../../../domain/operator/describe';
import { itemOf, shownFor, textAt } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { inputObjects } from '../../../shared/items';

const displayOptions = shownFor('describeCustomer');

export const describeCustomerOperation: Operation = {
	name: 'Describe Customer',
	value: 'describeCustomer',
	description: 'Say who a customer is, what they are entitled to and what they have',
	action: 'Describe a customer',
	properties: [
		{
			displayName:
				'Input: what Preview Access outputs. Output: "html" and "fields" for the page, and the customer’s keys.',
			name: 'describeCustomerNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'E-Mail',
			name: 'email',
			type: 'string',
			default: '',
			placeholder: 'e.g. ada@example.com',
			displayOptions,
			description: 'The address that was searched for',
		},
	],
	execute() {
		const page = describeCustomer(inputObjects<PreviewItem>(this), textAt(this, 'email'));
		return [[itemOf(page)]];
	},
};
