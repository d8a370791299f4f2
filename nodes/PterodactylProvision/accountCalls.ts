import {
	EXTERNAL_ID_PREFIX,
	accountChange,
	belongsToAnother,
	isOwn,
	newAccount,
	usernames,
	type Person,
} from './account';
import { PanelError, settle } from './panelError';
import { sameEmail, type Account, type NewAccount, type Panel, type Server } from './panel';
import { accountChanged, type Order, type Result } from './result';
import type { World } from './world';

export function nameOf({ customerId, email }: Person): string {
	const named = [customerId && `customer ${customerId}`, email].filter((part) => part);
	return named.join(', ') || 'a customer without id and address';
}

/** Administrators, and whom the option "Accounts Left Alone" names. */
export function isLeftAlone(account: Account, { leftAlone }: Order): boolean {
	return (
		account.root_admin ||
		leftAlone.some((name) => sameEmail(name, account.email) || sameEmail(name, account.username))
	);
}

/** Whether another customer who is entitled to something has its address. */
export const isAddressLive = (account: Account, { liveEmails }: Order): boolean =>
	liveEmails.some((email) => sameEmail(email, account.email));

/** The customer whose mark the account carries. */
export function ownerOf({ external_id: id }: Account): string {
	return `customer ${id?.slice(EXTERNAL_ID_PREFIX.length) ?? ''}`;
}

export function conflict(account: Account, person: Person): PanelError {
	const other = ownerOf(account);
	return new PanelError(
		`the account "${account.username}" (${account.email}) is ${other}'s and cannot be used for ${nameOf(person)}`,
		`Two customers in Paymenter use one address. Give one of them another, or clear the account's external id on the panel if ${other} is gone.`,
	);
}

/** Makes the account. Throws what the panel says where there is one (see `isTaken`). */
export async function createAccount(
	panel: Panel,
	world: World,
	order: Order,
	result: Result,
): Promise<Account> {
	const { person } = order;
	if (!person.email) {
		throw new PanelError(
			'no e-mail address is known, and without one no account can be created',
			'Enter an address for the customer in Paymenter.',
		);
	}
	for (const username of usernames(order.usernameTemplate, person, person.email, order.random)) {
		const { value: account, error } = await settle(
			panel.createAccount(newAccount(person, person.email, username)),
		);
		if (!error) {
			world.remember(account.id, account);
			result.changes.push(accountChanged('account created', { after: [account.email] }));
			return account;
		}
		if (isTaken(error) || !error.complainsOf('username', 'unique')) throw error;
	}
	throw new PanelError(
		'every username that was tried is taken on the panel',
		'Use {customer} in the username template.',
	);
}

/** There is an account with the customer's mark or address. */
export const isTaken = (error: PanelError): boolean =>
	error.complainsOf('email', 'unique') || error.complainsOf('external_id', 'unique');

/**
 * Writes the customer's mark and their present address on an account where they are missing, and
 * reads it again where access is to be written.
 * @returns the account as it is now, null if it has vanished since it was found (a grant to its address
 * would then make the panel invent a user [309]); and what the panel has against the address of an
 * account that is theirs all the same
 */
export async function bringUpToDate(
	panel: Panel,
	world: World,
	order: Order,
	account: Account,
	result: Result,
): Promise<{ account: Account | null; refusedAddress?: PanelError }> {
	const change = accountChange(account, order.person);
	const isChanged = Object.keys(change).length > 0;
	const { value, error } = await settle(
		isChanged ? changeAccount(panel, account, change, order.person) : panel.accountById(account.id),
	);
	if (error && (change.external_id || !error.complainsOf('email'))) throw error;
	const present = error ? await panel.accountById(account.id) : value;
	world.remember(account.id, present);
	if (!present || isLeftAlone(present, order) || belongsToAnother(present, order.person)) {
		return { account: null };
	}
	if (!error) result.changes.push(...changesOf(account, change));
	return { account: present, refusedAddress: error };
}

/** What `bringUpToDate` changes. */
export function changesOf(account: Account, { external_id, email }: Partial<NewAccount>) {
	return [
		...(external_id ? [accountChanged('account adopted', { after: [external_id] })] : []),
		...(email
			? [accountChanged('e-mail changed', { before: [account.email], after: [email] })]
			: []),
	];
}

async function changeAccount(
	panel: Panel,
	account: Account,
	change: Partial<NewAccount>,
	person: Person,
): Promise<Account | null> {
	const { value, error } = await settle(panel.updateAccount(account, change));
	if (!error) return value;
	if (error.isNotFound) return null;
	if (!change.email || !error.complainsOf('email', 'unique')) throw error;
	const other = await panel.accountByEmail(change.email);
	throw new PanelError(
		`the account "${account.username}" cannot get the address ${change.email}, because the account "${other?.username ?? 'of somebody else'}" has it`,
		`Decide which account ${nameOf(person)} is to use, and delete or rename the other one on the panel.`,
		{ errors: error.errors },
	);
}

/**
 * Deletes the account if it is this customer's, and only theirs, and holds nothing else. What it
 * still has on servers that take no changes now goes with it [380].
 * @param elsewhere servers where the account has more than what was to be taken
 */
export async function removeAccount(
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
	if (!order.dryRun) {
		await panel.deleteAccount(account);
		world.remember(account.id, null);
		Object.assign(result, { account: null, granted: {}, blocked: [] });
	}
	result.changes.push(accountChanged('account deleted', { before: [account.email] }));
}

function reasonToKeep(account: Account, order: Order, elsewhere: Server[]): string | null {
	const { person } = order;
	if (!isOwn(account, person)) {
		return `it is not marked as this customer's (its external id is ${account.external_id ?? 'empty'})`;
	}
	if (isLeftAlone(account, order)) return 'it is an administrator, or to be left alone';
	const owned = elsewhere.find(({ user }) => user === account.id);
	if (owned) return `it owns the server ${owned.name}`;
	const used = elsewhere[0];
	if (used) return `it still has access to ${used.name}`;
	if (isAddressLive(account, order)) {
		return `another customer uses its address ${account.email}`;
	}
	return null;
}
