import { readPlanDocument } from '../../../../domain/access/planDocument';
import { planChanges, stepsOf } from '../../../../domain/perks/changes';
import { heldAlert } from '../../../../domain/perks/record';
import { timeOf } from '../../../../domain/work/lease';
import { flagField, listField, noticeField, objectField } from '../../../shared/fields';
import { plainHttpClient } from '../../../shared/httpClient';
import { executionUrlOf, itemOf, objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { findPlayers } from '../../transport/playerNames';

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
