import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { executeChosen, fieldsOf, outputsOf } from '../shared/operation';
import { RESOURCES } from './actions/operations';
import { testKey } from './transport/client';

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
		outputs: outputsOf(RESOURCES),
		credentials: [
			{
				name: 'paymenterApi',
				// Compare also runs without a credential, but then compares nothing.
				required: false,
				testedBy: 'paymenterKeyTest',
				displayOptions: { show: { operation: ['compare', 'get', 'getAll'] } },
			},
		],
		properties: fieldsOf(RESOURCES, 'subscription'),
	};

	methods = { credentialTest: { paymenterKeyTest: testKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeChosen(this, RESOURCES);
	}
}
