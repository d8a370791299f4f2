import { escapeHtml } from '../../../../domain/operator/html';
import { planUndo, type ChangeRow, type CustomerRow } from '../../../../domain/operator/undoPlan';
import { itemOf, runId, shownFor, textAt } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = shownFor('planUndo');

export const planUndoOperation: Operation = {
	name: 'Plan Undo',
	value: 'planUndo',
	description: 'Work out from the log of changes what access customers had before a period',
	action: 'Plan an undo',
	outputs: ['Plan', 'Nothing to Undo'],
	properties: [
		{
			displayName:
				'Input: all rows of paymenter_customers. Output: an item per customer, with what to restore and the two events that hold and restore it.',
			name: 'planUndoNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'Changes',
			name: 'changes',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The rows of paymenter_provisioning_log in the period, the oldest first',
		},
		{
			displayName: 'Minutes',
			name: 'minutes',
			type: 'number',
			default: 0,
			displayOptions,
			description: 'The length of the period that the operator entered',
		},
		{
			displayName: 'E-Mail',
			name: 'email',
			type: 'string',
			default: '',
			placeholder: 'e.g. ada@example.com',
			displayOptions,
			description: 'Only for the customer with this address. Empty: for everybody.',
		},
		{
			displayName: 'Operator',
			name: 'actor',
			type: 'string',
			default: '',
			placeholder: 'e.g. Olivia',
			displayOptions,
			description: 'Who decided this; stands in the event log',
		},
		{
			displayName: 'Reason',
			name: 'reason',
			type: 'string',
			default: '',
			placeholder: 'e.g. the plan was wrong',
			displayOptions,
			description: 'Stands in the event log',
		},
	],
	execute() {
		const now = new Date();
		const plan = planUndo(
			{
				minutes: Number(textAt(this, 'minutes')),
				email: textAt(this, 'email'),
				actor: textAt(this, 'actor'),
				reason: textAt(this, 'reason'),
			},
			objectsAt<ChangeRow>(this, 'changes'),
			inputObjects<CustomerRow>(this),
			`undo-${runId(this, now)}`,
			now,
		);
		if (plan.kind === 'plan') return [plan.customers.map((one) => itemOf(one)), []];
		const html = escapeHtml(plan.problem);
		return [[], [itemOf({ title: 'Nothing was changed', html })]];
	},
};
