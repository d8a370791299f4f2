import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { panelOf } from '../../transport/connection';
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
			const { customerId: customer_id, email: customer_email } = person;
			// The message of a SyncError already names the customer.
			const isNamed = error instanceof SyncError || !(customer_id || customer_email);
			const said = (error as Error).message;
			output.push(
				failedItem(this, error, item, {
					message: isNamed ? said : `${nameOf(person)}: ${said}`,
					...(error instanceof SyncError
						? error.partial
						: { customer_id, customer_email, changes: [] }),
					outcome: 'failed',
				}),
			);
		}
	}
	return output;
}
