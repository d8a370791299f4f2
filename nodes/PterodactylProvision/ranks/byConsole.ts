import type { Server } from '../../../domain/access/panelRecords';
import { commandFor } from '../../../domain/perks/rankWrites';
import type { RankSettings } from '../../../domain/perks/ranks';
import { isLike, isListed } from '../../../domain/text';
import { sentencesOf, settle, type PanelError } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { PanelRun } from '../transport/run';
import {
	failedRank,
	unreachedRank,
	waitingRank,
	type RankTrouble,
	type WriteRank,
} from './syncRanks';

/** The servers that get the commands. */
export const rankServers = (servers: Server[], { servers: patterns }: RankSettings): Server[] =>
	servers.filter(({ name }) => isListed(patterns, name, isLike));

/**
 * Ranks by commands on the consoles of the servers. LuckPerms' answer cannot be seen, so nothing is
 * compared: the command sets the track's group, whatever was there.
 */
export function ranksByConsole(
	panel: Panel,
	settings: RankSettings,
	inTurn: PanelRun['inTurn'],
): WriteRank {
	let reading: Promise<Server[]> | undefined;
	/** Servers that take no commands in this run. */
	const closed = new Map<string, RankTrouble>();

	/** One command at a time on a server: where one hangs, others do not. */
	const commandOn = async (server: Server, command: string): Promise<RankTrouble | null> =>
		await inTurn(server.uuid, async () => await sendTo(server, command));

	async function sendTo(server: Server, command: string): Promise<RankTrouble | null> {
		const known = closed.get(server.uuid);
		if (known) return known;
		const { error } = await settle(panel.command(server, command));
		if (!error) return null;
		const trouble = troubleOn(server, error);
		closed.set(server.uuid, trouble);
		return trouble;
	}

	return async (request) => {
		reading ??= panel.serversForNew([]);
		const { value, error } = await settle(reading);
		if (error) return panelTrouble(error, { isRunWide: true });
		const servers = rankServers(value, settings);
		if (servers.length === 0) return noServer(settings);
		const command = commandFor(request, settings);
		const results = await Promise.all(servers.map((server) => commandOn(server, command)));
		const troubles = results.flatMap((trouble) => trouble ?? []);
		return troubles.find(({ status }) => status === 'failed') ?? troubles[0] ?? null;
	};
}

const noServer = ({ servers }: RankSettings): RankTrouble =>
	failedRank(
		`No server on the panel matches "${servers}". Correct "Servers" under "Ranks in the Game" in the tier plan.`,
		{ isRunWide: true },
	);

function troubleOn({ name }: Server, error: PanelError): RankTrouble {
	if (error.isOffline) return waitingRank(`waiting: ${name} is offline`);
	if (error.status === 403) {
		return failedRank(
			`The account key’s owner may not send commands to ${name}. Give them control.console there.`,
		);
	}
	if (error.status === 409) return waitingRank(`waiting: ${name} is suspended or being installed`);
	const trouble = panelTrouble(error, { isRunWide: error.isFatalForRun });
	return trouble.status === 'failed'
		? { ...trouble, message: `${name}: ${trouble.message}` }
		: trouble;
}

function panelTrouble(error: PanelError, more: Partial<RankTrouble>): RankTrouble {
	if (error.isOutOfTime) return unreachedRank();
	return failedRank(sentencesOf(error), {
		transient: error.isTransient,
		...more,
	});
}
