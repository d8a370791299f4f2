import {
	EXTERNAL_ID_PREFIX,
	accountChange,
	belongsToAnother,
	isOwn,
	isStrangers,
	newAccount,
	parkingAddress,
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

/** Whether neither its mark nor its address says that the account is somebody else's. */
const mayBeUsedFor = (account: Account, person: Person): boolean =>
	!belongsToAnother(account, person) && !isStrangers(account, person);

/** Administrators, and whom the option "Accounts Left Alone" names. */
export function isLeftAlone(account: Account, { leftAlone }: Pick<Order, 'leftAlone'>): boolean {
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

/** The account carries the customer's mark and an address that was never theirs. */
export function strangers(account: Account, person: Person): PanelError {
	const { username, email, external_id: mark } = account;
	const present = person.email ?? person.previousEmails[0] ?? '';
	return new PanelError(
		`the account "${username}" (${email}) carries this customer's external ID ${mark ?? ''}, but ${email} was never the address of ${nameOf(person)}`,
		`If it is their account, change its address on the panel to ${present}. If it is somebody else's, for example from before the shop was set up anew, clear its external ID there. Either way the next run goes on.`,
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
		isChanged
			? changeAccount(panel, world, order, account, change, result)
			: panel.accountById(account.id),
	);
	if (error && (change.external_id || !error.complainsOf('email'))) throw error;
	const present = error ? await panel.accountById(account.id) : value;
	world.remember(account.id, present);
	if (!present || isLeftAlone(present, order) || !mayBeUsedFor(present, order.person)) {
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
	world: World,
	order: Order,
	account: Account,
	change: Partial<NewAccount>,
	result: Result,
): Promise<Account | null> {
	const { value, error } = await settle(panel.updateAccount(account, change));
	if (!error) return value;
	if (error.isNotFound) return null;
	if (!change.email || !error.complainsOf('email', 'unique')) throw error;
	const other = await panel.accountInTheWay(change.email);
	const { freed, finish } = await freeAddress(panel, world, order, other, result);
	if (!freed) {
		throw new PanelError(
			`the account "${account.username}" cannot get the address ${change.email}, because ${whose(other)} has it`,
			'If that is another customer with a new address, change it on the panel too. If both accounts are one person’s, delete or rename the one that is not used.',
			{ errors: error.errors },
		);
	}
	const changed = await panel.updateAccount(account, change);
	await finish();
	return changed;
}

/** The account that has an address, for a sentence; the panel's database ignores accents in it. */
function whose(account: Account | null): string {
	if (!account) return 'another account';
	const owner = account.external_id?.startsWith(EXTERNAL_ID_PREFIX)
		? `, ${ownerOf(account)}’s`
		: '';
	return `the account "${account.username}" (${account.email}${owner})`;
}

/** What the panel says where an account has the address already, or one that its database takes for it. */
export async function explainTaken(
	panel: Panel,
	{ email }: Person,
	error: PanelError,
): Promise<PanelError> {
	if (email === null || !error.complainsOf('email', 'unique')) return error;
	const other = await panel.accountInTheWay(email);
	return new PanelError(
		`no account can be created for ${email}, because ${whose(other)} has that address`,
		'The panel does not tell addresses apart by letter case or accents. Change one of the two.',
		{ errors: error.errors, status: error.status ?? undefined, code: error.code ?? undefined },
	);
}

/**
 * Takes the address from the account of a customer of this run who has another one by now. Where
 * customers exchange addresses, their new one is not free yet either: until `finish` has been called
 * the account then has one of its own making, from which the customer's own sync would go on.
 */
export async function freeAddress(
	panel: Panel,
	world: World,
	{ customers, leftAlone }: Order,
	account: Account | null,
	result: Result,
): Promise<{ freed: boolean; finish: () => Promise<void> }> {
	const owner = customers().find((one) => account && isOwn(account, one));
	const email = owner?.email;
	const parking = owner ? parkingAddress(owner) : null;
	const isMoving =
		account &&
		owner &&
		email &&
		parking &&
		!sameEmail(email, account.email) &&
		!isStrangers(account, owner);
	if (!isMoving || isLeftAlone(account, { leftAlone })) {
		return { freed: false, finish: async () => undefined };
	}
	const move = async (to: string) => {
		const moved = await settle(panel.updateAccount(account, { email: to }));
		if (moved.error) return moved.error;
		world.remember(account.id, moved.value);
		return null;
	};
	const warn = () =>
		result.warnings.push(`The account of ${nameOf(owner)} got their new address first.`);
	const refusal = await move(email);
	if (!refusal) {
		warn();
		return { freed: true, finish: async () => undefined };
	}
	if (!refusal.complainsOf('email', 'unique')) throw refusal;
	const parked = await move(parking);
	if (parked) throw parked;
	return {
		freed: true,
		finish: async () => {
			if (!(await move(email))) warn();
		},
	};
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
	if (!isOwn(account, person) || isStrangers(account, person)) {
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
