import {
	alertRows,
	type CalledAlert,
	type FailedRun,
	type ReadAlert,
} from '../../../../domain/work/alert';
import type { Operation } from '../../../shared/operation';
import { itemOf, shownFor } from './formOperation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = shownFor('describeAlert');

export const describeAlertOperation: Operation = {
	name: 'Describe Alert',
	value: 'describeAlert',
	description: 'Turn a failed run or a call into a row to log',
	action: 'Describe an alert',
	properties: [
		{
			displayName:
				'Input: the alerts of the last hour, rows of paymenter_provisioning_log. Output: one row for each alert that is not among them, to be logged.',
			name: 'describeAlertNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'Alerts',
			name: 'alerts',
			type: 'json',
			default: '[]',
			displayOptions,
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
};
