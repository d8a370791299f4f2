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

/**
 * The hands of a test on the game and on Discord. Over HTTP, from the same machine and without a key:
 *
 *     GET    /_control/ranks            every player's groups with expiry and context, by UUID
 *     GET    /_control/members|console|calls|faults
 *     DELETE /_control/calls|faults
 *     POST   /_control/faults           {part: luckPerms|mojang|geyser|discord|console, kind, times?, …} (see faults.cts)
 *     POST   /_control/give             {uuid, group, expiry?, context?}   by the staff's hand
 *     POST   /_control/player           {name, id, kind: java|bedrock}
 *     POST   /_control/rename           {from, to}   a player of Java
 *     POST   /_control/member           {id, roles?}
 *     POST   /_control/replace          {known: boolean}   whether the REST API knows `replace`
 *     POST   /_control/clock            {advance: ms}
 */
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
		rolesOf: (member: string) => [...(discord.members.get(member) ?? [])].sort(),
		members: () => Object.fromEntries([...discord.members].map(([id, roles]) => [id, [...roles]])),
		knowReplace: (known: boolean) => void (luckPerms.knowsReplace = known),
		advance: ranks.advance,
		console: () => game.lines,
		calls: () => game.calls,
		clearCalls: () => void (game.calls.length = 0),
		faults: () => game.faults,
	};
}

export type Control = ReturnType<typeof createControl>;

type Wire = (control: Control, input: never) => unknown;

const wires: Record<string, Wire> = {
	'GET ranks': (control) => control.ranks(),
	'GET members': (control) => control.members(),
	'GET console': (control) => control.console(),
	'GET calls': (control) => control.calls(),
	'GET faults': (control) => control.faults(),
	'DELETE calls': (control) => control.clearCalls(),
	'DELETE faults': (control) => control.clearFaults(),
	'POST faults': (control, { part, ...fault }: Fault & { part: Part }) => control.fail(part, fault),
	'POST give': (control, input: Partial<Node> & { uuid: string; group: string }) => {
		const { uuid, group, ...more } = input;
		return control.give(uuid, group, more);
	},
	'POST player': (control, input: { name: string; id: string; kind?: 'java' | 'bedrock' }) =>
		control.addPlayer(input.kind ?? 'java', input.name, input.id),
	'POST rename': (control, input: { from: string; to: string }) =>
		control.rename(input.from, input.to),
	'POST member': (control, input: { id: string; roles?: string[] }) =>
		control.addMember(input.id, input.roles),
	'POST replace': (control, input: { known: boolean }) => control.knowReplace(input.known),
	'POST clock': (control, input: { advance: number }) => control.advance(input.advance),
};

export function runWire(control: Control, method: string, name: string, input: unknown) {
	const wire = wires[`${method} ${name}`];
	return wire && { result: wire(control, input as never) ?? { ok: true } };
}
