import type { Facts, RankFacts } from './facts';
import type { Report } from './findings';

/** Whether ranks reach the game. Nothing where the plan has none. */
export function reportRanks({ ranks }: Facts, report: Report): void {
	if (!ranks) return;
	if (ranks.settings.way === 'rest') reportRest(ranks, report);
	else reportConsole(ranks, report);
	if (ranks.groups.length > 0) return;
	report
		.on('Ranks')
		.warning(
			'No tier has a LuckPerms group, so nobody gets a rank.',
			'Enter the groups in the tiers, or choose no ranks under "Ranks in the Game" in the tier plan.',
		);
}

function reportRest({ trouble, missingGroups, groups }: RankFacts, report: Report): void {
	const ranks = report.on('Ranks');
	if (trouble) return ranks.trouble(trouble);
	if (missingGroups.length > 0) {
		return ranks.problem(
			`LuckPerms has no group ${missingGroups.join(', ')}, so these ranks would give nothing.`,
			'Create them in the game with "lp creategroup", or correct the tiers.',
		);
	}
	const has = groups.length > 0 ? ` and has the groups ${groups.join(', ')}` : '';
	ranks.ok(`LuckPerms accepts the key${has}.`);
}

function reportConsole(facts: RankFacts, report: Report): void {
	const { settings, servers, unmatched, closed, groups } = facts;
	const { ok, note, warning, problem } = report.on('Ranks');
	// Why the panel could not be asked stands elsewhere.
	if (servers?.length === 0) {
		problem(
			`No server matches "${settings.servers}", so no rank reaches the game.`,
			'Correct "Servers" under "Ranks in the Game" in the tier plan.',
		);
	} else if (servers) {
		if (closed.length === 0) ok(`Commands go to ${servers.join(', ')}.`);
		else {
			problem(
				`The account key’s owner may not send commands to ${closed.join(', ')}.`,
				'Give them control.console there.',
			);
		}
		for (const pattern of unmatched) {
			warning(
				`"${pattern}" under "Servers" of the ranks matches no server.`,
				'Correct or remove it.',
			);
		}
	}
	const { track } = settings;
	const named = groups.length > 0 ? ` with the groups ${groups.join(', ')}` : '';
	note(
		`The console tells nothing back, so the track ${track} cannot be checked.`,
		`Look at it once with "lp track ${track} info": it must exist${named}, have at least two groups, and be used for subscriptions only, because every other group of it is taken from customers.`,
	);
}
