import { BILLING_EVENTS, OPERATOR_EVENTS, STATUSES, isOneOf, type LoggedEvent } from './event';
import { readProperties, type CustomerProperties } from './customerProperties';
import { idOrNull } from '../ids';
import type { LogEvent } from '../entitlement/entitlement';

/** What to search the log by: one key or several. */
export interface LogKey {
	customer_id?: string | null;
	customer_email?: string | null;
	subscription_id?: string | null;
}

const EVENTS = [...BILLING_EVENTS, ...OPERATOR_EVENTS] as const;

export class InvalidRow extends Error {}

/**
 * Reads a row of the event log. In a row, an empty string means "unknown" and null means null; an
 * event straight from the trigger leaves unknown fields out.
 * Throws `InvalidRow`, which names the column.
 */
export function readRow(row: Record<string, unknown>): LogEvent {
	const type = text(row, 'event');
	if (!type || !isOneOf(EVENTS, type))
		throw new InvalidRow(`Unknown "event": ${JSON.stringify(type)}`);
	const status = text(row, 'status');
	if (status !== null && !isOneOf(STATUSES, status)) {
		throw new InvalidRow(`Unknown "status": ${JSON.stringify(status)}`);
	}
	const occurredAt = moment(row, 'occurred_at') ?? missing('occurred_at');
	const isCustomers = type === 'customer.updated';
	const isBilling = isOneOf(BILLING_EVENTS, type);
	return {
		event_id: text(row, 'event_id') ?? missing('event_id'),
		event: type,
		occurred_at: occurredAt,
		state_at: moment(row, 'state_at') ?? occurredAt,
		subscription_id: isCustomers
			? ''
			: (text(row, 'subscription_id') ?? (isBilling ? missing('subscription_id') : '')),
		customer_id: idOrNull(text(row, 'customer_id')),
		customer_email: text(row, 'customer_email')?.toLowerCase() ?? null,
		customer_name: text(row, 'customer_name'),
		previous_email: text(row, 'previous_email')?.toLowerCase() ?? null,
		previous_customer_id: idOrNull(text(row, 'previous_customer_id')),
		product_id: text(row, 'product_id'),
		tier: text(row, 'tier'),
		status,
		paid_until: date(row, 'paid_until'),
		is_overdue: flag(row, 'is_overdue'),
		ends_at: date(row, 'ends_at'),
		hold_until: date(row, 'hold_until'),
		customer_properties: properties(row),
		override_until: dateOrMoment(row, 'override_until'),
		reason: text(row, 'reason'),
		actor: text(row, 'actor'),
		...(row.recorded ? { recorded: text(row, 'recorded') ?? '' } : {}),
	};
}

function missing(column: string): never {
	throw new InvalidRow(`"${column}" is missing`);
}

/**
 * An event as a row of the event log with every column present: `''` and, for a boolean, null mean
 * "unknown".
 */
export function rowOf<Event extends LoggedEvent>(event: Event) {
	const { paid_until = '', is_overdue = null, ends_at = '', hold_until = '' } = event;
	const { customer_properties: known } = event;
	const customer_properties = known ? JSON.stringify(known) : '';
	return { ...event, paid_until, is_overdue, ends_at, hold_until, customer_properties };
}

/** Every key that may lead to further events of these customers. */
export function keysOf(events: LogEvent[]): LogKey[] {
	const keys = new Map<string, LogKey>();
	const add = (column: keyof LogKey, value: string | null) => {
		if (value) keys.set(`${column}:${value}`, { [column]: value });
	};
	for (const event of events) {
		add('customer_id', event.customer_id);
		add('customer_id', event.previous_customer_id);
		add('customer_email', event.customer_email);
		add('customer_email', event.previous_email);
		add('subscription_id', event.subscription_id);
	}
	return [...keys.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

/**
 * What to search the log by so that no event of these customers and subscriptions is missed; empty if
 * everything was searched for. All keys, because a search returns all rows anew.
 */
export function searchesFor(events: LogEvent[], searched: LogKey[]): LogKey[] {
	const known = new Set(searched.flatMap(textsOf));
	const keys = keysOf(events);
	return keys.every((key) => textsOf(key).every((text) => known.has(text))) ? [] : keys;
}

/** A key as text; addresses in any letter case are the same. */
const textsOf = (key: LogKey): string[] =>
	Object.entries(key).flatMap(([column, value]) =>
		value ? [`${column} ${String(value).toLowerCase()}`] : [],
	);

function text(row: Record<string, unknown>, column: string): string | null {
	const value = row[column];
	if (value === undefined || value === null || value === '') return null;
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw new InvalidRow(`"${column}" must be a string or a number`);
	}
	return String(value);
}

function moment(row: Record<string, unknown>, column: string): string | null {
	const value = row[column] instanceof Date ? row[column].toISOString() : text(row, column);
	if (value === null) return null;
	const at = new Date(value);
	if (Number.isNaN(at.getTime()))
		throw new InvalidRow(`Invalid timestamp in "${column}": ${value}`);
	return at.toISOString();
}

function date(row: Record<string, unknown>, column: string): string | null | undefined {
	const value = row[column];
	if (value === undefined || value === '') return undefined;
	if (value === null) return null;
	if (typeof value !== 'string' || !isDate(value)) {
		throw new InvalidRow(
			`Invalid date in "${column}": ${JSON.stringify(value)} (expected a date such as 2026-05-31)`,
		);
	}
	return value;
}

/** A boolean column can express "unknown" only as null. */
function flag(row: Record<string, unknown>, column: string): boolean | undefined {
	const value = row[column] ?? '';
	if (value === '') return undefined;
	if (typeof value !== 'boolean') throw new InvalidRow(`"${column}" must be true or false`);
	return value;
}

/** An object, or its JSON. */
function properties(row: Record<string, unknown>): CustomerProperties | undefined {
	const value = row.customer_properties ?? '';
	if (value === '') return undefined;
	const said = typeof value === 'string' ? parsed(value) : value;
	return readProperties(said, (key, why) => {
		throw new InvalidRow(`"customer_properties": ${key === null ? why : `${key} ${why}`}`);
	});
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return null;
	}
}

function dateOrMoment(row: Record<string, unknown>, column: string): string | null {
	const value = text(row, column);
	return value !== null && isDate(value) ? value : moment(row, column);
}

/** Whether this is a date that exists; 30 February does not. */
function isDate(text: string): boolean {
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
