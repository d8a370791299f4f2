import { checkQueue } from '../../../../domain/work/due';
import { listField } from '../../../shared/fields';
import { executionUrlOf, itemOf, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

/** Queue → Check: whether the writer must be started, and whether it keeps up. */
export const checkOperation: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Say whether anything is due, and whether the writer keeps up',
	action: 'Check the queue',
	outputs: ['Start', 'Alert'],
	properties: [
		listField('Lease', 'leaseRow', 'The row of the lease table'),
		listField(
			'First Event',
			'firstEvent',
			'The first event in the queue that has not been processed',
		),
		listField('First Customer', 'firstCustomer', 'The customer who has been due longest'),
	],
	execute() {
		const state = {
			lease: objectsAt(this, 'leaseRow')[0],
			event: objectsAt(this, 'firstEvent')[0],
			customer: objectsAt(this, 'firstCustomer')[0],
		};
		const { start, alert } = checkQueue(state, Date.now());
		const told = { customer: '', customer_email: '', execution_url: executionUrlOf(this) };
		return [start ? [itemOf({})] : [], alert ? [itemOf({ ...told, ...alert })] : []];
	},
};
