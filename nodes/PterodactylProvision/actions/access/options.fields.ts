import type { INodeProperties } from 'n8n-workflow';

export const optionFields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: { resource: ['access'] } },
		options: [
			{
				displayName: 'Account ID',
				name: 'accountId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 12',
				description:
					'The panel account that is recorded as the customer’s (the output "account"). An account that carries their external ID but an address that was never theirs is used only if it is this one.',
			},
			{
				displayName: 'Accounts Left Alone',
				name: 'leftAlone',
				type: 'string',
				default: '',
				placeholder: 'e.g. admin@example.com, builder',
				description:
					'E-mails or usernames of accounts that are never touched: staff who have their access by hand. Administrators never are, listed or not.',
			},
			{
				displayName: 'Allow Harmful Permissions',
				name: 'allowHarmful',
				type: 'boolean',
				default: false,
				description:
					'Whether tiers may give permissions with which a customer can harm a shared server, like control.console or file.update',
			},
			{
				displayName: 'Brief Where Unchanged',
				name: 'brief',
				type: 'boolean',
				default: false,
				description:
					'Whether a customer for whom nothing is to be done comes out with no more than who they are and whether they have access: for a look at thousands',
			},
			{
				displayName: 'Customer Is New',
				name: 'isNew',
				type: 'boolean',
				default: false,
				description:
					'Whether the customer probably has no account yet. It is then created without looking for one first, which saves two calls; if there is one after all, that is used.',
			},
			{
				displayName: 'Delete Account',
				name: 'deleteAccount',
				type: 'boolean',
				default: false,
				description:
					'Whether Sync also deletes the account of a customer without any tier, under the conditions of Remove',
			},
			{
				displayName: 'Dry Run',
				name: 'dryRun',
				type: 'boolean',
				default: false,
				description: 'Whether to only say what would be changed',
			},
			{
				displayName: 'Granted Before',
				name: 'grantedBefore',
				type: 'json',
				default: '{}',
				description:
					'What this node granted the customer earlier (its output "granted"), so that it can be taken back after the plan has changed',
			},
			{
				displayName: 'Held Because',
				name: 'heldBecause',
				type: 'string',
				default: '',
				placeholder: 'e.g. held by Olivia',
				description:
					'If this is not empty, nothing is changed for the customer, and the result says this as the reason',
			},
			{
				displayName: 'Live E-Mails',
				name: 'liveEmails',
				type: 'string',
				default: '',
				description:
					'Addresses of other customers who are entitled to something: an account with one of them is not deleted, and loses nothing unless it is marked as this customer’s',
			},
			{
				displayName: 'Page Size',
				name: 'pageSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 5000 },
				default: 1000,
				description: 'How many users or servers to read from the panel with one call',
			},
			{
				displayName: 'Retries',
				name: 'retries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 8 },
				default: 4,
				description:
					'How often a call is repeated, with growing pauses, when the panel does not answer or has a fault',
			},
			{
				displayName: 'Taken E-Mails',
				name: 'takenEmails',
				type: 'string',
				default: '',
				description:
					'Those of the earlier e-mails that another customer has now: no account is looked for by them',
			},
			{
				displayName: 'Timeout (Seconds)',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 300 },
				default: 30,
				description: 'How long to wait for one answer',
			},
			{
				displayName: 'Username Template',
				name: 'usernameTemplate',
				type: 'string',
				default: '{name}',
				placeholder: 'e.g. {name}-{customer}',
				description:
					'For new accounts: {name}, {email} (the part before the @) and {customer} (the customer ID) are filled in, and what the panel does not take is left out. The customer ID is added where the name is taken.',
			},
		],
	},
];
