import type { INodeProperties } from 'n8n-workflow';

import { timeoutField } from '../../../shared/timeout.fields';
import {
	allowHarmfulField,
	leftAloneField,
	usernameTemplateField,
} from '../tierPlan/settings.fields';

/** A plan from the input brings these settings with it. */
const unlessFromInput = (field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { hide: { '/planFrom': ['input'] } },
});

export const optionFields: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: {
			show: { resource: ['access'] },
			hide: { operation: ['preview', 'syncMany'] },
		},
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
			unlessFromInput(leftAloneField),
			unlessFromInput(allowHarmfulField),
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
			unlessFromInput(usernameTemplateField),
		],
	},
];
