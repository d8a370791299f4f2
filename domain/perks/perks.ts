import { clean, type Plan, type Tier } from '../access/tierPlan';
import { iso, isoOf, timeOf } from '../dates';
import { parseJson } from '../json';
import { textOrNull } from '../text';
import type { RankRequest, RankSettings } from './ranks';

export type Row = Record<string, unknown>;

/** What Access Changed must know of a customer. */
export type Facts = ReturnType<typeof factsOf>;

/** What was done for a customer. */
export type Perk = ReturnType<typeof perkOf>;

/** What is announced about a customer. */
export type Announcement = ReturnType<typeof announcementOf>;

/** Groups by the player's UUID, or role ids by Discord id. */
export type Granted = Record<string, string[]>;

const DAY_MS = 24 * 60 * 60_000;

/** Reads a row of `paymenter_customers`. */
export function factsOf(row: Row, { playerProperty, discordProperty }: RankSettings) {
	const properties = jsonOf<Row>(row.customer_properties) ?? {};
	const property = (key: string) => textOrNull(properties[key])?.trim() || null;
	return {
		customer: String(row.customer),
		customer_id: textOrNull(row.customer_id),
		customer_email: textOrNull(row.customer_email),
		customer_name: textOrNull(row.customer_name),
		state: textOrNull(row.state) ?? 'none',
		tiers: (textOrNull(row.tiers) ?? '').split(', ').filter((name) => name !== ''),
		why: textOrNull(row.why) ?? '',
		/** As the customer gave them. */
		player: property(playerProperty),
		discord_id: property(discordProperty),
		/** Null: never, or there is no access. */
		access_until: isoOf(row.access_until),
		on_hold: row.on_hold === true,
		changed_at: isoOf(row.changed_at) ?? iso(0),
	};
}

/** Reads a row of `paymenter_perks`. */
export const perkOf = (row: Row) => ({
	facts: jsonOf<Facts>(row.facts),
	/** What all steps have finished. */
	announced: jsonOf<Announcement>(row.announced),
	player: textOrNull(row.player),
	player_uuid: textOrNull(row.player_uuid),
	granted_ranks: jsonOf<Granted>(row.granted_ranks) ?? {},
	granted_roles: jsonOf<Granted>(row.granted_roles) ?? {},
	warned: textOrNull(row.warned),
	warnAt: timeOf(row.warn_at),
	isRefused: row.is_refused === true,
	failures: Number(row.failures ?? 0),
	failingSince: timeOf(row.failing_since),
	retryAt: timeOf(row.retry_at),
	result: textOrNull(row.result) ?? '',
	needsAttention: row.needs_attention === true,
});

/** Whether the customer has anything now; tiers end with the state. */
export const isEntitled = ({ state, tiers }: Pick<Facts, 'state' | 'tiers'>): boolean =>
	(state === 'active' || state === 'grace') && tiers.length > 0;

/** The tiers, from lowest to highest; null: the plan lacks one of them, so nothing may be concluded. */
export function tiersIn(plan: Plan, facts: Facts): Tier[] | null {
	if (!isEntitled(facts)) return [];
	const names = facts.tiers.map(clean);
	const isOf = (one: string, { name, products }: Tier) => one === name || products.includes(one);
	const tiers = plan.tiers.filter((tier) => names.some((one) => isOf(one, tier)));
	return names.every((one) => tiers.some((tier) => isOf(one, tier))) ? tiers : null;
}

/** The rank of the highest tier that has one, and the roles of all. */
export const announcementOf = (
	facts: Facts,
	tiers: Tier[],
	{ uuid, discordId }: { uuid: string | null; discordId: string | null },
	now: number,
) => ({
	state: facts.state,
	tiers: facts.tiers,
	player: facts.player,
	player_uuid: uuid,
	discord_id: discordId,
	/** The LuckPerms group. */
	rank: tiers.findLast(({ luckPermsGroup }) => luckPermsGroup)?.luckPermsGroup ?? null,
	roles: tiers.flatMap(({ discordRole }) => discordRole ?? []),
	expires_at: isEntitled(facts) ? endOf(facts, now) : null,
});

/**
 * When access ends if nothing more is paid. Where that is over, or will be before the next night, and no
 * failure was reported, only news from billing end it.
 */
function endOf({ state, access_until: until }: Facts, now: number): string | null {
	const isOver = (timeOf(until) ?? Infinity) <= now + DAY_MS;
	return state === 'active' && isOver ? null : until;
}

/** What to do in the game: give the present player the rank, and take from everybody else what we gave. */
export function ranksFor(
	{ player_uuid: uuid, rank, expires_at }: Announcement,
	granted: Granted,
): RankRequest[] {
	const desired = uuid && rank ? { uuid, group: rank, expires_at } : null;
	const taken = Object.entries(granted)
		.filter(([player]) => player !== desired?.uuid)
		.map(([player, take]) => ({ uuid: player, group: null, expires_at: null, take }));
	if (!desired) return taken;
	const take = (granted[desired.uuid] ?? []).filter((group) => group !== desired.group);
	return [...taken, { ...desired, take }];
}

export type RoleStep = ReturnType<typeof rolesFor>['add'][number];

/** Marks a granted role whose last step failed: it is added again, or removed. */
const UNSURE = '?';
export const unsure = (role: string): string => `${role}${UNSURE}`;
export const roleIn = (granted: string): string => granted.replace(UNSURE, '');

/** Which roles to add, and which of those that we gave to remove. */
export function rolesFor(
	customer: string,
	{ discord_id: id, roles }: Announcement,
	granted: Granted,
) {
	const step = (discord_id: string) => (role: string) => ({ customer, discord_id, role });
	return {
		add: id ? roles.filter((role) => !granted[id]?.includes(role)).map(step(id)) : [],
		remove: Object.entries(granted).flatMap(([member, given]) =>
			given
				.map(roleIn)
				.filter((role) => member !== id || !roles.includes(role))
				.map(step(member)),
		),
	};
}

/** What somebody has after these steps; those that failed may have been carried out. */
export const grantedRanks = ({ player_uuid: uuid, rank }: Announcement): Granted =>
	uuid && rank ? { [uuid]: [rank] } : {};

export function unite(...all: Granted[]): Granted {
	const united: Granted = {};
	for (const [key, values] of all.flatMap((one) => Object.entries(one))) {
		united[key] = [...new Set([...(united[key] ?? []), ...values])];
	}
	return united;
}

const jsonOf = <T>(value: unknown): T | null => (parseJson(String(value)) ?? null) as T | null;
