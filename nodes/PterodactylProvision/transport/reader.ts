import { belongsToAnother, externalIdOf, type Person } from '../../../domain/access/account';
import { sameEmail, type Account, type Server } from '../../../domain/access/panelRecords';
import type { Selector } from '../../../domain/access/tierPlan';
import type { PanelError } from './errors';
import type { Panel } from './panelApi';

export type PanelReader = ReturnType<typeof readerOf>;

/** Marks the error of a read that all customers of the run share. That the time is over is no error. */
const runWide = async <T>(reading: Promise<T>): Promise<T> =>
	await reading.catch((error: PanelError) => {
		error.isRunWide = !error.isOutOfTime;
		throw error;
	});

/**
 * Reads from the panel for the customers of a run.
 * @param isBulk reads the list of all accounts once, instead of looking up each customer
 */
export function readerOf(panel: Panel, selectors: Selector[], isBulk: boolean) {
	let servers: Promise<Server[]> | undefined;
	let bareServers: Promise<Server[]> | undefined;
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
	const onPanel: Lookup = [panel.accountByExternalId, panel.accountByEmail];
	const inList: Lookup = [
		(mark) => byExternalId.get(mark) ?? null,
		(email) => byAddress.get(email.toLowerCase()) ?? null,
	];
	return {
		/** @param rowsMatter whether subusers are needed; false for a customer who has none yet */
		servers: async (rowsMatter: boolean): Promise<Server[]> =>
			rowsMatter || isBulk || servers
				? await (servers ??= runWide(panel.servers(selectors)))
				: await (bareServers ??= runWide(panel.servers(selectors, []))),

		/** @param again asks the panel again instead of using what was read before */
		async accountOf(person: Person, again: boolean): Promise<Account | null> {
			if (!isBulk) return await find(person, onPanel);
			await load();
			const present = again ? await find(person, onPanel) : null;
			if (present) index(present);
			return present ?? (await find(person, inList));
		},

		/** Records that an account was created, changed or (null) deleted. */
		remember(id: number, account: Account | null): void {
			for (const map of [byExternalId, byAddress]) {
				for (const [key, known] of map) if (known.id === id) map.delete(key);
			}
			if (account) index(account);
		},
	};
}

type Look = (text: string) => Account | null | Promise<Account | null>;
type Lookup = [byExternalId: Look, byAddress: Look];

/** The customer's account: by external ID first, then by exact address, the present one before previous ones. */
async function find(person: Person, [byExternalId, byAddress]: Lookup): Promise<Account | null> {
	const { email, previousEmails, takenEmails } = person;
	const mark = externalIdOf(person);
	const own = (mark && (await byExternalId(mark))) || (email && (await byAddress(email)));
	if (own) return own;
	const isTried = (address: string) =>
		![email ?? '', ...takenEmails].some((one) => sameEmail(one, address));
	for (const address of previousEmails.filter(isTried)) {
		const found = await byAddress(address);
		// A previous address may belong to another customer by now.
		if (found && !belongsToAnother(found, person)) return found;
	}
	return null;
}
