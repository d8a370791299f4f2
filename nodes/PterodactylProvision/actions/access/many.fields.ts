import type { INodeProperties } from 'n8n-workflow';

const show = { resource: ['access'], operation: ['preview', 'syncMany'] };

/** Parameters of Preview and Sync Many. */
export const manyFields: INodeProperties[] = [
	{
		displayName:
			'Input: what Paymenter → Subscription → Resolve outputs, one item per customer. Nothing is written to the panel.',
		name: 'previewNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { ...show, operation: ['preview'] } },
	},
	{
		displayName:
			'Input: what Paymenter → Subscription → Resolve outputs, one item per customer. The outputs are finished rows for the tables. The workflow Apply Access shows how they belong together.',
		name: 'syncManyNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { ...show, operation: ['syncMany'] } },
	},
	{
		displayName: 'Tier Plan',
		name: 'tierPlan',
		type: 'json',
		default: '',
		required: true,
		displayOptions: { show },
		description: 'What Tier Plan → Get outputs',
	},
	{
		displayName: 'Customer Rows',
		name: 'customerRows',
		type: 'json',
		default: '[]',
		displayOptions: { show },
		description: 'The rows of the customers table',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'json',
		default: '[]',
		displayOptions: { show: { ...show, operation: ['syncMany'] } },
		description: 'The claimed rows of the event log',
	},
	{
		displayName: 'Due Customers',
		name: 'dueCustomers',
		type: 'json',
		default: '[]',
		displayOptions: { show: { ...show, operation: ['syncMany'] } },
		description: 'The rows of the customers table that were due',
	},
	{
		displayName: 'Lease',
		name: 'lease',
		type: 'json',
		default: '{}',
		displayOptions: { show: { ...show, operation: ['syncMany'] } },
		description: 'The row of the lease table, as it was last renewed',
	},
	{
		displayName: 'Brief If Unchanged',
		name: 'brief',
		type: 'boolean',
		default: false,
		displayOptions: { show: { ...show, operation: ['preview'] } },
		description:
			'Whether to say only who they are and whether they have access of customers without changes. Useful with thousands of customers.',
	},
	{
		displayName: 'Customers at a Time',
		name: 'parallel',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50 },
		default: 8,
		displayOptions: { show: { ...show, operation: ['syncMany'] } },
		description: 'How many customers are synced at the same time',
	},
];
