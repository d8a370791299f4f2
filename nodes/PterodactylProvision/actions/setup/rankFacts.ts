import type { Server } from '../../../../domain/access/panelRecords';
import type { Plan } from '../../../../domain/access/tierPlan';
import type { RankSettings } from '../../../../domain/perks/ranks';
import { isLike, listOf } from '../../../../domain/text';
import { rankServers } from '../../ranks/byConsole';
import { settle } from '../../../shared/api';
import type { LuckPerms } from '../../transport/luckPermsApi';
import type { Panel } from '../../transport/panelApi';
import type { Trouble } from './facts';

/** What is known of the ranks in the game. */
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

interface Sources {
	panel: Panel;
	servers: Server[] | null;
	luckPerms: () => Promise<LuckPerms>;
}

/** Asks LuckPerms, or the panel about the consoles. null: the plan has no ranks. */
export async function gatherRanks(
	settings: RankSettings,
	plan: Plan,
	{ panel, servers, luckPerms }: Sources,
): Promise<RankFacts | null> {
	const { way } = settings;
	if (way === 'none') return null;
	const facts: RankFacts = {
		settings,
		groups: [...new Set(plan.tiers.flatMap(({ luckPermsGroup }) => luckPermsGroup ?? []))],
		trouble: null,
		missingGroups: [],
		servers: null,
		unmatched: [],
		closed: [],
	};
	if (way === 'rest') return { ...facts, ...(await askLuckPerms(luckPerms, facts.groups)) };
	if (!servers) return facts;
	const chosen = rankServers(servers, settings);
	const closed: string[] = [];
	for (const server of chosen) {
		const { value, error } = await settle(panel.lackingPermissions(server, ['control.console']));
		// Who has no access there is told 404 or 403 [348, 416].
		const isShut = error && (error.isNotFound || error.status === 403);
		if (isShut || (value ?? []).length > 0) closed.push(server.name);
	}
	return {
		...facts,
		servers: chosen.map(({ name }) => name),
		unmatched:
			chosen.length === 0
				? []
				: listOf(settings.servers).filter(
						(pattern) => !chosen.some(({ name }) => isLike(pattern, name)),
					),
		closed,
	};
}

async function askLuckPerms(
	luckPerms: Sources['luckPerms'],
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
