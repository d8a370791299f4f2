import {
	complaintAfter,
	isWritten,
	writesFor,
	type HeldNode,
	type RankRequest,
	type RankSettings,
} from '../../../domain/perks/ranks';
import { settle } from '../../shared/api';
import type { LuckPerms } from '../transport/luckPermsApi';
import { failedRank, troubleOf, type RankTrouble, type WriteRank } from './syncRanks';

/**
 * Ranks by the LuckPerms REST API: one temporary node for each group, which ends by itself. A permanent
 * node, which the staff may have given, stays.
 */
export function ranksByRest(luckPerms: LuckPerms, { context }: RankSettings): WriteRank {
	const searches = new Map<string, Promise<Map<string, HeldNode[]>>>();

	/** One search for each group, for all players. */
	async function held(key: string, uuid: string): Promise<HeldNode[]> {
		const search = searches.get(key) ?? luckPerms.search(key);
		searches.set(key, search);
		return (await search).get(uuid) ?? [];
	}

	async function writeAll(request: RankRequest, check: boolean): Promise<RankTrouble | null> {
		const { uuid } = request;
		for (const write of writesFor(request, context, Date.now())) {
			if (check && isWritten(write, await held(write.node.key, uuid))) continue;
			const complaint = complaintAfter(write, await luckPerms.setNode(uuid, { ...write.node }));
			if (complaint) return failedRank(complaint);
		}
		return null;
	}

	return async (request, check) => {
		const { value, error } = await settle(writeAll(request, check));
		return error ? troubleOf(error, error.isRunWide) : value;
	};
}
