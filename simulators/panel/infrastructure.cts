import {
	allocationShape,
	eggShape,
	locationShape,
	nestShape,
	nodeShape,
} from './applicationShapes.cjs';
import type { Call, Reply, Route } from './call.cjs';
import { bound } from './call.cjs';
import type { Page } from './lists.cjs';
import { filtered, paged, sorted } from './lists.cjs';
import type { Shape } from './present.cjs';
import { many, one } from './present.cjs';
import type { Columns } from './queryBuilder.cjs';
import type { Location, PanelNode, Resource } from './state.cjs';
import { byId } from './users.cjs';

/**
 * Nodes, locations, nests and eggs, for reading. Not recorded: the shapes are those of [205], the
 * envelopes and filters those of the panel's controllers.
 */

const listed = <T,>(call: Call, shape: Shape<T>, page: Page<T>): Reply => ({
	status: 200,
	body: { ...many(call, shape, page.items), meta: page.meta },
});

const list = <T,>(
	items: (call: Call) => T[],
	shape: Shape<T>,
	fields: Columns<T>,
	sorts: (call: Call) => Columns<T>,
) => {
	return (call: Call): Reply => {
		const found = filtered(items(call), call, fields);
		return listed(call, shape, paged(sorted(found, call.query, sorts(call)), call, perPage(call)));
	};
};

const perPage = (call: Call): unknown => call.query.per_page ?? 50;

const api = 'application' as const;
const base = '/api/application';
const reading = (resource: Resource) => ({
	api,
	method: 'GET' as const,
	needs: { resource, write: false },
});

const nodeFields: Columns<PanelNode> = {
	uuid: (node) => node.uuid,
	name: (node) => node.name,
	fqdn: () => '127.0.0.1',
	daemon_token_id: () => null,
};
const nodeSorts = ({ state }: Call): Columns<PanelNode> => ({
	id: (node) => node.id,
	uuid: (node) => node.uuid,
	memory: (node) => node.memory,
	disk: (node) => node.disk,
	...(state.flavour.lacks.node?.includes('cpu') ? {} : { cpu: () => 0 }),
});
const locationFields: Columns<Location> = {
	short: (location) => location.short,
	long: (location) => location.long,
};

const bindNode = (call: Call) => {
	call.bound.node = byId(call, call.state.nodes, call.params.id);
};
const bindLocation = (call: Call) => {
	call.bound.location = byId(call, call.state.locations, call.params.id);
};
const bindNest = (call: Call) => {
	call.bound.nest = byId(call, call.state.nests, call.params.id);
};
const eggsOf = (call: Call) =>
	call.state.eggs.filter((egg) => egg.nestId === bound(call, 'nest').id);
const bindEgg = (call: Call) => {
	bindNest(call);
	call.bound.egg = byId(call, eggsOf(call), call.params.egg);
};

export const infrastructureRoutes: Route[] = [
	{
		...reading('nodes'),
		path: `${base}/nodes`,
		handle: list((call) => call.state.nodes, nodeShape, nodeFields, nodeSorts),
	},
	{
		...reading('nodes'),
		path: `${base}/nodes/:id`,
		bind: bindNode,
		handle: (call) => ({ status: 200, body: one(call, nodeShape, bound(call, 'node')) }),
	},
	{
		...reading('allocations'),
		path: `${base}/nodes/:id/allocations`,
		bind: bindNode,
		handle: (call) => {
			const node = bound(call, 'node');
			const own = call.state.allocations.filter((allocation) => allocation.nodeId === node.id);
			return listed(call, allocationShape, paged(own, call, perPage(call)));
		},
	},
	{
		...reading('locations'),
		only: 'pterodactyl',
		path: `${base}/locations`,
		handle: list(
			(call) => call.state.locations,
			locationShape,
			locationFields,
			() => ({
				id: (location) => location.id,
			}),
		),
	},
	{
		...reading('locations'),
		only: 'pterodactyl',
		path: `${base}/locations/:id`,
		bind: bindLocation,
		handle: (call) => ({ status: 200, body: one(call, locationShape, bound(call, 'location')) }),
	},
	{
		...reading('nests'),
		only: 'pterodactyl',
		path: `${base}/nests`,
		handle: (call) => listed(call, nestShape, paged(call.state.nests, call, perPage(call))),
	},
	{
		...reading('nests'),
		only: 'pterodactyl',
		path: `${base}/nests/:id`,
		bind: bindNest,
		handle: (call) => ({ status: 200, body: one(call, nestShape, bound(call, 'nest')) }),
	},
	{
		...reading('eggs'),
		only: 'pterodactyl',
		path: `${base}/nests/:id/eggs`,
		bind: bindNest,
		// Not paged, so without `meta`: the controller hands over the whole collection.
		handle: (call) => ({ status: 200, body: many(call, eggShape, eggsOf(call)) }),
	},
	{
		...reading('eggs'),
		only: 'pterodactyl',
		path: `${base}/nests/:id/eggs/:egg`,
		bind: bindEgg,
		handle: (call) => ({ status: 200, body: one(call, eggShape, bound(call, 'egg')) }),
	},
	{
		...reading('eggs'),
		only: 'pelican',
		path: `${base}/eggs`,
		handle: (call) => ({ status: 200, body: many(call, eggShape, call.state.eggs) }),
	},
	{
		...reading('eggs'),
		only: 'pelican',
		path: `${base}/eggs/:egg`,
		bind: (call) => {
			call.bound.egg = byId(call, call.state.eggs, call.params.egg);
		},
		handle: (call) => ({ status: 200, body: one(call, eggShape, bound(call, 'egg')) }),
	},
];
