import { problemIn, type RankRequest, type RankResult } from '../../../domain/perks/ranks';
import { sentencesOf, type ApiError } from '../../shared/api';
import { inParallel } from '../../shared/inParallel';

/** Why a rank is not as it should be. `isRunWide`: no other player would fare better. */
export interface RankTrouble extends RankResult {
	isRunWide: boolean;
}

/** Gives one player what they should have. `check`: reads first, and writes only what differs. */
export type WriteRank = (request: RankRequest, check: boolean) => Promise<RankTrouble | null>;

export interface RankItem {
	ranks?: RankRequest[];
	check?: boolean;
}

const GRAVITY = ['done', 'waiting', 'failed'];
const DONE: RankResult = { status: 'done', message: '', retry_at: null, transient: false };

export const failedRank = (message: string, more: Partial<RankTrouble> = {}): RankTrouble => ({
	...{ ...DONE, status: 'failed', message, isRunWide: false },
	...more,
});

export const waitingRank = (what: string, retry_at: string | null = null): RankTrouble =>
	failedRank(`waiting: ${what}`, { status: 'waiting', transient: true, retry_at });

export const troubleOf = (error: ApiError, isRunWide: boolean): RankTrouble =>
	error.isOutOfTime
		? waitingRank(error.message, new Date().toISOString())
		: failedRank(sentencesOf(error), { transient: error.isTransient, isRunWide });

/**
 * Syncs the ranks of all items, several at a time. Ranks are taken before others are given: a player may
 * have passed from one customer to another. Never throws for one item.
 * @returns one result for each item, in their order
 */
export async function syncRanks(
	items: RankItem[],
	write: WriteRank,
	atOnce: number,
): Promise<RankResult[]> {
	const results = items.map(() => DONE);
	let stopped: RankTrouble | null = null;

	const all = items.flatMap(({ ranks = [], check = false }, index) =>
		ranks.map((request) => ({ index, request, check })),
	);
	for (const isGiving of [false, true]) {
		const some = all.filter(({ request }) => (request.group !== null) === isGiving);
		await inParallel(some, atOnce, async ({ index, request, check }) => {
			const problem = problemIn(request);
			const trouble = stopped ?? (problem ? failedRank(problem) : await write(request, check));
			if (!trouble) return;
			const { isRunWide, ...result } = trouble;
			if (isRunWide) stopped ??= trouble;
			const known = results[index] ?? DONE;
			const isWorse = GRAVITY.indexOf(result.status) > GRAVITY.indexOf(known.status);
			if (isWorse) results[index] = result;
		});
	}
	return results;
}
