import type { Server } from '../../../domain/access/panelRecords';
import { commandFor, type RankSettings } from '../../../domain/perks/ranks';
import { isLike, isListed } from '../../../domain/text';
import { settle, type PanelError } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import type { PanelRun } from '../transport/run';
import { failedRank, troubleOf, waitingRank, type RankTrouble, type WriteRank } from './syncRanks';

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
		reading ??= panel.servers([], []);
		const { value, error } = await settle(reading);
		if (error) return troubleOf(error, true);
		const servers = rankServers(value, settings);
		if (servers.length === 0) {
			return failedRank(
				`No server on the panel matches "${settings.servers}". Correct "Servers" under "Ranks in the Game" in the tier plan.`,
				{ isRunWide: true },
			);
		}
		const command = commandFor(request, settings);
		const results = await Promise.all(
			// One command at a time on a server: where one hangs, others do not.
			servers.map((server) => inTurn(server.uuid, () => sendTo(server, command))),
		);
		const troubles = results.flatMap((trouble) => trouble ?? []);
		return troubles.find(({ status }) => status === 'failed') ?? troubles[0] ?? null;
	};
}

function troubleOn({ name }: Server, error: PanelError): RankTrouble {
	if (error.isOffline) return waitingRank(`${name} is offline`);
	if (error.status === 409) return waitingRank(`${name} is suspended or being installed`);
	if (error.status === 403) {
		return failedRank(
			`The account key’s owner may not send commands to ${name}. Give them control.console there.`,
		);
	}
	const trouble = troubleOf(error, error.isFatalForRun);
	const where = trouble.status === 'failed' ? `${name}: ` : '';
	return { ...trouble, message: `${where}${trouble.message}` };
}
