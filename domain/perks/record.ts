import { isoOf } from '../dates';
import { alertOf, type Alert } from '../work/alertPolicy';
import { needsAttention, retryAt } from '../work/retryPolicy';
import type { ReadRow } from '../tables';
import type { PlannedChange } from './changes';
import { grantedRanks, roleIn, unite, unsure, type Granted, type RoleStep } from './perks';
import type { RankResult } from './ranks';

/** What came of a step for one customer. */
export interface StepResult {
	/** The node, as an alert names it. */
	step: 'Sync Ranks' | 'Add Role' | 'Remove Role' | 'Warn Customer' | 'your own step';
	customer: string;
	/** Empty: it went well. */
	error: string;
	role?: string;
	discord_id?: string | null;
	rank?: RankResult;
}

interface Context {
	now: number;
	executionUrl: string;
}

/** A finished row of `paymenter_perks`. */
type PerkRow = Omit<Required<ReadRow<'paymenter_perks'>>, 'id'>;

type Told = NonNullable<ReturnType<typeof failureIn>>;

/** Ranks and roles are tried again soon: whoever was offline is right within minutes. */
const MOST_DOUBLINGS = 2;
const UNKNOWN_MEMBER = /unknown member/i;
const UNKNOWN_ROLE = /unknown role/i;
const MISSING_PERMISSIONS = /missing permissions/i;

/**
 * Turns what came of a run's steps into rows and alerts. What failed is tried again, also for others
 * who are fine; nobody holds up anybody.
 */
export function recordPerks(planned: PlannedChange[], results: StepResult[], context: Context) {
	const resultsOf = new Map(planned.map(({ facts }) => [facts.customer, [] as StepResult[]]));
	for (const result of results) resultsOf.get(result.customer)?.push(result);
	const recorded = planned.map((one) =>
		recordOne(one, resultsOf.get(one.facts.customer) ?? [], context),
	);
	// What several customers have in common is told once.
	const alerts = new Map<string, Alert>();
	for (const { alert, cause } of recorded.flatMap((one) => one.alert ?? [])) {
		const shared = { ...alert, customer: '', customer_email: '', cause, what_happened: cause };
		alerts.set(cause, alerts.has(cause) ? shared : alert);
	}
	return { rows: recorded.map(({ row }) => row), alerts: [...alerts.values()] };
}

function recordOne(planned: PlannedChange, results: StepResult[], context: Context) {
	const { facts, perk, after, problem, found } = planned;
	const { now } = context;
	const told = results.flatMap((one) => failureIn(one) ?? []);
	const [first] = told;
	const isRetried = first !== undefined || planned.retries;
	const failures = isRetried ? perk.failures + 1 : 0;
	// What a person must mend first is tried less and less often.
	const tries = first?.isTransient === false ? failures : Math.min(failures, MOST_DOUBLINGS);
	const since = isRetried ? (perk.failingSince ?? now) : null;
	const notes = [...told.map(({ message }) => message), problem, ...results.flatMap(noteIn)];
	const isUnwarned = results.some(({ step, error }) => step === 'Warn Customer' && error !== '');
	const row: PerkRow = {
		customer: facts.customer,
		customer_email: facts.customer_email,
		player: found.player ?? '',
		player_uuid: found.uuid ?? '',
		discord_id: facts.discord_id ?? '',
		facts: JSON.stringify(facts),
		announced: JSON.stringify(isRetried ? perk.announced : after),
		granted_ranks: JSON.stringify(ranksNow(planned, results)),
		granted_roles: JSON.stringify(rolesNow(planned, results)),
		is_refused: planned.isRefused,
		warned: isUnwarned ? perk.warned : facts.state,
		warn_at: isoOf(isUnwarned ? perk.warnAt : planned.warnAt),
		result: notes.filter((note) => note !== '').join(' ') || 'done',
		what_to_do: first?.advice ?? adviceFor(planned),
		needs_attention: needsAttention(since, now) || (first !== undefined && !first.isTransient),
		failures,
		failing_since: isoOf(since),
		retry_at: isRetried ? (first?.retry_at ?? retryAt(tries, now)) : null,
		execution_url: context.executionUrl,
	};
	return { row, alert: alertFor(planned, told, context) };
}

function adviceFor({ isRefused, problem }: PlannedChange): string {
	if (isRefused) {
		return 'The first customer keeps it. Correct the name in Paymenter, or in Manual Override.';
	}
	return problem && 'Enter the player’s name in Paymenter, or in Manual Override.';
}

function failureIn(result: StepResult) {
	const { step, error, role, rank } = result;
	const failure = (message: string, advice: string, isTransient = false) => ({
		message,
		advice,
		cause: `Access Changed, ${step}: ${message}`,
		isTransient,
		concernsEverybody: false,
		retry_at: rank?.retry_at ?? null,
		/** For a server that is offline: nobody has to do anything. */
		waits: rank?.status === 'waiting',
	});
	if (rank && rank.status !== 'done') {
		const advice = rank.transient
			? 'It is tried again by itself.'
			: 'Do what the result says; then it is tried again by itself.';
		return failure(rank.message, advice, rank.transient);
	}
	if (error === '' || isNobodys(result)) return null;
	if (role && MISSING_PERMISSIONS.test(error)) {
		return failure(
			`Discord does not let the bot give the role ${role}.`,
			'Give the bot Manage Roles, and move its role above this one.',
		);
	}
	if (role && UNKNOWN_ROLE.test(error)) {
		const advice = 'Correct the Discord role ID in the tier plan.';
		return failure(`Discord has no role ${role}.`, advice);
	}
	return failure(error, `Open the execution: "${step}" says why.`, true);
}

/** Whoever left has no roles, and nobody has a role that was deleted. */
const isNobodys = ({ step, role, error }: StepResult): boolean =>
	role !== undefined &&
	(UNKNOWN_MEMBER.test(error) || (step === 'Remove Role' && UNKNOWN_ROLE.test(error)));

const noteIn = ({ step, discord_id, error }: StepResult): string[] =>
	step === 'Add Role' && UNKNOWN_MEMBER.test(error)
		? [`${discord_id} is not a member of the Discord server.`]
		: [];

/** What we gave and have not surely taken. */
function ranksNow({ ranks, perk, after }: PlannedChange, results: StepResult[]): Granted {
	if (ranks.length === 0) return perk.granted_ranks;
	const isDone = results.some(({ rank }) => rank?.status === 'done');
	return isDone ? grantedRanks(after) : unite(perk.granted_ranks, grantedRanks(after));
}

function rolesNow({ perk, add, remove }: PlannedChange, results: StepResult[]): Granted {
	const granted = unite(perk.granted_roles);
	const note = ({ discord_id: member, role }: RoleStep, done: string[]) => {
		const result = results.find((one) => one.discord_id === member && one.role === role);
		const others = (granted[member] ?? []).filter((one) => roleIn(one) !== role);
		const now = !result?.error ? done : isNobodys(result) ? [] : [unsure(role)];
		granted[member] = [...others, ...now];
		if (granted[member].length === 0) delete granted[member];
	};
	for (const one of remove) note(one, []);
	for (const one of add) note(one, [one.role]);
	return granted;
}

function alertFor({ facts, perk }: PlannedChange, told: Told[], context: Context) {
	const failure = told.find(({ waits }) => !waits) ?? told[0];
	if (!failure) return null;
	const lastError = perk.result.includes(failure.message) ? failure.message : perk.result;
	const before = { ...perk, lastError };
	if (failure.waits && !needsAttention(perk.failingSince, context.now)) return null;
	const alert = alertOf(failure, facts, before, context);
	return alert && { alert, cause: failure.cause };
}

/** A nightly run that would take too much from too many. */
export const heldAlert = (held: string[], executionUrl: string): Alert => ({
	customer: '',
	customer_email: '',
	cause: 'Ranks or roles are held back',
	what_happened: `The nightly run would take ranks or Discord roles from ${held.length} customers, and took none: ${held.slice(0, 5).join(', ')}${held.length > 5 ? ' …' : '.'}`,
	what_to_do:
		'Was the tier plan edited? If it is right, turn on "Allow Losses" in Plan Changes for a night.',
	execution_url: executionUrl,
});
