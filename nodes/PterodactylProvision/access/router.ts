import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { panelOf } from '../connection';
import { PanelError } from '../panelError';
import { PlanError } from '../plan';
import { SyncError, sync } from '../sync';
import { worldOfMany, worldOfOne } from '../world';
import { connectionAt, orderAt, planAt } from './parameters';

/**
 * Access → Get, Remove, Suspend, Sync: one customer per item. With many items the panel is read
 * once in bulk, with one only for that customer.
 */
export async function access(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const items = this.getInputData();
	const panel = await panelOf(this, connectionAt(this, 0));
	const output: INodeExecutionData[] = [];
	let world: ReturnType<typeof worldOfOne> | undefined;

	for (const index of items.keys()) {
		const callsBefore = panel.calls();
		try {
			// The whole plan is checked before the first call.
			const plan = planAt(this, index);
			const order = orderAt(this, index, plan);
			world ??= (items.length > 1 ? worldOfMany : worldOfOne)(panel, {
				withLocation: plan.needsLocations,
			});
			const result = await sync(panel, plan, world, order);
			output.push({
				json: { ...result, calls: panel.calls() - callsBefore },
				pairedItem: { item: index },
			});
		} catch (error) {
			const failure = asNodeError(this, error, index);
			if (!this.continueOnFail()) throw failure;
			const partial = error instanceof SyncError ? { ...error.partial, outcome: 'failed' } : {};
			output.push({
				json: { ...partial, error: failure.message, advice: failure.description ?? '' },
				error: failure,
				pairedItem: { item: index },
			});
		}
	}
	return output;
}

function asNodeError(context: IExecuteFunctions, error: unknown, itemIndex: number) {
	const known =
		error instanceof SyncError || error instanceof PanelError || error instanceof PlanError;
	const advice = known && 'advice' in error ? error.advice : undefined;
	return new NodeOperationError(context.getNode(), known ? error.message : (error as Error), {
		itemIndex,
		description: advice,
	});
}
