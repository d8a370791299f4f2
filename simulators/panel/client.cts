import type { Call, Reply, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { accountShape, clientServerShape, mayOn, permissionsOn } from './clientShapes.cjs';
import { conflict, denied, notFound, notYours, serverOffline } from './errors.cjs';
import { paged } from './lists.cjs';
import { askedIncludes, many, one } from './present.cjs';
import type { Server } from './state.cjs';
import {
	identifierOf,
	isInstalled,
	isSuspended,
	newIdentifierOf,
	nodeOf,
	subusersOf,
} from './state.cjs';
import { validate } from './validation.cjs';
import { askWings } from './wings.cjs';

const account = (call: Call): Reply => ({
	status: 200,
	body: one(call, accountShape, call.user),
});

const hasPart = (call: Call, server: Server): boolean =>
	server.ownerId === call.user.id ||
	subusersOf(call.state, server).some((row) => row.userId === call.user.id);

/** Which servers `?type=` means; unknown types are like none [331, 347]. */
const isShown = (call: Call, server: Server): boolean =>
	call.input.type === 'admin-all' ? call.user.rootAdmin : hasPart(call, server);

function rowsIn(call: Call, servers: Server[]): number {
	if (!askedIncludes(call).has('subusers')) return 0;
	return servers.reduce((sum, server) => sum + subusersOf(call.state, server).length, 0);
}

function index(call: Call): Reply {
	const shown = call.state.servers.filter((server) => isShown(call, server));
	const page = paged(shown, call, call.query.per_page ?? 50, true);
	const body = { ...many(call, clientServerShape, page.items), meta: page.meta };
	return { status: 200, body, rows: rowsIn(call, page.items) };
}

function view(call: Call): Reply {
	const server = bound(call, 'server');
	const meta = {
		is_server_owner: server.ownerId === call.user.id,
		user_permissions: permissionsOn(call.state, server, call.user),
	};
	const body = { ...one(call, clientServerShape, server), meta };
	return { status: 200, body, rows: rowsIn(call, [server]) };
}

/**
 * By uuid, by the eight bytes of the identifier [343-346], or by the new identifier: columns of
 * text, so no number is read.
 */
export function bindServer(call: Call): void {
	const { state, params } = call;
	const wanted = params.server ?? '';
	const isShort = Buffer.byteLength(wanted) === 8;
	const isNew = state.newIdentifiers && wanted.startsWith('serv_');
	const nameOf = isNew ? newIdentifierOf : isShort ? identifierOf : ({ uuid }: Server) => uuid;
	const found = state.servers.find((one) => state.flavour.database.same(nameOf(one), wanted));
	if (!found) throw notFound();
	call.bound.server = found;
}

/** Strangers get 404 [348]; nobody may do anything on a server that is not in order [370-387]. */
export function checkAccess(call: Call, anyState: boolean): void {
	const server = bound(call, 'server');
	if (!call.user.rootAdmin && !hasPart(call, server)) throw notYours();
	if (anyState) return;
	if (isSuspended(server)) {
		throw conflict(
			'This server is currently suspended and the functionality requested is unavailable.',
		);
	}
	if (nodeOf(call.state, server).maintenance) {
		throw conflict(
			'The node of this server is currently under maintenance ' +
				'and the functionality requested is unavailable.',
		);
	}
	if (!isInstalled(server)) {
		throw conflict(
			'This server has not yet completed its installation process, please try again later.',
		);
	}
	if (server.status === 'restoring_backup') {
		throw conflict('This server is currently restoring from a backup, please try again later.');
	}
}

export const requires =
	(permission: string) =>
	(call: Call): void => {
		if (!mayOn(call, bound(call, 'server'), permission)) throw denied();
	};

async function command(call: Call): Promise<Reply> {
	validate(call.input, [{ field: 'command', rules: 'required|string|min:1' }]);
	const server = bound(call, 'server');
	const line = { server: server.uuid, command: String(call.input.command) };
	if (server.power === 'offline') {
		await askWings(call);
		throw serverOffline();
	}
	await askWings(call, () => call.state.commands.push(line));
	if (call.state.gameUrl) await handToGame(call.state.gameUrl, line);
	return noContent();
}

/** The simulated game carries the command out; nobody hears of its output. */
async function handToGame(url: string, line: { server: string; command: string }): Promise<void> {
	await fetch(`${url}/console`, { method: 'POST', body: JSON.stringify(line) }).catch(() => null);
}

const api = 'client' as const;
const bind = bindServer;
const server = '/api/client/servers/:server';

export const clientRoutes: Route[] = [
	{ api, method: 'GET', path: '/api/client', handle: index },
	{
		api,
		method: 'GET',
		path: '/api/client/permissions',
		handle: ({ state }) => ({
			status: 200,
			body: {
				object: 'system_permissions',
				attributes: { permissions: state.flavour.shownPermissions },
			},
		}),
	},
	{ api, method: 'GET', path: '/api/client/account', withoutTwoFactor: true, handle: account },
	{ api, method: 'GET', path: server, bind, anyServerState: true, handle: view },
	{
		api,
		method: 'POST',
		path: `${server}/command`,
		bind,
		authorize: requires('control.console'),
		handle: command,
	},
];
