import { dropWarning, named, type Blocked, type Change } from './change';
import { diff, type Action, type DiffInput } from './diff';
import type { Account, Server } from './panelRecords';
import { accessOf, rowsOf, type Access, type SyncRequest } from './result';
import { isInPlan, targetOf, type Plan } from './tierPlan';

/** The writes for one customer, with the current, desired and managed permissions behind them. */
export interface Wanted {
	actions: Action[];
	warnings: string[];
	had: Access[];
	plan: Access[];
	granted: Record<string, string[]>;
	/** Whether we managed this permission on this server before. */
	isOurs: DiffInput['isOurs'];
}

/**
 * The writes that restore exactly the recorded permissions on the named servers, whoever gave them.
 * @param recorded permissions by server uuid; an empty list: no access
 * @param grantedBefore permissions that we had granted before, by server uuid
 */
export function restoreActions(
	servers: Server[],
	accountId: number,
	recorded: Record<string, string[]>,
	grantedBefore: Record<string, string[]>,
): Wanted {
	const chosen = servers.filter(({ uuid }) => recorded[uuid]);
	const target = new Map(chosen.map(({ id, uuid }) => [id, recorded[uuid] ?? []]));
	const actions = diff({ account: { id: accountId }, target, servers: chosen, isOurs: () => true });
	const gone = Object.keys(recorded).filter((id) => !servers.some(({ uuid }) => uuid === id));
	const granted = { ...grantedBefore };
	// What is restored was managed by us when it was removed.
	for (const { server, before, after } of actions) {
		const known = granted[server.uuid] ?? [];
		granted[server.uuid] = after.filter((key) => known.includes(key) || !before.includes(key));
	}
	return {
		actions,
		warnings: gone.map((id) => `The server ${id} no longer exists on the panel.`),
		had: rowsOf(chosen, accountId),
		plan: chosen.map((server) => accessOf(server, recorded[server.uuid] ?? [])),
		granted,
		isOurs: ({ uuid }, key) => (grantedBefore[uuid] ?? []).includes(key),
	};
}

/** The writes that the plan requires. */
export async function planActions(
	plan: Plan,
	{ tiers, grantedBefore }: SyncRequest,
	servers: Server[],
	accountId: number,
	panel: { knownPermissions: () => Promise<string[]> },
): Promise<Wanted> {
	const inPlan = new Set(servers.filter((server) => isInPlan(plan, server)).map(({ id }) => id));
	const relevant = servers.filter(({ id, uuid }) => inPlan.has(id) || grantedBefore[uuid]);
	const isOurs = (server: Server, key: string) =>
		(inPlan.has(server.id) && plan.permissions.includes(key)) ||
		(grantedBefore[server.uuid] ?? []).includes(key);
	let target = targetOf(plan, tiers, servers);
	const actionsNow = () => diff({ account: { id: accountId }, target, servers: relevant, isOurs });

	let actions = actionsNow();
	const warnings: string[] = [];
	// The panel drops permissions that it does not know: they would look like a difference for ever.
	if (actions.some(({ kind }) => kind === 'update' || kind === 'rebuild')) {
		const known = await panel.knownPermissions();
		const unknown = plan.permissions.filter((key) => !known.includes(key));
		if (unknown.length > 0) {
			warnings.push(dropWarning(null, unknown));
			target = new Map(
				[...target].map(([id, keys]) => [id, keys.filter((key) => known.includes(key))]),
			);
			actions = actionsNow();
		}
	}
	const isWanted = ({ id, user }: Server) => user !== accountId && target.get(id)?.length;
	const permissionsOn = ({ id }: Server) => target.get(id) ?? [];
	return {
		actions,
		warnings,
		isOurs,
		had: rowsOf(relevant, accountId),
		granted: Object.fromEntries(
			relevant.filter(isWanted).map((server) => [server.uuid, permissionsOn(server)]),
		),
		plan: servers
			.filter(({ id }) => target.has(id))
			.map((server) => accessOf(server, permissionsOn(server))),
	};
}

/** The managed permissions afterwards. Where a change was not made, both old and new ones count as ours. */
export function grantedAfter(
	{ actions, granted, isOurs }: Wanted,
	done: Change[],
): Record<string, string[]> {
	const after = { ...granted };
	for (const { server, before } of actions) {
		const { uuid: id } = server;
		if (done.some(({ server_id }) => server_id === id)) continue;
		const keys = [...(granted[id] ?? []), ...before.filter((key) => isOurs(server, key))];
		if (keys.length > 0) after[id] = [...new Set(keys)];
	}
	return after;
}

/** Servers that the account owns, or where it keeps access. */
export function elsewhere({ id }: Account, servers: Server[], { actions }: Wanted): Server[] {
	const emptied = actions.filter(({ after }) => after.length === 0).map(({ server }) => server);
	return servers.filter(
		(server) => server.user === id || (server.rows.has(id) && !emptied.includes(server)),
	);
}

/** For a server that is suspended or being installed, the panel answers every subuser call with 409 [370-375, 385]. */
export function byState(actions: Action[]): { open: Action[]; blocked: Blocked[] } {
	const isClosed = ({ server: { status } }: Action) =>
		status === 'suspended' || status === 'installing';
	return {
		open: actions.filter((action) => !isClosed(action)),
		blocked: actions.filter(isClosed).map(({ server }) => ({
			...named(server),
			why: `the server is ${server.status ?? ''}; its access can only be changed afterwards`,
		})),
	};
}
