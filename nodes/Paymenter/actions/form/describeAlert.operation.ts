import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import {
	alertRows,
	type CalledAlert,
	type FailedRun,
	type ReadAlert,
} from '../../../../domain/work/alert';
import { oneOutput, type Operation } from '../../../shared/operation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = { show: { resource: ['form'], operation: ['describeAlert'] } };

const describeAlertProperties: INodeProperties[] = [
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
];

/** Form → Describe Alert */
function describeAlert(this: IExecuteFunctions): INodeExecutionData[] {
	const rows = alertRows(objectsAt<FailedRun | CalledAlert>(this, 'alerts'), {
		recent: inputObjects<ReadAlert>(this),
		at: new Date().toISOString(),
	});
	return rows.map((row) => ({ json: { ...row }, pairedItem: { item: 0 } }));
}

export const describeAlertOperation: Operation = {
	name: 'Describe Alert',
	value: 'describeAlert',
	description: 'Turn a failed run or a call into a row to log',
	action: 'Describe an alert',
	properties: describeAlertProperties,
	execute: oneOutput(describeAlert),
};
