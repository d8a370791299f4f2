import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { packed } from '../../../../domain/events/search';
import { chooseWork } from '../../../../domain/work/due';
import { LEASE_MS, freeAt, isLongRun, readLease } from '../../../../domain/work/lease';
import { objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

const displayOptions = { show: { resource: ['queue'], operation: ['choose'] } };

const chooseProperties: INodeProperties[] = [
	{
		displayName:
			'Input: customers who are due, or the keys that Resolve still wants to read. Output: what to search the event log by, one item per search.',
		name: 'chooseNotice',
		type: 'notice',
		default: '',
		displayOptions,
	},
	{
		displayName: 'Events',
		name: 'claimedEvents',
		type: 'json',
		default: '[]',
		displayOptions,
		description: 'The rows of the event log that this round has claimed',
	},
	{
		displayName: 'Acquired Lease',
		name: 'acquiredLease',
		type: 'json',
		default: '{}',
		displayOptions,
		description:
			'The row of the lease table as it was acquired: after ten minutes the work goes on in a fresh execution',
	},
	{
		displayName: 'Round',
		name: 'round',
		type: 'number',
		default: 0,
		displayOptions,
		description: 'How many rounds this execution has had',
	},
];

/** Queue → Choose: what the next round works on; the second output if there is nothing, or the run is long. */
function choose(this: IExecuteFunctions): INodeExecutionData[][] {
	const input = this.getInputData().map(({ json }) => json);
	const wanted = input.filter(({ to_read }) => to_read === true);
	if (wanted.length > 0) return [wanted.map((json) => ({ json })), []];

	const now = Date.now();
	const lease = readLease(objectAt(this, 'acquiredLease'));
	const acquiredAt = lease ? lease.expiresAt - LEASE_MS : now;
	const isLong = isLongRun(acquiredAt, this.getNodeParameter('round', 0, 0) as number, now);
	const customers = input.filter((row) => row.customer !== undefined);
	const work = isLong ? [] : chooseWork(objectsAt(this, 'claimedEvents'), customers);
	const end = { free_at: freeAt(now) };
	return work.length > 0
		? [packed(work).map((search) => ({ json: search })), []]
		: [[], [{ json: end }]];
}

export const chooseOperation: Operation = {
	name: 'Choose',
	value: 'choose',
	description: 'Choose what the next round of the writer works on',
	action: 'Choose the work of a round',
	properties: chooseProperties,
	outputs: ['Work', 'Nothing Due'],
	execute: choose,
};
