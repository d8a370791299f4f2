import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { customerFields } from './actions/access/customer.fields';
import { optionFields } from './actions/access/options.fields';
import { manyFields } from './actions/access/many.fields';
import { planSourceFields } from './actions/access/planSource.fields';
import { preview } from './actions/access/preview.operation';
import { access } from './actions/access/router';
import { SYNC_MANY_OUTPUTS, syncMany } from './actions/access/syncMany.operation';
import { checkSetup, checkSetupFields } from './actions/setup/check.operation';
import { getTierPlan } from './actions/tierPlan/get.operation';
import { planFields } from './actions/tierPlan/plan.fields';
import { tierPlanSettings } from './actions/tierPlan/settings.fields';
import { outputsByOperation } from '../shared/outputs';
import { testKeys } from './transport/connection';
import { loadOptions } from './methods/loadOptions';

export class PterodactylProvision implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Pterodactyl Provision',
		name: 'pterodactylProvision',
		icon: {
			light: 'file:../../icons/pterodactyl.svg',
			dark: 'file:../../icons/pterodactyl.dark.svg',
		},
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["resource"] + ": " + $parameter["operation"] }}',
		description: 'Gives a customer exactly the game server access that their tier includes',
		defaults: { name: 'Pterodactyl Provision' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsByOperation({ syncMany: SYNC_MANY_OUTPUTS }),
		credentials: [{ name: 'pterodactylApi', required: true, testedBy: 'pterodactylKeysTest' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Access', value: 'access' },
					{ name: 'Setup', value: 'setup' },
					{ name: 'Tier Plan', value: 'tierPlan' },
				],
				default: 'access',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['access'] } },
				options: [
					{
						name: 'Get',
						value: 'get',
						description: 'Show what a customer has, what the plan gives, and the difference',
						action: 'Get access of a customer',
					},
					{
						name: 'Preview',
						value: 'preview',
						description: 'Show what Sync Many would change, for many customers',
						action: 'Preview changes of many customers',
					},
					{
						name: 'Remove',
						value: 'remove',
						description: 'Remove all access and delete the account, unless something else uses it',
						action: 'Remove a customer and their account',
					},
					{
						name: 'Restore',
						value: 'restore',
						description: 'Restore recorded access, whatever the tier plan says',
						action: 'Restore recorded access of a customer',
					},
					{
						name: 'Suspend',
						value: 'suspend',
						description: 'Remove all access but keep the account',
						action: 'Suspend access of a customer',
					},
					{
						name: 'Sync',
						value: 'sync',
						description: 'Make access match the tiers, creating the account if necessary',
						action: 'Sync access of a customer',
					},
					{
						name: 'Sync Many',
						value: 'syncMany',
						description: 'Make access match for many customers, and output the rows to save',
						action: 'Sync access of many customers',
					},
				],
				default: 'sync',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['setup'] } },
				options: [
					{
						name: 'Check',
						value: 'check',
						description:
							'Say what is in order and what is not: keys, plan, servers, products, clock, Data Tables',
						action: 'Check the setup',
					},
				],
				default: 'check',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['tierPlan'] } },
				options: [
					{
						name: 'Get',
						value: 'get',
						description: 'Check the tier plan and output it for other nodes',
						action: 'Get the tier plan',
					},
				],
				default: 'get',
			},
			...manyFields,
			...customerFields,
			...planSourceFields,
			...planFields,
			...tierPlanSettings,
			...checkSetupFields,
			...optionFields,
		],
	};

	methods = {
		loadOptions,
		credentialTest: { pterodactylKeysTest: testKeys },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0);
		if (resource === 'setup') return [await checkSetup.call(this)];
		if (resource === 'tierPlan') return [await getTierPlan.call(this)];
		switch (this.getNodeParameter('operation', 0)) {
			case 'preview':
				return [await preview.call(this)];
			case 'syncMany':
				return await syncMany.call(this);
			default:
				return [await access.call(this)];
		}
	}
}
