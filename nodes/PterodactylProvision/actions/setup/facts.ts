import { sameEmail, type Server } from '../../../../domain/access/panelRecords';
import type { PlanSettings } from '../../../../domain/access/planDocument';
import { targetOf, type Plan } from '../../../../domain/access/tierPlan';
import type { RankSettings } from '../../../../domain/perks/ranks';
import { isLike, listOf } from '../../../../domain/text';
import { rankServers } from '../../ranks/byConsole';
import { settle, type PanelError } from '../../transport/errors';
import type { PanelVersion } from '../../transport/flavour';
import type { LuckPerms } from '../../transport/luckPermsApi';
import type { Panel } from '../../transport/panelApi';
import type { Trouble } from './findings';
import type { Table } from './tables';

/** What is known before the panel is asked. */
export interface Given {
	/** Without a password in it; null where it is no address. */
	url: string | null;
	/** What is wrong in the form of the credential. */
	wrongForm: string | null;
	plan: Plan | null;
	settings: PlanSettings | null;
	planTrouble: Trouble | null;
	luckPerms: () => Promise<LuckPerms>;
	productsSold: string[];
	/** null: not told. */
	tables: Table[] | null;
	/** Rows that `paymenter_lease` lacks. */
	missingLeases: string[];
}

/** All that a check goes by. null: could not be read, for a reason that stands elsewhere. */
export interface Facts extends Omit<Given, 'settings' | 'luckPerms'> {
	/** Why nothing at all was heard from the panel. */
	silence: Trouble | null;
	/** What was asked and not answered, by the check that goes without. */
	unread: Array<{ check: string; trouble: Trouble }>;
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
	strangers: string[];
	/** null: the plan has no ranks in the game. */
	ranks: RankFacts | null;
	/** How far n8n's clock is ahead of the panel's, in seconds; its answers tell whole seconds. */
	clockAhead: number | null;
	/** By API: `application`, `client`. */
	callsPerMinute: Record<string, number>;
}

export interface RankFacts {
	settings: RankSettings;
	/** The groups of the tiers. */
	groups: string[];
	/** REST: why it could not be asked. */
	trouble: Trouble | null;
	/** REST: groups of tiers that LuckPerms does not have. */
	missingGroups: string[];
	/** Console: names of the servers that get the commands; null: the panel could not be asked. */
	servers: string[] | null;
	/** Console: patterns that match no server. */
	unmatched: string[];
	/** Console: where the account key's owner has no right to send commands. */
	closed: string[];
}

/** What managing subusers takes [358-364]. */
const TO_MANAGE = ['user.create', 'user.read', 'user.update', 'user.delete'];

/** Asks the panel and LuckPerms; changes nothing. What it refuses is part of the facts. */
export async function gather(
	panel: Panel,
	{ settings, luckPerms, ...given }: Given,
): Promise<Facts> {
	const { plan } = given;
	const unread: Facts['unread'] = [];
	const orNull = async <T>(check: string, asked: Promise<T>): Promise<T | null> => {
		const { value, error } = await settle(asked);
		if (!error) return value;
		unread.push({ check, trouble: error });
		return null;
	};

	const application = await settle(panel.checkApplicationKey());
	const account = await settle(panel.ownerOfAccountKey());
	const isReadable = !application.error;
	const owner = account.value ?? null;
	const leftAlone = settings?.leftAlone ?? [];
	const servers = isReadable
		? await orNull('Tiers and servers', panel.servers(plan?.selectors))
		: null;
	const accounts =
		isReadable && leftAlone.length > 0
			? await orNull('Accounts left alone', panel.accounts())
			: null;
	const isStranger = (name: string) =>
		accounts?.every(
			({ email, username }) => !sameEmail(email, name) && !sameEmail(username, name),
		) ?? false;
	const knownPermissions = owner ? await orNull('Permissions', panel.knownPermissions()) : null;

	const lacking: Facts['lacking'] = {};
	const sold = owner && !owner.admin && servers && plan ? targetOf(plan, plan.tiers, servers) : [];
	for (const [id, permissions] of sold) {
		const server = servers?.find((one) => one.id === id);
		if (!server) continue;
		const asked = lackingOn(panel, server, [...TO_MANAGE, ...permissions]);
		const missing = (await orNull(`Account key on ${server.name}`, asked)) ?? [];
		if (missing.length > 0) lacking[server.name] = missing;
	}
	const [first] = servers ?? [];
	const groups = [...new Set(plan?.tiers.flatMap(({ luckPermsGroup: group }) => group ?? []))];
	return {
		...given,
		silence: isUnheard(account.error) && isUnheard(application.error) ? application.error : null,
		unread,
		applicationKeyTrouble: application.error ?? null,
		accountKeyTrouble: account.error ?? null,
		accountKeyOwner: owner,
		servers,
		lacking,
		knownPermissions,
		version: first && knownPermissions ? await panel.version(first) : null,
		strangers: leftAlone.filter(isStranger),
		ranks:
			plan && settings && settings.ranks.way !== 'none'
				? {
						...{ settings: settings.ranks, groups },
						...{ trouble: null, missingGroups: [], servers: null, unmatched: [], closed: [] },
						...(settings.ranks.way === 'rest'
							? await askLuckPerms(luckPerms, groups)
							: owner && servers && (await askConsoles(panel, servers, settings.ranks))),
					}
				: null,
		...panel.observed(),
	};
}

/** Neither the panel nor its API is there. */
const isUnheard = (error: PanelError | undefined): error is PanelError =>
	error !== undefined && (error.isNoResponse || error.isNoRoute);

/** Which of these permissions the account key's owner lacks on a server. */
async function lackingOn(panel: Panel, server: Server, keys: string[]): Promise<string[]> {
	const { value, error } = await settle(panel.lackingPermissions(server, keys));
	if (!error) return value;
	// Who has no access there is told 404 or 403 [348, 416]; all else says nothing of rights.
	if (error.isNotFound || error.status === 403) return keys;
	throw error;
}

async function askConsoles(
	panel: Panel,
	servers: Server[],
	settings: RankSettings,
): Promise<Pick<RankFacts, 'servers' | 'unmatched' | 'closed'>> {
	const chosen = rankServers(servers, settings);
	const names = chosen.map(({ name }) => name);
	const closed: string[] = [];
	for (const server of chosen) {
		const { value = [] } = await settle(lackingOn(panel, server, ['control.console']));
		if (value.length > 0) closed.push(server.name);
	}
	const isUnmatched = (pattern: string) => !names.some((name) => isLike(pattern, name));
	return { servers: names, unmatched: listOf(settings.servers).filter(isUnmatched), closed };
}

async function askLuckPerms(
	luckPerms: Given['luckPerms'],
	groups: string[],
): Promise<Partial<RankFacts>> {
	const missingIn = async () => {
		const connected = await luckPerms();
		await connected.check();
		const missing: string[] = [];
		for (const group of groups) if (!(await connected.hasGroup(group))) missing.push(group);
		return missing;
	};
	const { value, error } = await settle(missingIn());
	return error ? { trouble: error } : { missingGroups: value };
}
