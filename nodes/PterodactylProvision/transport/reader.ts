import { belongsToAnother, externalIdOf, type Person } from '../../../domain/access/account';
import type { PanelError } from './errors';
import { type Panel } from './panelApi';
import { sameEmail, type Account, type Server } from '../../../domain/access/panelRecords';
import type { Selector } from '../../../domain/access/tierPlan';

/** Reads from the panel for the customers of a run. */
export interface PanelReader {
	/** @param rowsMatter whether subusers are needed; false for a customer who has none yet */
	servers: (rowsMatter: boolean) => Promise<Server[]>;
	/**
	 * The customer's account: by external ID first, then by exact address, the present one before
	 * previous ones.
	 * @param again asks the panel again instead of using what was read before
	 */
	accountOf: (person: Person, again: boolean) => Promise<Account | null>;
	/** Records that an account was created, changed or (null) deleted. */
	remember: (id: number, account: Account | null) => void;
}

/** Marks the error of a read that all customers of the run share. That the time is over is no error. */
const runWide = async <T>(reading: Promise<T>): Promise<T> =>
	await reading.catch((error: PanelError) => {
		error.isRunWide = !error.isOutOfTime;
		return Promise.reject(error);
	});

/** @param isBulk reads the list of all accounts once, instead of looking up each customer */
export function readerOf(panel: Panel, selectors: Selector[], isBulk: boolean): PanelReader {
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
	const askPanel: Lookup = { marked: panel.accountByExternalId, addressed: panel.accountByEmail };
	const look: Lookup = {
		marked: (mark) => byExternalId.get(mark) ?? null,
		addressed: (email) => byAddress.get(email.toLowerCase()) ?? null,
	};
	return {
		servers: async (rowsMatter) =>
			rowsMatter || isBulk
				? await (servers ??= runWide(panel.servers(selectors)))
				: await runWide(panel.serversForNew(selectors)),
		accountOf: async (person, again) => {
			if (!isBulk) return await find(person, askPanel);
			await load();
			const present = again ? await find(person, askPanel) : null;
			if (present) index(present);
			return present ?? (await find(person, look));
		},
		remember: (id, account) => {
			for (const map of [byExternalId, byAddress]) {
				for (const [key, known] of map) if (known.id === id) map.delete(key);
			}
			if (account) index(account);
		},
	};
}

type Look = (text: string) => Account | null | Promise<Account | null>;

interface Lookup {
	marked: Look;
	addressed: Look;
}

async function find(person: Person, { marked, addressed }: Lookup): Promise<Account | null> {
	const { email, previousEmails, takenEmails } = person;
	const mark = externalIdOf(person);
	const own = (mark && (await marked(mark))) || (email && (await addressed(email)));
	if (own) return own;
	const isTried = (address: string) =>
		![email ?? '', ...takenEmails].some((one) => sameEmail(one, address));
	for (const address of previousEmails.filter(isTried)) {
		const found = await addressed(address);
		// A previous address may belong to another customer by now.
		if (found && !belongsToAnother(found, person)) return found;
	}
	return null;
}
