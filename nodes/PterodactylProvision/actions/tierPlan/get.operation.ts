import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import {
	propertiesFor,
	readPlanDocument,
	type PlanDocument,
} from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import type { RanksForm } from '../../../../domain/perks/ranks';
import { addressesOf } from '../access/parameters';

/** The plan as it is entered in the node's form. */
export function planDocumentOf(context: IExecuteFunctions): PlanDocument {
	const value = <T>(name: string, otherwise: T) =>
		context.getNodeParameter(name, 0, otherwise) as T;
	const deletion = value<unknown>('deleteAccountAfterDays', 30);
	return {
		server_groups: value('serverGroups.group', []),
		tiers: value('tiers.tier', []),
		allow_harmful: value('allowHarmful', false),
		grace_days: value('graceDays', 7),
		delete_account_after_days:
			deletion === -1 || deletion === '' ? null : (deletion as number | null),
		left_alone: addressesOf(value('leftAlone', '')).join(', '),
		username_template: value('usernameTemplate', '') || '{name}',
		refund_keeps_period: value('refundKeepsPeriod', false),
		ranks: value<RanksForm>('ranks', {}),
	};
}

/** Reads and checks a plan document. What is wrong with it is an error of the node. */
export function checkedPlan(context: IExecuteFunctions, value: unknown) {
	try {
		return readPlanDocument(value);
	} catch (error) {
		const description = error instanceof PlanError ? error.advice : undefined;
		const { message } = error as Error;
		throw new NodeOperationError(context.getNode(), message, { description, itemIndex: 0 });
	}
}

/** Tier Plan → Get: checks the plan and outputs it as one item. Does not call the panel. */
export async function getTierPlan(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const document = planDocumentOf(this);
	const { plan, settings } = checkedPlan(this, document);
	const tier_plan = { ...document, customer_properties: propertiesFor(plan, settings) };
	return [{ json: { tier_plan }, pairedItem: { item: 0 } }];
}
