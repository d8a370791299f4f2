import { idOrNull } from '../ids';
import { trimInvisible, visibleWords } from '../text';
import { sameEmail, type Account, type NewAccount } from './panelRecords';

export interface Person {
	customerId: string | null;
	email: string | null;
	name: string | null;
	previousEmails: string[];
	/** Previous addresses that another customer has now; never used to look up an account. */
	takenEmails: string[];
	/** The panel user id that the customer's row records. */
	accountId: number | null;
}

/** The customer in warnings and errors. */
export function nameOf({ customerId, email }: Person): string {
	const named = [customerId && `customer ${customerId}`, email].filter((part) => part);
	return named.join(', ') || 'a customer without ID and address';
}

export const EXTERNAL_ID_PREFIX = 'paymenter-';

export function externalIdOf({ customerId }: Person): string | null {
	return customerId === null ? null : `${EXTERNAL_ID_PREFIX}${customerId}`;
}

/** Whether the account has another customer's external ID. Such an account is never used. */
export function belongsToAnother(account: Account, person: Person): boolean {
	return idInMark(account) !== null && account.external_id !== externalIdOf(person);
}

/** The customer id in the account's external ID; null without one, or for a placeholder such as 0. */
export function idInMark({ external_id: mark }: Account): string | null {
	const isMark = mark?.startsWith(EXTERNAL_ID_PREFIX) ?? false;
	return isMark && mark ? idOrNull(mark.slice(EXTERNAL_ID_PREFIX.length)) : null;
}

export const ownerOf = (account: Account): string => `customer ${idInMark(account) ?? ''}`;

export function isOwn(account: Account, person: Person): boolean {
	return account.external_id !== null && account.external_id === externalIdOf(person);
}

/**
 * Whether the account has the customer's external ID but belongs to somebody else: its address was
 * never theirs, and their row does not record it. Another shop, or a reinstalled one, gives the same
 * ids to other people.
 */
export function isStrangers(account: Account, person: Person): boolean {
	return (
		isOwn(account, person) && account.id !== person.accountId && !hasKnownAddress(account, person)
	);
}

/** Also true if no address is known, because then nothing contradicts the external ID. */
function hasKnownAddress(account: Account, person: Person): boolean {
	const known = [person.email, ...person.previousEmails].filter((address) => address !== null);
	return known.length === 0 || known.some((one) => sameEmail(one, account.email));
}

/** Administrators, and accounts listed in the option "Accounts Left Alone". */
export function isLeftAlone(account: Account, { leftAlone }: { leftAlone: string[] }): boolean {
	return (
		account.root_admin ||
		leftAlone.some((name) => sameEmail(name, account.email) || sameEmail(name, account.username))
	);
}

/** Whether another customer with this address is entitled to access. */
export const isAddressLive = (
	account: Account,
	{ liveEmails }: { liveEmails: string[] },
): boolean => liveEmails.some((email) => sameEmail(email, account.email));

/** What to update on an existing account: the external ID if it is adopted, the address if it has changed. */
export function accountChange(account: Account, person: Person): Partial<NewAccount> {
	const externalId = externalIdOf(person);
	const isAdopted = account.external_id === null && externalId !== null;
	const isTheirs = isAdopted || isOwn(account, person);
	return {
		...(isAdopted ? { external_id: externalId } : {}),
		...(isTheirs && hasOtherAddress(account, person) ? { email: person.email ?? '' } : {}),
	};
}

const hasOtherAddress = (account: Account, { email }: Person): boolean =>
	email !== null && !sameEmail(email, account.email);

/** Warnings for the operator about the account's address. */
export function addressWarnings(account: Account, person: Person): string[] {
	if (!hasOtherAddress(account, person)) return [];
	const { username, email, external_id: mark } = account;
	if (isOwn(account, person)) {
		return hasKnownAddress(account, person)
			? []
			: [`Somebody had changed the address of the account "${username}" on the panel to ${email}.`];
	}
	if ('email' in accountChange(account, person)) return [];
	const why = mark === null ? 'it has no external ID' : `its external ID is "${mark}"`;
	return [
		`The account "${username}" keeps the address ${email}, because ${why}. Change it on the panel if it should match the one in Paymenter, ${person.email ?? ''}.`,
	];
}

/** The panel accepts names of up to 191 characters. */
const cut = (name: string) => trimInvisible([...name].slice(0, 191).join(''));

/** First and last name as the panel accepts them: each needs a visible character [119]. */
export const namesFor = (first: string, last: string, username: string) => ({
	first_name: cut(first) || username,
	last_name: cut(last) || '-',
});

/** The account to create. */
export function newAccount(person: Person, email: string, username: string): NewAccount {
	const [first = '', ...rest] = visibleWords(person.name ?? '');
	const externalId = externalIdOf(person);
	return {
		email,
		username,
		...namesFor(first, rest.join(' '), username),
		...(externalId ? { external_id: externalId } : {}),
	};
}

/**
 * Usernames to try in turn until one is free. The panel requires letters or digits at both ends,
 * allows `_.-` between them [110-115], and wants at least three characters.
 * @param template may contain `{name}`, `{email}` (the part before the @) and `{customer}` (the id)
 * @param random a few random letters, used last
 */
export function usernames(
	template: string,
	person: Person,
	email: string,
	random: string,
): string[] {
	const mailbox = email.split('@')[0] ?? '';
	const filled = template
		.replaceAll('{name}', person.name ?? '')
		.replaceAll('{email}', mailbox)
		.replaceAll('{customer}', person.customerId ?? '');
	const id = person.customerId ?? random;
	const base =
		[filled, mailbox, `${filled}-${id}`].map(usable).find((name) => name !== null) ?? 'player';
	return [...new Set([base, usable(`${base}-${id}`) ?? base, `${base}-${random}`])];
}

function usable(text: string): string | null {
	const plain = text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toLowerCase()
		.replace(/[^a-z0-9_.-]+/g, '-')
		.slice(0, 60)
		.replace(/^[_.-]+|[_.-]+$/g, '');
	return plain.length >= 3 ? plain : null;
}
