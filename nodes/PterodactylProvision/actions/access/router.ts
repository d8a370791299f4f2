import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { panelOf } from '../../transport/connection';
import { PanelError } from '../../transport/errors';
import { PlanError } from '../../../../domain/access/tierPlan';
import { nameOf } from '../../../../domain/access/account';
import { SyncError, sync } from '../../sync/syncCustomer';
import { readerForMany, readerForOne } from '../../transport/reader';
import { customersOf, requestAt, personAt, planOf } from './parameters';

/**
 * Access → Get, Remove, Restore, Suspend, Sync: one customer per item. For several items the panel is
 * read once in bulk; for a single item, only what this customer needs.
 */
export async function access(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const customers = customersOf(this);
	const output: INodeExecutionData[] = [];
	const open = async () => {
		// The whole plan is checked before the first call.
		const given = planOf(this);
		const panel = await panelOf(this);
		const { needsLocations: withLocation } = given.plan;
		const reader = (items.length > 1 ? readerForMany : readerForOne)(panel, { withLocation });
		return { given, panel, reader };
	};
	let opened: ReturnType<typeof open> | undefined;

	for (const item of items.keys()) {
		try {
			const { given, panel, reader } = await (opened ??= open());
			const callsBefore = panel.calls();
			const result = await sync(panel, given.plan, reader, requestAt(this, item, given, customers));
			const calls = panel.calls() - callsBefore;
			output.push({ json: { ...result, calls }, pairedItem: { item } });
		} catch (error) {
			const person = personAt(this, item);
			const { customerId, email } = person;
			const failure = asNodeError(this, error, customerId || email ? nameOf(person) : '', item);
			if (!this.continueOnFail()) throw failure;
			const partial = error instanceof SyncError ? error.partial : { changes: [] };
			const who = { customer_id: customerId, customer_email: email };
			output.push(failedItem(failure, item, { ...who, ...partial, outcome: 'failed' }));
		}
	}
	return output;
}

function asNodeError(context: IExecuteFunctions, error: unknown, who: string, itemIndex: number) {
	const isOurs =
		error instanceof SyncError || error instanceof PanelError || error instanceof PlanError;
	const { message } = error as Error;
	// The message of a SyncError already names the customer.
	const sentence = error instanceof SyncError || !who ? message : `${who}: ${message}`;
	return new NodeOperationError(context.getNode(), isOurs ? sentence : (error as Error), {
		itemIndex,
		message: sentence,
		description: isOurs ? error.advice : undefined,
	});
}
