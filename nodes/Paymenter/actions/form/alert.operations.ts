import {
	alertRows,
	textsToSend,
	type AlertRow,
	type CalledAlert,
	type FailedRun,
	type ReadAlert,
} from '../../../../domain/work/alert';
import { inputObjects, objectsAt } from '../../../shared/items';
import { formOperation, itemOf } from './formOperation';

export const alertOperations = [
	formOperation({
		name: 'Choose Alerts',
		value: 'chooseAlerts',
		description: 'Write the texts of the alerts that this run has to send',
		action: 'Choose the alerts to send',
		input:
			'Input: the alerts of the last hour, read after the new ones were logged. Output: the text of each alert to send. Of several runs with the same alert, the first sends it.',
		fields: [
			{
				displayName: 'Described',
				name: 'described',
				description: 'The list of rows that Form → Describe Alert gave',
			},
			{
				displayName: 'Logged',
				name: 'logged',
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
	}),
	formOperation({
		name: 'Describe Alert',
		value: 'describeAlert',
		description: 'Turn a failed run or a call into a row to log',
		action: 'Describe an alert',
		input:
			'Input: the alerts of the last hour, rows of paymenter_provisioning_log. Output: one row for each alert that is not among them, to be logged.',
		fields: [
			{
				displayName: 'Alerts',
				name: 'alerts',
				description:
					'A list of what the Error Trigger gave, or of objects with customer, customer_email, cause, what_happened, what_to_do and execution_url',
			},
		],
		execute() {
			const rows = alertRows(objectsAt<FailedRun | CalledAlert>(this, 'alerts'), {
				recent: inputObjects<ReadAlert>(this),
				at: new Date().toISOString(),
			});
			return [rows.map((row) => itemOf(row))];
		},
	}),
];
