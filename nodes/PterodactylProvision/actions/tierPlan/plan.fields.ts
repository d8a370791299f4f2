import type { INodeProperties } from 'n8n-workflow';

import { READ_ONLY_PERMISSIONS } from '../../../../domain/access/tierPlan';
import { flagField, numberField, optionsField, textField } from '../../../shared/fields';

/** A drop-down that the panel fills, or the form itself. */
const choicesField = (
	displayName: string,
	name: string,
	loadOptionsMethod: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName: `${displayName} Names or IDs`,
	name,
	type: 'multiOptions',
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	...more,
	typeOptions: { loadOptionsMethod, ...more.typeOptions },
});

const whereMatch = (...match: string[]) => ({ displayOptions: { show: { match } } });

const serverGroupValues: INodeProperties[] = [
	textField('Name', 'name', 'The tiers below refer to the group by this name', {
		placeholder: 'e.g. public',
	}),
	{
		displayName: 'Servers',
		name: 'match',
		type: 'options',
		options: [
			{ name: 'All Servers', value: 'all' },
			{ name: 'Chosen Servers', value: 'servers' },
			{ name: 'Description Contains', value: 'description' },
			{ name: 'In Locations', value: 'location', description: 'Pterodactyl' },
			{ name: 'Name Is Like', value: 'name' },
			{ name: 'Of Nests', value: 'nest', description: 'Pterodactyl' },
			{ name: 'On Nodes', value: 'node' },
			{ name: 'On Nodes With Tags', value: 'tag', description: 'Pelican' },
		],
		default: 'name',
		description:
			'Evaluated at every run: a new server that matches is given to everybody who is entitled to the group',
	},
	textField(
		'Pattern',
		'pattern',
		'* matches anything. Separate several patterns by commas; put a pattern that contains a comma in double quotes. Letter case does not matter.',
		{ placeholder: 'e.g. Frost Path*', ...whereMatch('name', 'description') },
	),
	choicesField('Location', 'locations', 'getLocations', whereMatch('location')),
	choicesField('Nest', 'nests', 'getNests', whereMatch('nest')),
	choicesField('Node', 'nodes', 'getNodes', whereMatch('node')),
	choicesField('Node Tag', 'tags', 'getNodeTags', whereMatch('tag')),
	choicesField('Server', 'servers', 'getServers', whereMatch('servers')),
	textField('Except', 'except', 'Name patterns of servers to exclude from the group', {
		placeholder: 'e.g. Staff*, Beta*',
	}),
	textField(
		'Except Where the Description Contains',
		'exceptDescription',
		'Patterns of servers to exclude by a part of their description',
		{ placeholder: 'e.g. staff only' },
	),
];

const tierValues: INodeProperties[] = [
	textField('Tier', 'tier', '', { placeholder: 'e.g. knight' }),
	textField(
		'Role Name',
		'role',
		'The name of the tier in results. Empty: subscriber_ followed by the tier.',
		{ placeholder: 'e.g. subscriber_knight' },
	),
	textField(
		'Products',
		'products',
		'Slugs of the Paymenter products that give this tier, separated by commas',
		{ placeholder: 'e.g. fire-knight, frost-knight' },
	),
	choicesField('Server Group', 'serverGroups', 'getServerGroups', {
		typeOptions: { loadOptionsDependsOn: ['serverGroups'] },
	}),
	choicesField('Permission', 'permissions', 'getPermissions', { default: ['websocket.connect'] }),
	flagField(
		'Includes the Tiers Above It in This List',
		'includesLower',
		'Whether this tier includes the servers and permissions of all lower tiers',
		{ default: true },
	),
	textField('LuckPerms Group', 'luckPermsGroup', 'The rank in the game', {
		placeholder: 'e.g. knight',
	}),
	textField('Discord Role ID', 'discordRole', '', { placeholder: 'e.g. 1132456789012345678' }),
];

const rankOptions: INodeProperties[] = [
	{
		displayName: 'Ranks By',
		name: 'way',
		type: 'options',
		options: [
			{
				name: 'Console Command',
				value: 'console',
				description: 'Commands to LuckPerms through the panel; the servers must be running',
			},
			{
				name: 'LuckPerms REST API',
				value: 'rest',
				description: 'Needs the REST API and one database for all servers',
			},
			{ name: 'Nothing', value: 'none' },
		],
		default: 'none',
		description: 'How the LuckPerms groups of the tiers reach the game',
	},
	textField('Context', 'context', 'Where the rank applies. Empty: everywhere.', {
		placeholder: 'e.g. server=survival',
	}),
	textField(
		'Track',
		'track',
		'Console Command: a track of at least two groups, used for subscriptions only',
		{ placeholder: 'e.g. subscriptions' },
	),
	textField('Servers', 'servers', 'Console Command: name patterns of the servers', {
		placeholder: 'e.g. Frost Path Proxy',
	}),
	{
		displayName: 'Command',
		name: 'command',
		type: 'options',
		options: [
			{ name: 'Game Server (Lp)', value: 'lp' },
			{ name: 'BungeeCord (Lpb)', value: 'lpb' },
			{ name: 'Velocity (Lpv)', value: 'lpv' },
		],
		default: 'lp',
		description: 'Console Command: the name of the command where LuckPerms runs',
	},
	{
		displayName: 'Players',
		name: 'players',
		type: 'options',
		options: [
			{ name: 'Java', value: 'java' },
			{ name: 'Java and Bedrock (Geyser)', value: 'bedrock' },
			{ name: 'Offline Mode', value: 'offline' },
		],
		default: 'java',
		description: 'How the name of a player becomes a UUID',
	},
	textField('Property With the Player’s Name', 'player_property', '', {
		default: 'minecraft_username',
	}),
	textField('Property With the Discord ID', 'discord_property', '', { default: 'discord_id' }),
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
		description: `Which tier gives which permissions on which servers. A tier without servers has its perks in the game only: its customers get no panel account. Without "Allow Harmful Permissions", only these are allowed: ${READ_ONLY_PERMISSIONS.join(', ')}.`,
		options: [{ displayName: 'Tier', name: 'tier', values: tierValues }],
	},
	flagField(
		'Allow Harmful Permissions',
		'allowHarmful',
		'Whether tiers may give permissions with which a customer could harm a shared server, such as control.console or file.update',
	),
	optionsField('Ranks in the Game', 'ranks', rankOptions),
	flagField(
		'Refund Keeps the Paid Period',
		'refundKeepsPeriod',
		'Whether a refunded subscription lasts to the end of its paid period. Otherwise it is suspended at once, as after a chargeback.',
	),
	numberField('Days of Grace', 'graceDays', 'How long access lasts after a failed payment', {
		typeOptions: { minValue: 0 },
		default: 7,
	}),
	numberField(
		'Delete Account After (Days)',
		'deleteAccountAfterDays',
		'How long the account is kept after the last cancellation. -1: for ever. An account that anything else uses is never deleted.',
		{
			typeOptions: { minValue: -1 },
			default: 30,
		},
	),
	textField(
		'Accounts Left Alone',
		'leftAlone',
		'E-mails or usernames of accounts that must never be touched, such as staff with manual access. Administrators are never touched, listed or not.',
		{ placeholder: 'e.g. admin@example.com, builder' },
	),
	textField(
		'Username Template',
		'usernameTemplate',
		'For new accounts. {name}, {email} (the part before the @) and {customer} (the customer ID) are replaced; characters that the panel does not accept are removed. If the username is taken, the customer ID is added.',
		{
			default: '{name}',
			placeholder: 'e.g. {name}-{customer}',
		},
	),
];
