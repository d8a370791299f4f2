import { createHash } from 'crypto';

import { BILLING_EVENTS, OPERATOR_EVENTS, STATUSES, isOneOf } from './event';
import { idOrNull } from '../ids';
import type { Entitlement, LogEvent } from '../entitlement/entitlement';

/** What a search in the log can be done by. A key item has one of them, a call to apply has more. */
export interface LogKey {
	customer_id?: string | null;
	customer_email?: string | null;
	subscription_id?: string | null;
}

const EVENTS = [...BILLING_EVENTS, ...OPERATOR_EVENTS] as const;

export class InvalidRow extends Error {}

/**
 * A row of the event log as an event. In a row an empty text means "not said" and null means what
 * it says; an event straight from the trigger leaves out what was not said.
 * Throws `InvalidRow` naming the column.
 */
export function readRow(row: Record<string, unknown>): LogEvent {
	const type = text(row, 'event');
	if (!type || !isOneOf(EVENTS, type)) throw new InvalidRow(`"event" is ${JSON.stringify(type)}`);
	const status = text(row, 'status');
	if (status !== null && !isOneOf(STATUSES, status)) {
		throw new InvalidRow(`"status" is ${JSON.stringify(status)}`);
	}
	const occurredAt = moment(row, 'occurred_at');
	if (!occurredAt) throw new InvalidRow('"occurred_at" is missing');
	const id = text(row, 'event_id');
	if (!id) throw new InvalidRow('"event_id" is missing');
	const subscription = text(row, 'subscription_id');
	if (!subscription && isOneOf(BILLING_EVENTS, type)) {
		throw new InvalidRow('"subscription_id" is missing');
	}
	return {
		event_id: id,
		event: type,
		occurred_at: occurredAt,
		state_at: moment(row, 'state_at') ?? occurredAt,
		subscription_id: subscription ?? '',
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
		override_until: dateOrMoment(row, 'override_until'),
		reason: text(row, 'reason'),
		actor: text(row, 'actor'),
	};
}

/** Every key under which more events of these customers could be found. */
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

/** The keys that no search was done by yet. */
export function unread(keys: LogKey[], searches: LogKey[]): LogKey[] {
	return keys.filter(
		(key) =>
			!searches.some((search) =>
				(Object.keys(key) as Array<keyof LogKey>).every(
					(column) => String(search[column] ?? '').toLowerCase() === key[column]?.toLowerCase(),
				),
			),
	);
}

/** The same for entitlements that are the same in all that is acted upon or shown. */
export function versionOf(entitlements: Entitlement[]): string {
	return createHash('sha256').update(JSON.stringify(entitlements)).digest('hex').slice(0, 16);
}

function text(row: Record<string, unknown>, column: string): string | null {
	const value = row[column];
	if (value === undefined || value === null || value === '') return null;
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw new InvalidRow(`"${column}" is no text`);
	}
	return String(value);
}

function moment(row: Record<string, unknown>, column: string): string | null {
	const value = row[column] instanceof Date ? row[column].toISOString() : text(row, column);
	if (value === null) return null;
	const at = new Date(value);
	if (Number.isNaN(at.getTime())) throw new InvalidRow(`"${column}" is no moment: ${value}`);
	return at.toISOString();
}

function date(row: Record<string, unknown>, column: string): string | null | undefined {
	const value = row[column];
	if (value === undefined || value === '') return undefined;
	if (value === null) return null;
	if (typeof value !== 'string' || !isDate(value)) {
		throw new InvalidRow(`"${column}" is no date like 2026-05-31: ${JSON.stringify(value)}`);
	}
	return value;
}

/** A boolean column has no way to leave a value out but null. */
function flag(row: Record<string, unknown>, column: string): boolean | undefined {
	const value = row[column] ?? '';
	if (value === '') return undefined;
	if (typeof value !== 'boolean') throw new InvalidRow(`"${column}" is neither true nor false`);
	return value;
}

function dateOrMoment(row: Record<string, unknown>, column: string): string | null {
	const value = text(row, column);
	return value !== null && isDate(value) ? value : moment(row, column);
}

/** A date that the calendar has; 30 February is not one. */
function isDate(text: string): boolean {
	const at = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
