import type { Facts } from './facts';
import { finding, troubled, type Finding } from './finding';
import type { RankFacts } from './rankFacts';

const CHECK = 'Ranks';

/** Whether ranks reach the game. Nothing where the plan has none. */
export function rankFindings({ ranks }: Facts): Finding[] {
	if (!ranks) return [];
	const byWay = ranks.settings.way === 'rest' ? restFindings(ranks) : consoleFindings(ranks);
	if (ranks.groups.length > 0) return byWay;
	return [
		...byWay,
		finding(
			CHECK,
			'warning',
			'No tier has a LuckPerms group, so nobody gets a rank.',
			'Enter the groups in the tiers, or choose no ranks under "Ranks in the Game" in the tier plan.',
		),
	];
}

function restFindings({ trouble, missingGroups, groups }: RankFacts): Finding[] {
	if (trouble) return [troubled(CHECK, trouble)];
	if (missingGroups.length > 0) {
		return [
			finding(
				CHECK,
				'problem',
				`LuckPerms has no group ${missingGroups.join(', ')}, so these ranks would give nothing.`,
				'Create them in the game with "lp creategroup", or correct the tiers.',
			),
		];
	}
	return groups.length > 0
		? [finding(CHECK, 'ok', `LuckPerms accepts the key and has the groups ${groups.join(', ')}.`)]
		: [finding(CHECK, 'ok', 'LuckPerms accepts the key.')];
}

function consoleFindings({ settings, servers, unmatched, closed, groups }: RankFacts): Finding[] {
	const { track } = settings;
	const named = groups.length > 0 ? ` with the groups ${groups.join(', ')}` : '';
	const note = finding(
		CHECK,
		'note',
		`The console tells nothing back, so the track ${track} cannot be checked.`,
		`Look at it once with "lp track ${track} info": it must exist${named}, have at least two groups, and be used for subscriptions only, because every other group of it is taken from customers.`,
	);
	// Why the panel could not be asked stands elsewhere.
	if (!servers) return [note];
	if (servers.length === 0) {
		return [
			finding(
				CHECK,
				'problem',
				`No server matches "${settings.servers}", so no rank reaches the game.`,
				'Correct "Servers" under "Ranks in the Game" in the tier plan.',
			),
			note,
		];
	}
	return [
		...(closed.length > 0
			? [
					finding(
						CHECK,
						'problem',
						`The account key’s owner may not send commands to ${closed.join(', ')}.`,
						'Give them control.console there.',
					),
				]
			: [finding(CHECK, 'ok', `Commands go to ${servers.join(', ')}.`)]),
		...unmatched.map((pattern) =>
			finding(
				CHECK,
				'warning',
				`"${pattern}" under "Servers" of the ranks matches no server.`,
				'Correct or remove it.',
			),
		),
		note,
	];
}
