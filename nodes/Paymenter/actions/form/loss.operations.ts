import { describeLosses } from '../../../../domain/operator/losses';
import { NO, YES } from '../../../../domain/operator/nextStep';
import type { ReadRow } from '../../../../domain/tables';
import { noticeField, textField } from '../../../shared/fields';
import { inputObjects, itemOf, textAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

export const lossOperations: Operation[] = [
	{
		name: 'Check Answer',
		value: 'checkAnswer',
		description: 'Go on only if an operator confirmed the losses',
		action: 'Check the answer about losses',
		outputs: ['Confirmed', 'Declined'],
		properties: [
			noticeField(
				'checkAnswerNotice',
				'Input: the answer to the page. Output: an item if it is yes, or the last page if it is no. Nothing if the page was left open.',
			),
		],
		execute() {
			const [{ confirm: answer = '' } = {}] = inputObjects<{ confirm?: string }>(this);
			const html = 'They keep what they have; the next Reconcile asks again.';
			return [
				answer === YES ? [itemOf({})] : [],
				answer === NO ? [itemOf({ title: 'Nothing was changed', html })] : [],
			];
		},
	},
	{
		name: 'Describe Losses',
		value: 'describeLosses',
		description: 'List the customers whose loss is held back',
		action: 'Describe losses to confirm',
		outputs: ['To Confirm', 'Nothing'],
		properties: [
			noticeField(
				'describeLossesNotice',
				'Input: rows of paymenter_customers. Output: title and HTML of the page.',
			),
			textField(
				'Operator',
				'actor',
				'The name that was entered. Without one there is nothing to confirm.',
				{ placeholder: 'e.g. Olivia' },
			),
		],
		execute() {
			const rows = inputObjects<ReadRow<'paymenter_customers'>>(this);
			const { canConfirm, ...page } = describeLosses(rows, textAt(this, 'actor'));
			return canConfirm ? [[itemOf(page)], []] : [[], [itemOf(page)]];
		},
	},
];
