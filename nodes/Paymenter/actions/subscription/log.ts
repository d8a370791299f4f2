import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { LogEvent } from '../../../../domain/entitlement/entitlement';
import { InvalidRow, readRow } from '../../../../domain/events/row';

/**
 * Reads the input items as events of the log. Rejected rows are left out.
 * @param wrong takes a row that cannot be read; without it, such a row is an error
 */
export function logOf(
	context: IExecuteFunctions,
	wrong?: (row: IDataObject, why: string) => void,
): LogEvent[] {
	const events: LogEvent[] = [];
	for (const [index, { json }] of context.getInputData().entries()) {
		// "Always Output Data" passes on an empty item if a search finds nothing.
		if (Object.keys(json).length === 0 || json.rejected) continue;
		try {
			events.push(readRow(json));
		} catch (error) {
			const why = (error as Error).message;
			if (wrong && error instanceof InvalidRow) wrong(json, why);
			else {
				throw new NodeOperationError(
					context.getNode(),
					`Item ${index} is not a row of the event log: ${why}`,
					{ itemIndex: index },
				);
			}
		}
	}
	return events;
}
