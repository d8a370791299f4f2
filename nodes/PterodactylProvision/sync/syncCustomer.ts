import {
	accountChange,
	addressWarnings,
	belongsToAnother,
	nameOf,
	ownerOf,
} from '../../../domain/access/account';
import { changeOf, dropWarning, type Blocked, type Change } from '../../../domain/access/change';
import { diff, type Action } from '../../../domain/access/diff';
import type { Account, Server } from '../../../domain/access/panelRecords';
import { restoreActions, type Wanted } from '../../../domain/access/restore';
import {
	accessOf,
	accountChanged,
	conclude,
	emptyResult,
	rowsOf,
	shown,
	skip,
	wantsAccess,
	type Result,
	type SyncRequest,
} from '../../../domain/access/result';
import { isInPlan, targetOf, type Plan } from '../../../domain/access/tierPlan';
import { PanelError, settle, vanished } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { PanelReader } from '../transport/reader';
import { applyActions, type Failure } from './applyActions';
import {
	changesOf,
	conflict,
	prepareAccount,
	reasonToSkip,
	removeAccount,
	type CustomerSync,
} from './customerAccount';

/** A user id that no account has. */
const NOBODY = -1;

/** A customer's access could not be synced; `partial` is what was done before the error. */
export class SyncError extends Error {
	constructor(
		message: string,
		readonly advice: string,
		readonly partial: Result,
		/** The panel's error, without the customer's name. */
		readonly cause: PanelError,
	) {
		super(message);
	}
}

/**
 * Makes one customer's access match what they are entitled to, with the fewest writes. Throws
 * `SyncError` if the panel refuses something.
 */
export async function sync(
	panel: Panel,
	plan: Plan,
	reader: PanelReader,
	request: SyncRequest,
): Promise<Result> {
	panel.resetWaiting();
	const unconfirmedBefore = panel.unconfirmed.length;
	const result = emptyResult(request);
	const { error } = await settle(run({ panel, reader, request, result }, plan));
	result.uncertain = panel.unconfirmed.length > unconfirmedBefore;
	if (error) {
		throw new SyncError(`${nameOf(request.person)}: ${error.message}`, error.advice, result, error);
	}
	conclude(result, request);
	return result;
}

/** @param isSecondLook the account was not as it seemed: it is looked up at the panel once more */
async function run(sync: CustomerSync, plan: Plan, isSecondLook = false): Promise<void> {
	const { panel, reader, request, result } = sync;
	const { dryRun, recorded, heldBecause } = request;
	const wants = wantsAccess(request);
	const isLookSpared = !isSecondLook && wants && mayBeNew(request);
	let account = isLookSpared ? null : await ownAccount(sync, isSecondLook);
	if (result.outcome === 'skipped' || (!account && !wants)) return;

	const servers = await reader.servers(!isLookSpared);
	const accountId = account?.id ?? NOBODY;
	const wanted = recorded
		? restoreActions(servers, accountId, recorded, request.grantedBefore)
		: await planActions(panel, plan, request, servers, accountId);
	Object.assign(result, { had: wanted.had, plan: wanted.plan });
	if (heldBecause) return skip(result, heldBecause);
	result.granted = dryRun ? wanted.granted : grantedAfter(wanted, []);
	result.warnings.push(...wanted.warnings);
	if (dryRun) foresee(sync, account, wanted);
	else {
		account = await carryOut(sync, account, servers, wanted, isSecondLook);
		if (!account) return await run(sync, plan, true);
	}
	if (account && request.removeAccount) {
		await removeAccount(sync, account, elsewhere(account, servers, wanted));
	}
}

/** The customer's account; null: they have none. If there is a reason to do nothing, the result says so. */
async function ownAccount(
	{ reader, request, result }: CustomerSync,
	isSecondLook: boolean,
): Promise<Account | null> {
	const { person, heldBecause } = request;
	const account = await reader.accountOf(person, isSecondLook);
	if (!account) return null;
	if (belongsToAnother(account, person)) {
		if (wantsAccess(request) && !heldBecause) throw conflict(account, person);
		// The account is not this customer's, so there is nothing to remove either.
		skip(result, `the account ${account.email} is ${ownerOf(account)}'s`);
		return null;
	}
	result.account = shown(account);
	result.warnings.push(...addressWarnings(account, person));
	const why = reasonToSkip(account, request);
	if (why) skip(result, why);
	return account;
}

/** Whether to create the account without looking for one first. */
const mayBeNew = ({ isNew, person, heldBecause }: SyncRequest): boolean =>
	isNew && person.email !== null && !heldBecause && person.previousEmails.length === 0;

/** What a dry run says. */
function foresee(
	{ reader, request, result }: CustomerSync,
	account: Account | null,
	{ actions }: Wanted,
): void {
	const { person } = request;
	if (!account) {
		result.changes.push(accountChanged('account created', { after: [person.email ?? ''] }));
	} else if (wantsAccess(request)) {
		const change = accountChange(account, person);
		reader.remember(account.id, { ...account, ...change });
		result.changes.push(...changesOf(account, change));
	}
	const { open, blocked } = byState(actions);
	result.changes.push(...open.map(changeOf));
	result.blocked = blocked;
}

/** @returns the account as it is now; null: it is not as it seemed */
async function carryOut(
	sync: CustomerSync,
	account: Account | null,
	servers: Server[],
	wanted: Wanted,
	isSecondLook: boolean,
): Promise<Account | null> {
	const { panel, reader, request, result } = sync;
	const { account: present, refusedAddress } = await prepareAccount(
		sync,
		account,
		wanted,
		isSecondLook,
	);
	if (!present) {
		if (isSecondLook) throw vanished();
		Object.assign(result, emptyResult(request));
		return null;
	}
	result.account = shown(present);
	const { open, blocked } = byState(wanted.actions);
	result.blocked = blocked;
	const before = result.changes.length;
	const failures = await applyActions(panel, present, open, result);
	const changes = result.changes.slice(before);
	rememberRows(servers, present.id, changes);
	result.granted = grantedAfter(wanted, changes);
	if (!isSecondLook && failures.some(({ error }) => error.isVanished)) {
		reader.remember(present.id, null);
		return null;
	}
	const [first] = failures;
	if (first) throw errorOfAll(first.error, failures);
	if (refusedAddress) throw refusedAddress;
	return present;
}

/** Servers that the account owns, or where it keeps access. */
function elsewhere({ id }: Account, servers: Server[], { actions }: Wanted): Server[] {
	const emptied = actions.filter(({ after }) => after.length === 0).map(({ server }) => server);
	return servers.filter(
		(server) => server.user === id || (server.rows.has(id) && !emptied.includes(server)),
	);
}

/** The writes that the plan requires, with the current, desired and managed permissions behind them. */
async function planActions(
	panel: Panel,
	plan: Plan,
	request: SyncRequest,
	servers: Server[],
	accountId: number,
): Promise<Wanted> {
	const { grantedBefore } = request;
	const inPlan = new Set(servers.filter((server) => isInPlan(plan, server)).map(({ id }) => id));
	const relevant = servers.filter(({ id, uuid }) => inPlan.has(id) || grantedBefore[uuid]);
	const isOurs = (server: Server, key: string) =>
		(inPlan.has(server.id) && plan.permissions.includes(key)) ||
		(grantedBefore[server.uuid] ?? []).includes(key);
	let target = targetOf(plan, request.tiers, servers);
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
function grantedAfter(
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

/** For a server that is suspended or being installed, the panel answers every subuser call with 409 [370-375, 385]. */
function byState(actions: Action[]): { open: Action[]; blocked: Blocked[] } {
	const isClosed = ({ server: { status } }: Action) =>
		status === 'suspended' || status === 'installing';
	return {
		open: actions.filter((action) => !isClosed(action)),
		blocked: actions.filter(isClosed).map(({ server: { name, uuid, status } }) => ({
			server: name,
			server_id: uuid,
			why: `the server is ${status ?? ''}; its access can only be changed afterwards`,
		})),
	};
}

/** Lets a later item of the same run about this account see these changes. */
function rememberRows(servers: Server[], accountId: number, changes: Change[]): void {
	for (const { server_id: id, after } of changes) {
		const server = servers.find(({ uuid }) => uuid === id);
		if (!server) continue;
		if (after.length > 0) server.rows.set(accountId, [after]);
		else server.rows.delete(accountId);
	}
}

/** The first error, as the error of all servers. */
function errorOfAll(first: PanelError, failures: Failure[]): PanelError {
	const { advice, status, code, isNoResponse, shared } = first;
	const errors = failures.map(({ error }) => error);
	const words = failures.map(({ server, error }) => `on ${server.name}: ${error.message}`);
	return new PanelError(words.join('; '), advice, {
		...{ status, code, isNoResponse, shared },
		isTransient: errors.every((error) => error.isTransient),
		isUnconfirmed: errors.some((error) => error.isUnconfirmed),
		// Where waiting for a response used up the time, the next run would get no further.
		isOutOfTime:
			errors.some((error) => error.isOutOfTime) && !errors.some((error) => error.isNoResponse),
	});
}
