import { BILLING_EVENTS, OPERATOR_EVENTS } from './event';
import type { LogEvent } from '../entitlement/entitlement';

/** An identical body without an id counts once within this time. */
const SAME_BODY_MS = 10 * 60 * 1000;

const RANK: readonly string[] = [...BILLING_EVENTS, ...OPERATOR_EVENTS];

/** By the moment, then by kind (created < updated < failed < succeeded < cancelled), then by ids. */
export function sortEvents(events: LogEvent[]): LogEvent[] {
	return [...events].sort(
		(a, b) =>
			compare(a.occurred_at, b.occurred_at) ||
			RANK.indexOf(a.event) - RANK.indexOf(b.event) ||
			compare(a.event_id, b.event_id) ||
			compare(a.subscription_id, b.subscription_id),
	);
}

/**
 * Drops repeats: of the events with one id and subscription the one whose state was read last
 * counts. Ids made from a body come back whenever somebody sends the same again; there the first
 * counts, and others only after 10 minutes.
 */
export function dedupe(events: LogEvent[]): LogEvent[] {
	const groups = new Map<string, LogEvent[]>();
	for (const event of events) {
		const about = event.subscription_id || [event.customer_id, event.customer_email];
		const key = JSON.stringify([event.event_id, about]);
		groups.set(key, [...(groups.get(key) ?? []), event]);
	}
	return [...groups.values()].flatMap((group) =>
		group[0]?.event_id.startsWith('body-') ? spacedOut(group) : newest(group),
	);
}

function newest(group: LogEvent[]): LogEvent[] {
	// Where two were read at the same moment, their content decides and not their arrival.
	const sorted = [...group].sort(
		(a, b) => compare(a.state_at, b.state_at) || compare(JSON.stringify(a), JSON.stringify(b)),
	);
	// When nobody said when it happened, the arrival stands for it: of the first delivery.
	const occurredAt = group.map(({ occurred_at }) => occurred_at).sort()[0] ?? '';
	return sorted.slice(-1).map((event) => ({ ...event, occurred_at: occurredAt }));
}

function spacedOut(group: LogEvent[]): LogEvent[] {
	const counted: LogEvent[] = [];
	for (const event of sortEvents(group)) {
		const last = counted.at(-1);
		const gap = last ? Date.parse(event.occurred_at) - Date.parse(last.occurred_at) : Infinity;
		if (gap > SAME_BODY_MS) counted.push(event);
	}
	return counted;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
