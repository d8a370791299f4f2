import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { describeOutcome, type LossAnswer } from '../../../../domain/operator/losses';
import { oneOutput, type Operation } from '../../../shared/operation';
import { inputObjects } from '../../../shared/items';

const describeLossOutcomeProperties: INodeProperties[] = [
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
function lossOutcome(this: IExecuteFunctions): INodeExecutionData[] {
	const [answer = {}] = inputObjects<LossAnswer>(this);
	return [{ json: { ...describeOutcome(answer) }, pairedItem: { item: 0 } }];
}

export const describeLossOutcomeOperation: Operation = {
	name: 'Describe Outcome of Losses',
	value: 'describeLossOutcome',
	description: 'Say what became of losses that were confirmed',
	action: 'Describe the outcome of losses',
	properties: describeLossOutcomeProperties,
	execute: oneOutput(lossOutcome),
};
