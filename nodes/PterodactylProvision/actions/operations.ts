import type { Operation } from '../../shared/operation';
import { preview } from './access/preview.operation';
import { access } from './access/router';
import { SYNC_MANY_OUTPUTS, syncMany } from './access/syncMany.operation';
import { syncRank } from './rank/sync.operation';
import { CHECK_OUTPUTS, checkSetup } from './setup/check.operation';
import { getTierPlan } from './tierPlan/get.operation';

/** Their fields, which several of them share, stand in the .fields files. */
export const accessOperations: Operation[] = [
	{
		name: 'Get',
		value: 'get',
		description: 'Show what a customer has, what the plan gives, and the difference',
		action: 'Get access of a customer',
		execute: access,
	},
	{
		name: 'Preview',
		value: 'preview',
		description: 'Show what Sync Many would change, for many customers',
		action: 'Preview changes of many customers',
		execute: preview,
	},
	{
		name: 'Remove',
		value: 'remove',
		description: 'Remove all access and delete the account, unless something else uses it',
		action: 'Remove a customer and their account',
		execute: access,
	},
	{
		name: 'Restore',
		value: 'restore',
		description: 'Restore recorded access, whatever the tier plan says',
		action: 'Restore recorded access of a customer',
		execute: access,
	},
	{
		name: 'Suspend',
		value: 'suspend',
		description: 'Remove all access but keep the account',
		action: 'Suspend access of a customer',
		execute: access,
	},
	{
		name: 'Sync',
		value: 'sync',
		description: 'Make access match the tiers, creating the account if necessary',
		action: 'Sync access of a customer',
		execute: access,
	},
	{
		name: 'Sync Many',
		value: 'syncMany',
		description: 'Make access match for many customers, and output the rows to save',
		action: 'Sync access of many customers',
		outputs: SYNC_MANY_OUTPUTS,
		execute: syncMany,
	},
];

export const rankOperations: Operation[] = [syncRank];

export const setupOperations: Operation[] = [
	{
		name: 'Check',
		value: 'check',
		description:
			'Say what is in order and what is not: keys, plan, servers, products, ranks, clock, Data Tables',
		action: 'Check the setup',
		outputs: CHECK_OUTPUTS,
		execute: checkSetup,
	},
];

export const tierPlanOperations: Operation[] = [
	{
		name: 'Get',
		value: 'get',
		description: 'Check the tier plan and output it for other nodes',
		action: 'Get the tier plan',
		execute: getTierPlan,
	},
];
