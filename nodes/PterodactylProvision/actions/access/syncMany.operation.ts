import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Entitlement } from '../../../../domain/entitlement/entitlement';
import { takenOf } from '../../../../domain/work/due';
import { isoOf } from '../../../../domain/dates';
import { deadlineOf, readLease } from '../../../../domain/work/lease';
import { concerning, isNote, readClaimed } from '../../../../domain/work/claimedEvents';
import {
	isBulkWork,
	personOf,
	recordedIn,
	requestOf,
	restoreLeft,
} from '../../../../domain/work/syncRequest';
import { ownFailure, settleRound, type RoundOutcome } from '../../../../domain/work/round';
import { numberField, listField, objectField } from '../../../shared/fields';
import { executionUrlOf, inputObjects, itemOf, objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { syncMany as syncAll, type Order } from '../../sync/syncMany';
import { CONNECTION_DEFAULTS, panelsOf } from '../../transport/connection';
import { startRun } from '../../transport/run';
import { planAt } from '../tierPlan/get.operation';
import { manyFields, storedByKey } from './preview.operation';

/** The outputs of Sync Many, in the order in which the workflow runs them. */
export const SYNC_MANY_OUTPUTS = [
	'Changes',
	'Round',
	'New Customers',
	'Customers',
	'Released Events',
	'Alerts',
	'Grace Periods',
	'Next Round',
	'Run Ended',
];

/** One round of the writer: syncs all customers before the deadline. Never throws for one customer. */
async function syncMany(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const readAt = Date.now();
	const { plan, settings } = planAt(this);
	const stored = storedByKey(objectsAt(this, 'customerRows'));
	const all = inputObjects<Entitlement>(this);
	const events = objectsAt(this, 'events');
	const claimed = readClaimed(events);
	const due = takenOf(events, objectsAt(this, 'dueCustomers')).map((row) => String(row.customer));
	// The events lead to others too, of whom they say nothing.
	const entitlements = all.filter(
		(one) => due.includes(one.customer) || concerning(claimed, one).length > 0,
	);
	const lease = readLease(objectAt(this, 'lease'));
	if (!lease)
		throw new NodeOperationError(this.getNode(), '"lease" is not a row of the lease table');

	const { timeoutMs } = CONNECTION_DEFAULTS;
	const parallel = this.getNodeParameter('parallel', 0, 8) as number;
	const run = startRun(deadlineOf(lease, readAt, timeoutMs), parallel);
	const rowOf = ({ customer }: Entitlement) => stored.get(customer) ?? {};
	const planned = entitlements.map((entitlement): Order | RoundOutcome => {
		const mine = concerning(claimed, entitlement);
		const isNoted = mine.length > 0 && mine.every(isNote) && !due.includes(entitlement.customer);
		if (isNoted) return { kind: 'noted' };
		const row = rowOf(entitlement);
		try {
			const recorded = recordedIn(mine) ?? restoreLeft(entitlement, row);
			const context = { plan, settings, dryRun: false, all, recorded };
			return {
				request: requestOf(entitlement, row, context),
				isBulk: isBulkWork(mine, row),
				waitingSince: isoOf(row.waiting_since),
			};
		} catch (error) {
			const failure = ownFailure(error as Error, personOf(entitlement, row));
			return { kind: 'failed', failure, partial: null };
		}
	});
	const done = await syncAll(planned.filter(isOrder), {
		plan,
		parallel,
		deadline: run.deadline,
		open: await panelsOf(this, { run }),
	});
	const results = done.outcomes.values();
	const outcomes = planned.flatMap((one) => (isOrder(one) ? (results.next().value ?? []) : one));
	const settled = settleRound({
		lease,
		claimed,
		entitlements,
		outcomes,
		stored,
		due,
		failure: done.failure,
		readAt,
		now: Date.now(),
		executionUrl: executionUrlOf(this),
	});
	const summary = { ...settled.summary, calls: done.calls };
	const end = { free_at: settled.free_at };
	return [
		settled.changes,
		[summary],
		settled.newCustomers,
		settled.customers,
		settled.released,
		settled.alerts,
		settled.waits,
		settled.goesOn ? [end] : [],
		settled.goesOn ? [] : [end],
	].map((rows: object[]) => rows.map(itemOf));
}

const isOrder = (one: Order | RoundOutcome): one is Order => 'request' in one;

export const syncManyOperation: Operation = {
	name: 'Sync Many',
	value: 'syncMany',
	description: 'Make access match for many customers, and output the rows to save',
	action: 'Sync access of many customers',
	properties: [
		...manyFields(
			'syncManyNotice',
			'The outputs are finished rows for the tables. The workflow Apply Access shows how they belong together.',
		),
		listField('Due Customers', 'dueCustomers', 'The rows of the customers table that were due'),
		objectField('Lease', 'lease', 'The row of the lease table, as it was last renewed'),
		numberField(
			'Customers at a Time',
			'parallel',
			'How many customers are synced at the same time',
			{ typeOptions: { minValue: 1, maxValue: 50 }, default: 8 },
		),
	],
	outputs: SYNC_MANY_OUTPUTS,
	execute: syncMany,
};
