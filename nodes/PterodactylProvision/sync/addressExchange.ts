import {
	isLeftAlone,
	isOwn,
	isStrangers,
	nameOf,
	parkingAddress,
	type Person,
} from '../../../domain/access/account';
import { sameEmail, type Account } from '../../../domain/access/panelRecords';
import { accountChanged, type SyncRequest, type Result } from '../../../domain/access/result';
import { settle } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { PanelReader } from '../transport/reader';

/**
 * Frees the address of an account whose customer, also in this run, has a new address by now. If the
 * new address is still in use by another account of this run, the account gets a temporary address
 * until `finish` is called or its customer's turn comes.
 * @param mover the account that needs the address; its present address will become free
 * @returns null if the account must not be moved
 */
export async function freeAddress(
	panel: Panel,
	reader: PanelReader,
	request: SyncRequest,
	account: Account | null,
	result: Result,
	mover?: Account,
): Promise<{ finish: () => Promise<void> } | null> {
	const owner = account && movingOwner(account, request);
	if (!account || !owner?.email) return null;
	const { email } = owner;
	const move = async (to: string) => {
		const moved = await settle(panel.updateAccount(account, { email: to }));
		if (moved.error) return moved.error;
		reader.remember(account.id, moved.value);
		return null;
	};
	const told = () => {
		result.warnings.push(`The account of ${nameOf(owner)} was moved to its new address first.`);
		result.changes.push(
			accountChanged('e-mail changed', { before: [account.email], after: [email] }),
		);
	};
	const refusal = await move(email);
	if (!refusal) {
		told();
		return { finish: async () => undefined };
	}
	if (!refusal.complainsOf('email', 'unique')) throw refusal;
	const holder = await panel.accountInTheWay(email);
	const willBeFree = holder && (holder.id === mover?.id || movingOwner(holder, request));
	if (!willBeFree) return null;
	const parked = await move(parkingAddress(account));
	if (parked) throw parked;
	reader.parked.add(account.id);
	return {
		finish: async () => {
			if (!(await move(email))) told();
		},
	};
}

/** The customer of this run who owns the account, if their address has changed. */
export function movingOwner(
	account: Account,
	{ customers, leftAlone }: SyncRequest,
): Person | null {
	const owner = customers().find((one) => isOwn(account, one) && !isStrangers(account, one));
	const isMoving = owner?.email && !sameEmail(owner.email, account.email);
	return isMoving && !isLeftAlone(account, { leftAlone }) ? owner : null;
}
