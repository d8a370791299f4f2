import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readPlanDocument } from '../../../../domain/access/planDocument';
import { objectField } from '../../../shared/fields';
import { objectAt } from '../../../shared/items';

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
