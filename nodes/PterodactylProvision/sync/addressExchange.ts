import {
	isLeftAlone,
	isOwn,
	isStrangers,
	nameOf,
	parkingAddress,
	type Person,
} from '../../../domain/access/account';
import { sameEmail, type Account } from '../../../domain/access/panelRecords';
import { addressChanged, type SyncRequest } from '../../../domain/access/result';
import { settle } from '../transport/errors';
import type { CustomerSync } from './customerSync';

/**
 * Frees the address of an account whose customer, also in this run, has a new address by now. If the
 * new address is in use by another account of this run, the account gets a temporary address until the
 * sync is over, or its customer's turn comes. A dry run only looks.
 * @param mover the account that needs the address; its present address will become free
 * @returns whether the address is free
 */
export async function freeAddress(
	{ panel, reader, request, result, afterwards }: CustomerSync,
	account: Account | null,
	mover?: Account,
): Promise<boolean> {
	const owner = account && movingOwner(account, request);
	if (!account || !owner?.email) return false;
	if (request.dryRun) return true;
	const { email } = owner;
	const move = async (to: string) =>
		reader.remember(account.id, await panel.updateAccount(account, { email: to }));
	const moveOn = async () => {
		await move(email);
		result.warnings.push(`The account of ${nameOf(owner)} was moved to its new address first.`);
		result.changes.push(addressChanged(account, email));
	};

	const { error } = await settle(moveOn());
	if (!error) return true;
	if (!error.complainsOf('email', 'unique')) throw error;
	const holder = await panel.accountInTheWay(email);
	const willBeFree = holder && (holder.id === mover?.id || movingOwner(holder, request));
	if (!willBeFree) return false;
	await move(parkingAddress(account));
	afterwards.push(moveOn);
	return true;
}

/** The customer of this run who owns the account, if their address has changed. */
function movingOwner(account: Account, { customers, leftAlone }: SyncRequest): Person | null {
	const owner = customers().find((one) => isOwn(account, one) && !isStrangers(account, one));
	const isMoving = owner?.email && !sameEmail(owner.email, account.email);
	return isMoving && !isLeftAlone(account, { leftAlone }) ? owner : null;
}
