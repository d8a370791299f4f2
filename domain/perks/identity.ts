import { isEntitled, type Facts, type Perk } from './perks';

/** What was found for a player's name. */
export type Lookup = { uuid: string } | { unknown: true } | { failed: string };

export interface Known {
	facts: Facts;
	perk: Perk;
}

/** Who has which player and which Discord id, by customer. */
export interface Claims {
	players: Map<string, string>;
	discord: Map<string, string>;
}

/** Who a customer is in the game and in Discord, as far as it can be said now. */
export interface Identity {
	uuid: string | null;
	discordId: string | null;
	/** What is wrong, in sentences. */
	problems: string[];
	/** Whether a later try may help. */
	retries: boolean;
	/** Another customer has the player or the Discord id. */
	isRefused: boolean;
	/** The name that was looked up last, and what was found for it. */
	known: { player: string | null; uuid: string | null };
}

/** By the time of the change. */
export function byAge(a: Known, b: Known): number {
	const key = ({ facts }: Known) => `${facts.changed_at} ${facts.customer}`;
	return key(a) < key(b) ? -1 : 1;
}

/** A name is looked up until it is found, each time that something is to be done for the customer. */
export function namesToFind({ facts, perk }: Known): string[] {
	const { player } = facts;
	if (!player || !isEntitled(facts)) return [];
	const isKnown = perk.player === player && perk.player_uuid !== null;
	return isKnown ? [] : [player];
}

/** Who has a player or a Discord id: the customers that had it in the last run and are entitled still. */
export function claimsOf(all: Known[]): Claims {
	const claims: Claims = { players: new Map(), discord: new Map() };
	for (const { facts, perk } of all) {
		const { customer, player, discord_id: id } = facts;
		const before = perk.isRefused ? null : perk.facts;
		if (!before || !isEntitled(before) || !isEntitled(facts)) continue;
		if (perk.player_uuid && perk.player === player) {
			claim(claims.players, perk.player_uuid, customer);
		}
		if (id && before.discord_id === id) claim(claims.discord, id, customer);
	}
	return claims;
}

/** The first keeps it. Returns who has it. */
function claim(claims: Map<string, string>, what: string, customer: string): string {
	const holder = claims.get(what) ?? customer;
	claims.set(what, holder);
	return holder;
}

/**
 * Says who a customer is. If two customers name one player or Discord id, the first keeps it. A player
 * who cannot be looked up leaves the one of before in place; one who does not exist does not.
 */
export function identify(
	{ facts, perk }: Known,
	found: Map<string, Lookup>,
	claims: Claims,
): Identity {
	const { customer, discord_id } = facts;
	const problems: string[] = [];
	const { uuid, player: name, problem, retries } = lookUp({ facts, perk }, found);
	if (problem) problems.push(problem);
	const isFree = (what: string, holder: string): boolean => {
		if (holder === customer) return true;
		problems.push(`${what} belongs to ${holder} already.`);
		return false;
	};
	const counts = isEntitled(facts);
	const mayPlay =
		!counts ||
		uuid === null ||
		isFree(`The player ${String(name)}`, claim(claims.players, uuid, customer));
	const mayChat =
		!counts ||
		discord_id === null ||
		isFree(`The Discord ID ${discord_id}`, claim(claims.discord, discord_id, customer));
	return {
		uuid: mayPlay ? uuid : null,
		discordId: mayChat ? discord_id : null,
		problems,
		retries,
		isRefused: !mayPlay || !mayChat,
		known: { player: name, uuid },
	};
}

function lookUp({ facts: { player }, perk }: Known, found: Map<string, Lookup>) {
	const nothing = { player, problem: '', retries: false };
	if (player === null) return { ...nothing, uuid: null };
	const lookup = found.get(player);
	if (!lookup) return { ...nothing, uuid: perk.player === player ? perk.player_uuid : null };
	if ('uuid' in lookup) return { ...nothing, uuid: lookup.uuid };
	if ('unknown' in lookup) {
		return { ...nothing, uuid: null, problem: `There is no player named ${player}.` };
	}
	return {
		uuid: perk.player_uuid,
		player: perk.player,
		problem: `The player ${player} could not be looked up: ${lookup.failed}`,
		retries: true,
	};
}
