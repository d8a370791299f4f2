import { describeConfirmed } from '../../../../domain/operator/losses';
import type { Correction } from '../../../../domain/reconcile/corrections';
import type { PreviewItem } from '../../../../domain/access/preview';
import { guardLosses, type GuardInput } from '../../../../domain/reconcile/lossGuard';
import { listField, noticeField, textField } from '../../../shared/fields';
import { inputObjects, itemOf, objectsAt, textAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

/** A row that was read from the log is none: n8n passes the input of a failed node on. */
const isCorrection = (event: Correction): boolean => !!event.event_id && !('createdAt' in event);

/** Subscription → Guard Losses: rows to append, an alert or a page for who confirmed, and a summary. */
export const guardLossesOperation: Operation = {
	name: 'Guard Losses',
	value: 'guardLosses',
	description: 'Decide what may be appended to the event log, and hold back mass losses',
	action: 'Guard against losses of many at once',
	outputs: ['Events', 'Alert', 'Page', 'Summary'],
	properties: [
		noticeField(
			'guardNotice',
			'Input: what Pterodactyl Provision → Access → Preview says about everybody, with the corrections counted. Append the rows of the output Events to the event log. If more than 5 % of those with access (and more than 3) would lose a server, nothing about them is among these rows until somebody confirms it. Who waits for the panel’s limit on new subusers is left out, unless you execute the workflow by hand: do that after raising the limit.',
		),
		listField('Corrections', 'corrections', 'The list of events that Subscription → Compare found'),
		listField('Customer Rows', 'customerRows', 'All rows of paymenter_customers'),
		listField('Failures', 'failures', 'The items of the error output of Subscription → Compare'),
		textField(
			'Confirmed By',
			'confirmedBy',
			'Who confirmed the losses that are held back. Empty: nobody. Confirmed are only losses that a row names. Then what would be an alert is on the page.',
		),
		textField('Form URL', 'formUrl', 'Where losses are confirmed, for the alert', {
			placeholder: 'e.g. https://n8n.example.com/form/paymenter-losses',
		}),
	],
	execute() {
		const actor = textAt(this, 'confirmedBy').trim();
		const guarded = guardLosses({
			preview: inputObjects<PreviewItem>(this).filter(({ outcome }) => outcome),
			corrections: objectsAt<Correction>(this, 'corrections').filter(isCorrection),
			rows: objectsAt<GuardInput['rows'][number]>(this, 'customerRows'),
			failures: objectsAt<GuardInput['failures'][number]>(this, 'failures'),
			hurries: this.getMode() === 'manual',
			confirmed: actor ? { actor } : null,
			at: new Date().toISOString(),
			run: this.getExecutionId(),
			formUrl: textAt(this, 'formUrl'),
		});
		const { events, alert, summary } = guarded;
		return [
			events.map(itemOf),
			alert && !actor ? [itemOf(alert)] : [],
			actor ? [itemOf(describeConfirmed(guarded))] : [],
			[itemOf(summary)],
		];
	},
};
