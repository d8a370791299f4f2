import type { Account, Server } from './panelRecords';
import { IMPLICIT_PERMISSION, sameAccess } from './permissions';

/** One thing to do about an account's access to one server. */
export interface Action {
	/** `rebuild`: of several rows an update would change the first, a delete revive the second. */
	kind: 'create' | 'update' | 'delete' | 'rebuild';
	server: Server;
	/** What the row(s) hold now, and what they are to hold. */
	before: string[];
	after: string[];
}

export interface DiffInput {
	account: Pick<Account, 'id'>;
	/** Permissions wanted, by server id. */
	target: Map<number, string[]>;
	servers: Server[];
	/** Whether a permission on a server is ours to take away. */
	isOurs: (server: Server, permission: string) => boolean;
}

/**
 * The fewest writes that give the account what it is to have. What others have put on a row stays;
 * a server's owner is left alone on that server.
 */
export function diff({ account, target, servers, isOurs }: DiffInput): Action[] {
	const actions: Action[] = [];
	for (const server of servers) {
		if (server.user === account.id) continue;
		const rows = server.rows.get(account.id) ?? [];
		const before = [...new Set(rows.flat())];
		const wanted = target.get(server.id) ?? [];
		const foreign = before.filter((key) => key !== IMPLICIT_PERMISSION && !isOurs(server, key));
		// A bare row is ours if the plan hands out connecting; else somebody made it by hand.
		const isBareByHand =
			before.every((key) => key === IMPLICIT_PERMISSION) && !isOurs(server, IMPLICIT_PERMISSION);
		const kept = rows.length > 0 && isBareByHand ? [IMPLICIT_PERMISSION] : foreign;
		const after = [...new Set([...kept, ...wanted])];
		const action = (kind: Action['kind']) => actions.push({ kind, server, before, after });

		if (rows.length > 1) action('rebuild');
		else if (rows.length === 0) {
			if (wanted.length > 0) action('create');
		} else if (after.length === 0) action('delete');
		else if (!sameAccess(before, after)) action('update');
	}
	return actions;
}
