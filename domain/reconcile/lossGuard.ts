import type { PreviewItem } from '../access/preview';
import { eventRow } from '../events/append';
import type { ReadRow } from '../tables';
import type { Correction } from './corrections';
import { isLosing, lossAlert, lossOf, wasTold } from './losses';
import { isWaiting, lastRetry, newSubusersOf, sayNew, sayWaiting } from './waiting';

export type StoredRow = { customer: string } & ReadRow<'paymenter_customers'>;

type Who = Pick<StoredRow, 'customer' | 'customer_id' | 'customer_email'>;

export interface GuardInput {
	/** Everybody, as they would be with all corrections appended. */
	preview: PreviewItem[];
	/** What Compare found; none of it is in the log yet. */
	corrections: Correction[];
	rows: StoredRow[];
	/** Why Paymenter could not be compared; empty: it was. */
	failures: Array<{ error?: string; details?: { advice?: string } }>;
	/** Ask again for those, too, who wait for the panel's limit: somebody may have raised it. */
	hurries: boolean;
	/** The operator who confirmed the losses that are held; null: nobody. */
	confirmed: { actor: string } | null;
	at: string;
	/** The execution: the ids of its events are unique to it. */
	run: string;
	formUrl: string;
}

export type Guarded = ReturnType<typeof guardLosses>;
export type Judgement = ReturnType<typeof judge>;

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
	const judgement = judge(input);
	const { preview, losing, held, heldBefore, leftAlone, ownersOf } = judgement;

	const appended = correctionsFor(corrections, leftAlone, ownersOf);
	const corrected = new Set(appended.flatMap((event) => concernedBy(event, ownersOf)));
	const different = preview.filter(
		({ customer, outcome }) =>
			(outcome === 'would change' || outcome === 'failed') &&
			!leftAlone.has(customer) &&
			!corrected.has(customer),
	);
	const rowsBy = new Map(input.rows.map((row) => [row.customer, row]));
	const waiting = different.filter((one) => !hurries && isWaiting(one, rowsBy.get(one.customer)));
	const toApply = different.filter((one) => !waiting.includes(one));
	const newlyHeld = held.filter(
		(one) => heldBefore.get(one.customer)?.held_changes !== lossOf(one),
	);
	const letThrough = losing.filter(
		({ customer }) => heldBefore.has(customer) && !leftAlone.has(customer),
	);
	const losers = new Set(losing.map(({ customer }) => customer));
	const recovered = [...heldBefore.values()].filter(
		({ customer }) =>
			failures.length === 0 && judgement.seen.has(customer) && !losers.has(customer),
	);

	/** It names the address only of those without an id: a previewed one may come from a correction that is kept. */
	const own = (
		event: 'apply.requested' | 'changes.held' | 'changes.confirmed',
		{ customer, customer_id, customer_email }: Who,
		reason: string,
	) =>
		eventRow(
			{
				event_id: `reconcile-${run}-${event}-${customer}`,
				event,
				customer_id: customer_id || null,
				customer_email: customer_id ? null : (customer_email ?? null),
				reason,
				actor: event === 'changes.confirmed' ? (confirmed?.actor ?? null) : null,
			},
			{ at, source: 'reconcile' },
		);
	const counts = {
		customers: preview.length,
		with_access: judgement.withAccess,
		not_seen: judgement.unseen.size,
		corrections: appended.length,
		apply_requested: toApply.length,
		/** Left out: what they lack waits for the panel's limit on new subusers. */
		waiting: waiting.length,
		/** When the last of them is tried. */
		waiting_until: lastRetry(waiting.flatMap(({ customer }) => rowsBy.get(customer) ?? [])),
		new_subusers: newSubusersOf(toApply, at),
		held: held.length,
		/** Held back before, and let through now. */
		let_through: letThrough.length,
		/** Held back before, and nothing is left to lose. */
		nothing_to_lose: recovered.length,
	};
	const parts = [
		`${counts.customers} customers looked at`,
		`${counts.corrections} corrections appended`,
		`${counts.apply_requested} to apply again`,
		counts.waiting_until && sayWaiting(counts.waiting, counts.waiting_until),
		...counts.new_subusers.map(sayNew),
		counts.held > 0 && `${counts.held} held back`,
		counts.let_through > 0 && `${counts.let_through} let through`,
		counts.not_seen > 0 && `${counts.not_seen} not looked at`,
	];
	return {
		events: [
			...appended.map((event) => eventRow(event, { at, source: 'reconcile' })),
			...toApply.map((one) => {
				const why = one.summary ?? one.error ?? '';
				return own('apply.requested', one, why.slice(0, LONGEST_REASON));
			}),
			...newlyHeld.map((one) => own('changes.held', one, lossOf(one))),
			...letThrough.map((one) => own('changes.confirmed', one, lossOf(one))),
			...recovered.map((row) => own('changes.confirmed', row, 'nothing to lose any more')),
		],
		alert: lossAlert(judgement, input),
		summary: { summary: parts.filter(Boolean).join(', '), ...counts },
	};
}

/** Who would lose a server, and about whom nothing may be done. */
function judge({ corrections, rows, confirmed, ...input }: GuardInput) {
	const preview = [...input.preview].sort((a, b) => (a.customer < b.customer ? -1 : 1));
	const failed = preview.filter(({ outcome }) => outcome === 'failed');
	const seen = new Set(preview.flatMap((one) => (one.outcome === 'failed' ? [] : one.customer)));
	const ownersOf = ownersBy(preview);
	const unseen = new Set(
		[...failed.map(({ customer }) => customer), ...corrections.flatMap(ownersOf)].filter(
			(customer) => !seen.has(customer),
		),
	);
	const heldRows = rows.filter(({ held_changes: held }) => held);
	const heldBefore = new Map(heldRows.map((row) => [row.customer, row]));

	const losing = preview.filter(isLosing);
	const unconfirmed = losing.filter(
		(one) => !confirmed || !wasTold(one, heldBefore.get(one.customer)?.held_changes ?? ''),
	);
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
	return {
		...{ preview, failed, seen, unseen, isNobodySeen, isBlind, withAccess },
		...{ losing, held, heldBefore, leftAlone, ownersOf },
	};
}

/** Returns the customers that an event may belong to: one without an id is anybody's with its address. */
function ownersBy(preview: PreviewItem[]): (event: Correction) => string[] {
	const byEmail = new Map<string, string[]>();
	for (const { customer, customer_email: email } of preview) {
		if (email) byEmail.set(email, [...(byEmail.get(email) ?? []), customer]);
	}
	return ({ customer_id: id, customer_email: email }) =>
		id ? [`customer:${id}`] : (byEmail.get(email ?? '') ?? [`email:${email ?? ''}`]);
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
	// Those of customers stand for themselves.
	const aboutOf = ({ subscription_id: id, event_id }: Correction) => id || event_id;
	const kept = new Set(
		corrections
			.filter((event) => concernedBy(event, ownersOf).some((customer) => leftAlone.has(customer)))
			.map(aboutOf),
	);
	return corrections.filter((event) => !kept.has(aboutOf(event)));
}
