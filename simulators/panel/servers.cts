import { serverShape } from './applicationShapes.cjs';
import type { Call, Route } from './call.cjs';
import { bound } from './call.cjs';
import { filtered, paged, sorted } from './lists.cjs';
import { many, one } from './present.cjs';
import type { Server } from './state.cjs';
import { identifierOf, subusersOf } from './state.cjs';
import { byId } from './users.cjs';

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

const needs = { resource: 'servers', write: false } as const;
const api = 'application' as const;
const path = '/api/application/servers';

export const serverRoutes: Route[] = [
	{ api, method: 'GET', path, needs, handle: index },
	{
		api,
		method: 'GET',
		path: `${path}/:id`,
		bind: (call) => {
			call.bound.server = byId(call, call.state.servers, call.params.id);
		},
		needs,
		handle: (call) => {
			const server = bound(call, 'server');
			return { status: 200, body: one(call, serverShape, server), rows: rowsIn(call, [server]) };
		},
	},
];
