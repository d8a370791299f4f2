import {
	describeOutcome,
	type CustomerOutcome,
	type StoredEvent,
} from '../../../../domain/operator/outcome';
import { itemOf, shownFor } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = shownFor('describeOutcome');

export const describeOutcomeOperation: Operation = {
	name: 'Describe Outcome',
	value: 'describeOutcome',
	description: 'Say what was done about an operator’s events, once they are processed',
	action: 'Describe what was done',
	outputs: ['Result', 'Not Yet'],
	properties: [
		{
			displayName:
				'Input: rows of paymenter_customers. Output: "title" and "html" for the last page, or an item for another turn of the loop.',
			name: 'describeOutcomeNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'Events',
			name: 'events',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The rows of the operator’s events, as they are in the event log now',
		},
		{
			displayName: 'Turn',
			name: 'turn',
			type: 'number',
			default: 0,
			displayOptions,
			description: 'How often the loop has run before: {{ $runIndex }}',
		},
		{
			displayName: 'Most Turns',
			name: 'mostTurns',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			displayOptions,
			description: 'How often to look. After that, the page says what is known by then.',
		},
	],
	execute() {
		const events = objectsAt<StoredEvent>(this, 'events');
		const turn = Number(this.getNodeParameter('turn', 0, 0));
		const mostTurns = Number(this.getNodeParameter('mostTurns', 0, 30));
		const page = describeOutcome(
			events,
			inputObjects<CustomerOutcome>(this),
			!(turn + 1 < mostTurns),
		);
		return page ? [[itemOf(page)], []] : [[], [itemOf({})]];
	},
};
