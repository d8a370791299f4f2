import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { PlanDocument } from '../../../../domain/access/planDocument';
import { addressesOf } from '../access/parameters';
import { planDocumentOf } from './planDocument';

/** Tier Plan → Get: checks the plan and outputs it as one item. Does not call the panel. */
export async function getTierPlan(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const value = <T>(name: string, otherwise: T) => this.getNodeParameter(name, 0, otherwise) as T;
	const tierPlan: PlanDocument = {
		server_groups: value('serverGroups.group', []),
		tiers: value('tiers.tier', []),
		allow_harmful: value('allowHarmful', false),
		grace_days: value('graceDays', 7),
		delete_account_after_days: daysOrNever(value<unknown>('deleteAccountAfterDays', 30)),
		left_alone: addressesOf(value('leftAlone', '')).join(', '),
		username_template: value('usernameTemplate', '') || '{name}',
	};
	planDocumentOf(this, tierPlan);
	return [{ json: { tier_plan: { ...tierPlan } }, pairedItem: { item: 0 } }];
}

const daysOrNever = (value: unknown) =>
	value === -1 || value === '' || value === null ? null : (value as number);
