import type { Plan } from '../access/tierPlan';
import { earliest, isoOf, timeOf } from '../dates';
import { isFree, readLease } from '../work/lease';
import {
	announcementOf,
	factsOf,
	perkOf,
	ranksFor,
	rolesFor,
	tiersIn,
	type Announcement,
	type Facts,
	type Perk,
	type Row,
} from './perks';
import { claimsOf, identify, namesToFind, type Known, type Lookup } from './identity';
import type { RankRequest, RankSettings } from './ranks';
import { warningFor } from './warnings';

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

/** What to do for one customer in this run. */
export type PlannedChange = ReturnType<typeof planOne>;

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
 * warnings, the owner's own steps. Leaves out those who were announced as they are now.
 * @returns what to do, and who would have lost something in a nightly run that would have taken too much
 */
export async function planChanges(
	input: ChangesInput,
	findPlayers: (names: string[]) => Promise<Map<string, Lookup>>,
) {
	const { ranks, now } = input;
	const perks = new Map(input.perks.map((row) => [String(row.customer), perkOf(row)]));
	const fresh = new Map(input.customers.map((row) => [String(row.customer), factsOf(row, ranks)]));
	const everybody = [...new Set([...perks.keys(), ...fresh.keys()])].flatMap((customer) => {
		const perk = perks.get(customer) ?? perkOf({});
		const facts = fresh.get(customer) ?? perk.facts;
		return facts ? [{ facts, perk }] : [];
	});
	const night = isNightly(input.lastRunAt, now);
	const isDue = ({ facts, perk }: Known) =>
		night ||
		isNews(facts, perk) ||
		perk.isRefused ||
		[perk.retryAt, perk.warnAt].some((at) => at !== null && at <= now);
	const age = ({ facts }: Known) => `${facts.changed_at} ${facts.customer}`;
	const due = everybody.filter(isDue).sort((a, b) => (age(a) < age(b) ? -1 : 1));
	const found = await findPlayers([...new Set(due.flatMap(namesToFind))]);
	const claims = claimsOf(everybody);
	const planned = due.map((one) => planOne(one, identify(one, found, claims), night, input));
	leaveToOthers(planned, everybody);
	// What no news from billing takes: if it is too much, the plan was edited, or something is wrong.
	const losers = planned.filter(
		({ facts, ranks: requests, remove, perk }) =>
			!fresh.has(facts.customer) &&
			perk.failures === 0 &&
			(remove.length > 0 || takesAny(requests)),
	);
	const having = everybody.filter(
		({ perk }) => Object.keys({ ...perk.granted_ranks, ...perk.granted_roles }).length > 0,
	).length;
	const isTooMuch = losers.length > Math.max(ALWAYS_ALLOWED, having * MOST_LOSERS);
	const held = night && !input.allowLosses && isTooMuch ? losers : [];
	return {
		planned: planned.filter((one) => !held.includes(one) && isWorthDoing(one)),
		held: held.map(({ facts }) => facts.customer_email ?? facts.customer),
	};
}

const isNews = (facts: Facts, perk: Perk): boolean => facts.changed_at !== perk.facts?.changed_at;

/**
 * What another customer has by now is not taken: a player keeps their rank and a member keeps the role,
 * as that customer's tiers say.
 */
function leaveToOthers(planned: PlannedChange[], everybody: Known[]): void {
	const afterwards = new Map(planned.map(({ facts, after }) => [facts.customer, after]));
	const present = everybody.flatMap(
		({ facts, perk }) => afterwards.get(facts.customer) ?? perk.announced ?? [],
	);
	const players = new Map(present.filter(({ rank }) => rank).map((one) => [one.player_uuid, one]));
	const held = new Set(
		present.flatMap(({ discord_id, roles }) => roles.map((role) => `${discord_id} ${role}`)),
	);
	for (const one of planned) {
		one.ranks = one.ranks.map((request) => {
			const theirs = request.group === null ? players.get(request.uuid) : undefined;
			if (!theirs) return request;
			const take = request.take.filter((group) => group !== theirs.rank);
			return { ...request, group: theirs.rank, expires_at: theirs.expires_at, take };
		});
		one.remove = one.remove.filter(({ discord_id, role }) => !held.has(`${discord_id} ${role}`));
	}
}

function planOne(
	{ facts, perk }: Known,
	{ uuid, discordId, problems, ...identity }: ReturnType<typeof identify>,
	night: boolean,
	{ plan, ranks, now }: ChangesInput,
) {
	const tiers = tiersIn(plan, facts);
	const after = announcementOf(facts, tiers ?? [], { uuid, discordId }, now);
	// While an operator holds everything, or the plan lacks a tier, ranks and roles stay.
	const stays = facts.on_hold || tiers === null;
	if (tiers === null) problems.push(`The tier plan has no tier ${facts.tiers.join(', ')}.`);
	if (stays) {
		after.rank = perk.announced?.rank ?? null;
		after.roles = perk.announced?.roles ?? [];
	}
	const hasRanks = !stays && ranks.way !== 'none';
	if (hasRanks && after.rank !== null && facts.player === null) {
		problems.push('No player is known.');
	}
	const isNew = JSON.stringify(perk.announced) !== JSON.stringify(after);
	const isRetry = perk.failures > 0;
	const isSameRank = (['rank', 'player_uuid', 'expires_at'] as const).every(
		(what) => perk.announced?.[what] === after[what],
	);
	const wanted = hasRanks ? ranksFor(after, perk.granted_ranks) : [];
	const check = night && ranks.way === 'rest' && !isNew && !isRetry;
	const repeats =
		check || (night && ranks.way === 'console' && now - (timeOf(facts.changed_at) ?? 0) < NIGHT_MS);
	const roles = rolesFor(facts.customer, after, perk.granted_roles);
	return {
		...identity,
		...warningFor(facts, perk, now),
		facts,
		perk,
		after,
		change: isNew || isRetry ? changeOf(facts, perk, after) : null,
		ranks: !isSameRank || isRetry || repeats || takesAny(wanted) ? wanted : [],
		/** Compare the ranks with the game first. */
		check,
		add: stays ? [] : roles.add,
		remove: stays ? [] : roles.remove,
		/** Why the ranks or roles cannot be as the tiers say; empty: they can. */
		problem: problems.join(' '),
	};
}

/** For the owner's own steps. The id is the same whenever this change is repeated. */
function changeOf(facts: Facts, { announced: before }: Perk, after: Announcement) {
	const { customer, customer_id, customer_email, customer_name, why: reason } = facts;
	const who = { id: `${customer}@${facts.changed_at}`, customer, customer_id, customer_email };
	return { ...who, customer_name, before, after, reason, expires_at: after.expires_at };
}

const isWorthDoing = ({ facts, perk, ...one }: PlannedChange): boolean =>
	one.change !== null ||
	one.ranks.length + one.add.length + one.remove.length > 0 ||
	one.warning !== null ||
	one.isRefused !== perk.isRefused ||
	isNews(facts, perk);

const takesAny = (requests: RankRequest[]): boolean => requests.some(({ take }) => take.length > 0);

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
	const isNew = changedAt !== null && changedAt > (lastRunAt ?? 0) - SAVING_MS;
	return isNew || isNightly(lastRunAt, now) || (timeOf(lease.due_at) ?? Infinity) <= now;
}

/** When to look again by itself: the earliest time in all rows. */
export function nextDue(perks: Row[], recorded: Row[]): string | null {
	const rows = new Map([...perks, ...recorded].map((row) => [String(row.customer), row]));
	return earliest(
		[...rows.values()].flatMap(({ retry_at, warn_at }) => [retry_at, warn_at].map(isoOf)),
	);
}
