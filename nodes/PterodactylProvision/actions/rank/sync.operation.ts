import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { RankSettings } from '../../../../domain/perks/ranks';
import { noticeField, numberField } from '../../../shared/fields';
import type { Operation } from '../../../shared/operation';
import { ranksByRest } from '../../ranks/byRest';
import { ranksByConsole } from '../../ranks/byConsole';
import { syncRanks, type RankItem, type WriteRank } from '../../ranks/syncRanks';
import { panelOf } from '../../transport/connection';
import { luckPermsOf } from '../../transport/luckPermsApi';
import { startRun } from '../../transport/run';
import { planAt, tierPlanField } from '../tierPlan/get.operation';

const CALLS_AT_ONCE = 4;

export const syncRank: Operation = {
	name: 'Sync',
	value: 'sync',
	description: 'Give players the ranks of their tiers, and take what they should no longer have',
	action: 'Sync ranks in the game',
	properties: [
		noticeField(
			'syncRankNotice',
			'Input: the changes that Paymenter → Perk → Get Changes outputs. Output: the same items with what came of their ranks.',
		),
		tierPlanField,
		numberField(
			'Deadline (Seconds)',
			'deadline',
			'After this time no call starts. Ranks that were not reached wait for the next run.',
			{ typeOptions: { minValue: 1 }, default: 40 },
		),
	],
	execute: syncRankItems,
};

/** Rank → Sync: makes players' ranks as desired. One item out for each item in; never throws for one of them. */
async function syncRankItems(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const deadline = Date.now() + 1000 * (this.getNodeParameter('deadline', 0, 40) as number);
	const items = this.getInputData();
	const { ranks } = planAt(this).settings;
	const asked = items.map(({ json }): RankItem => json);
	const isIdle = asked.every((item) => !item.ranks?.length);
	const write: WriteRank =
		isIdle || ranks.way === 'none' ? async () => null : await writerOf(this, ranks, deadline);
	// Calls to the panel are counted there; who waits for one server must not hold up the others.
	const atOnce = ranks.way === 'console' ? Infinity : CALLS_AT_ONCE;
	const results = await syncRanks(asked, write, atOnce);
	return items.map(({ json }, item) => ({
		json: { ...json, rank: { ...results[item] } },
		pairedItem: { item },
	}));
}

async function writerOf(
	context: IExecuteFunctions,
	ranks: RankSettings,
	deadline: number,
): Promise<WriteRank> {
	if (ranks.way === 'console') {
		const run = startRun(deadline, CALLS_AT_ONCE);
		const panel = await panelOf(context, { run, retries: 1, timeoutMs: 20_000 });
		return ranksByConsole(panel, ranks, run.inTurn);
	}
	return ranksByRest(await luckPermsOf(context, { deadline }), ranks);
}
