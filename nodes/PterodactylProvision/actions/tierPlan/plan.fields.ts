import type { INodeProperties } from 'n8n-workflow';

import { READ_ONLY_PERMISSIONS } from '../../../../domain/access/tierPlan';

/** For Tier Plan → Get, and for Access where the plan is entered in the same node. */
const displayOptions = {
	show: { resource: ['access', 'tierPlan'] },
	hide: { operation: ['preview', 'restore', 'syncMany'], planFrom: ['input'] },
};

const serverGroupValues: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. public',
		description: 'The tiers below refer to the group by this name',
	},
	{
		displayName: 'Servers',
		name: 'match',
		type: 'options',
		options: [
			{ name: 'All Servers', value: 'all' },
			{ name: 'Chosen Servers', value: 'servers' },
			{ name: 'Description Contains', value: 'description' },
			{ name: 'In Locations', value: 'location' },
			{ name: 'Name Is Like', value: 'name' },
			{ name: 'Of Nests', value: 'nest' },
			{ name: 'On Nodes', value: 'node' },
		],
		default: 'name',
		description:
			'Evaluated at every run: a new server that matches is given to everybody who is entitled to the group',
	},
	{
		displayName: 'Pattern',
		name: 'pattern',
		type: 'string',
		default: '',
		placeholder: 'e.g. Frost Path*',
		displayOptions: { show: { match: ['name', 'description'] } },
		description:
			'* matches anything. Separate several patterns by commas; put a pattern that contains a comma in double quotes. Letter case does not matter.',
	},
	{
		displayName: 'Location Names or IDs',
		name: 'locations',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getLocations' },
		default: [],
		displayOptions: { show: { match: ['location'] } },
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Nest Names or IDs',
		name: 'nests',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getNests' },
		default: [],
		displayOptions: { show: { match: ['nest'] } },
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Node Names or IDs',
		name: 'nodes',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getNodes' },
		default: [],
		displayOptions: { show: { match: ['node'] } },
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Server Names or IDs',
		name: 'servers',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getServers' },
		default: [],
		displayOptions: { show: { match: ['servers'] } },
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Except',
		name: 'except',
		type: 'string',
		default: '',
		placeholder: 'e.g. Staff*, Beta*',
		description: 'Name patterns of servers to exclude from the group',
	},
	{
		displayName: 'Except Where the Description Contains',
		name: 'exceptDescription',
		type: 'string',
		default: '',
		placeholder: 'e.g. staff only',
		description: 'Patterns of servers to exclude by a part of their description',
	},
];

const tierValues: INodeProperties[] = [
	{
		displayName: 'Tier',
		name: 'tier',
		type: 'string',
		default: '',
		placeholder: 'e.g. knight',
	},
	{
		displayName: 'Role Name',
		name: 'role',
		type: 'string',
		default: '',
		placeholder: 'e.g. subscriber_knight',
		description: 'The name of the tier in results. Empty: subscriber_ followed by the tier.',
	},
	{
		displayName: 'Products',
		name: 'products',
		type: 'string',
		default: '',
		placeholder: 'e.g. fire-knight, frost-knight',
		description: 'Slugs of the Paymenter products that give this tier, separated by commas',
	},
	{
		displayName: 'Server Group Names or IDs',
		name: 'serverGroups',
		type: 'multiOptions',
		typeOptions: {
			loadOptionsMethod: 'getServerGroups',
			loadOptionsDependsOn: ['serverGroups'],
		},
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Permission Names or IDs',
		name: 'permissions',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getPermissions' },
		default: ['websocket.connect'],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	{
		displayName: 'Includes the Tiers Above It in This List',
		name: 'includesLower',
		type: 'boolean',
		default: true,
		description: 'Whether this tier includes the servers and permissions of all lower tiers',
	},
];

/** The tier plan as an editable form. */
export const planFields: INodeProperties[] = [
	{
		displayName: 'Server Groups',
		name: 'serverGroups',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Server Group',
		default: { group: [{ name: 'all', match: 'all', pattern: '', except: '' }] },
		displayOptions,
		description: 'Named sets of servers, which the tiers refer to',
		options: [{ displayName: 'Server Group', name: 'group', values: serverGroupValues }],
	},
	{
		displayName: 'Tiers, From Lowest to Highest',
		name: 'tiers',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add Tier',
		default: {
			tier: [
				{
					tier: 'member',
					role: '',
					products: 'member',
					serverGroups: ['all'],
					permissions: ['websocket.connect'],
					includesLower: true,
				},
			],
		},
		displayOptions,
		description: `Which tier gives which permissions on which servers. Without "Allow Harmful Permissions", only these are allowed: ${READ_ONLY_PERMISSIONS.join(', ')}.`,
		options: [{ displayName: 'Tier', name: 'tier', values: tierValues }],
	},
];
