import type { Account, Server } from './panelRecords';
import { IMPLICIT_PERMISSION, sameAccess } from './permissions';

/** One write to make for an account on one server. */
export interface Action {
	/** `rebuild`: the account has duplicate subusers; an update or delete would reach only the first. */
	kind: 'create' | 'update' | 'delete' | 'rebuild';
	server: Server;
	/** Current permissions (of all duplicates), and desired ones. */
	before: string[];
	after: string[];
}

export interface DiffInput {
	account: Pick<Account, 'id'>;
	/** Desired permissions by server id. */
	target: Map<number, string[]>;
	servers: Server[];
	/** Whether we manage this permission on this server, and so may remove it. */
	isOurs: (server: Server, permission: string) => boolean;
}

/**
 * The fewest writes that give the account the desired permissions. Permissions that we do not manage
 * stay; the owner of a server is skipped on that server.
 */
export function diff({ account, target, servers, isOurs }: DiffInput): Action[] {
	const actions: Action[] = [];
	for (const server of servers) {
		if (server.user === account.id) continue;
		const rows = server.rows.get(account.id) ?? [];
		const before = [...new Set(rows.flat())];
		const wanted = target.get(server.id) ?? [];
		const foreign = before.filter((key) => key !== IMPLICIT_PERMISSION && !isOurs(server, key));
		// A subuser with only the implicit permission is ours if the plan grants it; otherwise somebody
		// created it by hand.
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
