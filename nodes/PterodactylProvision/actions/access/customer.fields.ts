import type { INodeProperties } from 'n8n-workflow';

const resource = ['access'];

/** Who the customer is, and what they bought. */
export const customerFields: INodeProperties[] = [
	{
		displayName: 'Customer E-Mail',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. ada@example.com',
		displayOptions: { show: { resource }, hide: { operation: ['preview', 'syncMany'] } },
		description: 'Used to find an account that has no external ID yet, and to create a new one',
	},
	{
		displayName: 'Customer ID',
		name: 'customerId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 77',
		displayOptions: { show: { resource }, hide: { operation: ['preview', 'syncMany'] } },
		description:
			'The customer’s ID in Paymenter. It becomes the account’s external ID (paymenter-77), so that the account is found after a change of address.',
	},
	{
		displayName: 'Customer Name',
		name: 'customerName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ada Lovelace',
		displayOptions: { show: { resource, operation: ['sync'] } },
		description: 'For a new account. May be empty.',
	},
	{
		displayName: 'Earlier E-Mails',
		name: 'previousEmails',
		type: 'string',
		default: '',
		placeholder: 'e.g. ada@old.example.com',
		displayOptions: { show: { resource }, hide: { operation: ['preview', 'syncMany'] } },
		description: 'Addresses that the customer had before: a list, or separated by commas',
	},
	{
		displayName: 'Access to Restore',
		name: 'recorded',
		type: 'json',
		default: '{}',
		displayOptions: { show: { resource, operation: ['restore'] } },
		description:
			'The access to restore: a list of permissions for each server identifier (8 characters); an empty list means no access. Other servers stay as they are. Example: {"1a7ce997": ["websocket.connect"]}.',
	},
	{
		displayName: 'Tiers or Products',
		name: 'grants',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.grants }}',
		displayOptions: { show: { resource, operation: ['get', 'sync'] } },
		description:
			'What the customer is entitled to: names separated by commas, or a list from Paymenter → Resolve. Empty: no access.',
	},
];
