import {
	alertRows,
	textsToSend,
	type AlertRow,
	type CalledAlert,
	type FailedRun,
} from '../../../../domain/work/alert';
import type { ReadRow } from '../../../../domain/tables';
import { listField, noticeField } from '../../../shared/fields';
import { inputObjects, itemOf, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

type LoggedRow = ReadRow<'paymenter_provisioning_log'>;

export const alertOperations: Operation[] = [
	{
		name: 'Choose Alerts',
		value: 'chooseAlerts',
		description: 'Write the texts of the alerts that this run has to send',
		action: 'Choose the alerts to send',
		properties: [
			noticeField(
				'chooseAlertsNotice',
				'Input: the alerts of the last hour, read after the new ones were logged. Output: the text of each alert to send. Of several runs with the same alert, the first sends it.',
			),
			listField('Described', 'described', 'The list of rows that Form → Describe Alert gave'),
			listField('Logged', 'logged', 'The list of these rows as they were inserted, with their IDs'),
		],
		execute() {
			const texts = textsToSend(objectsAt<AlertRow>(this, 'described'), {
				logged: objectsAt<LoggedRow>(this, 'logged'),
				recent: inputObjects<LoggedRow>(this),
			});
			return texts.map((text) => itemOf({ text }));
		},
	},
	{
		name: 'Describe Alert',
		value: 'describeAlert',
		description: 'Turn a failed run or a call into a row to log',
		action: 'Describe an alert',
		properties: [
			noticeField(
				'describeAlertNotice',
				'Input: the alerts of the last hour, rows of paymenter_provisioning_log. Output: one row for each alert that is not among them, to be logged.',
			),
			listField(
				'Alerts',
				'alerts',
				'A list of what the Error Trigger gave, or of objects with customer, customer_email, cause, what_happened, what_to_do and execution_url',
			),
		],
		execute() {
			const rows = alertRows(objectsAt<FailedRun | CalledAlert>(this, 'alerts'), {
				recent: inputObjects<LoggedRow>(this),
				at: new Date().toISOString(),
			});
			return rows.map(itemOf);
		},
	},
];
