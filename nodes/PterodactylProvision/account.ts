import { trimInvisible, visibleWords } from '../text';
import { sameEmail, type Account, type NewAccount } from './panel';

/** A customer as billing knows them. */
export interface Person {
	customerId: string | null;
	email: string | null;
	name: string | null;
	/** Addresses they had before. */
	previousEmails: string[];
	/** Of those, the ones that another customer has now: no account is looked for by them. */
	takenEmails: string[];
	/** The account that the customer's row records as theirs. */
	accountId: number | null;
}

export const EXTERNAL_ID_PREFIX = 'paymenter-';

/** What marks an account as this customer's. Without a customer id no account is marked. */
export function externalIdOf({ customerId }: Person): string | null {
	return customerId === null ? null : `${EXTERNAL_ID_PREFIX}${customerId}`;
}

/** Whether the account is marked as another customer's. It is then never used. */
export function belongsToAnother(account: Account, person: Person): boolean {
	const isMarked = account.external_id?.startsWith(EXTERNAL_ID_PREFIX) ?? false;
	return isMarked && account.external_id !== externalIdOf(person);
}

/** Whether the account is marked as this customer's. */
export function isOwn(account: Account, person: Person): boolean {
	return account.external_id !== null && account.external_id === externalIdOf(person);
}

/**
 * Whether an account with the customer's mark has an address that was ever theirs. Another shop, or
 * one that was set up anew, gives the same ids to other people.
 */
export function hasKnownAddress({ email }: Account, person: Person): boolean {
	const addresses = [person.email, ...person.previousEmails, parkingAddress(person)];
	const isNobodyNamed = person.email === null && person.previousEmails.length === 0;
	return isNobodyNamed || addresses.some((one) => one !== null && sameEmail(one, email));
}

/** Whether the account carries the customer's mark and is somebody else's all the same. */
export function isStrangers(account: Account, person: Person): boolean {
	return (
		isOwn(account, person) && account.id !== person.accountId && !hasKnownAddress(account, person)
	);
}

/** The address of an account whose own one is handed to another customer, for a moment. */
export function parkingAddress(person: Person): string | null {
	const externalId = externalIdOf(person);
	return externalId && `${externalId}@address-change.invalid`;
}

/** What has to be written on a found account: the mark on an adopted one, a changed address on an own one. */
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

/** What the operator should know of the account's address. */
export function addressWarnings(account: Account, person: Person): string[] {
	if (!hasOtherAddress(account, person)) return [];
	const { username, email, external_id: mark } = account;
	if (isOwn(account, person)) {
		return hasKnownAddress(account, person)
			? []
			: [`The address of the account "${username}" was changed on the panel to ${email}.`];
	}
	if ('email' in accountChange(account, person)) return [];
	const why = mark === null ? 'it has no external ID' : `its external ID is "${mark}"`;
	return [
		`The account "${username}" keeps the address ${email}, because ${why}. Change it on the panel if it is to follow Paymenter’s ${person.email ?? ''}.`,
	];
}

/** The panel takes names of up to 191 characters. */
const cut = (name: string) => trimInvisible([...name].slice(0, 191).join(''));

/** Both names as the panel takes them: neither may be without a visible character [119]. */
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
 * Usernames to try, one after the other, until the panel has a free one. The panel takes
 * letters or digits at both ends and `_.-` between them [110-115]; its rule asks for three characters.
 * @param template text with `{name}`, `{email}` (the part before the @) and `{customer}` (the id)
 * @param random a few random letters, for the last resort
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
