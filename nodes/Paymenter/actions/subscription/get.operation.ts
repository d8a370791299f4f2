import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { asNodeError, connectionOptions, paymenterAt } from './connection.fields';
import { oneOutput, type Operation } from '../../../shared/operation';

const displayOptions = { show: { resource: ['subscription'], operation: ['get'] } };

const getProperties: INodeProperties[] = [
	{
		displayName: 'Subscription ID',
		name: 'subscriptionId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 12345',
		displayOptions,
		description: 'The ID of the service in Paymenter, as in the URL of its page',
	},
	{
		displayName: 'Options',
		name: 'getOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions,
		options: connectionOptions.filter(({ name }) => name !== 'pageSize'),
	},
];

/** Subscription → Get: reads one subscription for each item. */
async function get(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const paymenter = await paymenterAt(this, 'getOptions');
	const output: INodeExecutionData[] = [];
	for (const index of this.getInputData().keys()) {
		const id = String(this.getNodeParameter('subscriptionId', index)).trim();
		try {
			if (!/^\d+$/.test(id)) {
				throw new NodeOperationError(
					this.getNode(),
					`Invalid subscription ID "${id}": it must be an integer`,
					{ itemIndex: index },
				);
			}
			const service = await paymenter.service(id);
			if (!service) {
				throw new NodeOperationError(
					this.getNode(),
					`Subscription ${id} does not exist in Paymenter`,
					{ itemIndex: index },
				);
			}
			output.push({ json: { ...service }, pairedItem: { item: index } });
		} catch (error) {
			const failure = asNodeError(this, error, index);
			if (!this.continueOnFail()) throw failure;
			output.push(failedItem(failure, index, { subscription_id: id }));
		}
	}
	return output;
}

export const getOperation: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get a subscription from Paymenter',
	action: 'Get a subscription',
	properties: getProperties,
	execute: oneOutput(get),
};
