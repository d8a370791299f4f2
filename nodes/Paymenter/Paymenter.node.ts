import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { chooseAlerts, chooseAlertsProperties } from './actions/form/chooseAlerts.operation';
import { describeAlert, describeAlertProperties } from './actions/form/describeAlert.operation';
import { losses, describeLossesProperties } from './actions/form/describeLosses.operation';
import {
	lossOutcome,
	describeLossOutcomeProperties,
} from './actions/form/describeLossOutcome.operation';
import { outputsOf } from './actions/outputs';
import { compareProperties, compareWithLog } from './actions/subscription/compare.operation';
import { get, getProperties } from './actions/subscription/get.operation';
import { getMany, getManyProperties } from './actions/subscription/getMany.operation';
import { guard, guardLossesProperties } from './actions/subscription/guardLosses.operation';
import { resolve, resolveProperties } from './actions/subscription/resolve.operation';
import { testKey } from './transport/connection';

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
		outputs: `={{(${outputsOf})($parameter)}}`,
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
					{ name: 'Subscription', value: 'subscription' },
				],
				default: 'subscription',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['form'] } },
				options: [
					{
						name: 'Choose Alerts',
						value: 'chooseAlerts',
						description: 'Write the texts of the alerts that this run has to send',
						action: 'Choose the alerts to send',
					},
					{
						name: 'Describe Alert',
						value: 'describeAlert',
						description: 'Turn a failed run or a call into a row to log',
						action: 'Describe an alert',
					},
					{
						name: 'Describe Losses',
						value: 'describeLosses',
						description: 'List the customers whose loss is held back',
						action: 'Describe losses to confirm',
					},
					{
						name: 'Describe Outcome of Losses',
						value: 'describeLossOutcome',
						description: 'Say what became of losses that were confirmed',
						action: 'Describe the outcome of losses',
					},
				],
				default: 'describeAlert',
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
						name: 'Guard Losses',
						value: 'guardLosses',
						description: 'Decide what may be appended to the event log, and hold back mass losses',
						action: 'Guard against losses of many at once',
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
			...chooseAlertsProperties,
			...describeAlertProperties,
			...describeLossesProperties,
			...describeLossOutcomeProperties,
			...compareProperties,
			...getProperties,
			...getManyProperties,
			...guardLossesProperties,
			...resolveProperties,
		],
	};

	methods = { credentialTest: { paymenterKeyTest: testKey } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		switch (this.getNodeParameter('operation', 0)) {
			case 'chooseAlerts':
				return [chooseAlerts.call(this)];
			case 'describeAlert':
				return [describeAlert.call(this)];
			case 'describeLosses':
				return [losses.call(this)];
			case 'describeLossOutcome':
				return [lossOutcome.call(this)];
			case 'compare':
				return [await compareWithLog.call(this)];
			case 'get':
				return [await get.call(this)];
			case 'getAll':
				return [await getMany.call(this)];
			case 'guardLosses':
				return guard.call(this);
			default:
				return [resolve.call(this)];
		}
	}
}
