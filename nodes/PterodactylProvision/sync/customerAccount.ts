import {
	accountChange,
	belongsToAnother,
	externalIdOf,
	idInMark,
	isAddressLive,
	isLeftAlone,
	isOwn,
	isStrangers,
	nameOf,
	newAccount,
	ownerOf,
	usernames,
	type Person,
} from '../../../domain/access/account';
import { gives } from '../../../domain/access/change';
import type { Account, NewAccount, Server } from '../../../domain/access/panelRecords';
import type { Wanted } from '../../../domain/access/wanted';
import {
	accountChanged,
	wantsAccess,
	type Result,
	type SyncRequest,
} from '../../../domain/access/result';
import type { Plan } from '../../../domain/access/tierPlan';
import { PanelError, settle } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { PanelReader } from '../transport/reader';

/** What the steps of one customer's sync work with. They add to the result what they have done. */
export interface CustomerSync {
	panel: Panel;
	plan: Plan;
	reader: PanelReader;
	request: SyncRequest;
	result: Result;
	/** The account was not as it seemed: it is looked up at the panel once more. */
	isSecondLook: boolean;
}

export function conflict(account: Account, person: Person): PanelError {
	const other = ownerOf(account);
	return new PanelError(
		`the account "${account.username}" (${account.email}) is ${other}'s and cannot be used for ${nameOf(person)}`,
		`Two customers in Paymenter use the same address. Give one of them another address, or clear the account's external ID on the panel if ${other} no longer exists.`,
	);
}

/** The account has the customer's external ID, but an address that was never theirs. */
function strangers(account: Account, person: Person): PanelError {
	const { username, email, external_id: mark } = account;
	return new PanelError(
		`the account "${username}" (${email}) has this customer's external ID ${mark ?? ''}, but ${email} was never the address of ${nameOf(person)}`,
		`If it is their account, change its address on the panel to ${person.email ?? 'the one in Paymenter'}. If it is somebody else's, for example from before the shop was reinstalled, clear its external ID there. The next run then continues.`,
	);
}

/** Why nothing is done to the account; null: no reason. Throws if it is a stranger's. */
export function reasonToSkip(account: Account, request: SyncRequest): string | null {
	const { person, heldBecause } = request;
	const { email } = account;
	if (isLeftAlone(account, request)) {
		return account.root_admin
			? `the account ${email} is an administrator of the panel`
			: `the account ${email} is listed in "Accounts Left Alone"`;
	}
	if (isStrangers(account, person)) {
		if (heldBecause) return heldBecause;
		throw strangers(account, person);
	}
	return !wantsAccess(request) && !isOwn(account, person) && isAddressLive(account, request)
		? `the account ${email} may belong to another customer, who has its address`
		: null;
}

/**
 * Creates the account, or writes the customer's external ID and present address to it if they are
 * missing, else reads it again before access is given.
 * @returns the account as it is now; null: look at the panel once more, for example because it has
 * vanished since it was found (a grant to its address would make the panel create a new user [309]);
 * and, in `refusedAddress`, the panel's error if it refuses the new address of an account that is theirs
 */
export async function prepareAccount(
	sync: CustomerSync,
	account: Account | null,
	{ actions }: Wanted,
): Promise<{ account: Account | null; refusedAddress?: PanelError }> {
	const { panel, reader, request, result } = sync;
	const { person } = request;
	if (!account) return { account: await createAccount(sync) };
	const change = accountChange(account, person);
	const isChanged = Object.keys(change).length > 0;
	if (!wantsAccess(request) || !(isChanged || actions.some(gives))) return { account };
	const { value = null, error } = await settle(
		isChanged ? panel.updateAccount(account, change) : panel.accountById(account.id),
	);
	const refusal =
		error && !error.isNotFound ? await explainTaken(panel, person, error, account) : undefined;
	if (refusal && (change.external_id || !refusal.complainsOf('email'))) throw refusal;
	const present = refusal ? await panel.accountById(account.id) : value;
	reader.remember(account.id, present);
	const isTheirs =
		present &&
		!isLeftAlone(present, request) &&
		!belongsToAnother(present, person) &&
		!isStrangers(present, person);
	if (!isTheirs) return { account: null };
	if (!refusal) result.changes.push(...changesOf(account, change));
	return { account: present, refusedAddress: refusal };
}

/** The changes to an account, for the result. */
export function changesOf(account: Account, { external_id, email }: Partial<NewAccount>) {
	return [
		...(external_id ? [accountChanged('account adopted', { after: [external_id] })] : []),
		...(email
			? [accountChanged('e-mail changed', { before: [account.email], after: [email] })]
			: []),
	];
}

/** Creates the account. Null: there already is one, which a second look may find. */
async function createAccount(sync: CustomerSync): Promise<Account | null> {
	const { panel, reader, request, result, isSecondLook } = sync;
	const { person, usernameTemplate } = request;
	const random = Math.random().toString(36).slice(2, 7);
	const { email } = person;
	if (!email) {
		throw new PanelError(
			'the e-mail address is unknown, and no account can be created without one',
			'Enter an address for the customer in Paymenter.',
		);
	}
	for (const username of usernames(usernameTemplate, person, email, random)) {
		const { value: account, error } = await settle(
			panel.createAccount(newAccount(person, email, username)),
		);
		if (!error) {
			reader.remember(account.id, account);
			result.changes.push(accountChanged('account created', { after: [account.email] }));
			return account;
		}
		const isTaken =
			error.complainsOf('email', 'unique') || error.complainsOf('external_id', 'unique');
		if (isTaken && !isSecondLook) return null;
		if (isTaken || !error.complainsOf('username', 'unique')) {
			throw await explainTaken(panel, person, error);
		}
	}
	throw new PanelError(
		'all usernames that were tried are taken on the panel',
		'Add {customer} to the username template.',
	);
}

/** The account and its owner, for error messages. */
function whose(account: Account | null): string {
	if (!account) return 'another account';
	const owner = idInMark(account) === null ? '' : `, ${ownerOf(account)}’s`;
	return `the account "${account.username}" (${account.email}${owner})`;
}

/**
 * Explains the panel's error if another account has the address or external ID, or an equivalent one.
 * @param mine the account that was to be changed; without it, one was to be created
 */
async function explainTaken(
	panel: Panel,
	person: Person,
	error: PanelError,
	mine?: Account,
): Promise<PanelError> {
	const { errors, status, code } = error;
	const explained = (message: string, advice: string) =>
		new PanelError(message, advice, { errors, status, code });
	const mark = externalIdOf(person);
	const { email } = person;
	if (mark && error.complainsOf('external_id', 'unique')) {
		const other = await panel.accountMarked(mark);
		return explained(
			`the external ID ${mark} cannot be set, because ${whose(other)} has the external ID ${other?.external_id ?? mark}`,
			'The panel treats external IDs that differ only in letter case or accents as the same. Clear or correct the one of that account.',
		);
	}
	if (email === null || !error.complainsOf('email', 'unique')) return error;
	const other = whose(await panel.accountInTheWay(email));
	return mine
		? explained(
				`the account "${mine.username}" cannot get the address ${email}, because ${other} has it`,
				'If its customer has a new address too, as when two customers have exchanged theirs, give one of the two accounts another address on the panel (Admin → Users): the next run does the rest. If both accounts are the same person’s, delete the unused one or change its address.',
			)
		: explained(
				`no account can be created for ${email}, because ${other} has that address`,
				'The panel treats addresses that differ only in letter case or accents as the same. Change one of the two.',
			);
}

/**
 * Deletes the account if it is this customer's alone and has no other access. Its subusers on servers
 * that accept no changes now are deleted with it [380].
 * @param elsewhere servers that the account owns, or where it keeps access
 */
export async function removeAccount(
	{ panel, reader, request, result }: CustomerSync,
	account: Account,
	elsewhere: Server[],
): Promise<void> {
	const present = await panel.accountById(account.id);
	if (!present) return;
	result.account_kept = reasonToKeep(present, request, elsewhere);
	if (result.account_kept) return;
	if (!request.dryRun) {
		await panel.deleteAccount(account);
		reader.remember(account.id, null);
		Object.assign(result, { account: null, granted: {}, blocked: [] });
	}
	result.changes.push(accountChanged('account deleted', { before: [account.email] }));
}

function reasonToKeep(account: Account, request: SyncRequest, elsewhere: Server[]): string | null {
	const { person } = request;
	if (!isOwn(account, person) || isStrangers(account, person)) {
		return `it does not have this customer's external ID (its external ID is ${account.external_id ?? 'empty'})`;
	}
	if (isLeftAlone(account, request))
		return 'it is an administrator, or listed in "Accounts Left Alone"';
	const owned = elsewhere.find(({ user }) => user === account.id);
	if (owned) return `it owns the server ${owned.name}`;
	const used = elsewhere[0];
	if (used) return `it still has access to ${used.name}`;
	if (isAddressLive(account, request)) {
		return `another customer uses its address ${account.email}`;
	}
	return null;
}
