import type { INodeProperties } from 'n8n-workflow';

import {
	flagField,
	listField,
	noticeField,
	numberField,
	objectField,
	optionsField,
	shownFor,
	textField,
} from '../../../shared/fields';

const MANY = 'Input: what Paymenter → Subscription → Resolve outputs, one item per customer.';

/** For many customers. */
const manyFields: INodeProperties[] = [
	...shownFor(
		'access',
		['preview'],
		[noticeField('previewNotice', `${MANY} Nothing is written to the panel.`)],
	),
	...shownFor(
		'access',
		['syncMany'],
		[
			noticeField(
				'syncManyNotice',
				`${MANY} The outputs are finished rows for the tables. The workflow Apply Access shows how they belong together.`,
			),
		],
	),
	...shownFor(
		'access',
		['preview', 'syncMany'],
		[
			objectField('Tier Plan', 'tierPlan', 'What Tier Plan → Get outputs', {
				default: '',
				required: true,
			}),
			listField('Customer Rows', 'customerRows', 'The rows of the customers table'),
			listField(
				'Events',
				'events',
				'The claimed rows of the event log, or for a preview the proposed ones',
			),
		],
	),
	...shownFor(
		'access',
		['syncMany'],
		[
			listField('Due Customers', 'dueCustomers', 'The rows of the customers table that were due'),
			objectField('Lease', 'lease', 'The row of the lease table, as it was last renewed'),
			numberField(
				'Customers at a Time',
				'parallel',
				'How many customers are synced at the same time',
				{ typeOptions: { minValue: 1, maxValue: 50 }, default: 8 },
			),
		],
	),
	...shownFor(
		'access',
		['preview'],
		[
			flagField(
				'Brief If Unchanged',
				'brief',
				'Whether to say only who they are and whether they have access of customers without changes. Useful with thousands of customers.',
			),
		],
	),
];

const options = optionsField('Options', 'options', [
	textField(
		'Account ID',
		'accountId',
		'The ID of the customer’s panel account from an earlier run (output "account"). An account that has their external ID, but an address that was never theirs, is used only if it is this one.',
		{ placeholder: 'e.g. 12' },
	),
	flagField(
		'Customer Is New',
		'isNew',
		'Whether the customer probably has no account yet. The account is then created without looking for one first, which saves two calls. If there is one after all, it is used.',
	),
	flagField(
		'Delete Account',
		'deleteAccount',
		'Whether Sync also deletes the account of a customer without any tier, under the same conditions as Remove',
	),
	flagField('Dry Run', 'dryRun', 'Whether to only report what would change'),
	objectField(
		'Granted Before',
		'grantedBefore',
		'What this node has granted to the customer before (output "granted"), so that it can remove it after the plan has changed',
	),
	textField(
		'Held Because',
		'heldBecause',
		'If not empty, nothing is changed for the customer, and the result gives this as the reason',
		{ placeholder: 'e.g. held by Olivia' },
	),
	textField(
		'Live E-Mails',
		'liveEmails',
		'Addresses of other customers who are entitled to access. An account with one of these is not deleted, and loses no access unless it has this customer’s external ID.',
	),
	textField(
		'Taken E-Mails',
		'takenEmails',
		'Earlier e-mails that another customer has now. They are not used to find an account.',
	),
]);

const ONE = ['get', 'remove', 'restore', 'suspend', 'sync'];

/** For one customer per item. */
const customerFields: INodeProperties[] = [
	...shownFor('access', ONE, [
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
		textField('Customer Name', 'customerName', 'For a new account. May be empty.', {
			placeholder: 'e.g. Ada Lovelace',
			displayOptions: { show: { operation: ['sync'] } },
		}),
		textField(
			'Earlier E-Mails',
			'previousEmails',
			'Addresses that the customer had before: a list, or separated by commas',
			{ placeholder: 'e.g. ada@old.example.com' },
		),
		objectField(
			'Access to Restore',
			'recorded',
			'The access to restore: a list of permissions for each server’s UUID; an empty list means no access. Other servers stay as they are. Example: {"1a7ce997-259b-452e-8b4e-cecc464142ca": ["websocket.connect"]}.',
			{ displayOptions: { show: { operation: ['restore'] } } },
		),
		textField(
			'Tiers or Products',
			'grants',
			'What the customer is entitled to: names separated by commas, or a list from Paymenter → Resolve. Empty: no access.',
			{
				placeholder: 'e.g. {{ $json.grants }}',
				displayOptions: { show: { operation: ['get', 'sync'] } },
			},
		),
	]),
	...shownFor(
		'access',
		ONE.filter((operation) => operation !== 'restore'),
		[
			{
				displayName: 'Plan From',
				name: 'planFrom',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'This Node', value: 'node', description: 'Enter the tier plan below' },
					{
						name: 'Input',
						value: 'input',
						description: 'Use a tier plan that Tier Plan → Get has output',
					},
				],
				default: 'node',
			},
			objectField(
				'Tier Plan',
				'tierPlan',
				'The output "tier_plan" of Tier Plan → Get, with the settings in it. The same plan is used for all items.',
				{
					default: '',
					placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}",
					displayOptions: { show: { planFrom: ['input'] } },
				},
			),
		],
	),
];

export const accessFields = [...manyFields, ...customerFields];

export const accessOptions = shownFor('access', ONE, [options]);
