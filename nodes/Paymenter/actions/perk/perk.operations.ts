import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readPlanDocument } from '../../../../domain/access/planDocument';
import { nextDue, planChanges, type PlannedChange } from '../../../../domain/perks/changes';
import type { RankResult } from '../../../../domain/perks/ranks';
import { heldAlert, recordPerks, type StepResult } from '../../../../domain/perks/record';
import type { Alert } from '../../../../domain/work/alertPolicy';
import { timeOf } from '../../../../domain/dates';
import { freeAt } from '../../../../domain/work/lease';
import { flagField, listField, noticeField, objectField } from '../../../shared/fields';
import { plainHttpClient } from '../../../shared/httpClient';
import {
	executionUrlOf,
	inputObjects,
	itemOf,
	itemsAt,
	objectAt,
	objectsAt,
	placeOf,
} from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { findPlayers } from '../../transport/playerNames';

/** The items of each step. */
const stepsOf = (planned: PlannedChange[]) => ({
	changes: planned.flatMap(({ change }) => change ?? []),
	ranks: planned
		.filter(({ ranks }) => ranks.length > 0)
		.map(({ facts: { customer }, ranks, check }) => ({ customer, ranks, check })),
	add: planned.flatMap(({ add }) => add),
	remove: planned.flatMap(({ remove }) => remove),
	warnings: planned.flatMap(({ warning }) => warning ?? []),
});

/** Perk → Get Changes: what follows the changes of access, for those who were not told yet. */
export const getChangesOperation: Operation = {
	name: 'Get Changes',
	value: 'getChanges',
	description: 'Say what follows changes of access: ranks, Discord roles, warnings, your own steps',
	action: 'Get changes of access',
	outputs: ['Changes', 'Ranks', 'Roles to Add', 'Roles to Remove', 'Warnings', 'Done'],
	properties: [
		noticeField(
			'getChangesNotice',
			'Output: one item per customer with what changed, and items for each step; an item of <b>Changes</b> has before, after, reason, expires_at and an ID that stays the same when it is repeated.',
		),
		listField('Changed Customers', 'changedCustomers', 'Rows of paymenter_customers'),
		listField('Perks', 'perkRows', 'All rows of paymenter_perks'),
		objectField('Tier Plan', 'tierPlan', 'What Tier Plan → Get outputs'),
		objectField('Lease', 'perkLease', 'The row of the lease as it was acquired'),
		flagField(
			'Allow Losses',
			'allowLosses',
			'Whether the nightly run may take ranks and roles from many customers at once',
		),
	],
	async execute() {
		const now = Date.now();
		const { plan, settings } = readPlanDocument(objectAt(this, 'tierPlan'));
		const { planned, held } = await planChanges(
			{
				customers: objectsAt(this, 'changedCustomers'),
				perks: objectsAt(this, 'perkRows'),
				lastRunAt: timeOf(objectAt(this, 'perkLease').last_run_at),
				plan,
				ranks: settings.ranks,
				allowLosses: this.getNodeParameter('allowLosses', 0, false) as boolean,
				now,
			},
			async (names) => await findPlayers(plainHttpClient(this), names, settings.ranks.players),
		);
		const alerts = held.length > 0 ? [heldAlert(held, executionUrlOf(this))] : [];
		const run_at = new Date(now).toISOString();
		const { changes, ranks, add, remove, warnings } = stepsOf(planned);
		return [changes, ranks, add, remove, warnings, [{ planned, alerts, run_at }]].map((items) =>
			items.map(itemOf),
		);
	},
};

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
		const [done] = inputObjects<{ planned: PlannedChange[]; alerts: Alert[]; run_at: string }>(
			this,
		);
		const { planned = [], alerts = [], run_at = '' } = done ?? {};
		const now = Date.now();
		const recorded = recordPerks(planned, resultsOf(this, planned), {
			now,
			executionUrl: executionUrlOf(this),
		});
		const due_at = nextDue(objectsAt(this, 'perkRows'), recorded.rows);
		return [
			recorded.rows.map(itemOf),
			[...alerts, ...recorded.alerts].map(itemOf),
			[itemOf({ free_at: freeAt(now), last_run_at: run_at, due_at })],
		];
	},
};

function resultsOf(context: IExecuteFunctions, planned: PlannedChange[]): StepResult[] {
	const { changes, ranks, add, remove, warnings } = stepsOf(planned);
	const about = (
		parameter: string,
		step: StepResult['step'],
		asked: Array<Pick<StepResult, 'customer' | 'role' | 'discord_id'>>,
	) =>
		itemsAt(context, parameter).flatMap((item, index): StepResult[] => {
			const { customer, role, discord_id } = asked[placeOf(item, index)] ?? {};
			return customer ? [{ step, customer, role, discord_id, error: errorIn(item) }] : [];
		});
	const aboutRanks = itemsAt(context, 'syncedRanks').flatMap((item) => {
		const { customer, rank } = item.json as { customer?: string; rank?: RankResult };
		// An item that names nobody is the failure of the whole node.
		const concerned = customer ? [{ customer }] : ranks;
		const result = { step: 'Sync Ranks' as const, error: errorIn(item), rank };
		return concerned.map(({ customer }) => ({ ...result, customer }));
	});
	return [
		...aboutRanks,
		...about('addedRoles', 'Add Role', add),
		...about('removedRoles', 'Remove Role', remove),
		...about('warnedCustomers', 'Warn Customer', warnings),
		...about('ownSteps', 'your own step', changes),
	];
}

function errorIn({ json, error }: INodeExecutionData): string {
	const told = json.error ?? error?.message ?? '';
	if (typeof told === 'string') return told;
	return String((told as { message?: unknown }).message ?? 'it failed');
}
