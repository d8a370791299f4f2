import { isAccessChangedDue } from '../../../../domain/perks/changes';
import { checkQueue } from '../../../../domain/work/due';
import type { LEASES } from '../../../../domain/work/lease';
import { listField } from '../../../shared/fields';
import { executionUrlOf, itemOf, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

/** Queue → Check: whether the writer must be started, and whether it keeps up. */
export const checkOperation: Operation = {
	name: 'Check',
	value: 'check',
	description: 'Say whether anything is due, and whether the writer keeps up',
	action: 'Check the queue',
	outputs: ['Start', 'Alert', 'Access Changed'],
	properties: [
		listField('Leases', 'leaseRows', 'The rows of the lease table'),
		listField(
			'First Event',
			'firstEvent',
			'The first event in the queue that has not been processed',
		),
		listField('First Customer', 'firstCustomer', 'The customer who has been due longest'),
		listField('Last Change', 'lastChange', 'The customer whose changed_at is the latest'),
	],
	execute() {
		const leases = objectsAt(this, 'leaseRows');
		const lease = (name: (typeof LEASES)[number]) => leases.find((row) => row.name === name);
		const now = Date.now();
		const state = {
			lease: lease('apply'),
			event: objectsAt(this, 'firstEvent')[0],
			customer: objectsAt(this, 'firstCustomer')[0],
		};
		const { start, alert } = checkQueue(state, now);
		const told = { customer: '', customer_email: '', execution_url: executionUrlOf(this) };
		const newest = objectsAt(this, 'lastChange')[0] ?? {};
		return [
			start ? [itemOf({})] : [],
			alert ? [itemOf({ ...told, ...alert })] : [],
			isAccessChangedDue(lease('access-changed'), newest, now) ? [itemOf({})] : [],
		];
	},
};
