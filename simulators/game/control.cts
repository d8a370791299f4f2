import type { Fault } from '../faults.cjs';
import type { RecordedCall } from '../panel/state.cjs';
import type { ConsoleLine } from './console.cjs';
import type { Discord } from './discord.cjs';
import type { LuckPerms } from './luckPerms.cjs';
import type { Players } from './players.cjs';
import type { Node } from './ranks.cjs';

/** The services that one process stands for; each has paths of its own. */
export const PARTS = {
	luckPerms: '^/(user|group|track|health)(/|\\?|$)',
	mojang: '^/users/profiles/',
	geyser: '^/v2/utils/',
	discord: '^/api/v10/',
	console: '^/console$',
};

export type Part = keyof typeof PARTS;

/** The simulated services, as their hands have them. */
export interface Game {
	luckPerms: LuckPerms;
	players: Players;
	discord: Discord;
	lines: ConsoleLine[];
	faults: Fault[];
	calls: RecordedCall[];
}

export function createControl(game: Game) {
	const { luckPerms, players, discord } = game;
	const { ranks } = luckPerms;
	return {
		ranks: (): Record<string, Node[]> =>
			Object.fromEntries(ranks.users().map((uuid) => [uuid, ranks.nodesOf(uuid)])),
		groupsOf: ranks.groupsOf,
		now: ranks.now,
		give: ranks.give,
		/** Lets calls to a service fail. */
		fail: (part: Part, fault: Fault) => void game.faults.push({ ...fault, pattern: PARTS[part] }),
		clearFaults: () => void (game.faults.length = 0),
		addPlayer(kind: 'java' | 'bedrock', name: string, id: string) {
			players[kind].set(name.toLowerCase(), { id, name });
		},
		rename(from: string, to: string) {
			const player = players.java.get(from.toLowerCase());
			if (!player) throw new Error(`No player "${from}"`);
			players.java.delete(from.toLowerCase());
			players.java.set(to.toLowerCase(), { ...player, name: to });
		},
		/** How Mojang answers for a name that nobody has. */
		unknownPlayersAre: (status: Game['players']['unknownStatus']) =>
			void (players.unknownStatus = status),
		addMember: (id: string, roles: string[] = []) => void discord.members.set(id, new Set(roles)),
		/** Moves a role above the bot's own, or below it. */
		moveRole(id: string, isAbove: boolean) {
			const role = discord.roles.get(id);
			if (!role) throw new Error(`No role "${id}"`);
			role.isAbove = isAbove;
		},
		rolesOf: (member: string) => [...(discord.members.get(member) ?? [])].sort(),
		knowReplace: (known: boolean) => void (luckPerms.knowsReplace = known),
		advance: ranks.advance,
		console: () => game.lines,
		calls: () => game.calls,
		clearCalls: () => void (game.calls.length = 0),
		faults: () => game.faults,
	};
}

export type Control = ReturnType<typeof createControl>;
