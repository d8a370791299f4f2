import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { nameOf } from '../../../../domain/access/account';
import { forEachItem } from '../../../shared/failedItem';
import { flagField, objectField, optionsField, textField } from '../../../shared/fields';
import type { Operation } from '../../../shared/operation';
import { SyncError, sync } from '../../sync/syncCustomer';
import { panelOf } from '../../transport/connection';
import { readerOf } from '../../transport/reader';
import { planAt, tierPlanField } from '../tierPlan/get.operation';
import { personAt, requestAt } from './request';

/** For one customer per item, where people build workflows of their own. */
const customerOperation = (
	name: string,
	description: string,
	action: string,
	fields: INodeProperties[] = [],
): Operation => ({
	...{ name, value: name.toLowerCase(), description, action },
	properties: [...CUSTOMER, ...fields, tierPlanField, OPTIONS],
	execute: access,
});

const CUSTOMER = [
	textField(
		'Customer E-Mail',
		'email',
		'Used to find an account that has no external ID yet, and to create a new one',
		{ placeholder: 'e.g. ada@example.com' },
	),
	textField(
		'Customer ID',
		'customerId',
		'The customer’s ID in Paymenter. It becomes the account’s external ID (paymenter-77), so that the account is found after a change of address.',
		{ placeholder: 'e.g. 77' },
	),
	textField(
		'Earlier E-Mails',
		'previousEmails',
		'Addresses that the customer had before: a list, or separated by commas',
		{ placeholder: 'e.g. ada@old.example.com' },
	),
];

const GRANTS = textField(
	'Tiers or Products',
	'grants',
	'What the customer is entitled to: names separated by commas, or a list from Paymenter → Resolve. Empty: no access.',
	{ placeholder: 'e.g. {{ $json.grants }}' },
);

const CUSTOMER_NAME = textField(
	'Customer Name',
	'customerName',
	'For a new account. May be empty.',
	{ placeholder: 'e.g. Ada Lovelace' },
);

const RECORDED = objectField(
	'Access to Restore',
	'recorded',
	'The access to restore: a list of permissions for each server’s UUID; an empty list means no access. Other servers stay as they are. Example: {"1a7ce997-259b-452e-8b4e-cecc464142ca": ["websocket.connect"]}.',
);

const OPTIONS = optionsField('Options', 'options', [
	flagField('Dry Run', 'dryRun', 'Whether to only report what would change'),
	objectField(
		'Granted Before',
		'grantedBefore',
		'What this node has granted to the customer before (output "granted"), so that it can remove it after the plan has changed',
	),
]);

export const customerOperations = [
	customerOperation(
		'Get',
		'Show what a customer has, what the plan gives, and the difference',
		'Get access of a customer',
		[GRANTS],
	),
	customerOperation(
		'Remove',
		'Remove all access and delete the account, unless something else uses it',
		'Remove a customer and their account',
	),
	customerOperation(
		'Restore',
		'Restore recorded access, whatever the tier plan says',
		'Restore recorded access of a customer',
		[RECORDED],
	),
	customerOperation(
		'Suspend',
		'Remove all access but keep the account',
		'Suspend access of a customer',
	),
	customerOperation(
		'Sync',
		'Make access match the tiers, creating the account if necessary',
		'Sync access of a customer',
		[CUSTOMER_NAME, GRANTS],
	),
];

/** For several items the panel is read once in bulk; for a single item, only what this customer needs. */
async function access(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const open = async () => {
		// The whole plan is checked before the first call.
		const given = planAt(this);
		const panel = await panelOf(this);
		const isBulk = this.getInputData().length > 1;
		return { given, panel, reader: readerOf(panel, given.plan.selectors, isBulk) };
	};
	let opened: ReturnType<typeof open> | undefined;

	const syncItem = async (item: number) => {
		const { given, panel, reader } = await (opened ??= open());
		const callsBefore = panel.calls();
		const result = await sync(panel, given.plan, reader, requestAt(this, item, given));
		return [{ ...result, calls: panel.calls() - callsBefore }];
	};
	return await forEachItem(this, syncItem, (error, item) => {
		if (error instanceof SyncError) return { ...error.partial, outcome: 'failed' };
		const person = personAt(this, item);
		const { customerId: customer_id, email: customer_email } = person;
		const said = (error as Error).message;
		const message = customer_id || customer_email ? `${nameOf(person)}: ${said}` : said;
		return { message, customer_id, customer_email, changes: [], outcome: 'failed' };
	});
}
