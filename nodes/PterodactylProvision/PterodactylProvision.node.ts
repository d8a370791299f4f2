import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { accessFields, accessOptions } from './actions/access/access.fields';
import { accessOperations, setupOperations, tierPlanOperations } from './actions/operations';
import { checkSetupFields } from './actions/setup/check.operation';
import { planFields } from './actions/tierPlan/plan.fields';
import { executeChosen, fieldsOf, outputsOf } from '../shared/operation';
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
		outputs: outputsOf(accessOperations),
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
			...fieldsOf('access', accessOperations, 'sync'),
			...fieldsOf('setup', setupOperations, 'check'),
			...fieldsOf('tierPlan', tierPlanOperations, 'get'),
			...accessFields,
			...planFields,
			...checkSetupFields,
			...accessOptions,
		],
	};

	methods = {
		loadOptions,
		credentialTest: { pterodactylKeysTest: testKeys },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operations = {
			access: accessOperations,
			setup: setupOperations,
			tierPlan: tierPlanOperations,
		}[this.getNodeParameter('resource', 0) as string];
		return await executeChosen(this, operations ?? []);
	}
}
