import { describeOutcome, type LossAnswer } from '../../../../domain/operator/losses';
import type { Operation } from '../../../shared/operation';
import { itemOf, shownFor } from './formOperation';
import { inputObjects } from '../../../shared/items';

export const describeLossOutcomeOperation: Operation = {
	name: 'Describe Outcome of Losses',
	value: 'describeLossOutcome',
	description: 'Say what became of losses that were confirmed',
	action: 'Describe the outcome of losses',
	properties: [
		{
			displayName:
				'Input: what Reconcile returned or failed with, or the answer to the form. Output: title and message of the form’s last page.',
			name: 'describeLossOutcomeNotice',
			type: 'notice',
			default: '',
			displayOptions: shownFor('describeLossOutcome'),
		},
	],
	execute() {
		const [answer = {}] = inputObjects<LossAnswer>(this);
		return [[itemOf(describeOutcome(answer))]];
	},
};
