import { createHash } from 'crypto';

import { isDate } from '../dates';
import { idOrNull } from '../ids';
import { hasIgnorable } from '../text';
import { cleanText, readProperties, type CustomerProperties } from './customerProperties';
import {
	BILLING_EVENTS,
	OPERATOR_EVENTS,
	STATUSES,
	isOneOf,
	type BillingEvent,
	type Status,
} from './event';

export type Reading =
	| { kind: 'event'; event: BillingEvent }
	| { kind: 'ping' }
	| { kind: 'unknown'; type: string }
	| { kind: 'malformed'; field: string; why: string };

interface Arrival {
	body: Buffer;
	/** The signed message id, if the signature scheme has one. */
	messageId: string | null;
	at: Date;
}

/** What `customer.updated` may say; it is about no subscription. */
const CUSTOMER_FIELDS = [
	'event_id',
	'occurred_at',
	'state_at',
	'customer_id',
	'customer_email',
	'customer_name',
	'previous_email',
	'customer_properties',
];

/** Paymenter's own limit for a name, an address or a slug. */
const MAX_TEXT = 255;

class Malformed extends Error {
	constructor(
		readonly field: string,
		readonly why: string,
	) {
		super(`${field} ${why}`);
	}
}

/**
 * Parses and validates a webhook body. Never throws: an invalid body is reported with the field at
 * fault.
 *
 * The event id comes from the body, else from the signed message id, else from a hash of the body
 * (`body-…`: Resolve counts identical bodies within 10 minutes once).
 */
export function readEvent(arrival: Arrival): Reading {
	try {
		return read(parse(arrival.body), arrival);
	} catch (error) {
		const { field, why } = error instanceof Malformed ? error : NOT_JSON;
		return { kind: 'malformed', field, why };
	}
}

/** Every other error comes from decoding: not UTF-8, not JSON, or nested too deeply. */
const NOT_JSON = { field: 'body', why: 'is not valid JSON in UTF-8' };

function parse(body: Buffer): Record<string, unknown> {
	const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Malformed('body', 'must be a JSON object');
	}
	return value as Record<string, unknown>;
}

function read(sent: Record<string, unknown>, { body, messageId, at }: Arrival): Reading {
	if (typeof (sent.event ?? '') !== 'string') throw new Malformed('event', 'must be a string');
	const type = text(sent.event, 'event') ?? missing('event');
	if (type === 'ping') return { kind: 'ping' };
	if (isOneOf(OPERATOR_EVENTS, type)) {
		throw new Malformed('event', `"${type}" is reserved for operators and not accepted by webhook`);
	}
	if (!isOneOf(BILLING_EVENTS, type)) return { kind: 'unknown', type };

	const isCustomers = type === 'customer.updated';
	const applies = ([field]: [string, unknown]) => !isCustomers || CUSTOMER_FIELDS.includes(field);
	const payload = Object.fromEntries(Object.entries(sent).filter(applies));
	const value = <T>(field: string, reader: (value: unknown, field: string) => T): T =>
		reader(payload[field], field);
	const sentId = id(messageId, 'webhook-id');
	const occurredAt = noLater(value('occurred_at', moment), at);
	const event: BillingEvent = {
		event_id:
			value('event_id', id) ??
			sentId ??
			`body-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`,
		event: type,
		occurred_at: occurredAt.toISOString(),
		state_at: noLater(value('state_at', moment) ?? occurredAt, at).toISOString(),
		received_at: at.toISOString(),
		subscription_id: isCustomers
			? ''
			: (value('subscription_id', id) ?? missing('subscription_id')),
		customer_id: value('customer_id', id),
		customer_email: value('customer_email', email),
		customer_name: value('customer_name', beginning),
		previous_email: value('previous_email', email),
		previous_customer_id: value('previous_customer_id', id),
		product_id: value('product_id', text),
		tier: value('tier', text),
		status: value('status', status),
		paid_until: value('paid_until', date),
		is_overdue: value('is_overdue', flag),
		ends_at: value('ends_at', date),
		hold_until: value('hold_until', date),
		customer_properties: value('customer_properties', properties),
		source: 'webhook',
	};
	if (!event.customer_id && !event.customer_email) {
		throw new Malformed('customer_email', 'is required if there is no customer_id');
	}
	const startsOrChanges = type === 'subscription.created' || type === 'subscription.updated';
	if (startsOrChanges && !event.product_id && !event.tier) {
		throw new Malformed('product_id', `is required for ${type} if there is no tier`);
	}
	return { kind: 'event', event };
}

function missing(field: string): never {
	throw new Malformed(field, 'is required');
}

/** A timestamp that is missing or in the future is replaced by the time of arrival. */
const noLater = (time: Date | null, at: Date): Date => (time === null || time > at ? at : time);

function properties(value: unknown, field: string): CustomerProperties | undefined {
	if (value === undefined || value === null) return undefined;
	return readProperties(value, (key, why) => {
		throw new Malformed(key === null ? field : `${field}.${key}`, why);
	});
}

/** A string or an integer, as a string without line breaks; null if missing, null or invisible. */
function text(value: unknown, field: string): string | null {
	if (value === undefined || value === null) return null;
	if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
		throw new Malformed(field, 'must be a string or an integer');
	}
	return bounded(cleanText(String(value)), field) || null;
}

function bounded(value: string, field: string): string {
	if (value.length <= MAX_TEXT) return value;
	throw new Malformed(field, `is longer than ${MAX_TEXT} characters`);
}

/** Truncates instead of refusing: first and last name may have 255 characters each. */
const beginning = (value: unknown, field: string): string | null =>
	text(typeof value === 'string' ? value.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, '') : value, field);

const id = (value: unknown, field: string): string | null => idOrNull(text(value, field));

/** Paymenter accepts what RFC 5322 allows: quoted local parts, and comments in parentheses. */
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s@"()])+@(?:\([^()]*\)|[^\s@"()])+$/;

function email(value: unknown, field: string): string | null {
	const address = text(value, field)?.toLowerCase() ?? null;
	if (address === null) return null;
	if (!ADDRESS.test(address) || hasIgnorable(address) || !isDomain(address)) {
		throw new Malformed(field, 'is not an e-mail address');
	}
	if (/[%*]/.test(address)) {
		throw new Malformed(field, 'must be a single address without wildcards');
	}
	return bounded(address, field);
}

function isDomain(address: string): boolean {
	const plain = address.replace(/\([^()]*\)/g, '');
	const domain = plain.slice(plain.lastIndexOf('@') + 1);
	return domain === 'localhost' || /^[^.]+(?:\.[^.]+)+$/.test(domain);
}

function flag(value: unknown, field: string): boolean | undefined {
	if (value === undefined || value === null) return undefined;
	if (typeof value !== 'boolean') throw new Malformed(field, 'must be true or false');
	return value;
}

function status(value: unknown, field: string): Status | null {
	const said = text(value, field)?.toLowerCase() ?? null;
	if (said === null || isOneOf(STATUSES, said)) return said;
	throw new Malformed(field, `must be one of ${STATUSES.join(', ')}`);
}

/** Date, time and time zone. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/;

/** A timestamp with time zone; null if missing. */
function moment(value: unknown, field: string): Date | null {
	const said = text(value, field);
	if (said === null) return null;
	const at = new Date(said);
	const year = at.getUTCFullYear();
	if (!TIMESTAMP.test(said) || !isDate(said.slice(0, 10)) || !(year >= 2000 && year < 2200)) {
		throw new Malformed(field, 'must be a timestamp such as 2026-05-03T10:00:00Z');
	}
	return at;
}

/** A calendar date, or the UTC date of a timestamp, as Paymenter itself truncates it; undefined if missing. */
function date(value: unknown, field: string): string | null | undefined {
	if (value === null) return null;
	const said = text(value, field);
	if (said === null) return undefined;
	const at = new Date(said);
	const isReal = isDate(said.slice(0, 10)) && (said.length === 10 || TIMESTAMP.test(said));
	if (!isReal || !(at.getUTCFullYear() >= 2000)) {
		throw new Malformed(field, 'must be a date such as 2026-05-31, or null');
	}
	return at.toISOString().slice(0, 10);
}
