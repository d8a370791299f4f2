import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { panelOf } from '../../transport/connection';
import type { Panel } from '../../transport/panelApi';
import { PanelError } from '../../transport/errors';
import { PlanError } from '../../../../domain/access/tierPlan';
import { nameOf } from '../../../../domain/access/account';
import { briefly } from '../../../../domain/access/result';
import { SyncError, sync } from '../../sync/syncCustomer';
import { readerForMany, readerForOne, type PanelReader } from '../../transport/reader';
import { connectionAt, customersOf, isBrief, requestAt, personAt, plansOf } from './parameters';

/**
 * Access → Get, Remove, Restore, Suspend, Sync: one customer per item. For several items the panel is
 * read once in bulk; for a single item, only what this customer needs.
 */
export async function access(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	let opened: Promise<Panel> | undefined;
	const planOf = plansOf(this);
	const customers = customersOf(this);
	const isAllToldInFull = !isBrief(this);
	const output: INodeExecutionData[] = [];
	const readers = new Map<boolean, PanelReader>();
	const readerFor = (panel: Panel, withLocation: boolean): PanelReader => {
		const open = items.length > 1 ? readerForMany : readerForOne;
		const reader = readers.get(withLocation) ?? open(panel, { withLocation });
		readers.set(withLocation, reader);
		return reader;
	};

	for (const index of items.keys()) {
		try {
			const panel = await (opened ??= panelOf(this, connectionAt(this, 0)));
			const callsBefore = panel.calls();
			// The whole plan is checked before the first call.
			const given = planOf(index);
			const { plan } = given;
			const request = requestAt(this, index, given, customers);
			const result = await sync(panel, plan, readerFor(panel, plan.needsLocations), request);
			output.push({
				json:
					isAllToldInFull || result.outcome !== 'unchanged'
						? { ...result, calls: panel.calls() - callsBefore }
						: briefly(result),
				pairedItem: { item: index },
			});
		} catch (error) {
			const person = personAt(this, index);
			const { customerId, email } = person;
			const who = customerId || email ? nameOf(person) : '';
			const failure = asNodeError(this, error, who, index);
			if (!this.continueOnFail()) throw failure;
			const partial = error instanceof SyncError ? error.partial : { changes: [] };
			const cause = error instanceof SyncError ? error.cause : error;
			output.push(
				failedItem(failure, index, {
					customer_id: customerId,
					customer_email: email,
					...partial,
					outcome: 'failed',
					...judged(cause),
				}),
			);
		}
	}
	return output;
}

/** What alerts are grouped by: the same values for the same cause, whichever customer it affects. */
function judged(cause: unknown) {
	const { message } = cause as Error;
	if (!(cause instanceof PanelError)) {
		return { cause: message, is_passing: false, concerns_everybody: !(cause instanceof PlanError) };
	}
	return {
		cause: cause.shared ?? message,
		/** A retry may succeed. */
		is_passing: cause.isTransient,
		concerns_everybody: cause.concernsEverybody,
	};
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
