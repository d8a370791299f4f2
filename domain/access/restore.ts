import { diff, type Action } from './diff';
import type { Server } from './panelRecords';
import { accessOf, rowsOf, type Access } from './result';

/** What is to be done for one customer, and what of it is ours before and afterwards. */
export interface Wanted {
	actions: Action[];
	warnings: string[];
	had: Access[];
	plan: Access[];
	granted: Record<string, string[]>;
	oursBefore: Record<string, string[]>;
}

/**
 * What makes the rows on the named servers exactly what was recorded, whoever gave it.
 * @param recorded permissions by server identifier; none: no access
 * @param grantedBefore what we had granted then, by server identifier
 */
export function restoreActions(
	servers: Server[],
	accountId: number,
	recorded: Record<string, string[]>,
	grantedBefore: Record<string, string[]>,
): Wanted {
	const named = servers.filter(({ identifier }) => recorded[identifier]);
	const target = new Map(named.map(({ id, identifier }) => [id, recorded[identifier] ?? []]));
	const actions = diff({ account: { id: accountId }, target, servers: named, isOurs: () => true });
	const gone = Object.keys(recorded).filter(
		(id) => !servers.some(({ identifier }) => identifier === id),
	);
	const granted = { ...grantedBefore };
	// What is given back was ours when it was taken.
	for (const { server, before, after } of actions) {
		const known = granted[server.identifier] ?? [];
		granted[server.identifier] = after.filter(
			(key) => known.includes(key) || !before.includes(key),
		);
	}
	return {
		actions,
		warnings: gone.map((id) => `The server ${id} is no longer on the panel.`),
		had: rowsOf(named, accountId),
		plan: named.map((server) => accessOf(server, recorded[server.identifier] ?? [])),
		granted,
		oursBefore: grantedBefore,
	};
}
