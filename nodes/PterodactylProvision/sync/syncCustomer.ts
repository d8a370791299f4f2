import {
	accountChange,
	addressWarnings,
	belongsToAnother,
	nameOf,
	ownerOf,
} from '../../../domain/access/account';
import { changeOf, type Change } from '../../../domain/access/change';
import type { Action } from '../../../domain/access/diff';
import type { Account } from '../../../domain/access/panelRecords';
import {
	accountChanged,
	conclude,
	emptyResult,
	shown,
	skip,
	wantsAccess,
	type Result,
	type SyncRequest,
} from '../../../domain/access/result';
import type { Plan } from '../../../domain/access/tierPlan';
import {
	byState,
	elsewhere,
	grantedAfter,
	planActions,
	restoreActions,
	type Wanted,
} from '../../../domain/access/wanted';
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
	const { error } = await settle(
		run({ panel, plan, reader, request, result, isSecondLook: false }),
	);
	result.uncertain = panel.unconfirmed.length > unconfirmedBefore;
	if (error) {
		throw new SyncError(`${nameOf(request.person)}: ${error.message}`, error.advice, result, error);
	}
	conclude(result, request);
	return result;
}

async function run(sync: CustomerSync): Promise<void> {
	const { panel, plan, reader, request, result, isSecondLook } = sync;
	const { dryRun, recorded, heldBecause } = request;
	const wants = wantsAccess(request);
	const isLookSpared = !isSecondLook && wants && mayBeNew(request);
	let account = isLookSpared ? null : await ownAccount(sync);
	if (result.outcome === 'skipped' || (!account && !wants)) return;

	const servers = await reader.servers(!isLookSpared);
	const accountId = account?.id ?? NOBODY;
	const wanted = recorded
		? restoreActions(servers, accountId, recorded, request.grantedBefore)
		: await planActions(plan, request, servers, accountId, panel);
	Object.assign(result, { had: wanted.had, plan: wanted.plan });
	if (heldBecause) return skip(result, heldBecause);
	result.granted = dryRun ? wanted.granted : grantedAfter(wanted, []);
	result.warnings.push(...wanted.warnings);
	if (dryRun) foresee(sync, account, wanted);
	else {
		account = await carryOut(sync, account, wanted);
		if (!account) return await run({ ...sync, isSecondLook: true });
	}
	if (account && request.removeAccount) {
		await removeAccount(sync, account, elsewhere(account, servers, wanted));
	}
}

/** The customer's account; null: they have none. If there is a reason to do nothing, the result says so. */
async function ownAccount(sync: CustomerSync): Promise<Account | null> {
	const { reader, request, result, isSecondLook } = sync;
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
	wanted: Wanted,
): Promise<Account | null> {
	const { panel, reader, request, result, isSecondLook } = sync;
	const { account: present, refusedAddress } = await prepareAccount(sync, account, wanted);
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
	rememberRows(open, present.id, changes);
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

/** Lets a later item of the same run about this account see these changes. */
function rememberRows(actions: Action[], accountId: number, changes: Change[]): void {
	for (const { server } of actions) {
		const change = changes.find(({ server_id: id }) => id === server.uuid);
		if (change && change.after.length > 0) server.rows.set(accountId, [change.after]);
		else if (change) server.rows.delete(accountId);
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
