import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { nextDue, type PlannedChange } from '../../../../domain/perks/changes';
import type { RankResult } from '../../../../domain/perks/ranks';
import { recordPerks, type StepResult } from '../../../../domain/perks/record';
import type { Alert } from '../../../../domain/work/alertPolicy';
import { freeAt } from '../../../../domain/work/lease';
import { listField, noticeField } from '../../../shared/fields';
import {
	executionUrlOf,
	inputObjects,
	itemOf,
	itemsAt,
	objectsAt,
	placeOf,
} from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { changesIn, rolesIn, warningsIn } from './getChanges.operation';

interface Done {
	planned: PlannedChange[];
	alerts: Alert[];
	run_at: string;
}

/** Perk → Record: what came of each step, as rows to save and alerts to send. */
export const recordOperation: Operation = {
	name: 'Record',
	value: 'record',
	description: 'Turn what came of the steps into rows to save and alerts to send',
	action: 'Record what came of changes',
	outputs: ['Rows', 'Alerts', 'Done'],
	properties: [
		noticeField(
			'recordNotice',
			'Input: the item <b>Done</b> of Get Changes. Each step continues on error; what failed is tried again, and alerted.',
		),
		listField('Perks', 'perkRows', 'The rows of paymenter_perks as they were read'),
		listField('Synced Ranks', 'syncedRanks', 'The items of Rank → Sync'),
		listField('Added Roles', 'addedRoles', 'The items of the node that adds roles'),
		listField('Removed Roles', 'removedRoles', 'The items of the node that removes roles'),
		listField('Warned Customers', 'warnedCustomers', 'The items of the node that warns customers'),
		listField(
			'Own Steps',
			'ownSteps',
			'The items of your own steps after the output Changes, which continue on error',
		),
	],
	execute() {
		const [done] = inputObjects<Done>(this);
		const { planned = [], alerts = [], run_at = '' } = done ?? {};
		const now = Date.now();
		const recorded = recordPerks(planned, resultsOf(this, planned), {
			now,
			executionUrl: executionUrlOf(this),
		});
		return [
			recorded.rows.map(itemOf),
			[...alerts, ...recorded.alerts].map(itemOf),
			[
				itemOf({
					free_at: freeAt(now),
					last_run_at: run_at,
					due_at: nextDue(objectsAt(this, 'perkRows'), recorded.rows),
				}),
			],
		];
	},
};

function resultsOf(context: IExecuteFunctions, planned: PlannedChange[]): StepResult[] {
	const about = (
		parameter: string,
		step: string,
		asked: Array<{ customer: string }>,
		more: (place: number) => Partial<StepResult> = () => ({}),
	): StepResult[] =>
		itemsAt(context, parameter).flatMap((item, index) => {
			const place = placeOf(item, index);
			const customer = asked[place]?.customer;
			return customer ? [{ step, customer, error: errorIn(item), ...more(place) }] : [];
		});
	const roles = (parameter: string, step: string, kind: 'add' | 'remove') => {
		const asked = rolesIn(planned, kind);
		return about(parameter, step, asked, (place) => {
			const { role = '', discord_id: member = '' } = asked[place] ?? {};
			return { role: { kind, role, member } };
		});
	};
	return [
		...ranksOf(itemsAt(context, 'syncedRanks'), planned),
		...roles('addedRoles', 'Add Role', 'add'),
		...roles('removedRoles', 'Remove Role', 'remove'),
		...about('warnedCustomers', 'Warn Customer', warningsIn(planned), () => ({ isWarning: true })),
		...about('ownSteps', 'your own step', changesIn(planned)),
	];
}

/** An item that names nobody is the failure of the whole node. */
function ranksOf(items: INodeExecutionData[], planned: PlannedChange[]): StepResult[] {
	const step = 'Sync Ranks';
	return items.flatMap((item) => {
		const { customer, rank } = item.json as { customer?: string; rank?: RankResult };
		const error = errorIn(item);
		if (customer) return [{ step, customer, error, rank }];
		const asked = planned.filter(({ ranks }) => ranks.length > 0);
		return asked.map(({ facts }) => ({ step, customer: facts.customer, error }));
	});
}

function errorIn({ json, error }: INodeExecutionData): string {
	const told = json.error ?? error?.message ?? '';
	if (typeof told === 'string') return told;
	return String((told as { message?: unknown }).message ?? 'it failed');
}
