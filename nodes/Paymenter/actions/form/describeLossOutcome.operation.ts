import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { describeOutcome, type LossAnswer } from '../../../../domain/operator/losses';
import { inputOf } from '../list';

export const describeLossOutcomeProperties: INodeProperties[] = [
	{
		displayName:
			'Input: what Reconcile returned or failed with, or the answer to the form. Output: title and message of the form’s last page.',
		name: 'describeLossOutcomeNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { resource: ['form'], operation: ['describeLossOutcome'] } },
	},
];

/** Form → Describe Outcome of Losses */
export function lossOutcome(this: IExecuteFunctions): INodeExecutionData[] {
	const [answer = {}] = inputOf<LossAnswer>(this);
	return [{ json: { ...describeOutcome(answer) }, pairedItem: { item: 0 } }];
}
