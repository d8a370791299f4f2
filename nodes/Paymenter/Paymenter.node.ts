import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { CHECK_OUTPUTS, check, checkProperties } from './actions/queue/check.operation';
import { CHOOSE_OUTPUTS, choose, chooseProperties } from './actions/queue/choose.operation';
import { outputsByOperation } from '../shared/outputs';
import { NodeConnectionTypes } from 'n8n-workflow';

import { testKey } from './transport/connection';
import { compareProperties, compareWithLog } from './actions/subscription/compare.operation';
import { get, getProperties } from './actions/subscription/get.operation';
import { getMany, getManyProperties } from './actions/subscription/getMany.operation';
import { RESOLVE_OUTPUTS, resolve, resolveProperties } from './actions/subscription/resolve.operation';

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
		outputs: outputsByOperation({
			check: CHECK_OUTPUTS,
			choose: CHOOSE_OUTPUTS,
			resolve: RESOLVE_OUTPUTS,
		}),
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
				options: [
					{ name: 'Queue', value: 'queue' },
					{ name: 'Subscription', value: 'subscription' },
				],
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
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['queue'] } },
				options: [
					{
						name: 'Check',
						value: 'check',
						description: 'Say whether anything is due, and whether the writer keeps up',
						action: 'Check the queue',
					},
					{
						name: 'Choose',
						value: 'choose',
						description: 'Choose what the next round of the writer works on',
						action: 'Choose the work of a round',
					},
				],
				default: 'check',
			},
			...checkProperties,
			...chooseProperties,
			...compareProperties,
			...getProperties,
			...getManyProperties,
			...resolveProperties,
		],
	};

	methods = { credentialTest: { paymenterKeyTest: testKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		switch (this.getNodeParameter('operation', 0)) {
			case 'check':
				return check.call(this);
			case 'choose':
				return choose.call(this);
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
