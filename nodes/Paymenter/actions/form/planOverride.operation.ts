import type { INodeProperties } from 'n8n-workflow';

import { OVERRIDE_ACTIONS, planOverride } from '../../../../domain/operator/overrideEvent';
import { escapeHtml } from '../../../../domain/operator/html';
import { itemOf, runId, shownFor, textAt } from './formOperation';
import type { Operation } from '../../../shared/operation';

const displayOptions = shownFor('planOverride');

const field = (
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder,
	displayOptions,
	description,
});

export const planOverrideOperation: Operation = {
	name: 'Plan Override',
	value: 'planOverride',
	description: 'Turn what an operator entered into an event, or say what is missing',
	action: 'Plan a manual override',
	outputs: ['Event', 'Problem'],
	properties: [
		field(
			'Action',
			'action',
			'e.g. Suspend',
			`One of ${OVERRIDE_ACTIONS.join(', ')}. Empty: the page was left open, so nothing is output.`,
		),
		field('Tier', 'tier', 'e.g. knight', 'The tier to give'),
		field('Last Day', 'until', 'e.g. 2026-05-31', 'Empty: until further notice'),
		field('Reason', 'reason', 'e.g. a prize', 'Stands in the event log'),
		field('Operator', 'actor', 'e.g. Olivia', 'Who decided this; stands in the event log'),
		field('Customer ID', 'customerId', 'e.g. 77', 'The ID in Paymenter. May be empty.'),
		field('Customer E-Mail', 'customerEmail', 'e.g. ada@example.com', 'Whom it is about'),
	],
	execute() {
		const now = new Date();
		const said = (name: string) => textAt(this, name);
		const plan = planOverride(
			{
				action: said('action'),
				tier: said('tier'),
				until: said('until'),
				reason: said('reason'),
				actor: said('actor'),
				customerId: said('customerId'),
				customerEmail: said('customerEmail'),
			},
			`operator-${runId(this, now)}`,
			now,
		);
		if (plan.kind === 'event') return [[itemOf(plan.row)], []];
		if (plan.kind === 'abandoned') return [[], []];
		const html = `${escapeHtml(plan.problem)} Go back, or open the form again.`;
		return [[], [itemOf({ title: 'Nothing was changed', html })]];
	},
};
