import { isEntitled, type Facts, type Perk } from './perks';

/** What was found for a player's name. Neither UUID nor failure: there is no such player. */
export interface Lookup {
	uuid: string | null;
	failed?: string;
}

export interface Known {
	facts: Facts;
	perk: Perk;
}

/** A name is looked up until it is found, each time that something is to be done for the customer. */
export function namesToFind({ facts, perk }: Known): string[] {
	const { player } = facts;
	if (!player || !isEntitled(facts)) return [];
	return perk.player === player && perk.player_uuid !== null ? [] : [player];
}

/** Customers by player and by Discord id. */
type Claims = ReturnType<typeof claimsOf>;

/** Who has a player or a Discord id: the customers that had it in the last run and are entitled still. */
export function claimsOf(all: Known[]) {
	const players = new Map<string, string>();
	const discord = new Map<string, string>();
	for (const { facts, perk } of all) {
		const { customer, player, discord_id: id } = facts;
		const before = perk.isRefused ? null : perk.facts;
		if (!before || !isEntitled(before) || !isEntitled(facts)) continue;
		if (perk.player_uuid && perk.player === player) claim(players, perk.player_uuid, customer);
		if (id && before.discord_id === id) claim(discord, id, customer);
	}
	return { players, discord };
}

/** The first keeps it. Returns who has it. */
function claim(claims: Map<string, string>, what: string, customer: string): string {
	const holder = claims.get(what) ?? customer;
	claims.set(what, holder);
	return holder;
}

/**
 * Says who a customer is in the game and in Discord, and in sentences what is wrong. If two customers
 * name one player or Discord id, the first keeps it.
 */
export function identify(known: Known, lookups: Map<string, Lookup>, claims: Claims) {
	const { customer, discord_id } = known.facts;
	const { problem, retries, ...found } = lookUp(known, lookups);
	const problems = problem ? [problem] : [];
	const unlessTaken = (what: string, id: string | null, holders: Map<string, string>) => {
		const holder = id && isEntitled(known.facts) ? claim(holders, id, customer) : customer;
		if (holder === customer) return id;
		problems.push(`${what} belongs to ${holder} already.`);
		return null;
	};
	const uuid = unlessTaken(`The player ${found.player}`, found.uuid, claims.players);
	const discordId = unlessTaken(`The Discord ID ${discord_id}`, discord_id, claims.discord);
	const isRefused = uuid !== found.uuid || discordId !== discord_id;
	return { uuid, discordId, problems, retries, isRefused, found };
}

/** A player who cannot be looked up leaves the one of before in place; one who does not exist does not. */
function lookUp({ facts: { player }, perk }: Known, lookups: Map<string, Lookup>) {
	const lookup = lookups.get(player ?? '');
	const known = perk.player === player ? perk.player_uuid : null;
	if (!lookup) return { player, uuid: known, problem: '', retries: false };
	const { uuid, failed } = lookup;
	if (failed) {
		const problem = `The player ${player} could not be looked up: ${failed}`;
		return { player: perk.player, uuid: perk.player_uuid, problem, retries: true };
	}
	const problem = uuid ? '' : `There is no player named ${player}.`;
	return { player, uuid, problem, retries: false };
}
