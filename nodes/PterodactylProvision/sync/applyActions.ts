import {
	changeOf,
	dropWarning,
	gives,
	type Blocked,
	type Change,
} from '../../../domain/access/change';
import type { Action } from '../../../domain/access/diff';
import { PanelError, settle, vanished } from '../transport/errors';
import { IMPLICIT_PERMISSION, sameAccess } from '../../../domain/access/permissions';
import type { Panel } from '../transport/panelApi';
import type { Account, Server } from '../../../domain/access/panelRecords';

export interface Failure {
	server: Server;
	error: PanelError;
}

export interface ActionResults {
	changes: Change[];
	/** Servers that accept no changes now. */
	blocked: Blocked[];
	failures: Failure[];
	warnings: string[];
}

const MAX_NO_RESPONSES = 2;

/** Upper bound on duplicate subusers. */
const MAX_DUPLICATES = 10;

/**
 * Carries out the actions, one server after the other. An error on one server does not stop the rest,
 * unless the key is wrong, the panel is unreachable, or it gives no response twice in a row.
 */
export async function applyActions(
	panel: Panel,
	account: Account,
	actions: Action[],
): Promise<ActionResults> {
	const result: ActionResults = { changes: [], blocked: [], failures: [], warnings: [] };
	// Grants come first, because a paying customer is waiting.
	const givesFirst = [...actions].sort((a, b) => Number(gives(b)) - Number(gives(a)));
	let noResponses = 0;
	for (const action of givesFirst) {
		const { server } = action;
		const { value: after, error } = await settle(carryOut(panel, account, action, result));
		noResponses = error?.isNoResponse ? noResponses + 1 : 0;
		if (!error) {
			const dropped = action.after.filter((key) => !after.includes(key));
			if (dropped.length > 0) result.warnings.push(dropWarning(server, dropped));
			if (!sameAccess(action.before, after) || action.kind !== 'update') {
				result.changes.push(changeOf({ ...action, after }));
			}
		} else if (error.status === 409 || error.retryAfter !== null) {
			const { name, uuid } = server;
			const blocked = { server: name, server_id: uuid, why: error.message };
			result.blocked.push(
				error.retryAfter === null
					? blocked
					: {
							...blocked,
							retry_at: plusSeconds(Date.now(), error.retryAfter),
							ahead: error.ahead,
						},
			);
		} else if (error.code !== 'UserIsServerOwnerException') {
			const why = await explained(panel, action, error);
			result.failures.push({ server, error: why });
			const isEnd = error.isFatalForRun || error.isVanished || error.isOutOfTime;
			if (isEnd || noResponses === MAX_NO_RESPONSES) break;
		}
	}
	return result;
}

/** @returns the account's permissions afterwards */
async function carryOut(
	panel: Panel,
	account: Account,
	action: Action,
	{ changes }: ActionResults,
): Promise<string[]> {
	const { kind, server, after } = action;
	switch (kind) {
		case 'create':
			return await create(panel, account, server, after);
		case 'update':
			return await update(panel, account, server, after);
		case 'delete':
			await deleteRow(panel, account, server);
			return [];
		case 'rebuild':
			if (after.length === 0) {
				await deleteRows(panel, account, server);
				return [];
			}
			// A rebuild removes permissions first: make sure that the key may grant them again.
			await checkOwn(panel, action);
			await deleteDuplicates(panel, account, server);
			return await updateLast(panel, account, action, changes);
	}
}

/** If the update fails, access has been removed already, so the change is recorded. */
async function updateLast(
	panel: Panel,
	account: Account,
	action: Action,
	changes: Change[],
): Promise<string[]> {
	const { server, after } = action;
	const { value, error } = await settle(update(panel, account, server, after));
	if (!error) return value;
	const left = (await settle(panel.rowOf(server, account))).value ?? [];
	changes.push(changeOf({ ...action, after: left }));
	throw error;
}

const plusSeconds = (now: number, seconds: number): string =>
	new Date(now + seconds * 1000).toISOString();

/** Throws if the account key's owner, not an administrator, lacks a permission to be granted [410, 411]. */
async function checkOwn(
	panel: Panel,
	{ server, after }: Action,
	refusal?: PanelError,
): Promise<void> {
	const lacking = await panel.lackingPermissions(server, after);
	if (lacking.length === 0) return;
	const said = refusal ? `${refusal.message} ` : '';
	throw new PanelError(
		`${said}The owner of the account key lacks ${lacking.join(', ')}`,
		`Give that account ${lacking.join(', ')} on ${server.name}: it needs every permission that it grants, including those that customers were given by hand. Or use an administrator’s account key.`,
		{ status: 403 },
	);
}

/** Names the missing permissions; the panel's own 403 does not. */
async function explained(panel: Panel, action: Action, error: PanelError): Promise<PanelError> {
	if (error.code !== 'HttpForbiddenException') return error;
	return (await settle(checkOwn(panel, action, error))).error ?? error;
}

/** @returns whether there was a subuser to delete */
async function deleteRow(panel: Panel, account: Account, server: Server): Promise<boolean> {
	if ((await panel.deleteRow(server, account)) === 'removed') return true;
	// "Not found" may also mean that the key cannot see the server; then the access is still there.
	await panel.checkReach(server);
	return false;
}

/**
 * Deletes all duplicates but the last subuser. The last one is updated instead, because creating it
 * again would count towards the limit on new subusers.
 */
async function deleteDuplicates(panel: Panel, account: Account, server: Server): Promise<void> {
	const rows = server.rows.get(account.id)?.length ?? 1;
	await deleteMore(panel, account, server, Math.min(rows, MAX_DUPLICATES) - 1);
}

/** Deletes subusers until none is left. */
async function deleteRows(panel: Panel, account: Account, server: Server): Promise<void> {
	if (!(await deleteRow(panel, account, server))) return;
	await deleteMore(panel, account, server, MAX_DUPLICATES - 1);
}

/** Each delete removes one duplicate and reveals the next. */
async function deleteMore(
	panel: Panel,
	account: Account,
	server: Server,
	most: number,
): Promise<void> {
	for (let row = 0; row < most; row++) {
		if ((await panel.deleteRow(server, account)) === 'was gone') return;
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
	if (error.code !== 'ServerSubuserExistsException') throw error;
	// Somebody else created the subuser meanwhile: keep what they granted.
	const theirs = await panel.rowOf(server, account);
	const foreign = (theirs ?? []).filter((key) => key !== IMPLICIT_PERMISSION);
	const together = [...new Set([...foreign, ...keys])];
	if (theirs && sameAccess(theirs, together)) return theirs;
	return await panel.updateRow(server, account, together);
}

async function update(
	panel: Panel,
	account: Account,
	server: Server,
	keys: string[],
): Promise<string[]> {
	const { value, error } = await settle(panel.updateRow(server, account, keys));
	if (!error) return value;
	if (!error.isNotFound) throw error;
	// The subuser was deleted since it was read. If the account was too, do not let the panel create one.
	if (!(await panel.accountById(account.id))) throw vanished();
	return await panel.createRow(server, account, keys);
}
