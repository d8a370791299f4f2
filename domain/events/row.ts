import { BILLING_EVENTS, OPERATOR_EVENTS, STATUSES, isOneOf, type LogEvent } from './event';
import { readProperties, type CustomerProperties } from './customerProperties';
import { isDate } from '../dates';
import { idOrNull } from '../ids';
import { parseJson } from '../json';

const EVENTS = [...BILLING_EVENTS, ...OPERATOR_EVENTS] as const;

export class InvalidRow extends Error {}

/**
 * Reads a row of the event log. In a row, an empty string means "unknown" and null means null; an
 * event straight from the trigger leaves unknown fields out.
 * Throws `InvalidRow`, which names the column.
 */
export function readRow(row: Record<string, unknown>): LogEvent {
	const value = <T>(column: string, reader: (value: unknown, column: string) => T): T =>
		reader(row[column], column);
	const type = value('event', text);
	if (!type || !isOneOf(EVENTS, type))
		throw new InvalidRow(`Unknown "event": ${JSON.stringify(type)}`);
	const status = value('status', text);
	if (status !== null && !isOneOf(STATUSES, status)) {
		throw new InvalidRow(`Unknown "status": ${JSON.stringify(status)}`);
	}
	const occurredAt = value('occurred_at', moment) ?? missing('occurred_at');
	const isCustomers = type === 'customer.updated';
	const isBilling = isOneOf(BILLING_EVENTS, type);
	return {
		event_id: value('event_id', text) ?? missing('event_id'),
		event: type,
		occurred_at: occurredAt,
		state_at: value('state_at', moment) ?? occurredAt,
		subscription_id: isCustomers
			? ''
			: (value('subscription_id', text) ?? (isBilling ? missing('subscription_id') : '')),
		customer_id: idOrNull(value('customer_id', text)),
		customer_email: value('customer_email', text)?.toLowerCase() ?? null,
		customer_name: value('customer_name', text),
		previous_email: value('previous_email', text)?.toLowerCase() ?? null,
		previous_customer_id: idOrNull(value('previous_customer_id', text)),
		product_id: value('product_id', text),
		tier: value('tier', text),
		status,
		paid_until: value('paid_until', date),
		is_overdue: value('is_overdue', flag),
		ends_at: value('ends_at', date),
		hold_until: value('hold_until', date),
		customer_properties: value('customer_properties', properties),
		override_until: value('override_until', dateOrMoment),
		reason: value('reason', text),
		actor: value('actor', text),
		...(row.recorded ? { recorded: value('recorded', text) ?? '' } : {}),
	};
}

function missing(column: string): never {
	throw new InvalidRow(`"${column}" is missing`);
}

function text(value: unknown, column: string): string | null {
	if (value === undefined || value === null || value === '') return null;
	if (typeof value !== 'string' && typeof value !== 'number') {
		throw new InvalidRow(`"${column}" must be a string or a number`);
	}
	return String(value);
}

function moment(value: unknown, column: string): string | null {
	const said = value instanceof Date ? value.toISOString() : text(value, column);
	if (said === null) return null;
	const at = new Date(said);
	if (Number.isNaN(at.getTime())) throw new InvalidRow(`Invalid timestamp in "${column}": ${said}`);
	return at.toISOString();
}

function date(value: unknown, column: string): string | null | undefined {
	if (value === undefined || value === '') return undefined;
	if (value === null || (typeof value === 'string' && isDate(value))) return value;
	throw new InvalidRow(
		`Invalid date in "${column}": ${JSON.stringify(value)} (expected a date such as 2026-05-31)`,
	);
}

function dateOrMoment(value: unknown, column: string): string | null {
	const said = text(value, column);
	return said !== null && isDate(said) ? said : moment(value, column);
}

/** A boolean column can express "unknown" only as null. */
function flag(value: unknown, column: string): boolean | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value !== 'boolean') throw new InvalidRow(`"${column}" must be true or false`);
	return value;
}

/** An object, or its JSON. */
function properties(value: unknown): CustomerProperties | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const said = typeof value === 'string' ? parseJson(value) : value;
	return readProperties(said, (key, why) => {
		throw new InvalidRow(`"customer_properties": ${key === null ? why : `${key} ${why}`}`);
	});
}

/**
 * An event as a row of the event log with every column present: `''` and, for a boolean, null mean
 * "unknown".
 */
export function rowOf<Event extends LogEvent>(event: Event) {
	const { paid_until = '', is_overdue = null, ends_at = '', hold_until = '' } = event;
	const { customer_properties: known } = event;
	const customer_properties = known ? JSON.stringify(known) : '';
	return { ...event, paid_until, is_overdue, ends_at, hold_until, customer_properties };
}
