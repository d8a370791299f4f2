import {
	accountChange,
	addressWarnings,
	belongsToAnother,
	isAddressLive,
	isLeftAlone,
	isOwn,
	isParked,
	isStrangers,
	nameOf,
	ownerOf,
} from '../../../domain/access/account';
import {
	refreshAccount,
	changesOf,
	conflict,
	createAccount,
	explainTaken,
	isTaken,
	removeAccount,
	strangers,
} from './customerAccount';
import { freeAddress, movingOwner } from './addressExchange';
import { applyActions, type Failure } from './applyActions';
import {
	changeOf,
	dropWarning,
	gives,
	type Blocked,
	type Change,
} from '../../../domain/access/change';
import { diff, type Action } from '../../../domain/access/diff';
import { PanelError, settle, vanished } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { Server } from '../../../domain/access/panelRecords';
import { isInPlan, targetOf, type Plan } from '../../../domain/access/tierPlan';
import {
	accessOf,
	accountChanged,
	conclude,
	emptyResult,
	rowsOf,
	shown,
	skip,
	take,
	wantsAccess,
	type SyncRequest,
	type Result,
} from '../../../domain/access/result';
import { restoreActions, type Wanted } from '../../../domain/access/restore';
import type { PanelReader } from '../transport/reader';

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
	const { error } = await settle(run(panel, plan, reader, request, result));
	result.uncertain = panel.unconfirmed.length > unconfirmedBefore;
	if (error) {
		throw new SyncError(`${nameOf(request.person)}: ${error.message}`, error.advice, result, error);
	}
	conclude(result, request);
	return result;
}

async function run(
	panel: Panel,
	plan: Plan,
	reader: PanelReader,
	request: SyncRequest,
	result: Result,
	isSecondLook = false,
): Promise<void> {
	const { person, dryRun, recorded, heldBecause } = request;
	const wants = wantsAccess(request);
	const isLookSpared =
		request.isNew &&
		person.email !== null &&
		!isSecondLook &&
		wants &&
		!heldBecause &&
		!person.previousEmails.length;
	let account = isLookSpared ? null : await reader.accountOf(person, isSecondLook);
	let finishMoving = async (): Promise<void> => undefined;
	if (account && belongsToAnother(account, person)) {
		// The account is not this customer's, so there is nothing to remove either.
		const skipped = `the account ${account.email} is ${ownerOf(account)}'s`;
		if (!wants || heldBecause) return skip(result, skipped);
		const move = dryRun
			? movingOwner(account, request) && { finish: finishMoving }
			: await freeAddress(panel, reader, request, account, result);
		if (!move) throw conflict(account, person);
		account = null;
		finishMoving = move.finish;
	}
	if (account) {
		result.account = shown(account);
		result.warnings.push(...addressWarnings(account, person));
	}
	if (account && isLeftAlone(account, request)) {
		const why = account.root_admin
			? 'is an administrator of the panel'
			: 'is listed in "Accounts Left Alone"';
		return skip(result, `the account ${account.email} ${why}`);
	}
	if (account && isStrangers(account, person) && !reader.parked.has(account.id)) {
		if (heldBecause) return skip(result, heldBecause);
		throw strangers(account, person);
	}
	if (account && !wants && !isOwn(account, person) && isAddressLive(account, request)) {
		return skip(
			result,
			`the account ${account.email} may belong to another customer, who has its address`,
		);
	}
	if (!account && !wants) return;

	const servers = await reader.servers(!isLookSpared);
	const accountId = account?.id ?? NOBODY;
	const wanted = recorded
		? restoreActions(servers, accountId, recorded, request.grantedBefore)
		: await planActions(panel, plan, request, servers, accountId);
	const { actions } = wanted;
	Object.assign(result, { had: wanted.had, plan: wanted.plan });
	if (heldBecause) return skip(result, heldBecause);
	result.granted = dryRun ? wanted.granted : grantedAfter(wanted, []);
	result.warnings.push(...wanted.warnings);
	const open = actions.filter(({ server }) => !isClosed(server));
	const blocked = actions.filter(({ server }) => isClosed(server)).map(closed);

	if (dryRun) {
		if (account && wants) {
			result.changes.push(...changesOf(account, accountChange(account, person)));
		} else if (!account) {
			result.changes.push(accountChanged('account created', { after: [person.email ?? ''] }));
		}
		result.changes.push(...open.map(changeOf));
		result.blocked.push(...blocked);
	} else {
		let refusedAddress: PanelError | undefined;
		if (!account) {
			const created = await settle(createAccount(panel, reader, request, result));
			await finishMoving();
			if (created.error && (isSecondLook || !isTaken(created.error))) {
				throw await explainTaken(panel, person, created.error);
			}
			account = created.value ?? null;
		} else if (wants || isParked(account)) {
			const isMarked = Object.keys(accountChange(account, person)).length === 0;
			if (!isMarked || actions.some(gives)) {
				({ account, refusedAddress } = await refreshAccount(
					panel,
					reader,
					request,
					account,
					result,
				));
			}
		}
		if (!account) {
			if (isSecondLook) throw vanished();
			return await run(
				panel,
				plan,
				reader,
				request,
				Object.assign(result, emptyResult(request)),
				true,
			);
		}
		result.account = shown(account);
		result.blocked.push(...blocked);
		const done = await applyActions(panel, account, open);
		take(result, done);
		rememberRows(servers, account.id, done.changes);
		result.granted = grantedAfter(wanted, done.changes);
		if (!isSecondLook && done.failures.some(({ error }) => error.isVanished)) {
			reader.remember(account.id, null);
			return await run(panel, plan, reader, request, result, true);
		}
		if (done.failures.length > 0) throw failuresOf(done.failures);
		if (refusedAddress) throw refusedAddress;
	}
	if (request.removeAccount && account) {
		const { id } = account;
		const emptied = new Set(
			actions.filter(({ after }) => after.length === 0).map(({ server }) => server),
		);
		const elsewhere = servers.filter(
			(server) => server.user === id || (server.rows.has(id) && !emptied.has(server)),
		);
		await removeAccount(panel, reader, request, account, elsewhere, result);
	}
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
	const had = rowsOf(relevant, accountId);
	const granted: Record<string, string[]> = {};
	const oursBefore: Record<string, string[]> = {};
	for (const server of relevant) {
		const wanted = server.user === accountId ? [] : (target.get(server.id) ?? []);
		if (wanted.length > 0) granted[server.uuid] = wanted;
		const rows = had.filter(({ server_id }) => server_id === server.uuid);
		oursBefore[server.uuid] = rows
			.flatMap(({ permissions }) => permissions)
			.filter((key) => isOurs(server, key));
	}
	const reached = servers.filter(({ id }) => target.has(id));
	return {
		actions,
		warnings,
		had,
		granted,
		oursBefore,
		plan: reached.map((server) => accessOf(server, target.get(server.id) ?? [])),
	};
}

/** The managed permissions afterwards. Where a change was not made, both old and new ones count as ours. */
function grantedAfter(
	{ actions, granted, oursBefore }: Wanted,
	done: Change[],
): Record<string, string[]> {
	const after = { ...granted };
	for (const { uuid: id } of actions.map(({ server }) => server)) {
		if (done.some(({ server_id }) => server_id === id)) continue;
		const keys = [...(granted[id] ?? []), ...(oursBefore[id] ?? [])];
		if (keys.length > 0) after[id] = [...new Set(keys)];
	}
	return after;
}

/** For such a server, the panel answers every subuser call with 409 [370-375, 385]. */
function isClosed({ status }: Server): boolean {
	return status === 'suspended' || status === 'installing';
}

function closed({ server }: Action): Blocked {
	return {
		server: server.name,
		server_id: server.uuid,
		why: `the server is ${server.status ?? ''}; its access can only be changed afterwards`,
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

function failuresOf(failures: Failure[]): PanelError {
	const first = failures[0]?.error;
	const words = failures.map(({ server, error }) => `on ${server.name}: ${error.message}`);
	return new PanelError(words.join('; '), first?.advice ?? '', {
		status: first?.status ?? undefined,
		code: first?.code ?? undefined,
		isTransient: failures.every(({ error }) => error.isTransient),
		isUnconfirmed: failures.some(({ error }) => error.isUnconfirmed),
		isNoResponse: first?.isNoResponse,
		// Where waiting for a response used up the time, the next run would get no further.
		isOutOfTime:
			failures.some(({ error }) => error.isOutOfTime) &&
			!failures.some(({ error }) => error.isNoResponse),
		shared: first?.shared ?? undefined,
	});
}
