import { packed } from '../../../../domain/events/search';
import { isAccessChangedDue } from '../../../../domain/perks/changes';
import { sharedAlert } from '../../../../domain/work/alertPolicy';
import { checkQueue, chooseWork } from '../../../../domain/work/due';
import { LEASE_MS, freeAt, isLongRun, readLease, type LEASES } from '../../../../domain/work/lease';
import { listField, noticeField, numberField, objectField } from '../../../shared/fields';
import { executionUrlOf, inputObjects, itemOf, objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

/** Finds nothing: an event that names nobody needs no search, but a round that rejects it. */
const NO_SEARCH = { customer_id_1: '' };

export const queueOperations: Operation[] = [
	{
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
			const { start, alert } = checkQueue(
				{
					lease: lease('apply'),
					event: objectsAt(this, 'firstEvent')[0],
					customer: objectsAt(this, 'firstCustomer')[0],
				},
				now,
			);
			const newest = objectsAt(this, 'lastChange')[0] ?? {};
			return [
				start ? [itemOf({})] : [],
				alert ? [itemOf(sharedAlert(alert, executionUrlOf(this)))] : [],
				isAccessChangedDue(lease('access-changed'), newest, now) ? [itemOf({})] : [],
			];
		},
	},
	{
		name: 'Choose',
		value: 'choose',
		description: 'Choose what the next round of the writer works on',
		action: 'Choose the work of a round',
		outputs: ['Work', 'Nothing Due'],
		properties: [
			noticeField(
				'chooseNotice',
				'Input: customers who are due, or the keys that Resolve still wants to read. Output: what to search the event log by, one item per search.',
			),
			listField('Events', 'claimedEvents', 'The rows of the event log that this round has claimed'),
			objectField(
				'Acquired Lease',
				'acquiredLease',
				'The row of the lease table as it was acquired: after ten minutes the work goes on in a fresh execution',
			),
			numberField('Round', 'round', 'How many rounds this execution has had'),
		],
		execute() {
			const input = inputObjects(this);
			const wanted = input.filter(({ to_read }) => to_read === true);
			if (wanted.length > 0) return [wanted.map(itemOf), []];

			const now = Date.now();
			const lease = readLease(objectAt(this, 'acquiredLease'));
			const acquiredAt = lease ? lease.expiresAt - LEASE_MS : now;
			const isLong = isLongRun(acquiredAt, this.getNodeParameter('round', 0, 0) as number, now);
			const work = isLong ? [] : chooseWork(objectsAt(this, 'claimedEvents'), input);
			if (work.length === 0) return [[], [itemOf({ free_at: freeAt(now) })]];
			const searches = packed(work);
			return [(searches.length > 0 ? searches : [NO_SEARCH]).map(itemOf), []];
		},
	},
];
