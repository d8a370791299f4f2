import { leadingNumber, sameText } from './mariadb.cjs';
import type { Flavour } from './flavour.cjs';
import type { Input } from './php.cjs';
import { isTruthy } from './php.cjs';
import type { Egg, PanelState, Server } from './state.cjs';
import type { FieldRules } from './validation.cjs';

/** The panel's rules for servers: field order is the order of the errors [220, 243]. */

const limitRules = {
	memory: 'numeric|min:0',
	swap: 'numeric|min:-1',
	disk: 'numeric|min:0',
	io: 'numeric|between:10,1000',
	cpu: 'numeric|min:0',
	threads: 'nullable|regex:/^[0-9-,]+$/',
};

const common = {
	image: 'required|string|max:191|regex:/^~?[\\w./\\-:@ ]*$/',
	startup: 'required|string',
	databases: 'present|nullable|integer|min:0',
	allocations: 'sometimes|nullable|integer|min:0',
	backups: 'present|nullable|integer|min:0',
};

const nameRules = ({ longest }: Flavour): string => `required|string|min:1|max:${longest}`;

const externalIdRule = (state: PanelState, self?: Server): FieldRules => ({
	field: 'external_id',
	rules: `sometimes|nullable|string|between:1,${state.flavour.longest}`,
	lookup: uniqueExternalId(state, self),
});

const exists = (items: Array<{ id: number }>) => ({
	name: 'exists' as const,
	passes: (value: unknown) => items.some((item) => item.id === leadingNumber(value)),
});

const uniqueExternalId = (state: PanelState, self?: Server) => ({
	name: 'unique' as const,
	passes: (value: unknown) =>
		!state.servers.some((server) => server !== self && sameText(server.externalId, value)),
});

const featureLimits: FieldRules[] = [
	{ field: 'feature_limits', rules: 'required|array' },
	{ field: 'feature_limits.databases', rules: common.databases },
	{ field: 'feature_limits.allocations', rules: common.allocations },
	{ field: 'feature_limits.backups', rules: common.backups },
];

export function createRules(state: PanelState, input: Input): FieldRules[] {
	const free = exists(state.allocations.filter((allocation) => allocation.serverId === null));
	const isDeployed = isTruthy(input.deploy);
	const { flavour } = state;
	const isPelican = flavour.name === 'pelican';
	const place: FieldRules[] = isPelican
		? [
				{ field: 'deploy.tags', rules: isDeployed ? 'array|present' : 'array' },
				{ field: 'deploy.tags.*', rules: 'required_with:deploy.tags|string|min:1' },
				{ field: 'deploy.dedicated_ip', rules: 'required_with:deploy|boolean' },
			]
		: [
				{ field: 'deploy.locations', rules: isDeployed ? 'array|present' : 'array' },
				{ field: 'deploy.locations.*', rules: 'integer|min:1' },
				{ field: 'deploy.dedicated_ip', rules: 'required_with:deploy' },
			];
	const allocations: FieldRules[] = [
		{ field: 'allocation.default', rules: 'required|integer|bail', lookup: free },
		{ field: 'allocation.additional.*', rules: 'integer', lookup: free },
	];
	return [
		externalIdRule(state),
		{ field: 'name', rules: nameRules(flavour) },
		{ field: 'description', rules: 'nullable|string' },
		{ field: 'user', rules: 'required|integer', lookup: exists(state.users) },
		{ field: 'egg', rules: 'required', lookup: exists(state.eggs) },
		{ field: 'docker_image', rules: isPelican ? 'sometimes|string' : common.image },
		{ field: 'startup', rules: isPelican ? 'sometimes|string' : common.startup },
		{ field: 'environment', rules: 'present|array' },
		{ field: 'skip_scripts', rules: 'sometimes|boolean' },
		{ field: isPelican ? 'oom_killer' : 'oom_disabled', rules: 'sometimes|boolean' },
		{ field: 'limits', rules: 'required|array' },
		{ field: 'limits.memory', rules: `required|${limitRules.memory}` },
		{ field: 'limits.swap', rules: `required|${limitRules.swap}` },
		{ field: 'limits.disk', rules: `required|${limitRules.disk}` },
		{ field: 'limits.io', rules: `required|${limitRules.io}` },
		{ field: 'limits.threads', rules: limitRules.threads },
		{ field: 'limits.cpu', rules: `required|${limitRules.cpu}` },
		...featureLimits,
		...(isDeployed ? [] : allocations),
		{ field: 'deploy', rules: 'sometimes|required|array' },
		...place,
		{ field: 'deploy.port_range', rules: isDeployed ? 'array|present' : 'array' },
		{ field: 'deploy.port_range.*', rules: 'string' },
		{ field: 'start_on_completion', rules: 'sometimes|boolean' },
	];
}

/** Limits may come nested or flat; either way all of them [243, 244]. */
export function buildRules(state: PanelState, self: Server): FieldRules[] {
	const names = ['memory', 'swap', 'io', 'cpu', 'threads', 'disk'] as const;
	const limits = (prefix: string, demand: string): FieldRules[] =>
		names.map((name) => ({
			field: `${prefix}${name}`,
			rules: name === 'threads' ? limitRules.threads : `${demand}|${limitRules[name]}`,
		}));
	return [
		{
			field: 'allocation',
			rules: 'required|bail',
			lookup: {
				name: 'unique',
				passes: (value) =>
					!state.servers.some(
						(server) => server !== self && server.allocationId === leadingNumber(value),
					),
			},
		},
		{ field: 'oom_disabled', rules: 'sometimes|boolean' },
		{ field: 'limits', rules: 'sometimes|array' },
		...limits('limits.', 'required_with:limits'),
		...limits('', 'required_without:limits'),
		{ field: 'add_allocations', rules: 'bail|array' },
		{ field: 'add_allocations.*', rules: 'integer' },
		{ field: 'remove_allocations', rules: 'bail|array' },
		{ field: 'remove_allocations.*', rules: 'integer' },
		...featureLimits,
	];
}

export const buildLabels = {
	add_allocations: 'allocations to add',
	remove_allocations: 'allocations to remove',
	'add_allocations.*': 'allocation to add',
	'remove_allocations.*': 'allocation to remove',
	'feature_limits.databases': 'Database Limit',
	'feature_limits.allocations': 'Allocation Limit',
	'feature_limits.backups': 'Backup Limit',
};

export const detailsRules = (state: PanelState, self: Server): FieldRules[] => [
	externalIdRule(state, self),
	{ field: 'name', rules: nameRules(state.flavour) },
	{ field: 'user', rules: 'required|integer', lookup: exists(state.users) },
	{ field: 'description', rules: 'nullable|string' },
];

export const detailsLabels = { user: 'User ID', name: 'Server Name' };

export const startupRules = (state: PanelState): FieldRules[] => [
	{ field: 'startup', rules: common.startup },
	{ field: 'environment', rules: 'present|array' },
	{ field: 'egg', rules: 'required', lookup: exists(state.eggs) },
	{ field: 'image', rules: common.image },
	{ field: 'skip_scripts', rules: 'present|boolean' },
];

export const variableRules = (egg: Egg): FieldRules[] =>
	egg.variables.map((variable) => ({
		field: `environment.${variable.env_variable}`,
		rules: variable.rules,
	}));

export const variableLabels = (egg: Egg): Input =>
	Object.fromEntries(
		egg.variables.map((variable) => [
			`environment.${variable.env_variable}`,
			`${variable.name} variable`,
		]),
	);
