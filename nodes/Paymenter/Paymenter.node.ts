import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { resolve, resolveProperties } from './subscription/resolve.operation';

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
		description: 'Works out what Paymenter’s customers are entitled to',
		defaults: { name: 'Paymenter' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
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
						name: 'Resolve',
						value: 'resolve',
						description: 'Work out from the event log what each customer is entitled to now',
						action: 'Resolve what customers are entitled to',
					},
				],
				default: 'resolve',
			},
			...resolveProperties,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [resolve.call(this)];
	}
}
