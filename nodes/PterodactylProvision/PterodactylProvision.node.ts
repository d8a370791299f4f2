import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { accessFields, accessOptions } from './actions/access/access.fields';
import {
	accessOperations,
	rankOperations,
	setupOperations,
	tierPlanOperations,
} from './actions/operations';
import { checkSetupFields } from './actions/setup/check.operation';
import { planFields } from './actions/tierPlan/plan.fields';
import { executeChosen, fieldsOf, outputsOf, type Resources } from '../shared/operation';
import { testKeys } from './transport/connection';
import { testLuckPermsKey } from './transport/luckPermsApi';
import { loadOptions } from './methods/loadOptions';

const RESOURCES: Resources = {
	access: { name: 'Access', operations: accessOperations, otherwise: 'sync' },
	rank: { name: 'Rank', operations: rankOperations, otherwise: 'sync' },
	setup: { name: 'Setup', operations: setupOperations, otherwise: 'check' },
	tierPlan: { name: 'Tier Plan', operations: tierPlanOperations, otherwise: 'get' },
};

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
		outputs: outputsOf(RESOURCES),
		credentials: [
			{ name: 'pterodactylApi', required: true, testedBy: 'pterodactylKeysTest' },
			{
				name: 'luckPermsApi',
				// Only ranks by the LuckPerms REST API need it.
				required: false,
				testedBy: 'luckPermsKeyTest',
				displayOptions: { show: { resource: ['rank', 'setup'] } },
			},
		],
		properties: [
			...fieldsOf(RESOURCES, 'access'),
			...accessFields,
			...planFields,
			...checkSetupFields,
			...accessOptions,
		],
	};

	methods = {
		loadOptions,
		credentialTest: { luckPermsKeyTest: testLuckPermsKey, pterodactylKeysTest: testKeys },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeChosen(this, RESOURCES);
	}
}
