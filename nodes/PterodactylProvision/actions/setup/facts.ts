import { settle, type PanelError } from '../../transport/errors';
import type { PanelVersion } from '../../transport/flavour';
import { type Panel } from '../../transport/panelApi';
import { sameEmail, type Server } from '../../../../domain/access/panelRecords';
import { targetOf, type Plan } from '../../../../domain/access/tierPlan';
import type { RankSettings } from '../../../../domain/perks/ranks';
import type { LuckPerms } from '../../transport/luckPermsApi';
import { gatherRanks, type RankFacts } from './rankFacts';
import type { Table } from './tableFacts';

/** Why something could not be read, and what to do about it. */
export interface Trouble {
	message: string;
	advice: string;
}

/** All that a check goes by. null: could not be read, for a reason that stands elsewhere. */
export interface Facts {
	/** Without a password in it; null where it is no address. */
	url: string | null;
	/** What is wrong in the form of the credential. */
	wrongForm: string | null;
	/** Why nothing at all was heard from the panel. */
	silence: Trouble | null;
	plan: Plan | null;
	planTrouble: Trouble | null;
	/** What was asked and not answered, by the check that goes without. */
	unread: Array<{ check: string; trouble: Trouble }>;
	/** Permissions with which a customer can harm a shared server may be handed out. */
	allowsHarmful: boolean;
	applicationKeyTrouble: Trouble | null;
	accountKeyTrouble: Trouble | null;
	/** Whose the account key is. */
	accountKeyOwner: { username: string; admin: boolean } | null;
	servers: Server[] | null;
	/** Permissions that a non-administrator's account key lacks, by the server's name. */
	lacking: Record<string, string[]>;
	knownPermissions: string[] | null;
	version: PanelVersion | null;
	/** Of the plan's "Accounts Left Alone", what no account is called. */
	strangers: string[] | null;
	productsSold: string[];
	/** null: the plan has no ranks in the game. */
	ranks: RankFacts | null;
	/** null: not told. */
	tables: Table[] | null;
	/** Rows that `paymenter_lease` lacks. */
	missingLeases: string[];
	/** How far n8n's clock is ahead of the panel's, in seconds; its answers tell whole seconds. */
	clockAhead: number | null;
	/** By API: `application`, `client`. */
	callsPerMinute: Record<string, number>;
}

/** What managing subusers takes [358-364]. */
const TO_MANAGE = ['user.create', 'user.read', 'user.update', 'user.delete'];

type Given = Pick<
	Facts,
	| 'url'
	| 'wrongForm'
	| 'plan'
	| 'planTrouble'
	| 'allowsHarmful'
	| 'productsSold'
	| 'tables'
	| 'missingLeases'
> & { leftAlone: string[]; ranks: RankSettings | null; luckPerms: () => Promise<LuckPerms> };

/** Asks the panel and LuckPerms; changes nothing. What it refuses is part of the facts. */
export async function gather(
	panel: Panel,
	{ leftAlone, ranks, luckPerms, ...given }: Given,
): Promise<Facts> {
	const unread: Facts['unread'] = [];
	const noted = (check: string, trouble: Trouble) => void unread.push({ check, trouble });
	const orNull = async <T>(check: string, asked: Promise<T>): Promise<T | null> => {
		const { value, error } = await settle(asked);
		if (!error) return value;
		noted(check, error);
		return null;
	};

	const application = await settle(panel.checkApplicationKey());
	const account = await settle(panel.ownerOfAccountKey());
	const isReadable = !application.error;
	const servers = isReadable
		? await orNull('Tiers and servers', panel.servers(given.plan?.selectors))
		: null;
	const accounts =
		isReadable && leftAlone.length > 0
			? await orNull('Accounts left alone', panel.accounts())
			: null;
	const owner = account.value ?? null;
	const knownPermissions = owner ? await orNull('Permissions', panel.knownPermissions()) : null;
	const [first] = servers ?? [];
	return {
		...given,
		silence:
			application.error && isUnheard(application.error) && isUnheard(account.error)
				? application.error
				: null,
		unread,
		applicationKeyTrouble: application.error ?? null,
		accountKeyTrouble: account.error ?? null,
		accountKeyOwner: owner,
		servers,
		lacking:
			owner && !owner.admin && servers && given.plan
				? await lackingOn(panel, given.plan, servers, (server, error) =>
						noted(`Account key on ${server.name}`, error),
					)
				: {},
		knownPermissions,
		version: first && knownPermissions ? await panel.version(first) : null,
		strangers:
			accounts &&
			leftAlone.filter(
				(name) =>
					!accounts.some(
						({ email, username }) => sameEmail(email, name) || sameEmail(username, name),
					),
			),
		ranks:
			ranks && given.plan
				? await gatherRanks(ranks, given.plan, { panel, servers: owner && servers, luckPerms })
				: null,
		...panel.observed(),
	};
}

/** Neither the panel nor its API is there. */
const isUnheard = (error: PanelError | undefined): boolean =>
	error !== undefined && (error.isNoResponse || error.isNoRoute);

async function lackingOn(
	panel: Panel,
	plan: Plan,
	servers: Server[],
	untold: (server: Server, error: PanelError) => void,
): Promise<Record<string, string[]>> {
	const target = targetOf(plan, plan.tiers, servers);
	const lacking: Record<string, string[]> = {};
	for (const server of servers.filter(({ id }) => target.has(id))) {
		const needed = [...TO_MANAGE, ...(target.get(server.id) ?? [])];
		const { value: missing = needed, error } = await settle(
			panel.lackingPermissions(server, needed),
		);
		// Who has no access there is told 404 or 403 [348, 416]; all else says nothing of rights.
		if (error && !error.isNotFound && error.status !== 403) {
			untold(server, error);
			continue;
		}
		if (missing.length > 0) lacking[server.name] = missing;
	}
	return lacking;
}
