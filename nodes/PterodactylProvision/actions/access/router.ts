import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { forEachItem } from '../../../shared/failedItem';
import { panelOf } from '../../transport/connection';
import { nameOf } from '../../../../domain/access/account';
import { SyncError, sync } from '../../sync/syncCustomer';
import { readerOf } from '../../transport/reader';
import { requestAt, personAt, planOf } from './parameters';

/**
 * Access → Get, Remove, Restore, Suspend, Sync: one customer per item. For several items the panel is
 * read once in bulk; for a single item, only what this customer needs.
 */
export async function access(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const open = async () => {
		// The whole plan is checked before the first call.
		const given = planOf(this);
		const panel = await panelOf(this);
		const isBulk = this.getInputData().length > 1;
		const reader = readerOf(panel, given.plan.selectors, isBulk);
		return { given, panel, reader };
	};
	let opened: ReturnType<typeof open> | undefined;

	const syncItem = async (item: number) => {
		const { given, panel, reader } = await (opened ??= open());
		const callsBefore = panel.calls();
		const result = await sync(panel, given.plan, reader, requestAt(this, item, given));
		return [{ ...result, calls: panel.calls() - callsBefore }];
	};
	return await forEachItem(this, syncItem, (error, item) => {
		if (error instanceof SyncError) return { ...error.partial, outcome: 'failed' };
		const person = personAt(this, item);
		const { customerId: customer_id, email: customer_email } = person;
		const said = (error as Error).message;
		const message = customer_id || customer_email ? `${nameOf(person)}: ${said}` : said;
		return { message, customer_id, customer_email, changes: [], outcome: 'failed' };
	});
}
