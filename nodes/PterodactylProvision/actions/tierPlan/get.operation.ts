import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readPlanDocument, type PlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import { addressesOf } from '../access/parameters';

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
	try {
		readPlanDocument(tierPlan);
	} catch (error) {
		const description = error instanceof PlanError ? error.advice : undefined;
		const { message } = error as Error;
		throw new NodeOperationError(this.getNode(), message, { description, itemIndex: 0 });
	}
	return [{ json: { tier_plan: { ...tierPlan } }, pairedItem: { item: 0 } }];
}

const daysOrNever = (value: unknown) =>
	value === -1 || value === '' || value === null ? null : (value as number);
