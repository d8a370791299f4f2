import { iso } from '../dates';
import type { Plan } from '../access/tierPlan';
import { isFree, readLease, timeOf } from '../work/lease';
import {
	NO_PERK,
	announcementOf,
	factsOf,
	perkOf,
	ranksFor,
	rolesFor,
	tiersIn,
	type Announcement,
	type Facts,
	type Perk,
	type RoleStep,
} from './perks';
import { byAge, claimsOf, identify, namesToFind } from './identity';
import type { Claims, Known, Lookup } from './identity';
import type { RankRequest, RankSettings } from './ranks';
import { warningFor, type Warning } from './warnings';

type Row = Record<string, unknown>;

/** Looks up players' names. */
export type FindPlayers = (names: string[]) => Promise<Map<string, Lookup>>;

export interface ChangesInput {
	/** Rows of `paymenter_customers` that changed since the last run. */
	customers: Row[];
	/** All rows of `paymenter_perks`. */
	perks: Row[];
	/** When the last complete run began; null: never. */
	lastRunAt: number | null;
	plan: Plan;
	ranks: RankSettings;
	/** An operator allows the nightly run to take as much as it likes. */
	allowLosses: boolean;
	now: number;
}

/** One customer for whom something changed, or must be tried again. */
export interface AccessChange {
	/** The same whenever this change is repeated. */
	id: string;
	customer: string;
	customer_id: string | null;
	customer_email: string | null;
	customer_name: string | null;
	before: Announcement | null;
	after: Announcement;
	reason: string;
	expires_at: string | null;
}

const NOTHING_FOUND: Map<string, Lookup> = new Map();

/** What to do for one customer in this run. */
export interface PlannedChange {
	facts: Facts;
	perk: Perk;
	after: Announcement;
	/** For the owner's own steps; null: nothing new. */
	change: AccessChange | null;
	ranks: RankRequest[];
	/** Compare the ranks with the game first. */
	check: boolean;
	add: RoleStep[];
	remove: RoleStep[];
	warning: Warning | null;
	/** Why the ranks or roles cannot be as the tiers say; empty: they can. */
	problem: string;
	/** Whether a later try may help with the problem. */
	retries: boolean;
	isRefused: boolean;
	/** The name that was looked up last, and what was found for it. */
	found: { player: string | null; uuid: string | null };
	/** When the next warning is due; null: none. */
	warnAt: number | null;
}

/** The first run after this hour (UTC) looks at everybody. */
const NIGHTLY_HOUR = 4;
/** Between the time that a customer's row carries and its saving. */
const SAVING_MS = 2 * 60_000;
const NIGHT_MS = 25 * 60 * 60_000;
/** A nightly run takes ranks or roles from no more than this share of those who have some, or from 3. */
const MOST_LOSERS = 0.05;
const ALWAYS_ALLOWED = 3;

export const isNightly = (lastRunAt: number | null, now: number): boolean => {
	const due = new Date(now).setUTCHours(NIGHTLY_HOUR, 0, 0, 0);
	return lastRunAt !== null && lastRunAt < due && due <= now;
};

/**
 * Works out what follows the changes of customers' access: the rank in the game, the roles, the
 * warnings, and what is announced to the owner's own steps. Reads everybody as they are now, and leaves
 * out those who were announced so already.
 * @returns what to do, and who would have lost something in a nightly run that would have taken too much
 */
export async function planChanges(
	input: ChangesInput,
	findPlayers: FindPlayers,
): Promise<{ planned: PlannedChange[]; held: string[] }> {
	const { ranks, now } = input;
	const perks = new Map(input.perks.map((row) => [String(row.customer), perkOf(row)]));
	const fresh = new Map(
		input.customers.map((row) => {
			const facts = factsOf(row, ranks);
			return [facts.customer, facts];
		}),
	);
	const night = isNightly(input.lastRunAt, now);
	const everybody = new Map<string, Known>();
	for (const [customer, perk] of perks) {
		const facts = fresh.get(customer) ?? perk.facts;
		if (facts) everybody.set(customer, { facts, perk });
	}
	for (const [customer, facts] of fresh) {
		if (!perks.has(customer)) everybody.set(customer, { facts, perk: NO_PERK });
	}
	const isNews = ({ facts, perk }: Known) => facts.changed_at !== perk.facts?.changed_at;
	const isDue = ({ facts, perk }: Known) =>
		night ||
		isNews({ facts, perk }) ||
		perk.isRefused ||
		[perk.retryAt, perk.warnAt].some((at) => at !== null && at <= now);
	const due = [...everybody.values()].filter(isDue).sort(byAge);
	const names = due.flatMap(namesToFind);
	const found = names.length > 0 ? await findPlayers([...new Set(names)]) : NOTHING_FOUND;
	const claims = claimsOf([...everybody.values()]);
	const planned = due.map(({ facts, perk }) =>
		planOne({ facts, perk, found, claims, night }, input),
	);
	leaveToOthers(planned, everybody);
	const held = night && !input.allowLosses ? heldBack(planned, [...perks.values()], fresh) : [];
	return {
		planned: planned.filter((one) => !held.includes(one) && isWorthDoing(one)),
		held: held.map(({ facts }) => facts.customer_email ?? facts.customer),
	};
}

/**
 * What another customer has by now is not taken: a player keeps their rank and a member keeps the role,
 * as that customer's tiers say.
 */
function leaveToOthers(planned: PlannedChange[], everybody: Map<string, { perk: Perk }>): void {
	const present = new Map<string, Announcement>();
	for (const [customer, { perk }] of everybody) {
		if (perk.announced) present.set(customer, perk.announced);
	}
	for (const { facts, after } of planned) present.set(facts.customer, after);
	const players = new Map<string, Announcement>();
	const members = new Map<string, Announcement>();
	for (const one of present.values()) {
		if (one.player_uuid && one.rank) players.set(one.player_uuid, one);
		if (one.discord_id && one.roles.length > 0) members.set(one.discord_id, one);
	}
	for (const one of planned) {
		one.ranks = one.ranks.map((request) => {
			const theirs = request.group === null ? players.get(request.uuid) : undefined;
			if (!theirs) return request;
			const take = request.take.filter((group) => group !== theirs.rank);
			return { ...request, group: theirs.rank, expires_at: theirs.expires_at, take };
		});
		one.remove = one.remove.filter(
			({ discord_id: id, role }) => !members.get(id)?.roles.includes(role),
		);
	}
}

function planOne(
	one: Known & { found: Map<string, Lookup>; claims: Claims; night: boolean },
	{ plan, ranks, now }: ChangesInput,
): PlannedChange {
	const { facts, perk, found, claims, night } = one;
	const tiers = tiersIn(plan, facts);
	const { uuid, discordId, problems, retries, isRefused, known } = identify(
		{ facts, perk },
		found,
		claims,
	);
	const after = announcementOf(facts, tiers ?? [], { uuid, discordId }, now);
	// While an operator holds everything, or the plan lacks a tier, ranks and roles stay.
	const stays = facts.on_hold || tiers === null;
	if (tiers === null) problems.push(`The tier plan has no tier ${facts.tiers.join(', ')}.`);
	if (stays) {
		after.rank = perk.announced?.rank ?? null;
		after.roles = perk.announced?.roles ?? [];
	}
	if (!stays && ranks.way !== 'none' && after.rank !== null && facts.player === null) {
		problems.push('No player is known.');
	}
	const isNew = JSON.stringify(perk.announced) !== JSON.stringify(after);
	const isRetry = perk.failures > 0;
	const isSameRank = sameRank(perk.announced, after);
	const wanted = stays || ranks.way === 'none' ? [] : ranksFor(after, perk.granted_ranks);
	const check = night && ranks.way === 'rest' && !isNew && !isRetry;
	const repeats =
		check || (night && ranks.way === 'console' && now - (timeOf(facts.changed_at) ?? 0) < NIGHT_MS);
	const { add, remove } = stays
		? { add: [], remove: [] }
		: rolesFor(facts.customer, after, perk.granted_roles);
	const { warning, warnAt } = warningFor(facts, perk, now);
	return {
		facts,
		perk,
		after,
		change: isNew || isRetry ? changeOf(facts, perk, after) : null,
		ranks: !isSameRank || isRetry || repeats || takesAny(wanted) ? wanted : [],
		check,
		add,
		remove,
		warning,
		problem: problems.join(' '),
		retries,
		isRefused,
		found: known,
		warnAt,
	};
}

const sameRank = (before: Announcement | null, after: Announcement): boolean =>
	(before?.rank ?? null) === after.rank &&
	(before?.player_uuid ?? null) === after.player_uuid &&
	(before?.expires_at ?? null) === after.expires_at;

function changeOf(facts: Facts, { announced }: Perk, after: Announcement): AccessChange {
	const { customer, customer_id, customer_email, customer_name, changed_at, why } = facts;
	return {
		id: `${customer}@${changed_at}`,
		customer,
		customer_id,
		customer_email,
		customer_name,
		before: announced,
		after,
		reason: why,
		expires_at: after.expires_at,
	};
}

const isWorthDoing = (one: PlannedChange): boolean =>
	one.change !== null ||
	one.ranks.length + one.add.length + one.remove.length > 0 ||
	one.warning !== null ||
	one.isRefused !== one.perk.isRefused ||
	one.facts.changed_at !== one.perk.facts?.changed_at;

const takesAny = (requests: RankRequest[]): boolean => requests.some(({ take }) => take.length > 0);

/**
 * Who would lose something that no news from billing takes, if they are too many: the plan was edited,
 * or something is wrong.
 */
function heldBack(
	planned: PlannedChange[],
	perks: Perk[],
	fresh: Map<string, Facts>,
): PlannedChange[] {
	const losers = planned.filter(
		({ facts, ranks, remove, perk }) =>
			!fresh.has(facts.customer) && perk.failures === 0 && (remove.length > 0 || takesAny(ranks)),
	);
	const having = perks.filter(
		({ granted_ranks, granted_roles }) =>
			Object.keys({ ...granted_ranks, ...granted_roles }).length > 0,
	).length;
	return losers.length > Math.max(ALWAYS_ALLOWED, having * MOST_LOSERS) ? losers : [];
}

/**
 * Whether Access Changed has something to do.
 * @param lease its row of `paymenter_lease`
 * @param newest the customer whose row changed last
 */
export function isAccessChangedDue(lease: Row | undefined, newest: Row, now: number): boolean {
	const held = readLease(lease);
	if (!lease || !held || !isFree(held, now)) return false;
	const lastRunAt = timeOf(lease.last_run_at);
	const changedAt = timeOf(newest.changed_at);
	// A row is saved a while after the time that it carries.
	const isNews = changedAt !== null && changedAt > (lastRunAt ?? 0) - SAVING_MS;
	return isNews || isNightly(lastRunAt, now) || (timeOf(lease.due_at) ?? Infinity) <= now;
}

/** When to look again by itself: the earliest time in all rows. */
export function nextDue(perks: Row[], recorded: Row[]): string | null {
	const rows = new Map([...perks, ...recorded].map((row) => [String(row.customer), row]));
	const times = [...rows.values()].flatMap(({ retry_at, warn_at }) => [
		timeOf(retry_at),
		timeOf(warn_at),
	]);
	const earliest = Math.min(...times.map((time) => time ?? Infinity));
	return earliest === Infinity ? null : iso(earliest);
}
