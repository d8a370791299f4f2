import { idOrNull } from '../ids';
import { trimInvisible, visibleWords } from '../text';
import { sameEmail, type Account, type NewAccount } from './panelRecords';

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
	return idInMark(account) !== null && account.external_id !== externalIdOf(person);
}

/** The customer whose mark the account carries, if any: 0 and the like are nobody. */
export function idInMark({ external_id: mark }: Account): string | null {
	const isMark = mark?.startsWith(EXTERNAL_ID_PREFIX) ?? false;
	return isMark && mark ? idOrNull(mark.slice(EXTERNAL_ID_PREFIX.length)) : null;
}

/** Whether the account is marked as this customer's. */
export function isOwn(account: Account, person: Person): boolean {
	return account.external_id !== null && account.external_id === externalIdOf(person);
}

/**
 * Whether the account carries the customer's mark and is somebody else's all the same: its address was
 * never theirs, nor is it recorded as theirs. Another shop, or one that was set up anew, gives the
 * same ids to other people.
 */
export function isStrangers(account: Account, person: Person): boolean {
	return (
		isOwn(account, person) && account.id !== person.accountId && !hasKnownAddress(account, person)
	);
}

/** True as well where nobody told an address: then nothing speaks against it. */
function hasKnownAddress({ email }: Account, person: Person): boolean {
	const known = [person.email, ...person.previousEmails].filter((address) => address !== null);
	return known.length === 0 || known.some((address) => sameEmail(address, email));
}

/** The address of an account for as long as it takes to exchange it with another customer's. */
export const parkingAddress = ({ id }: Account): string => `account-${id}@address-change.invalid`;

export const isParked = (account: Account): boolean => account.email === parkingAddress(account);

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
	if (isParked(account)) {
		return [
			`The account "${username}" had no address of its own, because a change of addresses was interrupted.`,
		];
	}
	if (isOwn(account, person)) {
		return hasKnownAddress(account, person)
			? []
			: [`The address of the account "${username}" had been changed on the panel to ${email}.`];
	}
	if ('email' in accountChange(account, person)) return [];
	const why = mark === null ? 'it has no external ID' : `its external ID is "${mark}"`;
	return [
		`The account "${username}" keeps the address ${email}, because ${why}. Change it on the panel if it should match the one in Paymenter, ${person.email ?? ''}.`,
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
