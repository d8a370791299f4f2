import { createHash } from 'node:crypto';

import { featureLimitsOf, limitsOf, valueOf } from './applicationShapes.cjs';
import type { Call } from './call.cjs';
import type { Input } from './php.cjs';
import type { Shape } from './present.cjs';
import { many, nothing, stamps } from './present.cjs';
import type { Allocation, PanelState, Server, Subuser, User } from './state.cjs';
import {
	allocationsOf,
	eggOf,
	identifierOf,
	isInstalled,
	newIdentifierOf,
	isSuspended,
	nodeOf,
	permissionList,
	subusersOf,
	userById,
} from './state.cjs';

const everything = [
	'*',
	'admin.websocket.errors',
	'admin.websocket.install',
	'admin.websocket.transfer',
];

/** What the user may do on the server, as `meta.user_permissions` shows it [344, 417]. */
export function permissionsOn(state: PanelState, server: Server, user: User) {
	if (user.rootAdmin) return everything;
	if (server.ownerId === user.id) return ['*'];
	const row = subusersOf(state, server).find((candidate) => candidate.userId === user.id);
	return row?.permissions ?? [];
}

export function mayOn(call: Call, server: Server, permission: string): boolean {
	if (call.user.rootAdmin || server.ownerId === call.user.id) return true;
	return permissionList(permissionsOn(call.state, server, call.user)).includes(permission);
}

const gravatar = (email: string): string =>
	`https://gravatar.com/avatar/${createHash('md5').update(email.toLowerCase()).digest('hex')}`;

/** A user as the client API shows him; each panel has its choice of these, also by use. */
const personal = (user: User): Input => ({
	uuid: user.uuid,
	username: user.username,
	email: user.email,
	language: user.language,
	image: gravatar(user.email),
	admin: user.rootAdmin,
	root_admin: user.rootAdmin,
	'2fa_enabled': user.twoFactor,
	...stamps(user),
});

export const accountShape: Shape<User> = {
	object: 'user',
	as: 'account',
	attributes: (_call, user) => {
		const { admin, username, email, language, ...others } = personal(user);
		const { id, firstName: first_name, lastName: last_name } = user;
		return { id, admin, username, email, first_name, last_name, language, ...others };
	},
};

export const subuserShape: Shape<Subuser> = {
	object: 'server_subuser',
	attributes: (call, row) => ({
		...personal(userById(call.state, row.userId)),
		permissions: row.permissions,
	}),
};

const allocationShape = (server: Server): Shape<Allocation> => ({
	object: 'allocation',
	attributes: (_call, allocation) => ({
		id: allocation.id,
		ip: allocation.ip,
		ip_alias: null,
		port: allocation.port,
		notes: null,
		is_default: allocation.id === server.allocationId,
	}),
});

/** The startup line with its variables; hidden ones and those of strangers stay hidden [417]. */
function invocation(call: Call, server: Server): string {
	const visible = mayOn(call, server, 'startup.read');
	const primary = call.state.allocations.find((one) => one.id === server.allocationId);
	const values: Array<[string, string]> = [
		['SERVER_MEMORY', String(server.memory)],
		['SERVER_IP', primary?.ip ?? ''],
		['SERVER_PORT', String(primary?.port ?? '')],
		...eggOf(call.state, server).variables.map((variable): [string, string] => [
			variable.env_variable,
			visible && variable.user_viewable ? valueOf(server, variable) : '[hidden]',
		]),
	];
	return values.reduce(
		(text, [name, value]) => text.replaceAll(`{{${name}}}`, value),
		server.startup,
	);
}

/** No external id here, though one can filter by it [340]. */
export const clientServerShape: Shape<Server> = {
	object: 'server',
	as: 'client server',
	attributes: (call, server) => {
		const { state } = call;
		const node = nodeOf(state, server);
		return {
			server_owner: server.ownerId === call.user.id,
			identifier: state.newIdentifiers ? newIdentifierOf(server) : identifierOf(server),
			...(state.newIdentifiers && {
				server_identifier: newIdentifierOf(server),
				__deprecated_uuid_short: identifierOf(server),
			}),
			internal_id: server.id,
			uuid: server.uuid,
			name: server.name,
			node: node.name,
			is_node_under_maintenance: node.maintenance,
			sftp_details: { ip: '127.0.0.1', alias: null, port: 2022 },
			description: server.description,
			limits: limitsOf(server),
			invocation: invocation(call, server),
			docker_image: server.image,
			egg_features: eggOf(state, server).features,
			feature_limits: featureLimitsOf(server),
			status: server.status,
			is_suspended: isSuspended(server),
			is_installing: !isInstalled(server),
			is_transferring: false,
		};
	},
	always: ['allocations', 'variables'],
	includes: {
		allocations: (call, server) => {
			const all = allocationsOf(call.state, server);
			const shown = mayOn(call, server, 'allocation.read')
				? all
				: all.filter((allocation) => allocation.id === server.allocationId);
			return many(call, allocationShape(server), shown);
		},
		variables: (call, server) => {
			if (!mayOn(call, server, 'startup.read')) return nothing;
			const visible = eggOf(call.state, server).variables.filter((one) => one.user_viewable);
			return {
				object: 'list',
				data: visible.map((variable) => ({
					object: 'egg_variable',
					attributes: {
						name: variable.name,
						description: variable.description,
						env_variable: variable.env_variable,
						default_value: variable.default_value,
						server_value: valueOf(server, variable),
						is_editable: variable.user_editable,
						rules: variable.rules,
					},
				})),
			};
		},
		subusers: (call, server) =>
			mayOn(call, server, 'user.read')
				? many(call, subuserShape, subusersOf(call.state, server))
				: nothing,
	},
};
