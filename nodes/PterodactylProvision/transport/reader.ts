import { belongsToAnother, externalIdOf, type Person } from '../../../domain/access/account';
import type { PanelError } from './errors';
import { type Panel } from './panelApi';
import { sameEmail, type Account, type Server } from '../../../domain/access/panelRecords';
import type { Selector } from '../../../domain/access/tierPlan';

/** Reads from the panel: as needed for one customer, or in bulk for many. */
export interface PanelReader {
	/** @param rowsMatter whether subusers are needed; false for a customer who has none yet */
	servers: (rowsMatter: boolean) => Promise<Server[]>;
	/**
	 * The customer's account: by external ID first, then by exact address, the present one before
	 * previous ones.
	 * @param again asks the panel again instead of using what was read before
	 */
	accountOf: (person: Person, again: boolean) => Promise<Account | null>;
	/** Accounts that this run gave a temporary address: they still belong to their customer. */
	parked: Set<number>;
	/** Records that an account was created, changed or (null) deleted. */
	remember: (id: number, account: Account | null) => void;
}

/** Marks the error of a read that all customers of the run share. That the time is over is no error. */
const runWide = async <T>(reading: Promise<T>): Promise<T> =>
	await reading.catch((error: PanelError) => {
		error.isRunWide = !error.isOutOfTime;
		return Promise.reject(error);
	});

/** Reads only what one customer needs. */
export function readerForOne(panel: Panel, selectors: Selector[]): PanelReader {
	let servers: Promise<Server[]> | undefined;
	return {
		servers: (rowsMatter) =>
			rowsMatter
				? (servers ??= runWide(panel.servers(selectors)))
				: runWide(panel.serversForNew(selectors)),
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

/** Reads the full list of accounts and of servers once. */
export function readerForMany(panel: Panel, selectors: Selector[]): PanelReader {
	let servers: Promise<Server[]> | undefined;
	let loading: Promise<void> | undefined;
	const byExternalId = new Map<string, Account>();
	const byAddress = new Map<string, Account>();

	const load = () =>
		(loading ??= runWide(panel.accounts()).then((accounts) => {
			// A race can leave two accounts with one external ID; the older one counts.
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
		servers: () => (servers ??= runWide(panel.servers(selectors))),
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
		// A previous address may belong to another customer by now.
		if (found && !belongsToAnother(found, person)) return found;
	}
	return null;
}
