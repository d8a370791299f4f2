import { eventRow } from '../events/append';
import type { ReadRow } from '../tables';
import type { Correction } from './corrections';
import { isLosing, lossOf, wasTold, type GuardedCustomer } from './loss';
import { lossAlert } from './lossAlert';
import {
	isWaiting,
	lastRetry,
	newSubusersOf,
	sayNew,
	sayWaiting,
	type NewSubusers,
	type WaitingRow,
} from './waiting';

export type HeldRow = { customer: string } & Pick<
	ReadRow<'paymenter_customers'>,
	'customer_id' | 'customer_email' | 'held_changes'
>;

export interface GuardInput {
	/** Everybody, as they would be with all corrections appended. */
	preview: GuardedCustomer[];
	/** What Compare found; none of it is in the log yet. */
	corrections: Correction[];
	rows: Array<HeldRow & WaitingRow>;
	/** Why Paymenter could not be compared; empty: it was. */
	failures: Array<{ error?: unknown; details?: { advice?: unknown } }>;
	/** Ask again for those, too, who wait for the panel's limit: somebody may have raised it. */
	hurries: boolean;
	/** The operator who confirmed the losses that are held; null: nobody. */
	confirmed: { actor: string } | null;
	at: string;
	/** The execution: the ids of its events are unique to it. */
	run: string;
	formUrl: string;
}

interface Counts {
	customers: number;
	with_access: number;
	not_seen: number;
	corrections: number;
	apply_requested: number;
	/** Left out: what they lack waits for the panel's limit on new subusers. */
	waiting: number;
	/** When the last of them is tried. */
	waiting_until: string | null;
	new_subusers: NewSubusers[];
	/** Held back now. */
	held: number;
	/** Held back before, and let through now. */
	let_through: number;
	/** Held back before, and nothing is left to lose. */
	nothing_to_lose: number;
}

export type GuardSummary = Counts & { summary: string };

export type Guarded = ReturnType<typeof guardLosses>;

/** A run takes servers from no more than this share of those with access, or from 3. */
const MOST_LOSERS = 0.05;
const ALWAYS_ALLOWED = 3;
const LONGEST_REASON = 300;

/**
 * Decides what the nightly run may append. If too many customers would lose a server at once, or could
 * not be looked at, nothing about them is appended: the next minute would apply it. An operator
 * confirms the losses that were told.
 * @returns rows for `paymenter_events`, what people are told, and a summary
 */
export function guardLosses(input: GuardInput) {
	const { corrections, failures, confirmed, hurries, at, run } = input;
	const preview = [...input.preview].sort((a, b) => (a.customer < b.customer ? -1 : 1));
	const failed = preview.filter(({ outcome }) => outcome === 'failed');
	const seen = new Set(preview.flatMap((one) => (one.outcome === 'failed' ? [] : [one.customer])));
	const ownersOf = ownersBy(preview);
	const unseen = new Set(
		[...failed.map(({ customer }) => customer), ...corrections.flatMap(ownersOf)].filter(
			(customer) => !seen.has(customer),
		),
	);
	const rowsBy = new Map(input.rows.map((row) => [row.customer, row]));
	const heldRows = input.rows.filter(({ held_changes: held }) => held);
	const heldBefore = new Map(heldRows.map((row) => [row.customer, row.held_changes ?? '']));

	const losing = preview.filter(isLosing);
	const unconfirmed = confirmed
		? losing.filter((one) => !wasTold(one, heldBefore.get(one.customer)))
		: losing;
	const withAccess = preview.filter(({ has_access: has }) => has).length;
	const limit = Math.max(ALWAYS_ALLOWED, withAccess * MOST_LOSERS);
	const held = unconfirmed.length > limit ? unconfirmed : [];
	// Who could not be looked at may lose as well, and who was held before surely would.
	const isNobodySeen = seen.size === 0 && unseen.size > 0;
	const isBlind = isNobodySeen || unseen.size > limit;
	const leftAlone = new Set([
		...held.map(({ customer }) => customer),
		...[...unseen].filter((customer) => isBlind || heldBefore.has(customer)),
	]);

	const appended = correctionsFor(corrections, leftAlone, ownersOf);
	const corrected = new Set(appended.flatMap((event) => concernedBy(event, ownersOf)));
	const different = preview.filter(
		({ customer, outcome }) =>
			(outcome === 'would change' || outcome === 'failed') &&
			!leftAlone.has(customer) &&
			!corrected.has(customer),
	);
	const waiting = hurries
		? []
		: different.filter((one) => isWaiting(one, rowsBy.get(one.customer)));
	const toApply = different.filter((one) => !waiting.includes(one));
	const newlyHeld = held.filter((one) => heldBefore.get(one.customer) !== lossOf(one));
	const letThrough = losing.filter(
		({ customer }) => heldBefore.has(customer) && !leftAlone.has(customer),
	);
	const losers = new Set(losing.map(({ customer }) => customer));
	const recovered = heldRows.filter(
		({ customer }) => failures.length === 0 && seen.has(customer) && !losers.has(customer),
	);

	/** It names the address only of those without an id: a previewed one may come from a correction that is kept. */
	const own = (
		event: 'apply.requested' | 'changes.held' | 'changes.confirmed',
		{ customer, customer_id, customer_email }: HeldRow,
		reason: string,
		actor: string | null = null,
	) =>
		eventRow(
			{
				event_id: `reconcile-${run}-${event}-${customer}`,
				event,
				customer_id: customer_id || null,
				customer_email: customer_id ? null : (customer_email ?? null),
				reason,
				actor,
			},
			{ at, source: 'reconcile' },
		);
	const actor = confirmed?.actor ?? null;
	const counts: Counts = {
		customers: preview.length,
		with_access: withAccess,
		not_seen: unseen.size,
		corrections: appended.length,
		apply_requested: toApply.length,
		waiting: waiting.length,
		waiting_until: lastRetry(waiting.flatMap(({ customer }) => rowsBy.get(customer) ?? [])),
		new_subusers: newSubusersOf(toApply, at),
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
		alert: lossAlert({ input, failed, held, withAccess, unseen, isBlind, isNobodySeen }),
		summary: { summary: summarize(counts), ...counts },
	};
}

const whyApply = ({ summary, error }: GuardedCustomer): string =>
	(summary ?? error ?? '').slice(0, LONGEST_REASON);

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
			.map(aboutOf),
	);
	return corrections.filter((event) => !kept.has(aboutOf(event)));
}

/** Those of customers stand for themselves. */
const aboutOf = ({ subscription_id: id, event_id }: Correction): string => id || event_id;

function summarize(counts: Counts): string {
	return [
		`${counts.customers} customers looked at`,
		`${counts.corrections} corrections appended`,
		`${counts.apply_requested} to apply again`,
		counts.waiting_until && sayWaiting(counts.waiting, counts.waiting_until),
		...counts.new_subusers.map(sayNew),
		counts.held > 0 && `${counts.held} held back`,
		counts.let_through > 0 && `${counts.let_through} let through`,
		counts.not_seen > 0 && `${counts.not_seen} not looked at`,
	]
		.filter((part) => part)
		.join(', ');
}
