import { diff, type Action, type DiffInput } from './diff';
import type { Server } from './panelRecords';
import { accessOf, rowsOf, type Access } from './result';

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
	const named = servers.filter(({ uuid }) => recorded[uuid]);
	const target = new Map(named.map(({ id, uuid }) => [id, recorded[uuid] ?? []]));
	const actions = diff({ account: { id: accountId }, target, servers: named, isOurs: () => true });
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
		had: rowsOf(named, accountId),
		plan: named.map((server) => accessOf(server, recorded[server.uuid] ?? [])),
		granted,
		isOurs: ({ uuid }, key) => (grantedBefore[uuid] ?? []).includes(key),
	};
}
