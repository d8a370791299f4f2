import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { customerOperations } from './actions/access/customer.operations';
import { previewOperation } from './actions/access/preview.operation';
import { syncManyOperation } from './actions/access/syncMany.operation';
import { syncRank } from './actions/rank/sync.operation';
import { checkOperation } from './actions/setup/check.operation';
import { getTierPlanOperation } from './actions/tierPlan/get.operation';
import { executeChosen, fieldsOf, outputsOf, type Resources } from '../shared/operation';
import { testKeys } from './transport/connection';
import { testLuckPermsKey } from './transport/luckPermsApi';
import { loadOptions } from './methods/loadOptions';

const accessOperations = [...customerOperations, previewOperation, syncManyOperation].sort(
	(a, b) => (a.name < b.name ? -1 : 1),
);

const RESOURCES: Resources = {
	access: { name: 'Access', operations: accessOperations, otherwise: 'sync' },
	rank: { name: 'Rank', operations: [syncRank], otherwise: 'sync' },
	setup: { name: 'Setup', operations: [checkOperation], otherwise: 'check' },
	tierPlan: { name: 'Tier Plan', operations: [getTierPlanOperation], otherwise: 'get' },
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
		properties: fieldsOf(RESOURCES, 'access'),
	};

	methods = {
		loadOptions,
		credentialTest: { luckPermsKeyTest: testLuckPermsKey, pterodactylKeysTest: testKeys },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeChosen(this, RESOURCES);
	}
}
