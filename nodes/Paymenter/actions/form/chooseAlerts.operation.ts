import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { textsToSend, type AlertRow, type ReadAlert } from '../../../../domain/work/alert';
import { inputOf, listAt } from '../list';

const displayOptions = { show: { resource: ['form'], operation: ['chooseAlerts'] } };

export const chooseAlertsProperties: INodeProperties[] = [
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
];

/** Form → Choose Alerts */
export function chooseAlerts(this: IExecuteFunctions): INodeExecutionData[] {
	const texts = textsToSend(listAt<AlertRow>(this, 'described'), {
		logged: listAt<ReadAlert>(this, 'logged'),
		recent: inputOf<ReadAlert>(this),
	});
	return texts.map((text) => ({ json: { text }, pairedItem: { item: 0 } }));
}
