import type { Server } from '../../../../domain/access/panelRecords';
import type { Plan } from '../../../../domain/access/tierPlan';
import type { RankSettings } from '../../../../domain/perks/ranks';
import { isLike, listOf } from '../../../../domain/text';
import { rankServers } from '../../ranks/byConsole';
import { settle } from '../../../shared/api';
import type { LuckPerms } from '../../transport/luckPermsApi';
import type { Panel } from '../../transport/panelApi';
import { lackingOn } from './panel';
import type { Report } from './report';

interface Sources {
	panel: Panel;
	/** null: the panel cannot be asked, which stands elsewhere. */
	servers: Server[] | null;
	luckPerms: () => Promise<LuckPerms>;
}

/** Whether ranks reach the game. Nothing where the plan has none. */
export async function checkRanks(
	plan: Plan,
	settings: RankSettings,
	{ panel, servers, luckPerms }: Sources,
	report: Report,
): Promise<void> {
	if (settings.way === 'none') return;
	const groups = [...new Set(plan.tiers.flatMap(({ luckPermsGroup }) => luckPermsGroup ?? []))];
	const { note, warning } = report.on('Ranks');
	if (settings.way === 'rest') await checkRest(luckPerms, groups, report);
	else {
		if (servers) await checkConsoles(panel, servers, settings, report);
		const { track } = settings;
		const named = groups.length > 0 ? ` with the groups ${groups.join(', ')}` : '';
		note(
			`The console tells nothing back, so the track ${track} cannot be checked.`,
			`Look at it once with "lp track ${track} info": it must exist${named}, have at least two groups, and be used for subscriptions only, because every other group of it is taken from customers.`,
		);
	}
	if (groups.length > 0) return;
	warning(
		'No tier has a LuckPerms group, so nobody gets a rank.',
		'Enter the groups in the tiers, or choose no ranks under "Ranks in the Game" in the tier plan.',
	);
}

async function checkRest(
	luckPerms: Sources['luckPerms'],
	groups: string[],
	report: Report,
): Promise<void> {
	const missingIn = async () => {
		const connected = await luckPerms();
		await connected.check();
		const missing: string[] = [];
		for (const group of groups) if (!(await connected.hasGroup(group))) missing.push(group);
		return missing;
	};
	const { ok, problem, trouble } = report.on('Ranks');
	const { value: missing, error } = await settle(missingIn());
	if (error) return trouble(error);
	if (missing.length > 0) {
		return problem(
			`LuckPerms has no group ${missing.join(', ')}, so these ranks would give nothing.`,
			'Create them in the game with "lp creategroup", or correct the tiers.',
		);
	}
	const has = groups.length > 0 ? ` and has the groups ${groups.join(', ')}` : '';
	ok(`LuckPerms accepts the key${has}.`);
}

async function checkConsoles(
	panel: Panel,
	servers: Server[],
	settings: RankSettings,
	report: Report,
): Promise<void> {
	const { ok, warning, problem } = report.on('Ranks');
	const chosen = rankServers(servers, settings);
	if (chosen.length === 0) {
		return problem(
			`No server matches "${settings.servers}", so no rank reaches the game.`,
			'Correct "Servers" under "Ranks in the Game" in the tier plan.',
		);
	}
	const closed: string[] = [];
	for (const server of chosen) {
		const { value = [] } = await settle(lackingOn(panel, server, ['control.console']));
		if (value.length > 0) closed.push(server.name);
	}
	if (closed.length === 0) ok(`Commands go to ${chosen.map(({ name }) => name).join(', ')}.`);
	else {
		problem(
			`The account key’s owner may not send commands to ${closed.join(', ')}.`,
			'Give them control.console there.',
		);
	}
	for (const pattern of listOf(settings.servers)) {
		if (chosen.some(({ name }) => isLike(pattern, name))) continue;
		warning(
			`"${pattern}" under "Servers" of the ranks matches no server.`,
			'Correct or remove it.',
		);
	}
}
