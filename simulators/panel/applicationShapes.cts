import type { Call } from './call.cjs';
import { may } from './keys.cjs';
import type { Input } from './php.cjs';
import type { Shape } from './present.cjs';
import { many, nothing, one, stamps } from './present.cjs';
import type {
	Allocation,
	Egg,
	EggVariable,
	Location,
	Nest,
	PanelNode,
	PanelState,
	Resource,
	Server,
	Subuser,
	User,
} from './state.cjs';
import {
	allocationsOf,
	eggOf,
	identifierOf,
	isInstalled,
	isSuspended,
	locationOf,
	nestOf,
	nodeOf,
	subusersOf,
	userById,
} from './state.cjs';

/** Shows null instead of a thing that the key may not read. */
const readable = (call: Call, resource: Resource, show: () => unknown): unknown =>
	may(call, resource) ? show() : nothing;

export const userShape: Shape<User> = {
	object: 'user',
	attributes: (_call, user) => ({
		id: user.id,
		external_id: user.externalId,
		is_managed_externally: user.managedExternally,
		uuid: user.uuid,
		username: user.username,
		email: user.email,
		first_name: user.firstName,
		last_name: user.lastName,
		language: user.language,
		root_admin: user.rootAdmin,
		'2fa_enabled': user.twoFactor,
		'2fa': user.twoFactor,
		...stamps(user),
	}),
};

/** No e-mail and no uuid: only `user_id` [399]. */
const subuserShape: Shape<Subuser> = {
	object: 'subuser',
	attributes: (_call, row) => ({
		id: row.id,
		user_id: row.userId,
		server_id: row.serverId,
		permissions: row.permissions,
		...stamps(row),
	}),
	includes: {
		user: (call, row, path) =>
			readable(call, 'users', () => one(call, userShape, userById(call.state, row.userId), path)),
	},
};

const allocationShape: Shape<Allocation> = {
	object: 'allocation',
	attributes: (_call, allocation) => ({
		id: allocation.id,
		ip: allocation.ip,
		alias: null,
		port: allocation.port,
		notes: null,
		assigned: allocation.serverId !== null,
	}),
};

export const locationShape: Shape<Location> = {
	object: 'location',
	attributes: (_call, location) => {
		const { created_at, updated_at } = stamps(location);
		return { id: location.id, short: location.short, long: location.long, updated_at, created_at };
	},
};

const total = (state: PanelState, node: PanelNode, field: 'memory' | 'disk' | 'cpu'): number =>
	state.servers
		.filter((server) => server.nodeId === node.id)
		.reduce((sum, server) => sum + server[field], 0);

export const nodeShape: Shape<PanelNode> = {
	object: 'node',
	attributes: (call, node) => ({
		id: node.id,
		uuid: node.uuid,
		public: true,
		name: node.name,
		description: null,
		location_id: node.locationId,
		fqdn: '127.0.0.1',
		scheme: 'http',
		behind_proxy: false,
		maintenance_mode: node.maintenance,
		memory: node.memory,
		memory_overallocate: 0,
		disk: node.disk,
		disk_overallocate: 0,
		upload_size: 100,
		daemon_listen: 8080,
		daemon_sftp: 2022,
		daemon_base: `/var/lib/${call.state.flavour.name}/volumes`,
		// JSON within JSON [pelican 209].
		tags: JSON.stringify(node.tags),
		cpu: 0,
		cpu_overallocate: 0,
		daemon_sftp_alias: null,
		daemon_connect: 8080,
		...node.attributes,
		...stamps(node),
		allocated_resources: {
			memory: total(call.state, node, 'memory'),
			disk: total(call.state, node, 'disk'),
			cpu: total(call.state, node, 'cpu'),
		},
	}),
};

export const nestShape: Shape<Nest> = {
	object: 'nest',
	attributes: (_call, nest) => nest.attributes,
};

const eggShape: Shape<Egg> = {
	object: 'egg',
	attributes: (_call, egg) => egg.attributes,
};

export const valueOf = (server: Server, variable: EggVariable): string =>
	server.variables[variable.env_variable] ?? variable.default_value;

/** The egg's variables and the panel's own four [201]. */
function environment(state: PanelState, server: Server): Input {
	const variables = eggOf(state, server).variables;
	return {
		...Object.fromEntries(
			variables.map((variable) => [variable.env_variable, valueOf(server, variable)]),
		),
		STARTUP: server.startup,
		P_SERVER_LOCATION: locationOf(state, nodeOf(state, server)).short,
		P_SERVER_UUID: server.uuid,
		P_SERVER_ALLOCATION_LIMIT: server.allocationLimit,
	};
}

export const limitsOf = (server: Server): Input => ({
	memory: server.memory,
	swap: server.swap,
	disk: server.disk,
	io: server.io,
	cpu: server.cpu,
	threads: server.threads,
	oom_disabled: server.oomDisabled,
	oom_killer: !server.oomDisabled,
});

export const featureLimitsOf = (server: Server): Input => ({
	databases: server.databaseLimit,
	allocations: server.allocationLimit,
	backups: server.backupLimit,
});

export const serverShape: Shape<Server> = {
	object: 'server',
	attributes: (call, server) => {
		const { created_at, updated_at } = stamps(server);
		return {
			id: server.id,
			external_id: server.externalId,
			uuid: server.uuid,
			identifier: identifierOf(server),
			name: server.name,
			description: server.description,
			status: server.status,
			suspended: isSuspended(server),
			limits: limitsOf(server),
			feature_limits: featureLimitsOf(server),
			user: server.ownerId,
			node: server.nodeId,
			allocation: server.allocationId,
			nest: server.nestId,
			egg: server.eggId,
			container: {
				startup_command: server.startup,
				image: server.image,
				installed: isInstalled(server) ? 1 : 0,
				environment: environment(call.state, server),
			},
			updated_at,
			created_at,
		};
	},
	includes: {
		allocations: (call, server, path) =>
			readable(call, 'allocations', () =>
				many(call, allocationShape, allocationsOf(call.state, server), path),
			),
		user: (call, server, path) =>
			readable(call, 'users', () =>
				one(call, userShape, userById(call.state, server.ownerId), path),
			),
		subusers: (call, server, path) =>
			readable(call, 'users', () => many(call, subuserShape, subusersOf(call.state, server), path)),
		nest: (call, server, path) =>
			readable(call, 'nests', () => one(call, nestShape, nestOf(call.state, server), path)),
		egg: (call, server, path) =>
			readable(call, 'eggs', () => one(call, eggShape, eggOf(call.state, server), path)),
		location: (call, server, path) =>
			readable(call, 'locations', () =>
				one(call, locationShape, locationOf(call.state, nodeOf(call.state, server)), path),
			),
		node: (call, server, path) =>
			readable(call, 'nodes', () => one(call, nodeShape, nodeOf(call.state, server), path)),
	},
};
