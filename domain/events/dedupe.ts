import { compare } from '../text';
import { BILLING_EVENTS, OPERATOR_EVENTS, type LogEvent } from './event';

/** Identical bodies without an id count once within this time. */
const SAME_BODY_MS = 10 * 60 * 1000;

const RANK: readonly string[] = [...BILLING_EVENTS, ...OPERATOR_EVENTS];

/** Sorts by timestamp, then type as in `BILLING_EVENTS`, then ids; content decides between repeats. */
export function sortEvents(events: LogEvent[]): LogEvent[] {
	return [...events].sort(
		(a, b) =>
			compare(a.occurred_at, b.occurred_at) ||
			RANK.indexOf(a.event) - RANK.indexOf(b.event) ||
			compare(a.event_id, b.event_id) ||
			compare(a.subscription_id, b.subscription_id) ||
			compare(a.state_at, b.state_at) ||
			compare(JSON.stringify(a), JSON.stringify(b)),
	);
}

/**
 * Drops repeats: of all events with the same id and subscription, the one with the newest `state_at`
 * counts. An id made from the body returns whenever somebody sends the same body again: there the
 * first one counts, and another one only after 10 minutes.
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
	// If `state_at` is equal, the content decides, so that the order of arrival does not matter.
	const sorted = [...group].sort(
		(a, b) => compare(a.state_at, b.state_at) || compare(JSON.stringify(a), JSON.stringify(b)),
	);
	// Without `occurred_at` in the payload the arrival is used: that of the first delivery.
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
