import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testKey } from './transport/connection';
import { compareProperties, compareWithLog } from './actions/subscription/compare.operation';
import { get, getProperties } from './actions/subscription/get.operation';
import { getMany, getManyProperties } from './actions/subscription/getMany.operation';
import { resolve, resolveProperties } from './actions/subscription/resolve.operation';

export class Paymenter implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Paymenter',
		name: 'paymenter',
		icon: {
			light: 'file:../../icons/paymenter.svg',
			dark: 'file:../../icons/paymenter.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["resource"] + ": " + $parameter["operation"] }}',
		description:
			'Reads Paymenter’s subscriptions, and works out what its customers are entitled to',
		defaults: { name: 'Paymenter' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'paymenterApi',
				// Compare also runs without a credential, but then compares nothing.
				required: false,
				testedBy: 'paymenterKeyTest',
				displayOptions: { show: { operation: ['compare', 'get', 'getAll'] } },
			},
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Subscription', value: 'subscription' }],
				default: 'subscription',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['subscription'] } },
				options: [
					{
						name: 'Compare',
						value: 'compare',
						description: 'Find events that are missing in the event log',
						action: 'Compare with the event log',
					},
					{
						name: 'Get',
						value: 'get',
						description: 'Get a subscription from Paymenter',
						action: 'Get a subscription',
					},
					{
						name: 'Get Many',
						value: 'getAll',
						description: 'Get subscriptions from Paymenter',
						action: 'Get many subscriptions',
					},
					{
						name: 'Resolve',
						value: 'resolve',
						description: 'Work out from the event log what each customer is entitled to now',
						action: 'Resolve what customers are entitled to',
					},
				],
				default: 'resolve',
			},
			...compareProperties,
			...getProperties,
			...getManyProperties,
			...resolveProperties,
		],
	};

	methods = { credentialTest: { paymenterKeyTest: testKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		switch (this.getNodeParameter('operation', 0)) {
			case 'compare':
				return [await compareWithLog.call(this)];
			case 'get':
				return [await get.call(this)];
			case 'getAll':
				return [await getMany.call(this)];
			default:
				return resolve.call(this);
		}
	}
}
