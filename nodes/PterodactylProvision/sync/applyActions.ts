import { changeOf, dropWarning, gives, named } from '../../../domain/access/change';
import type { Action } from '../../../domain/access/diff';
import type { Account, Server } from '../../../domain/access/panelRecords';
import { IMPLICIT_PERMISSION, sameAccess } from '../../../domain/access/permissions';
import type { Result } from '../../../domain/access/result';
import { iso } from '../../../domain/dates';
import { inParallel } from '../../shared/inParallel';
import { PanelError, settle, vanished } from '../transport/errors';
import type { Panel } from '../transport/panelApi';

export interface Failure {
	server: Server;
	error: PanelError;
}

const MAX_NO_RESPONSES = 2;

const SERVERS_AT_ONCE = 4;

/** Upper bound on duplicate subusers. */
const MAX_DUPLICATES = 10;

/**
 * Carries out the actions, several servers at a time. An error on one server does not stop the rest,
 * unless the key is wrong, the panel is unreachable, or it gives no response twice in a row.
 * @param result gets the changes, the warnings, and the servers that accept no changes now
 */
export async function applyActions(
	panel: Panel,
	account: Account,
	actions: Action[],
	result: Result,
): Promise<Failure[]> {
	const failures: Failure[] = [];
	let noResponses = 0;
	let isOver = false;
	const attempt = async (action: Action) => {
		if (isOver) return;
		const place = { panel, account, server: action.server };
		const { value: after, error } = await settle(carryOut(place, action, result));
		noResponses = error?.isNoResponse ? noResponses + 1 : 0;
		if (error) await noteError(action, error);
		else noteChange(action, after);
	};
	const noteChange = (action: Action, after: string[]) => {
		const dropped = action.after.filter((key) => !after.includes(key));
		if (dropped.length > 0) result.warnings.push(dropWarning(action.server, dropped));
		if (!sameAccess(action.before, after) || action.kind !== 'update') {
			result.changes.push(changeOf({ ...action, after }));
		}
	};
	const noteError = async (action: Action, error: PanelError) => {
		const { server } = action;
		if (error.status === 409 || error.retryAfter !== null) {
			const { message: why, retryAfter, ahead } = error;
			const retry_at = retryAfter === null ? undefined : inSeconds(retryAfter);
			result.blocked.push({ ...named(server), why, retry_at, ahead });
		} else if (error.code !== 'UserIsServerOwnerException') {
			const isEnd = error.isFatalForRun || error.isVanished || error.isOutOfTime;
			isOver ||= isEnd || noResponses === MAX_NO_RESPONSES;
			failures.push({ server, error: await explained(panel, action, error) });
		}
	};
	// Grants come first, because a paying customer is waiting; the first action alone, because it shows
	// whether the panel answers and the account is still there.
	const sorted = [...actions].sort((a, b) => Number(gives(b)) - Number(gives(a)));
	await inParallel(sorted.slice(0, 1), 1, attempt);
	await inParallel(sorted.slice(1), SERVERS_AT_ONCE, attempt);
	return failures;
}

/** Where an account's subuser is. */
interface Place {
	panel: Panel;
	account: Account;
	server: Server;
}

/** @returns the account's permissions afterwards */
async function carryOut(place: Place, action: Action, result: Result): Promise<string[]> {
	const { kind, after } = action;
	if (kind === 'create') return await create(place, after);
	if (kind === 'update') return await update(place, after);
	if (after.length === 0) {
		await deleteRows(place, 0);
		return [];
	}
	const { panel, account, server } = place;
	// A rebuild removes permissions first: make sure that the key may grant them again.
	await checkOwn(panel, action);
	// The last subuser is updated, because creating it again would count towards the limit on new ones.
	await deleteRows(place, 1);
	const { value, error } = await settle(update(place, after));
	if (!error) return value;
	// Access has been removed already, so the change is recorded.
	const left = (await settle(panel.rowOf(server, account))).value ?? [];
	result.changes.push(changeOf({ ...action, after: left }));
	throw error;
}

const inSeconds = (seconds: number): string => iso(Date.now() + seconds * 1000);

/** Throws if the account key's owner, not an administrator, lacks a permission to be granted [410, 411]. */
async function checkOwn(panel: Panel, action: Action, refusal?: PanelError): Promise<void> {
	const { server, after } = action;
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

/** Deletes the account's subusers on a server until so many are left. Each delete reveals the next one. */
async function deleteRows({ panel, account, server }: Place, left: number): Promise<void> {
	const rows = Math.min(server.rows.get(account.id)?.length ?? 1, MAX_DUPLICATES);
	for (let row = left; row < rows; row++) {
		if ((await panel.deleteRow(server, account)) === 'removed') continue;
		// "Not found" may also mean that the key cannot see the server; then the access is still there.
		if (row === 0) await panel.checkReach(server);
		return;
	}
}

async function create({ panel, account, server }: Place, keys: string[]): Promise<string[]> {
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

async function update({ panel, account, server }: Place, keys: string[]): Promise<string[]> {
	const { value, error } = await settle(panel.updateRow(server, account, keys));
	if (!error) return value;
	if (!error.isNotFound) throw error;
	// The subuser was deleted since it was read. If the account was too, do not let the panel create one.
	if (!(await panel.accountById(account.id))) throw vanished();
	return await panel.createRow(server, account, keys);
}
