import type { Action } from './diff';
import { sameAccess } from './diff';
import { settle, type PanelError } from './panelError';
import type { Account, Panel, Server } from './panel';

/** One thing that was changed on the panel, or would be. */
export interface Change {
	what:
		| 'account created'
		| 'account adopted'
		| 'e-mail changed'
		| 'account deleted'
		| 'access given'
		| 'access changed'
		| 'access taken'
		| 'double access repaired';
	server: string | null;
	/** The server's 8-character identifier. */
	server_id: string | null;
	before: string[];
	after: string[];
}

export interface Blocked {
	server: string;
	server_id: string;
	why: string;
}

export interface Failure {
	server: Server;
	error: PanelError;
}

export interface Convergence {
	changes: Change[];
	/** Servers that take no changes now. */
	blocked: Blocked[];
	failures: Failure[];
	warnings: string[];
}

/** More rows than that no race has left. */
const MOST_ROWS = 10;

const DONE: Record<Action['kind'], Change['what']> = {
	create: 'access given',
	update: 'access changed',
	delete: 'access taken',
	rebuild: 'double access repaired',
};

export function changeOf({ kind, server, before, after }: Action): Change {
	return {
		what: DONE[kind],
		server: server.name,
		server_id: server.identifier,
		before,
		after,
	};
}

/**
 * Writes the actions, one server after the other. What one server refuses does not hold up the rest;
 * a wrong key or a panel that does not answer does.
 */
export async function converge(
	panel: Panel,
	account: Account,
	actions: Action[],
): Promise<Convergence> {
	const result: Convergence = { changes: [], blocked: [], failures: [], warnings: [] };
	// Giving comes first: a customer who pays waits for it.
	const givesFirst = [...actions].sort((a, b) => Number(gives(b)) - Number(gives(a)));
	for (const action of givesFirst) {
		const { server } = action;
		const { value: after, error } = await settle(carryOut(panel, account, action));
		if (!error) {
			const dropped = action.after.filter((key) => !after.includes(key));
			if (dropped.length > 0) result.warnings.push(dropWarning(server, dropped));
			if (!sameAccess(action.before, after) || action.kind !== 'update') {
				result.changes.push(changeOf({ ...action, after }));
			}
		} else if (error.status === 409) {
			const { name, identifier } = server;
			result.blocked.push({ server: name, server_id: identifier, why: error.message });
		} else if (error.code !== 'UserIsServerOwnerException') {
			result.failures.push({ server, error });
			if (error.concernsEverything) break;
		}
	}
	return result;
}

export function dropWarning(server: { name: string } | null, keys: string[]): string {
	const where = server ? ` on ${server.name}` : '';
	return `The panel does not know ${keys.join(', ')} and left it out${where}. Take it out of the tier plan, or update the panel.`;
}

/** Whether it gives anything that the account has not got. */
export function gives({ before, after }: Action): boolean {
	return after.some((key) => !before.includes(key));
}

/** @returns the permissions that the account has afterwards */
async function carryOut(panel: Panel, account: Account, action: Action): Promise<string[]> {
	const { kind, server, after } = action;
	switch (kind) {
		case 'create':
			return await create(panel, account, server, after);
		case 'update':
			return await update(panel, account, server, after);
		case 'delete':
			await deleteRows(panel, account, server, 1);
			return [];
		case 'rebuild':
			await deleteRows(panel, account, server, MOST_ROWS);
			return after.length > 0 ? await panel.createRow(server, account, after) : [];
	}
}

/** Deletes one row after the other until there is none, at most so many. */
async function deleteRows(
	panel: Panel,
	account: Account,
	server: Server,
	most: number,
): Promise<void> {
	for (let row = 0; row < most; row++) {
		if ((await panel.deleteRow(server, account)) === 'removed') continue;
		// "Not found" may also mean that the key cannot see the server; the access would then stay.
		if (row === 0) await panel.checkReach(server);
		return;
	}
}

async function create(
	panel: Panel,
	account: Account,
	server: Server,
	keys: string[],
): Promise<string[]> {
	const { value, error } = await settle(panel.createRow(server, account, keys));
	if (!error) return value;
	// Somebody else was faster; the row is made what it is to be.
	if (error.code !== 'ServerSubuserExistsException') throw error;
	return await panel.updateRow(server, account, keys);
}

async function update(
	panel: Panel,
	account: Account,
	server: Server,
	keys: string[],
): Promise<string[]> {
	const { value, error } = await settle(panel.updateRow(server, account, keys));
	if (!error) return value;
	// The row went between the look and the write.
	if (error.status !== 404) throw error;
	return await panel.createRow(server, account, keys);
}
