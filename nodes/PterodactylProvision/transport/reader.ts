import { belongsToAnother, externalIdOf, type Person } from '../../../domain/access/account';
import { type Panel } from './panelApi';
import { sameEmail, type Account, type Server } from '../../../domain/access/panelRecords';

/** What is known of the panel: asked for one customer, or read in bulk once for many. */
export interface PanelReader {
	/** @param rowsMatter false for somebody who has none yet */
	servers: (rowsMatter: boolean) => Promise<Server[]>;
	/**
	 * By the customer's mark first, then by exact address, the present one before earlier ones.
	 * @param again asks the panel anew, whatever was read before
	 */
	accountOf: (person: Person, again: boolean) => Promise<Account | null>;
	/** Accounts that this run has parked: they are still their customer's. */
	parked: Set<number>;
	/** Tells of an account that was created, changed or deleted. */
	remember: (id: number, account: Account | null) => void;
}

/** Reads what one customer needs, when it is needed. */
export function readerForOne(panel: Panel, needs: { withLocation: boolean }): PanelReader {
	let servers: Promise<Server[]> | undefined;
	return {
		servers: (rowsMatter) =>
			rowsMatter ? (servers ??= panel.servers(needs)) : panel.serversForNew(needs),
		accountOf: (person) => lookUp(panel, person),
		parked: new Set(),
		remember: () => undefined,
	};
}

async function lookUp(panel: Panel, person: Person): Promise<Account | null> {
	const externalId = externalIdOf(person);
	const own = externalId && (await panel.accountByExternalId(externalId));
	return own || (await firstByEmail(person, (email) => panel.accountByEmail(email)));
}

/** Reads all accounts and all servers, each list once. */
export function readerForMany(panel: Panel, needs: { withLocation: boolean }): PanelReader {
	let servers: Promise<Server[]> | undefined;
	let loading: Promise<void> | undefined;
	const byExternalId = new Map<string, Account>();
	const byAddress = new Map<string, Account>();

	const load = () =>
		(loading ??= panel.accounts().then((accounts) => {
			// Two accounts can carry one mark after a race; the older one counts.
			for (const account of [...accounts].sort((a, b) => b.id - a.id)) index(account);
		}));
	const index = (account: Account) => {
		if (account.external_id) byExternalId.set(account.external_id, account);
		byAddress.set(account.email.toLowerCase(), account);
	};
	const byEmail = async (email: string) => {
		await load();
		return byAddress.get(email.toLowerCase()) ?? null;
	};
	return {
		servers: () => (servers ??= panel.servers(needs)),
		parked: new Set(),
		accountOf: async (person, again) => {
			await load();
			const present = again ? await lookUp(panel, person) : null;
			if (present) index(present);
			const externalId = externalIdOf(person);
			const own = externalId ? byExternalId.get(externalId) : undefined;
			return own ?? (await firstByEmail(person, byEmail));
		},
		remember: (id, account) => {
			for (const map of [byExternalId, byAddress]) {
				for (const [key, known] of map) if (known.id === id) map.delete(key);
			}
			if (account) index(account);
		},
	};
}

async function firstByEmail(
	person: Person,
	byEmail: (email: string) => Promise<Account | null>,
): Promise<Account | null> {
	const { email, previousEmails, takenEmails } = person;
	const present = email && (await byEmail(email));
	if (present) return present;
	const isTried = (address: string) =>
		![email ?? '', ...takenEmails].some((one) => sameEmail(one, address));
	for (const address of previousEmails.filter(isTried)) {
		const found = await byEmail(address);
		// An address they gave up may be somebody else's by now.
		if (found && !belongsToAnother(found, person)) return found;
	}
	return null;
}
