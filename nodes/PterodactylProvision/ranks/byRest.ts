import { complaintAfter, isWritten, writesFor } from '../../../domain/perks/rankWrites';
import type { RankSettings } from '../../../domain/perks/ranks';
import { LuckPermsError, type LuckPerms, type LuckPermsNode } from '../transport/luckPermsApi';
import { failedRank, unreachedRank, type RankTrouble, type WriteRank } from './syncRanks';

/**
 * Ranks by the LuckPerms REST API: one temporary node for each group, which ends by itself. A permanent
 * node, which the staff may have given, stays.
 */
export function ranksByRest(luckPerms: LuckPerms, { context }: RankSettings): WriteRank {
	const searches = new Map<string, Promise<Map<string, LuckPermsNode[]>>>();

	/** One search for each group, for all players. */
	async function held(key: string, uuid: string): Promise<LuckPermsNode[]> {
		const search = searches.get(key) ?? luckPerms.search(key);
		searches.set(key, search);
		return (await search).get(uuid) ?? [];
	}

	return async (request, check) => {
		const { uuid } = request;
		try {
			for (const write of writesFor(request, context, Date.now())) {
				if (check && isWritten(write, await held(write.node.key, uuid))) continue;
				const complaint = complaintAfter(write, await luckPerms.setNode(uuid, { ...write.node }));
				if (complaint) return failedRank(complaint);
			}
			return null;
		} catch (error) {
			if (error instanceof LuckPermsError) return luckPermsTrouble(error);
			throw error;
		}
	};
}

export function luckPermsTrouble(error: LuckPermsError): RankTrouble {
	if (error.isOutOfTime) return unreachedRank();
	const { isTransient: transient, isRunWide } = error;
	return failedRank(`${error.message}. ${error.advice}`, { transient, isRunWide });
}
