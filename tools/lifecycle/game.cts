/** Where customers play: ranks in the game and roles in Discord, as far as the tiers say. */
import { createHash } from 'node:crypto';

import { startGame, type GameServer } from '../../simulators/game/server.cjs';
import type { Credential } from '../n8n/instance.cjs';
import type { Editor, WorkflowNode } from '../n8n/editor.cjs';
import type { Customer, TierName } from './story.cjs';

/** How ranks reach the game. */
export type Way = 'rest' | 'console';

export const PLAYER = 'minecraft_username';
export const DISCORD = 'discord_id';

const TIERS: TierName[] = ['awakened', 'elemental', 'knight', 'master', 'legend', 'sovereign'];
const TRACK = 'subscriptions';
const HOSTS = ['api.mojang.com', 'api.geysermc.org', 'discord.com'];

export const groupOf = (tier: TierName): string => `subscriber_${tier}`;
export const roleOf = (tier: TierName): string => `20000000000000000${TIERS.indexOf(tier) + 1}`;

export async function openGame(now: () => number): Promise<GameServer> {
	const groups = TIERS.map(groupOf);
	return await startGame({
		groups: ['default', ...groups, 'moderator'],
		tracks: { [TRACK]: groups },
		roles: Object.fromEntries(TIERS.map((tier) => [roleOf(tier), tier])),
		now,
	});
}

/** A setting of the preload file. */
export const simulatedHosts = ({ url }: GameServer) => ({
	N8N_SIMULATED_HOSTS: HOSTS.map((host) => `${host}=${url}`).join(),
});

const luckPerms = (game?: GameServer): Credential => ({
	id: 'luckPerms',
	name: 'LuckPerms account',
	type: 'luckPermsApi',
	data: { url: game?.url ?? '', apiKey: game?.luckPermsKey ?? '' },
});

/** The credentials of Access Changed. */
export const gameCredentials = (game?: GameServer): Credential[] => [
	luckPerms(game),
	{
		id: 'discordBot',
		name: 'Discord Bot account',
		type: 'discordBotApi',
		data: { botToken: game?.discordToken ?? '' },
	},
];

/** Fills in ranks and roles, as an owner does who wants them, and publishes Access Changed. */
export async function useRanks(editor: Editor, game: GameServer, way: Way): Promise<void> {
	await editor.edit('paymenterTierPlan', (nodes) => {
		const parameters = nodes.find(({ name }) => name === 'Tier Plan')?.parameters ?? {};
		const { tier: rows } = parameters.tiers as { tier: Array<Record<string, unknown>> };
		for (const row of rows) row.discordRole = roleOf(row.tier as TierName);
		parameters.ranks = {
			way,
			...(way === 'console' ? { track: TRACK, servers: 'Frost Path*' } : {}),
		};
	});
	const fillIn = (nodes: WorkflowNode[]) => {
		for (const node of nodes) {
			if (node.type === 'n8n-nodes-base.discord') {
				node.parameters.guildId = { __rl: true, mode: 'id', value: game.guild };
			}
			// The shipped workflows name no such credential: not everybody has one.
			if (way === 'rest' && ['Sync Ranks', 'Check Everything'].includes(node.name)) {
				const { id, name, type } = luckPerms(game);
				node.credentials = { ...node.credentials, [type]: { id, name } };
			}
		}
	};
	await editor.edit('paymenterAccessChanged', fillIn);
	await editor.edit('paymenterSetup', fillIn);
}

const hashOf = (text: string): string => createHash('md5').update(text).digest('hex');
const dashed = (hex: string): string =>
	hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** What the customer calls themselves in the game, and their id in Discord. */
export const playerOf = ({ name, email }: Pick<Customer, 'name' | 'email'>) => {
	const hash = hashOf(email);
	return {
		// Minecraft takes 16 letters, digits and underscores.
		player: `${name.replace(/\W/g, '').slice(0, 7)}_${hash.slice(0, 8)}`,
		discordId: `3${BigInt(`0x${hash.slice(0, 13)}`)
			.toString()
			.padStart(17, '0')
			.slice(-17)}`,
		uuid: dashed(hash),
	};
};

/** Lets the customer join game and Discord. */
export function join({ control }: GameServer, customer: Pick<Customer, 'name' | 'email'>): void {
	const { player, discordId, uuid } = playerOf(customer);
	control.addPlayer('java', player, uuid.replaceAll('-', ''));
	control.addMember(discordId);
}

export interface Perks {
	/** LuckPerms groups of the player. */
	ranks: string[];
	/** The highest tier whose Discord role the customer has. */
	role: TierName | null;
}

export const perksOf = (
	{ control }: GameServer,
	customer: Pick<Customer, 'name' | 'email'>,
): Perks => {
	const { uuid, discordId } = playerOf(customer);
	const roles = control.rolesOf(discordId);
	// What is taken ends within a minute.
	const stays = (control.ranks()[uuid] ?? []).filter(
		({ expiry = Infinity }) => expiry * 1000 > control.now() + 65_000,
	);
	return {
		ranks: stays.map(({ key }) => key.replace('group.', '')),
		role: TIERS.findLast((tier) => roles.includes(roleOf(tier))) ?? null,
	};
};

export const promisedPerks = (tier: TierName | null): Perks => ({
	ranks: tier === null ? [] : [groupOf(tier)],
	role: tier,
});
