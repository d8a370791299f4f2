import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { formOperations, queueOperations, subscriptionOperations } from './actions/operations';
import { executeChosen, fieldsOf, outputsOf } from '../shared/operation';
import { testKey } from './transport/connection';

const OPERATIONS = [...formOperations, ...queueOperations, ...subscriptionOperations];

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
		outputs: outputsOf(OPERATIONS),
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
					{ name: 'Form', value: 'form' },
					{ name: 'Queue', value: 'queue' },
					{ name: 'Subscription', value: 'subscription' },
				],
				default: 'subscription',
			},
			...fieldsOf('form', formOperations, 'describeAlert'),
			...fieldsOf('queue', queueOperations, 'check'),
			...fieldsOf('subscription', subscriptionOperations, 'resolve'),
		],
	};

	methods = { credentialTest: { paymenterKeyTest: testKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeChosen(this, OPERATIONS);
	}
}
