import { textsToSend, type AlertRow, type ReadAlert } from '../../../../domain/work/alert';
import type { Operation } from '../../../shared/operation';
import { itemOf, shownFor } from './formOperation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = shownFor('chooseAlerts');

export const chooseAlertsOperation: Operation = {
	name: 'Choose Alerts',
	value: 'chooseAlerts',
	description: 'Write the texts of the alerts that this run has to send',
	action: 'Choose the alerts to send',
	properties: [
		{
			displayName:
				'Input: the alerts of the last hour, read after the new ones were logged. Output: the text of each alert to send. Of several runs with the same alert, the first sends it.',
			name: 'chooseAlertsNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'Described',
			name: 'described',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The list of rows that Form → Describe Alert gave',
		},
		{
			displayName: 'Logged',
			name: 'logged',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The list of these rows as they were inserted, with their IDs',
		},
	],
	execute() {
		const texts = textsToSend(objectsAt<AlertRow>(this, 'described'), {
			logged: objectsAt<ReadAlert>(this, 'logged'),
			recent: inputObjects<ReadAlert>(this),
		});
		return [texts.map((text) => itemOf({ text }))];
	},
};
