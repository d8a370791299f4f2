import { serverShape } from './applicationShapes.cjs';
import type { Call, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { PanelError, notFound, refused } from './errors.cjs';
import { filtered, paged, sorted } from './lists.cjs';
import { leadingNumber } from './mariadb.cjs';
import type { Input } from './php.cjs';
import { getPath, isObject, isTruthy } from './php.cjs';
import { many, one } from './present.cjs';
import { newServer } from './seed.cjs';
import {
	buildRules,
	createRules,
	detailsLabels,
	detailsRules,
	buildLabels,
	startupRules,
	variableLabels,
	variableRules,
} from './serverRules.cjs';
import type { Allocation, Egg, PanelState, Server } from './state.cjs';
import { identifierOf, isSuspended, now, removeServer, subusersOf } from './state.cjs';
import { byId } from './users.cjs';
import { validate } from './validation.cjs';
import { askWings, tellWings } from './wings.cjs';

const show = (call: Call, server: Server, status = 200) => ({
	status,
	body: one(call, serverShape, server),
	rows: rowsIn(call, [server]),
});

function rowsIn(call: Call, servers: Server[]): number {
	const asked = String(call.input.include ?? '').includes('subusers');
	if (!asked) return 0;
	return servers.reduce((sum, server) => sum + subusersOf(call.state, server).length, 0);
}

function index(call: Call) {
	const { state, query } = call;
	const shortName = state.flavour.name === 'pelican' ? 'uuid_short' : 'uuidShort';
	const found = filtered(state.servers, call, {
		uuid: (server) => server.uuid,
		[shortName]: identifierOf,
		name: (server) => server.name,
		description: (server) => server.description,
		image: (server) => server.image,
		external_id: (server) => server.externalId,
	});
	const ordered = sorted(found, query, {
		id: (server) => server.id,
		uuid: (server) => server.uuid,
	});
	const page = paged(ordered, call, query.per_page ?? 50);
	const body = { ...many(call, serverShape, page.items), meta: page.meta };
	return { status: 200, body, rows: rowsIn(call, page.items) };
}

/**
 * Automatic deployment: a node with room in one of the locations, or with one of the tags, and a free port on it; a
 * dedicated address is one that no server has a port of.
 */
function deployTo(state: PanelState, deploy: Input, wanted: Input): Allocation {
	const wishes = state.flavour.name === 'pelican' ? deploy.tags : deploy.locations;
	const places = Object.values(wishes ?? []).map(String);
	const used = (nodeId: number, field: 'memory' | 'disk') =>
		state.servers
			.filter((server) => server.nodeId === nodeId)
			.reduce((sum, server) => sum + server[field], 0);
	const viable = state.nodes.filter(
		(node) =>
			(places.length === 0 ||
				[String(node.locationId), ...node.tags].some((place) => places.includes(place))) &&
			used(node.id, 'memory') + Number(wanted.memory) <= node.memory &&
			used(node.id, 'disk') + Number(wanted.disk) <= node.disk,
	);
	if (viable.length === 0) {
		throw refused(
			'No nodes satisfying the requirements specified for automatic deployment could be found.',
			'NoViableNodeException',
		);
	}
	const taken = state.allocations.filter((one) => one.serverId !== null);
	const isShared = (one: Allocation) =>
		taken.some(({ nodeId, ip }) => nodeId === one.nodeId && ip === one.ip);
	const inPorts = portFilter(Object.values(deploy.port_range ?? []).map(String));
	const free = state.allocations.find(
		(candidate) =>
			candidate.serverId === null &&
			viable.some((node) => node.id === candidate.nodeId) &&
			inPorts(candidate.port) &&
			!(isTruthy(deploy.dedicated_ip) && isShared(candidate)),
	);
	if (!free) {
		throw refused(
			'No allocations satisfying the requirements for automatic deployment were found.',
			'NoViableAllocationException',
		);
	}
	return free;
}

function portFilter(ranges: string[]): (port: number) => boolean {
	if (ranges.length === 0) return () => true;
	return (port) =>
		ranges.some((range) => {
			const [from = 0, to = from] = range.split('-').map(Number);
			return port >= from && port <= to;
		});
}

const numberOrNull = (value: unknown): number | null =>
	value === null || value === undefined ? null : Number(value);

const textOrNull = (value: unknown): string | null =>
	value === null || value === undefined ? null : String(value);

function variablesFrom(egg: Egg, environment: unknown): Record<string, string> {
	return Object.fromEntries(
		egg.variables.map(({ env_variable }) => [
			env_variable,
			textOrNull(getPath(environment, env_variable)) ?? '',
		]),
	);
}

function checkVariables(egg: Egg, environment: unknown): void {
	const given = Object.fromEntries(
		egg.variables.map(({ env_variable }) => [
			env_variable,
			getPath(environment, env_variable) ?? null,
		]),
	);
	validate({ environment: given }, variableRules(egg), variableLabels(egg));
}

async function store(call: Call) {
	const { state, input } = call;
	validate(input, createRules(state, input));
	const limits = isObject(input.limits) ? input.limits : {};
	const chosen = isObject(input.deploy)
		? deployTo(state, input.deploy, limits)
		: byId(call, state.allocations, getPath(input, 'allocation.default'));
	const egg = byId(call, state.eggs, input.egg);
	checkVariables(egg, input.environment);
	await call.window();
	const time = now(state);
	const { installMs } = state.wings;
	const server = newServer({
		id: state.nextId.server++,
		name: String(input.name),
		description: textOrNull(input.description) ?? '',
		externalId: textOrNull(input.external_id),
		status: 'installing',
		installedAt: installMs === null ? null : time + installMs,
		power: getPath(input, 'start_on_completion') ? 'running' : 'offline',
		memory: Number(limits.memory),
		swap: Number(limits.swap),
		disk: Number(limits.disk),
		io: Number(limits.io),
		cpu: Number(limits.cpu),
		threads: textOrNull(limits.threads),
		oomDisabled: Number(input.oom_disabled ?? !isTruthy(input.oom_killer)) === 1,
		databaseLimit: Number(getPath(input, 'feature_limits.databases') ?? 0),
		allocationLimit: Number(getPath(input, 'feature_limits.allocations') ?? 0),
		backupLimit: Number(getPath(input, 'feature_limits.backups') ?? 0),
		ownerId: Number(input.user),
		nodeId: chosen.nodeId,
		allocationId: chosen.id,
		nestId: egg.nestId,
		eggId: egg.id,
		startup: textOrNull(input.startup) ?? String(egg.attributes.startup),
		image: textOrNull(input.docker_image) ?? String(egg.attributes.docker_image),
		variables: variablesFrom(egg, input.environment),
		createdAt: time,
		updatedAt: time,
	});
	state.servers.push(server);
	const additional = Object.values(getPath(input, 'allocation.additional') ?? {}).map(Number);
	for (const one of state.allocations) {
		if (one.id === chosen.id || additional.includes(one.id)) one.serverId = server.id;
	}
	try {
		await askWings(call);
	} catch (error) {
		removeServer(state, server);
		throw error;
	}
	return show(call, server, 201);
}

/** Nothing is asked of Wings when nothing changes [231, 234]; a failure is rolled back [235]. */
async function suspend(call: Call, suspended: boolean) {
	const server = bound(call, 'server');
	if (isSuspended(server) === suspended) return noContent();
	server.status = suspended ? 'suspended' : null;
	try {
		await askWings(call);
	} catch (error) {
		if (call.state.flavour.explainsWings) server.status = suspended ? null : 'suspended';
		throw error;
	} finally {
		server.updatedAt = now(call.state);
	}
	return noContent();
}

async function reinstall(call: Call) {
	const server = bound(call, 'server');
	await askWings(call);
	const { installMs } = call.state.wings;
	server.status = 'installing';
	server.installedAt = installMs === null ? null : now(call.state) + installMs;
	server.updatedAt = now(call.state);
	return noContent();
}

/** Full replacement; Wings is told, and its failure is not shown [237]. */
async function build(call: Call) {
	const { state, input } = call;
	const server = bound(call, 'server');
	validate(input, buildRules(state, server), buildLabels);
	moveAllocations(state, server, input);
	const flat = isObject(input.limits) ? { ...input, ...input.limits } : input;
	const { threads, oom_disabled } = flat;
	Object.assign(server, {
		memory: Number(flat.memory),
		swap: Number(flat.swap),
		disk: Number(flat.disk),
		io: Number(flat.io),
		cpu: Number(flat.cpu),
		allocationId: leadingNumber(input.allocation),
		databaseLimit: numberOrNull(getPath(input, 'feature_limits.databases')),
		allocationLimit: numberOrNull(getPath(input, 'feature_limits.allocations')),
		backupLimit: Number(getPath(input, 'feature_limits.backups') ?? 0),
		updatedAt: now(state),
		...(threads === undefined ? {} : { threads: textOrNull(threads) }),
		...(oom_disabled === undefined ? {} : { oomDisabled: Number(oom_disabled) === 1 }),
	});
	await tellWings(call);
	return show(call, server);
}

function moveAllocations(state: PanelState, server: Server, input: Input): void {
	const ids = (value: unknown) => Object.values(value ?? {}).map(Number);
	const add = ids(input.add_allocations);
	const remove = ids(input.remove_allocations);
	const added = state.allocations.filter(
		(one) => one.nodeId === server.nodeId && one.serverId === null && add.includes(one.id),
	);
	if (remove.includes(leadingNumber(input.allocation))) {
		if (!added[0]) {
			throw refused(
				'You are attempting to delete the default allocation for this server ' +
					'but there is no fallback allocation to use.',
			);
		}
		input.allocation = added[0].id;
	}
	const own = state.allocations.filter((one) => one.serverId === server.id);
	const after = [
		...added,
		...own.filter((one) => !remove.includes(one.id) || add.includes(one.id)),
	];
	if (!after.some((one) => one.id === leadingNumber(input.allocation))) {
		throw refused('The requested default allocation is not currently assigned to this server.');
	}
	for (const one of own) one.serverId = null;
	for (const one of after) one.serverId = server.id;
}

/** External id and description are wiped when left out [249]. */
async function details(call: Call) {
	const { state, input } = call;
	const server = bound(call, 'server');
	validate(input, detailsRules(state, server), detailsLabels);
	const formerOwner = server.ownerId;
	Object.assign(server, {
		externalId: textOrNull(input.external_id),
		ownerId: Number(input.user),
		name: String(input.name),
		description: textOrNull(input.description) ?? '',
		updatedAt: now(state),
	});
	if (server.ownerId !== formerOwner) await tellWings(call);
	return show(call, server);
}

function startup(call: Call) {
	const { state, input } = call;
	const server = bound(call, 'server');
	validate(input, startupRules(state));
	const egg = byId(call, state.eggs, input.egg);
	if (isObject(input.environment) && Object.keys(input.environment).length > 0) {
		checkVariables(egg, input.environment);
		server.variables = variablesFrom(egg, input.environment);
	}
	Object.assign(server, {
		eggId: egg.id,
		nestId: egg.nestId,
		startup: String(input.startup),
		image: String(input.image),
		updatedAt: now(state),
	});
	return show(call, server);
}

/** Wings must agree, or not know the server [238, 254]; by force it goes anyway [239]. */
async function destroy(call: Call) {
	const server = bound(call, 'server');
	const force = call.params.force === 'force';
	try {
		await askWings(call);
	} catch (error) {
		const unknown = error instanceof PanelError && error.status === 404;
		if (!force && !unknown) throw error;
	}
	removeServer(call.state, server);
	return noContent();
}

const bind = (call: Call) => {
	call.bound.server = byId(call, call.state.servers, call.params.id);
};

const external = (call: Call) => {
	const { same } = call.state.flavour.database;
	const found = call.state.servers.find((one) => same(one.externalId, call.params.id));
	if (!found) throw notFound();
	return show(call, found);
};

const read = { resource: 'servers', write: false } as const;
const write = { resource: 'servers', write: true } as const;
const api = 'application' as const;
const path = '/api/application/servers';
const change = { api, bind, needs: write };

export const serverRoutes: Route[] = [
	{ api, method: 'GET', path, needs: read, handle: index },
	{ api, method: 'POST', path, needs: write, handle: store },
	{
		api,
		method: 'GET',
		path: `${path}/:id`,
		bind,
		needs: read,
		handle: (call) => show(call, bound(call, 'server')),
	},
	{ api, method: 'GET', path: `${path}/external/:id`, needs: read, handle: external },
	{ ...change, method: 'PATCH', path: `${path}/:id/details`, handle: details },
	{ ...change, method: 'PATCH', path: `${path}/:id/build`, handle: build },
	{ ...change, method: 'PATCH', path: `${path}/:id/startup`, handle: startup },
	{
		...change,
		method: 'POST',
		path: `${path}/:id/suspend`,
		handle: (call) => suspend(call, true),
	},
	{
		...change,
		method: 'POST',
		path: `${path}/:id/unsuspend`,
		handle: (call) => suspend(call, false),
	},
	{ ...change, method: 'POST', path: `${path}/:id/reinstall`, handle: reinstall },
	{ ...change, method: 'DELETE', path: `${path}/:id`, handle: destroy },
	{ ...change, method: 'DELETE', path: `${path}/:id/:force`, handle: destroy },
];
