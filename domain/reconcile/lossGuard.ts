import type { Blocked, Change } from '../access/change';
import type { Access } from '../access/result';
import { eventRow } from '../events/append';
import type { Correction } from './corrections';

/** What Access → Preview says about one customer; a customer without changes may come without details. */
export interface GuardedCustomer {
	customer: string;
	customer_id: string | null;
	customer_email: string | null;
	outcome: 'unchanged' | 'would change' | 'skipped' | 'failed';
	has_access: boolean;
	summary?: string;
	changes?: Array<Pick<Change, 'what' | 'server'>>;
	blocked?: Array<Pick<Blocked, 'server' | 'server_id'>>;
	had?: Array<Pick<Access, 'server_id'>>;
	plan?: Array<Pick<Access, 'server_id'>>;
	error?: string;
	advice?: string;
}

/** A row of `paymenter_customers`. */
export interface HeldRow {
	customer: string;
	customer_id?: string | null;
	customer_email?: string | null;
	held_changes?: string | null;
}

export interface GuardInput {
	/** Everybody, as they would be with all corrections appended. */
	preview: GuardedCustomer[];
	/** What Compare found; none of it is in the log yet. */
	corrections: Correction[];
	rows: HeldRow[];
	/** Why Paymenter could not be compared; empty: it was. */
	failures: Array<{ error?: unknown; details?: { advice?: unknown } }>;
	/** The operator who confirmed the losses that are held; null: nobody. */
	confirmed: { actor: string } | null;
	/** ISO 8601 in UTC. */
	at: string;
	/** The execution: the ids of its events are unique to it. */
	run: string;
	/** Where an operator confirms losses. */
	formUrl: string;
}

export interface Guarded {
	/** Rows for `paymenter_events`. */
	events: Array<ReturnType<typeof eventRow>>;
	alert: { what_happened: string; what_to_do: string } | null;
	summary: GuardSummary;
}

export interface GuardSummary {
	summary: string;
	customers: number;
	with_access: number;
	not_seen: number;
	corrections: number;
	apply_requested: number;
	/** Held back now. */
	held: number;
	/** Held back before, and let through now. */
	let_through: number;
	/** Held back before, and nothing is left to lose. */
	nothing_to_lose: number;
}

/** A run takes servers from no more than this share of those with access, or from 3. */
const MOST_LOSERS = 0.05;
const ALWAYS_ALLOWED = 3;
const MOST_NAMES = 5;
const LONGEST_REASON = 300;
const WOULD_LOSE = 'would lose ';

/**
 * Decides what the nightly run may append. If too many customers would lose a server at once, or could
 * not be looked at, nothing about them is appended: the next minute would apply it. An operator
 * confirms the losses that were told.
 */
export function guardLosses(input: GuardInput): Guarded {
	const { corrections, failures, confirmed, at, run } = input;
	const preview = [...input.preview].sort((a, b) => (a.customer < b.customer ? -1 : 1));
	const failed = preview.filter(({ outcome }) => outcome === 'failed');
	const seen = new Set(preview.flatMap((one) => (one.outcome === 'failed' ? [] : [one.customer])));
	const ownersOf = ownersBy(preview);
	const unseen = new Set(
		[...failed.map(({ customer }) => customer), ...corrections.flatMap(ownersOf)].filter(
			(customer) => !seen.has(customer),
		),
	);
	const heldRows = input.rows.filter(({ held_changes: held }) => held);
	const heldBefore = new Map(heldRows.map((row) => [row.customer, row.held_changes ?? '']));

	const losing = preview.filter(({ customer }) => seen.has(customer)).filter(isLosing);
	const unconfirmed = confirmed
		? losing.filter((one) => !wasTold(one, heldBefore.get(one.customer)))
		: losing;
	const withAccess = preview.filter(({ has_access: has }) => has).length;
	const limit = Math.max(ALWAYS_ALLOWED, withAccess * MOST_LOSERS);
	const held = unconfirmed.length > limit ? unconfirmed : [];
	// Who could not be looked at may lose as well.
	const isNobodySeen = seen.size === 0 && unseen.size > 0;
	const isBlind = isNobodySeen || unseen.size > limit;
	const leftAlone = new Set([...held.map(({ customer }) => customer), ...(isBlind ? unseen : [])]);

	const appended = correctionsFor(corrections, leftAlone, ownersOf);
	const corrected = new Set(appended.flatMap((event) => concernedBy(event, ownersOf)));
	const toApply = preview.filter(
		({ customer, outcome }) =>
			(outcome === 'would change' || outcome === 'failed') &&
			!leftAlone.has(customer) &&
			!corrected.has(customer),
	);
	const newlyHeld = held.filter((one) => heldBefore.get(one.customer) !== lossOf(one));
	const letThrough = losing.filter(
		({ customer }) => heldBefore.has(customer) && !leftAlone.has(customer),
	);
	const isComplete = failures.length === 0 && seen.size > 0;
	const losers = new Set(losing.map(({ customer }) => customer));
	const recovered = heldRows.filter(
		({ customer }) => isComplete && seen.has(customer) && !losers.has(customer),
	);

	const own = (event: OwnEvent, who: HeldRow, reason: string, actor: string | null = null) =>
		ownEvent({ event, who, reason, actor }, { at, run });
	const actor = confirmed?.actor ?? null;
	const alert = alertOf({ input, failed, held, withAccess, unseen, isBlind, isNobodySeen });
	const counts = {
		customers: preview.length,
		with_access: withAccess,
		not_seen: unseen.size,
		corrections: appended.length,
		apply_requested: toApply.length,
		held: held.length,
		let_through: letThrough.length,
		nothing_to_lose: recovered.length,
	};
	return {
		events: [
			...appended.map((event) => eventRow(event, { at, source: 'reconcile' })),
			...toApply.map((one) => own('apply.requested', one, whyApply(one))),
			...newlyHeld.map((one) => own('changes.held', one, lossOf(one))),
			...letThrough.map((one) => own('changes.confirmed', one, lossOf(one), actor)),
			...recovered.map((row) => own('changes.confirmed', row, 'nothing to lose any more', actor)),
		],
		alert,
		summary: { summary: summarize(counts), ...counts },
	};
}

/** The servers whose access would go, also where the panel takes no changes now: it will some day. */
function serversLost({
	changes = [],
	blocked = [],
	had = [],
	plan = [],
}: GuardedCustomer): string[] {
	const taken = changes
		.filter(({ what }) => what === 'access taken')
		.map(({ server }) => server ?? '');
	const later = blocked
		.filter(({ server_id: id }) => had.some((one) => one.server_id === id))
		.filter(({ server_id: id }) => !plan.some((one) => one.server_id === id))
		.map(({ server }) => server);
	return [...new Set([...taken, ...later])].sort();
}

const isLosing = (one: GuardedCustomer): boolean => serversLost(one).length > 0;

const lossOf = (one: GuardedCustomer): string => `${WOULD_LOSE}${serversLost(one).join(', ')}`;

const whyApply = ({ summary, error }: GuardedCustomer): string =>
	(summary ?? error ?? '').slice(0, LONGEST_REASON);

/** Whether everything that they lose was told before. A server's name may contain a comma. */
function wasTold(one: GuardedCustomer, told = ''): boolean {
	const servers = told.replace(WOULD_LOSE, '').split(', ');
	return serversLost(one)
		.join(', ')
		.split(', ')
		.every((server) => servers.includes(server));
}

/** Returns the customers that an event may belong to: one without an id is anybody's with its address. */
function ownersBy(preview: GuardedCustomer[]): (event: Correction) => string[] {
	const byEmail = new Map<string, string[]>();
	for (const { customer, customer_email: email } of preview) {
		if (email) byEmail.set(email, [...(byEmail.get(email) ?? []), customer]);
	}
	return ({ customer_id: id, customer_email: email }) => {
		if (id) return [`customer:${id}`];
		return byEmail.get(email ?? '') ?? [`email:${email ?? ''}`];
	};
}

function concernedBy(event: Correction, ownersOf: (event: Correction) => string[]): string[] {
	const { previous_customer_id: previous } = event;
	return [...ownersOf(event), ...(previous ? [`customer:${previous}`] : [])];
}

/**
 * The corrections that concern nobody who is left alone. Those of one subscription stay together: an
 * event of the past names the new owner too, but not the previous one.
 */
function correctionsFor(
	corrections: Correction[],
	leftAlone: Set<string>,
	ownersOf: (event: Correction) => string[],
): Correction[] {
	const kept = new Set(
		corrections
			.filter((event) => concernedBy(event, ownersOf).some((customer) => leftAlone.has(customer)))
			.map(({ subscription_id: id }) => id),
	);
	return corrections.filter(({ subscription_id: id }) => !kept.has(id));
}

type OwnEvent = 'apply.requested' | 'changes.held' | 'changes.confirmed';

/**
 * An event of this run. It names the address only of those without an id: the address in the preview
 * may come from a correction that is not appended.
 */
function ownEvent(
	said: { event: OwnEvent; who: HeldRow; reason: string; actor: string | null },
	{ at, run }: { at: string; run: string },
) {
	const { event, who, reason, actor } = said;
	const id = who.customer_id || null;
	return eventRow(
		{
			event_id: `reconcile-${run}-${event}-${who.customer}`,
			event,
			customer_id: id,
			customer_email: id ? null : (who.customer_email ?? null),
			reason,
			actor,
		},
		{ at, source: 'reconcile' },
	);
}

function alertOf(told: {
	input: GuardInput;
	failed: GuardedCustomer[];
	held: GuardedCustomer[];
	withAccess: number;
	unseen: Set<string>;
	isBlind: boolean;
	isNobodySeen: boolean;
}): Guarded['alert'] {
	const { input, failed, held, withAccess, unseen, isBlind, isNobodySeen } = told;
	const [firstFailed] = failed;
	const [failure] = input.failures;
	const why = firstFailed?.error ? `: ${firstFailed.error}` : '';
	const happened = [
		...(held.length > 0
			? [
					`${held.length} of ${withAccess} customers with access would lose servers, so nothing was taken from them`,
				]
			: []),
		...(isNobodySeen ? [`Nobody could be looked at${why}`] : []),
		...(isBlind && !isNobodySeen
			? [`${unseen.size} customers could not be looked at, so nothing was done about them${why}`]
			: []),
		...(failure ? [`Paymenter could not be compared: ${text(failure.error)}`] : []),
		...(held.length > 0 ? [`It is about ${namesOf(held)}`] : []),
	];
	const toDo = [
		...(held.length > 0
			? [`If these losses are right, open ${input.formUrl} and confirm them`]
			: []),
		...(isBlind && firstFailed?.advice ? [firstFailed.advice] : []),
		...(failure ? [text(failure.details?.advice)] : []),
	];
	return happened.length > 0
		? { what_happened: sentences(happened), what_to_do: sentences(toDo) }
		: null;
}

function namesOf(held: GuardedCustomer[]): string {
	const names = held
		.slice(0, MOST_NAMES)
		.map((one) => `${nameOf(one)} (${lossOf(one)}; ${one.summary ?? ''})`);
	const rest = held.length - names.length;
	return `${names.join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const nameOf = ({ customer_email: email, customer_id: id }: GuardedCustomer): string =>
	email ?? `customer ${id ?? ''}`;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const sentences = (parts: string[]): string =>
	parts
		.filter((part) => part !== '')
		.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
		.join(' ');

function summarize(counts: Omit<GuardSummary, 'summary'>): string {
	return [
		`${counts.customers} customers looked at`,
		`${counts.corrections} corrections appended`,
		`${counts.apply_requested} to apply again`,
		...(counts.held > 0 ? [`${counts.held} held back`] : []),
		...(counts.let_through > 0 ? [`${counts.let_through} let through`] : []),
		...(counts.not_seen > 0 ? [`${counts.not_seen} not looked at`] : []),
	].join(', ');
}
