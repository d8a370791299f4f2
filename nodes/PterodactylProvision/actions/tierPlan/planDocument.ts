import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readPlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';

/** Reads and checks a plan document. What is wrong with it is an error of the node. */
export function planDocumentOf(context: IExecuteFunctions, value: unknown) {
	try {
		return readPlanDocument(value);
	} catch (error) {
		const description = error instanceof PlanError ? error.advice : undefined;
		const { message } = error as Error;
		throw new NodeOperationError(context.getNode(), message, { description, itemIndex: 0 });
	}
}
