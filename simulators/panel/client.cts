import type { Call, Reply, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { accountShape, clientServerShape, mayOn, permissionsOn } from './clientShapes.cjs';
import { conflict, crash, denied, notFound, notYours, serverOffline } from './errors.cjs';
import { filtered, paged } from './lists.cjs';
import { isArray, textOf } from './php.cjs';
import { askedIncludes, many, one } from './present.cjs';
import type { Server } from './state.cjs';
import {
	allocationsOf,
	identifierOf,
	isInstalled,
	isSuspended,
	newIdentifierOf,
	nodeOf,
	now,
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

/** Which servers `?type=` means; unknown types are like none [331-341, 347]. */
function ofType(call: Call, server: Server): boolean {
	const { type } = call.input;
	if (type === 'admin-all') return call.user.rootAdmin;
	if (type === 'admin') return call.user.rootAdmin && !hasPart(call, server);
	if (type === 'owner') return server.ownerId === call.user.id;
	return hasPart(call, server);
}

/** The search box of the panel: uuid, external id, name, or address and port; never a list. */
function matchesAnything(call: Call, server: Server, wanted: unknown): boolean {
	if (isArray(wanted)) throw crash('TypeError');
	const { same, contains } = call.state.flavour.database;
	const value = textOf(wanted);
	const address = /^((?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?::(\d{1,5}))?$/.exec(value);
	if (address && (address[1] || address[2])) {
		return allocationsOf(call.state, server).some(
			(one) =>
				(!address[1] || one.ip === address[1]) && String(one.port).startsWith(address[2] ?? ''),
		);
	}
	return (
		server.uuid.startsWith(value.toLowerCase()) ||
		same(server.externalId, value) ||
		contains(server.name, value)
	);
}

/** At most 100 a page; text counts as 100 because PHP compares it so [336, 342]. */
function perPage(asked: unknown): unknown {
	if (asked === undefined) return 50;
	if (asked === null) return null;
	const size = Number(asked);
	return Number.isNaN(size) ? 100 : Math.min(size, 100);
}

function rowsIn(call: Call, servers: Server[]): number {
	if (!askedIncludes(call).has('subusers')) return 0;
	return servers.reduce((sum, server) => sum + subusersOf(call.state, server).length, 0);
}

function index(call: Call): Reply {
	const own = call.state.servers.filter((server) => ofType(call, server));
	const found = filtered(
		own,
		call,
		{
			uuid: (server) => server.uuid,
			name: (server) => server.name,
			description: (server) => server.description,
			external_id: (server) => server.externalId,
		},
		{ '*': (server, wanted) => matchesAnything(call, server, wanted) },
	);
	const page = paged(found, call, perPage(call.query.per_page), true);
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
	(permission: string | ((call: Call) => string)) =>
	(call: Call): void => {
		const name = typeof permission === 'string' ? permission : permission(call);
		if (!mayOn(call, bound(call, 'server'), name)) throw denied();
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

const powerPermission: Record<string, string> = {
	start: 'control.start',
	stop: 'control.stop',
	kill: 'control.stop',
	restart: 'control.restart',
};

async function power(call: Call): Promise<Reply> {
	validate(call.input, [{ field: 'signal', rules: 'required|string|in:start,stop,restart,kill' }]);
	const server = bound(call, 'server');
	const signal = String(call.input.signal);
	await askWings(call, () => {
		server.power = signal === 'stop' || signal === 'kill' ? 'offline' : 'running';
	});
	return noContent();
}

const cacheMs = 20_000;

/** Kept for 20 s: still "running" just after Wings went away [364, 403]. */
async function resources(call: Call): Promise<Reply> {
	const server = bound(call, 'server');
	const cached = call.state.resourcesCache.get(server.uuid);
	let state = server.power as string;
	if (cached && cached.until > now(call.state)) {
		state = cached.state;
	} else {
		const asking = askWings(call, undefined, { always504: true });
		// Pelican swallows what goes wrong.
		if (call.state.flavour.explainsWings) await asking;
		else
			state = await asking.then(
				() => state,
				() => 'missing',
			);
		call.state.resourcesCache.set(server.uuid, { until: now(call.state) + cacheMs, state });
	}
	const running = state === 'running';
	const attributes = {
		current_state: state,
		is_suspended: false,
		resources: {
			memory_bytes: running ? 1073741824 : 0,
			cpu_absolute: running ? 12.5 : 0,
			disk_bytes: 1048576,
			network_rx_bytes: running ? 1 : 0,
			network_tx_bytes: running ? 2 : 0,
			uptime: running ? 60000 : 0,
		},
	};
	return { status: 200, body: { object: 'stats', attributes } };
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
	{ api, method: 'GET', path: `${server}/resources`, bind, handle: resources },
	{
		api,
		method: 'POST',
		path: `${server}/command`,
		bind,
		authorize: requires('control.console'),
		handle: command,
	},
	{
		api,
		method: 'POST',
		path: `${server}/power`,
		bind,
		authorize: requires(
			({ input, state }) =>
				powerPermission[String(input.signal)] ?? state.flavour.unknownSignalNeeds,
		),
		handle: power,
	},
];
