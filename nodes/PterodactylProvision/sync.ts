import {
	EXTERNAL_ID_PREFIX,
	accountChange,
	belongsToAnother,
	externalIdOf,
	newAccount,
	usernames,
	type Person,
} from './account';
import {
	changeOf,
	converge,
	dropWarning,
	gives,
	type Blocked,
	type Change,
	type Convergence,
} from './converge';
import { diff, type Action } from './diff';
import { PanelError, settle } from './panelError';
import { sameEmail, type Account, type NewAccount, type Panel, type Server } from './panel';
import { isInPlan, targetOf, type Plan, type Tier } from './plan';
import type { World } from './world';

/** What is wanted for one customer. */
export interface Order {
	person: Person;
	/** None: no access. */
	tiers: Tier[];
	/** What we are known to have granted, by server identifier. */
	grantedBefore: Record<string, string[]>;
	/** Delete the account too, if nothing speaks against it. */
	removeAccount: boolean;
	/** Addresses of customers who are to keep their account. */
	liveEmails: string[];
	dryRun: boolean;
	usernameTemplate: string;
	/** Addresses or usernames of accounts that are never touched. */
	leftAlone: string[];
	/** A few random letters, for a username where all others are taken. */
	random: string;
}

export interface Access {
	server: string;
	server_id: string;
	permissions: string[];
}

/** What was found, done and left for one customer. */
export interface Result {
	customer_id: string | null;
	customer_email: string | null;
	outcome: 'changed' | 'unchanged' | 'would change' | 'blocked' | 'skipped';
	summary: string;
	tiers: string[];
	roles: string[];
	account: Pick<Account, 'id' | 'uuid' | 'username' | 'email' | 'external_id'> | null;
	changes: Change[];
	blocked: Blocked[];
	warnings: string[];
	/** What the account had on the plan's servers before, and what the plan gives. */
	had: Access[];
	plan: Access[];
	/** What we have granted, by server identifier: the customer's row keeps it for the next time. */
	granted: Record<string, string[]>;
	/** A write's outcome was never told; it may land later, so look again soon. */
	uncertain: boolean;
	/** Why the account was not deleted although that was asked for. */
	account_kept: string | null;
}

/** A customer's access could not be made right; `partial` is what was done all the same. */
export class SyncError extends Error {
	constructor(
		message: string,
		readonly advice: string,
		readonly partial: Result,
	) {
		super(message);
	}
}

/** Makes one customer's access match what they are entitled to, with the fewest writes. */
export async function sync(panel: Panel, plan: Plan, world: World, order: Order): Promise<Result> {
	const { person, tiers } = order;
	const doubtsBefore = panel.doubts.length;
	const result = emptyResult(order);
	const { error } = await settle(run(panel, plan, world, order, result));
	result.uncertain = panel.doubts.length > doubtsBefore;
	if (error) throw new SyncError(`${nameOf(person)}: ${error.message}`, error.advice, result);
	if (result.outcome !== 'skipped') {
		result.outcome = outcomeOf(result, order.dryRun);
		result.summary = summaryOf(result, tiers);
	}
	return result;
}

async function run(
	panel: Panel,
	plan: Plan,
	world: World,
	order: Order,
	result: Result,
	isSecondLook = false,
): Promise<void> {
	const { person, tiers, dryRun } = order;
	let account = await world.accountOf(person);
	if (account && belongsToAnother(account, person)) {
		// Nothing of it is this customer's, so there is nothing to take either.
		if (tiers.length === 0)
			return skip(result, `the account ${account.email} is another customer's`);
		throw conflict(account, person);
	}
	if (account) result.account = shown(account);
	if (account && isLeftAlone(account, order)) {
		const why = account.root_admin ? 'is an administrator of the panel' : 'is to be left alone';
		return skip(result, `the account ${account.email} ${why}`);
	}
	if (!account && tiers.length === 0) return;

	const servers = await world.servers();
	const { actions, had, granted, target } = await planActions(panel, plan, order, {
		servers,
		accountId: account?.id ?? NOBODY,
		result,
	});
	Object.assign(result, { had, granted });
	result.plan = servers
		.filter(({ id }) => target.has(id))
		.map((server) => accessOf(server, target.get(server.id) ?? []));

	if (!account) {
		if (!person.email) throw noAddress();
		result.changes.push({
			...NO_SERVER,
			what: 'account created',
			before: [],
			after: [person.email],
		});
		if (!dryRun) account = await createAccount(panel, world, order, person.email);
	} else if (tiers.length > 0) {
		const change = accountChange(account, person);
		result.changes.push(...changesOf(account, change));
		const isWritten = Object.keys(change).length > 0 || actions.some(gives);
		if (isWritten && !dryRun) {
			account = await readAgain(panel, order, account, change);
			world.remember(result.account?.id ?? NOBODY, account);
			if (!account && isSecondLook) throw vanished();
			if (!account) {
				return await run(
					panel,
					plan,
					world,
					order,
					Object.assign(result, emptyResult(order)),
					true,
				);
			}
		}
	}
	if (account) result.account = shown(account);

	const open = actions.filter(({ server }) => !isClosed(server));
	result.blocked.push(...actions.filter(({ server }) => isClosed(server)).map(closed));
	if (dryRun || !account) {
		result.changes.push(...open.map(changeOf));
	} else {
		const done = await converge(panel, account, open);
		take(result, done);
		rememberRows(servers, account, done);
		if (done.failures.length > 0) throw failuresOf(done);
	}
	if (order.removeAccount && account) {
		const { id } = account;
		const emptied = new Set(
			open.filter(({ after }) => after.length === 0).map(({ server }) => server),
		);
		const elsewhere = servers.filter(
			(server) =>
				server.user === id ||
				(server.rows.some(({ user_id }) => user_id === id) && !emptied.has(server)),
		);
		await removeAccount(panel, world, order, account, elsewhere, result);
	}
}

/** An id that no account has. */
const NOBODY = -1;

/** What is to be done on which server, and what of it is ours afterwards. */
async function planActions(
	panel: Panel,
	plan: Plan,
	order: Order,
	{ servers, accountId, result }: { servers: Server[]; accountId: number; result: Result },
) {
	const { grantedBefore } = order;
	const inPlan = new Set(servers.filter((server) => isInPlan(plan, server)).map(({ id }) => id));
	const relevant = servers.filter(
		({ id, identifier }) => inPlan.has(id) || grantedBefore[identifier],
	);
	const isOurs = (server: Server, key: string) =>
		(inPlan.has(server.id) && plan.permissions.includes(key)) ||
		(grantedBefore[server.identifier] ?? []).includes(key);
	let target = targetOf(plan, order.tiers, servers);
	const actionsNow = () => diff({ account: { id: accountId }, target, servers: relevant, isOurs });

	let actions = actionsNow();
	// Keys that the panel does not know would look like a difference for ever.
	if (actions.some(({ kind }) => kind === 'update' || kind === 'rebuild')) {
		const known = await panel.knownPermissions();
		const unknown = plan.permissions.filter((key) => !known.includes(key));
		if (unknown.length > 0) {
			result.warnings.push(dropWarning(null, unknown));
			target = new Map(
				[...target].map(([id, keys]) => [id, keys.filter((key) => known.includes(key))]),
			);
			actions = actionsNow();
		}
	}
	return {
		actions,
		target,
		had: hadOf(relevant, accountId),
		granted: grantedAfter(relevant, target, accountId, isOurs),
	};
}

/**
 * The account by its id, marked and with the present address. Null if it has vanished since it was
 * found: a grant to its address would then make the panel invent a user [309].
 */
async function readAgain(
	panel: Panel,
	order: Order,
	account: Account,
	change: Partial<NewAccount>,
): Promise<Account | null> {
	const present =
		Object.keys(change).length > 0
			? await changeAccount(panel, account, change, order.person)
			: await panel.accountById(account.id);
	const isUsable =
		present && !isLeftAlone(present, order) && !belongsToAnother(present, order.person);
	return isUsable ? present : null;
}

async function changeAccount(
	panel: Panel,
	account: Account,
	change: Partial<NewAccount>,
	person: Person,
): Promise<Account | null> {
	const { value, error } = await settle(panel.updateAccount(account, change));
	if (!error) return value;
	if (error.status === 404) return null;
	if (!change.email || !error.complainsOf('email', 'unique')) throw error;
	const other = await panel.accountByEmail(change.email);
	throw new PanelError(
		`the account "${account.username}" cannot get the address ${change.email}, because the account "${other?.username ?? 'of somebody else'}" has it`,
		`Decide which account customer ${person.customerId ?? ''} is to use, and delete or rename the other one on the panel.`,
	);
}

function changesOf(account: Account, { external_id, email }: Partial<NewAccount>): Change[] {
	return [
		...(external_id
			? [{ ...NO_SERVER, what: 'account adopted' as const, before: [], after: [external_id] }]
			: []),
		...(email
			? [{ ...NO_SERVER, what: 'e-mail changed' as const, before: [account.email], after: [email] }]
			: []),
	];
}

async function createAccount(
	panel: Panel,
	world: World,
	order: Order,
	email: string,
): Promise<Account> {
	const { person } = order;
	for (const username of usernames(order.usernameTemplate, person, email, order.random)) {
		const { value: account, error } = await settle(
			panel.createAccount(newAccount(person, email, username)),
		);
		if (!error) {
			world.remember(account.id, account);
			return account;
		}
		if (error.complainsOf('email', 'unique') || error.complainsOf('external_id', 'unique')) {
			// Another execution has made it since the look.
			const externalId = externalIdOf(person);
			const found =
				(externalId && (await panel.accountByExternalId(externalId))) ||
				(await panel.accountByEmail(email));
			if (found && !belongsToAnother(found, person) && !isLeftAlone(found, order)) return found;
		}
		if (!error.complainsOf('username', 'unique')) throw error;
	}
	throw new PanelError(
		'every username that was tried is taken on the panel',
		'Use {customer} in the username template.',
	);
}

/** Deletes the account if it is this customer's, and only theirs, and holds nothing else. */
async function removeAccount(
	panel: Panel,
	world: World,
	order: Order,
	account: Account,
	elsewhere: Server[],
	result: Result,
): Promise<void> {
	const present = await panel.accountById(account.id);
	if (!present) return;
	result.account_kept = reasonToKeep(present, order, elsewhere);
	if (result.account_kept) return;
	result.changes.push({
		...NO_SERVER,
		what: 'account deleted',
		before: [account.email],
		after: [],
	});
	if (order.dryRun) return;
	await panel.deleteAccount(account);
	world.remember(account.id, null);
	result.account = null;
	result.granted = {};
}

function reasonToKeep(account: Account, order: Order, elsewhere: Server[]): string | null {
	const { person, liveEmails } = order;
	if (externalIdOf(person) === null || account.external_id !== externalIdOf(person)) {
		return `it is not marked as this customer's (its external id is ${account.external_id ?? 'empty'})`;
	}
	if (isLeftAlone(account, order)) return 'it is an administrator, or to be left alone';
	const owned = elsewhere.find(({ user }) => user === account.id);
	if (owned) return `it owns the server ${owned.name}`;
	const used = elsewhere[0];
	if (used) return `it still has access to ${used.name}`;
	if (liveEmails.some((email) => sameEmail(email, account.email))) {
		return `another customer uses its address ${account.email}`;
	}
	return null;
}

const NO_SERVER = { server: null, server_id: null };

function noAddress(): PanelError {
	return new PanelError(
		'no e-mail address is known, and without one no account can be created',
		'Enter an address for the customer in Paymenter.',
	);
}

function vanished(): PanelError {
	return new PanelError(
		'the account was changed or deleted while it was being worked on',
		'It is tried again later.',
	);
}

function emptyResult({ person, tiers, grantedBefore }: Order): Result {
	return {
		customer_id: person.customerId,
		customer_email: person.email,
		outcome: 'unchanged',
		summary: '',
		tiers: tiers.map(({ name }) => name),
		roles: tiers.map(({ role }) => role),
		account: null,
		changes: [],
		blocked: [],
		warnings: [],
		had: [],
		plan: [],
		granted: grantedBefore,
		uncertain: false,
		account_kept: null,
	};
}

function skip(result: Result, why: string): void {
	result.outcome = 'skipped';
	result.summary = `Nothing done: ${why}.`;
}

function take(result: Result, { changes, blocked, warnings }: Convergence): void {
	result.changes.push(...changes);
	result.blocked.push(...blocked);
	result.warnings.push(...warnings);
}

function isLeftAlone(account: Account, { leftAlone }: Order): boolean {
	return (
		account.root_admin ||
		leftAlone.some((name) => sameEmail(name, account.email) || sameEmail(name, account.username))
	);
}

function conflict(account: Account, person: Person): PanelError {
	const other = account.external_id?.slice(EXTERNAL_ID_PREFIX.length);
	return new PanelError(
		`the account "${account.username}" (${account.email}) is customer ${other ?? ''}'s and cannot be used for ${nameOf(person)}`,
		`Two customers in Paymenter use one address. Give one of them another, or clear the account's external id on the panel if customer ${other ?? ''} is gone.`,
	);
}

function hadOf(servers: Server[], accountId: number): Access[] {
	return servers.flatMap((server) =>
		server.rows
			.filter(({ user_id }) => user_id === accountId)
			.map(({ permissions }) => accessOf(server, permissions)),
	);
}

function accessOf({ name, identifier }: Server, permissions: string[]): Access {
	return { server: name, server_id: identifier, permissions };
}

/** What is ours once the actions are done. A closed server keeps what it has, so that stays recorded. */
function grantedAfter(
	servers: Server[],
	target: Map<number, string[]>,
	accountId: number,
	isOurs: (server: Server, key: string) => boolean,
): Record<string, string[]> {
	const granted: Record<string, string[]> = {};
	for (const server of servers) {
		const has = server.rows
			.filter(({ user_id }) => user_id === accountId)
			.flatMap(({ permissions }) => permissions.filter((key) => isOurs(server, key)));
		const wanted = server.user === accountId ? [] : (target.get(server.id) ?? []);
		const ours = [...new Set([...wanted, ...(isClosed(server) ? has : [])])];
		if (ours.length > 0) granted[server.identifier] = ours;
	}
	return granted;
}

/** The panel answers 409 to everything about such a server's subusers [370-375, 385]. */
function isClosed({ status }: Server): boolean {
	return status === 'suspended' || status === 'installing';
}

function closed({ server }: Action): Blocked {
	return {
		server: server.name,
		server_id: server.identifier,
		why: `the server is ${server.status ?? ''}; access there can be changed when it no longer is`,
	};
}

/** So that a second item of the same run about this account sees what the first has done. */
function rememberRows(servers: Server[], account: Account, { changes }: Convergence): void {
	for (const { server_id: id, after } of changes) {
		const server = servers.find(({ identifier }) => identifier === id);
		if (!server) continue;
		server.rows = server.rows.filter(({ user_id }) => user_id !== account.id);
		if (after.length > 0) server.rows.push({ user_id: account.id, permissions: after });
	}
}

function failuresOf({ failures }: Convergence): PanelError {
	const first = failures[0]?.error;
	const words = failures.map(({ server, error }) => `on ${server.name}: ${error.message}`);
	return new PanelError(words.join('; '), first?.advice ?? '', {
		status: first?.status ?? undefined,
		code: first?.code ?? undefined,
	});
}

function outcomeOf({ changes, blocked }: Result, dryRun: boolean): Result['outcome'] {
	if (dryRun && changes.length + blocked.length > 0) return 'would change';
	if (blocked.length > 0) return 'blocked';
	return changes.length > 0 ? 'changed' : 'unchanged';
}

function summaryOf(result: Result, tiers: Tier[]): string {
	const what = tiers.length > 0 ? tiers.map(({ role }) => role).join(' + ') : 'no access';
	const counts = new Map<string, number>();
	for (const change of result.changes) counts.set(change.what, (counts.get(change.what) ?? 0) + 1);
	const did = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
	const sentences = [
		`${what}: ${did.length > 0 ? did.join(', ') : 'nothing to change'}.`,
		...result.blocked.map(({ server, why }) => `Blocked on ${server}: ${why}.`),
		...(result.account_kept ? [`The account was kept: ${result.account_kept}.`] : []),
		...result.warnings,
	];
	return sentences.join(' ');
}

function shown({ id, uuid, username, email, external_id }: Account): Result['account'] {
	return { id, uuid, username, email, external_id };
}

function nameOf({ customerId, email }: Person): string {
	const named = [customerId && `customer ${customerId}`, email].filter((part) => part);
	return named.join(', ') || 'a customer without id and address';
}
