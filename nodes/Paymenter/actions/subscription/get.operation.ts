import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { textField } from '../../../shared/fields';
import { forEachItem } from '../../../shared/failedItem';
import type { Operation } from '../../../shared/operation';
import { paymenterOf } from '../../transport/client';

/** Subscription → Get: reads one subscription for each item. */
async function get(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const paymenter = await paymenterOf(this);
	return await forEachItem(this, async (itemIndex) => {
		const id = String(this.getNodeParameter('subscriptionId', itemIndex)).trim();
		const isId = /^\d+$/.test(id);
		const service = isId ? await paymenter.service(id) : null;
		if (service) return [service];
		const wrong = isId
			? `Subscription ${id} does not exist in Paymenter`
			: `Invalid subscription ID "${id}": it must be an integer`;
		throw new NodeOperationError(this.getNode(), wrong, { itemIndex });
	});
}

export const getOperation: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get a subscription from Paymenter',
	action: 'Get a subscription',
	properties: [
		textField(
			'Subscription ID',
			'subscriptionId',
			'The ID of the service in Paymenter, as in the URL of its page',
			{ required: true, placeholder: 'e.g. 12345' },
		),
	],
	execute: get,
};
