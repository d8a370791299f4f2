import type { INodeProperties } from 'n8n-workflow';

import { timeoutField } from '../../../shared/timeout.fields';

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
					'The ID of the customer’s panel account from an earlier run (output "account"). An account that has their external ID, but an address that was never theirs, is used only if it is this one.',
			},
			{
				displayName: 'Accounts Left Alone',
				name: 'leftAlone',
				type: 'string',
				default: '',
				placeholder: 'e.g. admin@example.com, builder',
				description:
					'E-mails or usernames of accounts that must never be touched, such as staff with manual access. Administrators are never touched, listed or not.',
			},
			{
				displayName: 'Allow Harmful Permissions',
				name: 'allowHarmful',
				type: 'boolean',
				default: false,
				description:
					'Whether tiers may give permissions with which a customer could harm a shared server, such as control.console or file.update',
			},
			{
				displayName: 'Brief If Unchanged',
				name: 'brief',
				type: 'boolean',
				default: false,
				description:
					'Whether to output only ID, address and whether they have access for customers without changes. Useful with thousands of customers.',
			},
			{
				displayName: 'Customer Is New',
				name: 'isNew',
				type: 'boolean',
				default: false,
				description:
					'Whether the customer probably has no account yet. The account is then created without looking for one first, which saves two calls. If there is one after all, it is used.',
			},
			{
				displayName: 'Delete Account',
				name: 'deleteAccount',
				type: 'boolean',
				default: false,
				description:
					'Whether Sync also deletes the account of a customer without any tier, under the same conditions as Remove',
			},
			{
				displayName: 'Dry Run',
				name: 'dryRun',
				type: 'boolean',
				default: false,
				description: 'Whether to only report what would change',
			},
			{
				displayName: 'Granted Before',
				name: 'grantedBefore',
				type: 'json',
				default: '{}',
				description:
					'What this node has granted to the customer before (output "granted"), so that it can remove it after the plan has changed',
			},
			{
				displayName: 'Held Because',
				name: 'heldBecause',
				type: 'string',
				default: '',
				placeholder: 'e.g. held by Olivia',
				description:
					'If not empty, nothing is changed for the customer, and the result gives this as the reason',
			},
			{
				displayName: 'Live E-Mails',
				name: 'liveEmails',
				type: 'string',
				default: '',
				description:
					'Addresses of other customers who are entitled to access. An account with one of these is not deleted, and loses no access unless it has this customer’s external ID.',
			},
			{
				displayName: 'Page Size',
				name: 'pageSize',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 5000 },
				default: 1000,
				description: 'How many users or servers to read per call',
			},
			{
				displayName: 'Retries',
				name: 'retries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 8 },
				default: 4,
				description:
					'How often to retry a call, with increasing pauses, if the panel does not respond or has an internal error',
			},
			{
				displayName: 'Taken E-Mails',
				name: 'takenEmails',
				type: 'string',
				default: '',
				description:
					'Earlier e-mails that another customer has now. They are not used to find an account.',
			},
			timeoutField,
			{
				displayName: 'Username Template',
				name: 'usernameTemplate',
				type: 'string',
				default: '{name}',
				placeholder: 'e.g. {name}-{customer}',
				description:
					'For new accounts. {name}, {email} (the part before the @) and {customer} (the customer ID) are replaced; characters that the panel does not accept are removed. If the username is taken, the customer ID is added.',
			},
		],
	},
];
