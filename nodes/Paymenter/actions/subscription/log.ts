import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { LogEvent } from '../../../../domain/entitlement/entitlement';
import { readRow } from '../../../../domain/events/row';

/** Reads the input items as events of the log, by item index. */
export function logOf(context: IExecuteFunctions): Map<number, LogEvent> {
	const events = new Map<number, LogEvent>();
	for (const [index, item] of context.getInputData().entries()) {
		// "Always Output Data" passes on an empty item if a search finds nothing.
		if (Object.keys(item.json).length === 0) continue;
		try {
			events.set(index, readRow(item.json));
		} catch (error) {
			throw new NodeOperationError(
				context.getNode(),
				`Item ${index} is not a row of the event log: ${(error as Error).message}`,
				{ itemIndex: index },
			);
		}
	}
	return events;
}
