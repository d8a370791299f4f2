import { locationShape, nestShape, nodeShape } from './applicationShapes.cjs';
import type { Call, Reply, Route } from './call.cjs';
import { paged } from './lists.cjs';
import type { Shape } from './present.cjs';
import { many } from './present.cjs';
import type { PanelState, Resource } from './state.cjs';

/** Nodes, locations and nests, for reading. The envelopes are those of the panel's controllers. */

function listing<T>(
	resource: Resource,
	itemsOf: (state: PanelState) => T[],
	shape: Shape<T>,
	only?: Route['only'],
): Route {
	return {
		api: 'application',
		method: 'GET',
		path: `/api/application/${resource}`,
		needs: { resource, write: false },
		...(only ? { only } : {}),
		handle: (call: Call): Reply => {
			const { items, meta } = paged(itemsOf(call.state), call, call.query.per_page ?? 50);
			return { status: 200, body: { ...many(call, shape, items), meta } };
		},
	};
}

export const infrastructureRoutes: Route[] = [
	listing('nodes', ({ nodes }) => nodes, nodeShape),
	listing('locations', ({ locations }) => locations, locationShape, 'pterodactyl'),
	listing('nests', ({ nests }) => nests, nestShape, 'pterodactyl'),
];
