import { NO, YES, confirm } from '../../../../domain/operator/confirm';
import type { EventRow } from '../../../../domain/operator/overrideEvent';
import { itemOf, shownFor, textAt } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { objectsAt } from '../../../shared/items';

const displayOptions = shownFor('checkAnswer');

export const checkAnswerOperation: Operation = {
	name: 'Check Answer',
	value: 'checkAnswer',
	description: 'Output the planned events only if an operator confirmed them',
	action: 'Check the answer of an operator',
	outputs: ['Confirmed', 'Declined'],
	properties: [
		{
			displayName: 'Answer',
			name: 'answer',
			type: 'string',
			default: '',
			placeholder: `e.g. ${YES}`,
			displayOptions,
			description: `"${YES}" or "${NO}". Anything else: the page was left open, so nothing is output.`,
		},
		{
			displayName: 'Events',
			name: 'events',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The planned rows of the event log. They get the present time.',
		},
	],
	execute() {
		const rows = objectsAt<EventRow>(this, 'events');
		const confirmation = confirm(textAt(this, 'answer'), rows, new Date());
		if (confirmation.kind === 'confirmed') {
			return [confirmation.rows.map((row) => itemOf(row)), []];
		}
		const page = { title: 'Nothing was changed', html: 'You said no.' };
		return [[], confirmation.kind === 'declined' ? [itemOf(page)] : []];
	},
};
