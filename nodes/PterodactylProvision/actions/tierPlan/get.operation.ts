import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import {
	propertiesFor,
	readPlanDocument,
	type PlanDocument,
} from '../../../../domain/access/planDocument';
import type { RanksForm } from '../../../../domain/perks/ranks';
import { objectField } from '../../../shared/fields';
import { objectAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { addressesOf } from '../access/request';
import { planFields } from './plan.fields';

/** For operations that take the plan from their input. */
export const tierPlanField = objectField(
	'Tier Plan',
	'tierPlan',
	'The output "tier_plan" of Tier Plan → Get. The same plan is used for all items.',
	{
		default: '',
		required: true,
		placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}",
	},
);

/** Reads and checks a plan document. What is wrong with it is an error of the node. */
export function planAt(
	context: IExecuteFunctions,
	document: unknown = objectAt(context, 'tierPlan'),
) {
	try {
		return readPlanDocument(document);
	} catch (error) {
		const { message, advice: description } = error as Error & { advice?: string };
		throw new NodeOperationError(context.getNode(), message, { description, itemIndex: 0 });
	}
}

/** The plan as it is entered in the node's form. */
function planDocumentOf(context: IExecuteFunctions): PlanDocument {
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

/** Does not call the panel. */
function getTierPlan(this: IExecuteFunctions): INodeExecutionData[] {
	const document = planDocumentOf(this);
	const { plan, settings } = planAt(this, document);
	const tier_plan = { ...document, customer_properties: propertiesFor(plan, settings) };
	return [{ json: { tier_plan }, pairedItem: { item: 0 } }];
}

export const getTierPlanOperation: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Check the tier plan and output it for other nodes',
	action: 'Get the tier plan',
	properties: planFields,
	execute: getTierPlan,
};
