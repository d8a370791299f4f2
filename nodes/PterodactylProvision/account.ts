import type { Account, NewAccount } from './panel';

/** A customer as billing knows them. */
export interface Person {
	customerId: string | null;
	email: string | null;
	name: string | null;
	/** Addresses they had before. */
	previousEmails: string[];
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

/** What has to be written on a found account: the mark on an adopted one, a changed address on an own one. */
export function accountChange(account: Account, person: Person): Partial<NewAccount> {
	const externalId = externalIdOf(person);
	const isAdopted = account.external_id === null && externalId !== null;
	const isTheirs = isAdopted || isOwn(account, person);
	const isMoved =
		person.email !== null && person.email.toLowerCase() !== account.email.toLowerCase();
	return {
		...(isAdopted ? { external_id: externalId } : {}),
		...(isTheirs && isMoved ? { email: person.email ?? '' } : {}),
	};
}

/** The panel takes names of up to 191 characters. */
const cut = (name: string) => [...name].slice(0, 191).join('');

/** The account to create. The panel wants a last name, which a player may not have [119]. */
export function newAccount(person: Person, email: string, username: string): NewAccount {
	const [first = '', ...rest] = (person.name ?? '').trim().split(/\s+/);
	const externalId = externalIdOf(person);
	return {
		email,
		username,
		first_name: cut(first) || username,
		last_name: cut(rest.join(' ')) || '-',
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
