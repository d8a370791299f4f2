import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { asNodeError, connectionOptions, paymenterAt } from './connection.fields';
import { oneOutput, type Operation } from '../../../shared/operation';

const displayOptions = { show: { resource: ['subscription'], operation: ['getAll'] } };

const getManyProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		displayOptions,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { ...displayOptions.show, returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		displayOptions,
		options: [
			{
				displayName: 'Customer Email',
				name: 'customerEmail',
				type: 'string',
				default: '',
				placeholder: 'e.g. name@example.com',
				description: 'Only subscriptions of exactly this address, in any letter case',
			},
			{
				displayName: 'Product',
				name: 'product',
				type: 'string',
				default: '',
				placeholder: 'e.g. fire-knight',
				description: 'Only subscriptions of the product with exactly this slug',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				options: [
					{ name: 'Active', value: 'active' },
					{ name: 'Cancelled', value: 'cancelled' },
					{ name: 'Pending', value: 'pending' },
					{ name: 'Suspended', value: 'suspended' },
				],
				default: [],
				description: 'Only subscriptions with one of these statuses. None selected: all.',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'getManyOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions,
		options: connectionOptions,
	},
];

interface Filters {
	customerEmail?: string;
	product?: string;
	status?: string[];
}

/** Subscription → Get Many: all subscriptions that match the filters exactly. */
async function getMany(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (const index of this.getInputData().keys()) {
		const { customerEmail, product, status } = this.getNodeParameter('filters', index) as Filters;
		const limit = this.getNodeParameter('returnAll', index)
			? Infinity
			: (this.getNodeParameter('limit', index) as number);
		try {
			const paymenter = await paymenterAt(this, 'getManyOptions');
			const services = (await paymenter.services(status)).filter(
				(service) =>
					(!customerEmail || service.customer_email === customerEmail.trim().toLowerCase()) &&
					(!product || service.product_id === product.trim()),
			);
			output.push(
				...services
					.slice(0, limit)
					.map((service) => ({ json: { ...service }, pairedItem: { item: index } })),
			);
		} catch (error) {
			const failure = asNodeError(this, error, index);
			if (!this.continueOnFail()) throw failure;
			output.push(failedItem(failure, index));
		}
	}
	return output;
}

export const getManyOperation: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'Get subscriptions from Paymenter',
	action: 'Get many subscriptions',
	properties: getManyProperties,
	execute: oneOutput(getMany),
};
