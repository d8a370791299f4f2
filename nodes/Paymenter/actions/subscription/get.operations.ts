import { NodeOperationError } from 'n8n-workflow';

import { forEachItem } from '../../../shared/failedItem';
import { flagField, numberField, optionsField, textField } from '../../../shared/fields';
import type { Operation } from '../../../shared/operation';
import { paymenterOf } from '../../transport/client';

/** Subscription → Get: reads one subscription for each item. */
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
	async execute() {
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
	},
};

/** Subscription → Get Many: all subscriptions that match the filters exactly. */
export const getManyOperation: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'Get subscriptions from Paymenter',
	action: 'Get many subscriptions',
	properties: [
		flagField(
			'Return All',
			'returnAll',
			'Whether to return all results or only up to a given limit',
		),
		numberField('Limit', 'limit', 'Max number of results to return', {
			typeOptions: { minValue: 1 },
			default: 50,
			displayOptions: { show: { returnAll: [false] } },
		}),
		optionsField('Filters', 'filters', [
			textField(
				'Customer Email',
				'customerEmail',
				'Only subscriptions of exactly this address, in any letter case',
				{ placeholder: 'e.g. name@example.com' },
			),
			textField('Product', 'product', 'Only subscriptions of the product with exactly this slug', {
				placeholder: 'e.g. fire-knight',
			}),
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
		]),
	],
	async execute() {
		const paymenter = await paymenterOf(this);
		return await forEachItem(this, async (index) => {
			const { customerEmail, product, status } = this.getNodeParameter('filters', index) as {
				customerEmail?: string;
				product?: string;
				status?: string[];
			};
			const limit = this.getNodeParameter('returnAll', index)
				? Infinity
				: (this.getNodeParameter('limit', index) as number);
			const services = (await paymenter.services()).filter(
				(service) =>
					(!status?.length || status.includes(service.status)) &&
					(!customerEmail || service.customer_email === customerEmail.trim().toLowerCase()) &&
					(!product || service.product_id === product.trim()),
			);
			return services.slice(0, limit);
		});
	},
};
