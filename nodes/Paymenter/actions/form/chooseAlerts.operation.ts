import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { textsToSend, type AlertRow, type ReadAlert } from '../../../../domain/work/alert';
import { oneOutput, type Operation } from '../../../shared/operation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = { show: { resource: ['form'], operation: ['chooseAlerts'] } };

const chooseAlertsProperties: INodeProperties[] = [
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
function chooseAlerts(this: IExecuteFunctions): INodeExecutionData[] {
	const texts = textsToSend(objectsAt<AlertRow>(this, 'described'), {
		logged: objectsAt<ReadAlert>(this, 'logged'),
		recent: inputObjects<ReadAlert>(this),
	});
	return texts.map((text) => ({ json: { text }, pairedItem: { item: 0 } }));
}

export const chooseAlertsOperation: Operation = {
	name: 'Choose Alerts',
	value: 'chooseAlerts',
	description: 'Write the texts of the alerts that this run has to send',
	action: 'Choose the alerts to send',
	properties: chooseAlertsProperties,
	execute: oneOutput(chooseAlerts),
};
