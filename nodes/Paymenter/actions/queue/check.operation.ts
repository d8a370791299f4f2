import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';

import { checkQueue } from '../../../../domain/work/due';
import { executionUrlOf, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

const displayOptions = { show: { resource: ['queue'], operation: ['check'] } };

const row = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'json',
	default: '[]',
	displayOptions,
	description,
});

const checkProperties: INodeProperties[] = [
	row('Lease', 'leaseRow', 'The row of the lease table'),
	row('First Event', 'firstEvent', 'The first event in the queue that has not been processed'),
	row('First Customer', 'firstCustomer', 'The customer who has been due longest'),
];

/** Queue → Check: whether the writer must be started, and whether it keeps up. */
function check(this: IExecuteFunctions): INodeExecutionData[][] {
	const state = {
		lease: objectsAt(this, 'leaseRow')[0],
		event: objectsAt(this, 'firstEvent')[0],
		customer: objectsAt(this, 'firstCustomer')[0],
	};
	const { start, alert } = checkQueue(state, Date.now());
	const told = { customer: '', customer_email: '', execution_url: executionUrlOf(this) };
	return [
		start ? [{ json: {} }] : [],
		alert ? [{ json: { ...told, ...alert } as IDataObject }] : [],
	];
}

export const checkOperation: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Say whether anything is due, and whether the writer keeps up',
	action: 'Check the queue',
	properties: checkProperties,
	outputs: ['Start', 'Alert'],
	execute: check,
};
