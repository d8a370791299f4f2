import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { panelOf } from '../transport/connection';
import { tagsIn, type Panel } from '../transport/panelApi';
import { READ_ONLY_PERMISSIONS } from '../../../domain/access/tierPlan';

type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/** Loads a drop-down of the tier plan. n8n shows an error in the drop-down, with its message. */
function fromPanel(choices: (panel: Panel) => Promise<INodePropertyOptions[]>): Load {
	return async function (this: ILoadOptionsFunctions) {
		const panel = await panelOf(this, { retries: 1, timeoutMs: 10_000 });
		const options = await choices(panel);
		return options.sort((a, b) => a.name.localeCompare(b.name));
	};
}

const named = (list: Array<{ id: number; name: string }>) =>
	list.map(({ id, name }) => ({ name, value: id }));

export const loadOptions: Record<string, Load> = {
	getLocations: fromPanel(async (panel) =>
		(await panel.places('locations', ['location'])).map(({ id, short, long }) => ({
			name: long ? `${short} (${long})` : short,
			value: id,
		})),
	),
	getNodes: fromPanel(async (panel) => named(await panel.places('nodes', []))),
	getNodeTags: fromPanel(async (panel) => {
		const tags = (await panel.places('nodes', ['tag'])).flatMap((node) => tagsIn(node.tags));
		return [...new Set(tags)].map((tag) => ({ name: tag, value: tag }));
	}),
	getNests: fromPanel(async (panel) => named(await panel.places('nests', ['nest']))),
	getServers: fromPanel(async (panel) =>
		(await panel.servers()).map(({ name, uuid }) => ({
			name: `${name} (${uuid.slice(0, 8)})`,
			value: uuid,
		})),
	),
	getPermissions: fromPanel(async (panel) =>
		(await panel.listPermissions()).permissions.map(({ key, description }) => ({
			name: READ_ONLY_PERMISSIONS.includes(key) ? key : `${key} (Harmful on Shared Servers)`,
			value: key,
			description,
		})),
	),

	/** The server groups entered in the same form. */
	async getServerGroups() {
		const groups = (this.getCurrentNodeParameter('serverGroups.group') ?? []) as Array<{
			name?: string;
		}>;
		return groups
			.map(({ name }) => name ?? '')
			.filter((name) => name !== '')
			.map((name) => ({ name, value: name }));
	},
};
