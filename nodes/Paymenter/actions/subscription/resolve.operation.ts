import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import {
	flagField,
	listField,
	noticeField,
	numberField,
	optionsField,
} from '../../../shared/fields';
import { objectsAt } from '../../../shared/items';
import type { LogEvent } from '../../../../domain/events/event';
import { resolveEntitlements } from '../../../../domain/entitlement/resolve';
import { holdUnreadable, type Unreadable } from '../../../../domain/entitlement/unreadable';
import { readRow } from '../../../../domain/events/row';
import { keysIn, packed, searchesFor } from '../../../../domain/events/search';
import type { Operation } from '../../../shared/operation';

/**
 * Reads the input items as events of the log, without rejected rows and without the empty items that
 * "Always Output Data" passes on if a search finds nothing.
 */
export function logOf(
	context: IExecuteFunctions,
	wrong: (row: IDataObject, why: string, itemIndex: number) => void,
): LogEvent[] {
	return context.getInputData().flatMap(({ json }, index) => {
		if (Object.keys(json).length === 0 || json.rejected) return [];
		try {
			return readRow(json);
		} catch (error) {
			wrong(json, (error as Error).message, index);
			return [];
		}
	});
}

function supposed(context: IExecuteFunctions) {
	try {
		return objectsAt(context, 'resolveOptions.alsoCount').map(readRow);
	} catch (error) {
		const why = `Invalid value in "Also Count": ${(error as Error).message}`;
		throw new NodeOperationError(context.getNode(), why);
	}
}

/** Subscription → Resolve: one entitlement per customer, or what else to search the log by. */
export const resolveOperation: Operation = {
	name: 'Resolve',
	value: 'resolve',
	description: 'Work out from the event log what each customer is entitled to now',
	action: 'Resolve what customers are entitled to',
	properties: [
		noticeField(
			'resolveNotice',
			'Input: rows of the event log, in any order; repeats do not matter. Output: one item per customer with what they are entitled to now, and why.',
		),
		numberField(
			'Days of Grace',
			'graceDays',
			'How long access lasts after a failed payment. Grace begins when the paid period is over: at the end of the day after the paid-until date, because that date has no time zone. Without a date, grace begins at the failure.',
			{ typeOptions: { minValue: 0, maxValue: 365 }, default: 7 },
		),
		optionsField('Options', 'resolveOptions', [
			listField(
				'Also Count',
				'alsoCount',
				'A list of events to count as if they were in the log, to see what would happen if they were appended',
			),
			numberField(
				'Delete Account After (Days)',
				'deleteAccountAfterDays',
				'How many days after the last cancellation "access" becomes "remove". Without this option, it never does.',
				{ typeOptions: { minValue: 0, maxValue: 3650 }, default: 30 },
			),
			flagField(
				'Refund Keeps Period',
				'refundKeepsPeriod',
				'Whether a refunded subscription lasts to the end of its paid period. If not, it is suspended at once, as it always is after a chargeback.',
			),
			listField(
				'Searched For',
				'searchedFor',
				'What the log was searched by: a list of objects with customer_id, customer_email or subscription_id. If the events lead to further customers or subscriptions, the second output says what to search by, and the first has nothing yet.',
			),
		]),
	],
	outputs: ['Entitlements', 'More to Read'],
	execute() {
		const unreadable: Unreadable[] = [];
		const logged = logOf(this, (row, why) => unreadable.push({ row, why }));
		const events = [...logged, ...supposed(this)];
		const searched = objectsAt(this, 'resolveOptions.searchedFor');
		const more = searched.length > 0 ? packed(searchesFor(events, keysIn(searched))) : [];
		if (more.length > 0) return [[], more.map((one) => ({ json: { ...one, to_read: true } }))];

		const option = (name: string) => this.getNodeParameter(`resolveOptions.${name}`, 0, null);
		const items = resolveEntitlements(events, new Date(), {
			graceDays: this.getNodeParameter('graceDays', 0) as number,
			deleteAccountAfterDays: option('deleteAccountAfterDays') as number | null,
			refundKeepsPeriod: option('refundKeepsPeriod') === true,
		}).map((entitlement) => ({ json: { ...holdUnreadable(entitlement, unreadable) } }));
		// A search that found nobody must not stop the workflow that goes by the first output.
		const isNobody = searched.length > 0 && items.length === 0;
		return [isNobody ? [{ json: {} }] : items, []];
	},
};
