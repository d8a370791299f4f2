import { createHash } from 'crypto';

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
 * (`body-…`: Resolve counts identical bodies within 10 minutes once). A timestamp that is missing or
 * in the future is replaced by the time of arrival.
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
	if (typeof (own(sent, 'event') ?? '') !== 'string') {
		throw new Malformed('event', 'must be a string');
	}
	const type = text(sent, 'event');
	if (type === null) missing('event');
	if (type === 'ping') return { kind: 'ping' };
	if (isOneOf(OPERATOR_EVENTS, type)) {
		throw new Malformed('event', `"${type}" is reserved for operators and not accepted by webhook`);
	}
	if (!isOneOf(BILLING_EVENTS, type)) return { kind: 'unknown', type };

	const isCustomers = type === 'customer.updated';
	const payload = isCustomers ? only(CUSTOMER_FIELDS, sent) : sent;
	const sentId = id({ 'webhook-id': messageId }, 'webhook-id');
	const occurredAt = moment(payload, 'occurred_at', at) ?? at;
	const event: BillingEvent = {
		event_id:
			id(payload, 'event_id') ??
			sentId ??
			`body-${createHash('sha256').update(body).digest('hex').slice(0, 32)}`,
		event: type,
		occurred_at: occurredAt.toISOString(),
		state_at: (moment(payload, 'state_at', at) ?? occurredAt).toISOString(),
		received_at: at.toISOString(),
		subscription_id: isCustomers
			? ''
			: (id(payload, 'subscription_id') ?? missing('subscription_id')),
		customer_id: id(payload, 'customer_id'),
		customer_email: email(payload, 'customer_email'),
		customer_name: beginning(payload, 'customer_name'),
		previous_email: email(payload, 'previous_email'),
		previous_customer_id: id(payload, 'previous_customer_id'),
		product_id: text(payload, 'product_id'),
		tier: text(payload, 'tier'),
		status: status(payload),
		paid_until: date(payload, 'paid_until'),
		is_overdue: flag(payload, 'is_overdue'),
		ends_at: date(payload, 'ends_at'),
		hold_until: date(payload, 'hold_until'),
		customer_properties: properties(payload),
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

function own(payload: Record<string, unknown>, field: string): unknown {
	return Object.prototype.hasOwnProperty.call(payload, field) ? payload[field] : undefined;
}

const only = (fields: string[], payload: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(payload).filter(([field]) => fields.includes(field)));

function properties(payload: Record<string, unknown>): CustomerProperties | undefined {
	const value = own(payload, 'customer_properties') ?? undefined;
	if (value === undefined) return undefined;
	return readProperties(value, (key, why) => {
		throw new Malformed(key === null ? FIELD : `${FIELD}.${key}`, why);
	});
}

const FIELD = 'customer_properties';

/** A string or an integer, as a string without line breaks; null if missing, null or invisible. */
function text(payload: Record<string, unknown>, field: string): string | null {
	const value = own(payload, field);
	if (value === undefined || value === null) return null;
	if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
		throw new Malformed(field, 'must be a string or an integer');
	}
	const clean = cleanText(String(value));
	return clean === '' ? null : bounded(clean, field);
}

function bounded(value: string, field: string): string {
	if (value.length <= MAX_TEXT) return value;
	throw new Malformed(field, `is longer than ${MAX_TEXT} characters`);
}

/** Truncates instead of refusing: first and last name may have 255 characters each. */
function beginning(payload: Record<string, unknown>, field: string): string | null {
	const value = own(payload, field);
	if (typeof value !== 'string') return text(payload, field);
	return text({ [field]: value.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, '') }, field);
}

const id = (payload: Record<string, unknown>, field: string): string | null =>
	idOrNull(text(payload, field));

function missing(field: string): never {
	throw new Malformed(field, 'is required');
}

/** Paymenter accepts what RFC 5322 allows: quoted local parts, and comments in parentheses. */
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s@"()])+@(?:\([^()]*\)|[^\s@"()])+$/;

function email(payload: Record<string, unknown>, field: string): string | null {
	const value = text(payload, field)?.toLowerCase() ?? null;
	if (value === null) return null;
	if (!ADDRESS.test(value) || hasIgnorable(value) || !isDomain(value)) {
		throw new Malformed(field, 'is not an e-mail address');
	}
	if (/[%*]/.test(value)) throw new Malformed(field, 'must be a single address without wildcards');
	return bounded(value, field);
}

function isDomain(address: string): boolean {
	const plain = address.replace(/\([^()]*\)/g, '');
	const domain = plain.slice(plain.lastIndexOf('@') + 1);
	return domain === 'localhost' || /^[^.]+(?:\.[^.]+)+$/.test(domain);
}

function flag(payload: Record<string, unknown>, field: string): boolean | undefined {
	const value = own(payload, field) ?? undefined;
	if (value !== undefined && typeof value !== 'boolean') {
		throw new Malformed(field, 'must be true or false');
	}
	return value;
}

function status(payload: Record<string, unknown>): Status | null {
	const value = text(payload, 'status')?.toLowerCase();
	if (value === undefined) return null;
	if (isOneOf(STATUSES, value)) return value;
	throw new Malformed('status', `must be one of ${STATUSES.join(', ')}`);
}

/** Date, time and time zone. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/;

/** A timestamp with time zone, never later than `latest`; null if missing. */
function moment(payload: Record<string, unknown>, field: string, latest: Date): Date | null {
	const value = text(payload, field);
	if (value === null) return null;
	const at = new Date(value);
	const [year, isReal] = [at.getUTCFullYear(), value.startsWith(isoDate(value))];
	if (!TIMESTAMP.test(value) || !isReal || !(year >= 2000 && year < 2200)) {
		throw new Malformed(field, 'must be a timestamp such as 2026-05-03T10:00:00Z');
	}
	return at > latest ? latest : at;
}

/** A calendar date, or the UTC date of a timestamp, as Paymenter itself truncates it; undefined if missing. */
function date(payload: Record<string, unknown>, field: string): string | null | undefined {
	if (own(payload, field) === null) return null;
	const said = text(payload, field);
	if (said === null) return undefined;
	const at = new Date(said);
	const isDate = /^\d{4}-\d{2}-\d{2}$/.test(said) || TIMESTAMP.test(said);
	if (!isDate || !(at.getUTCFullYear() >= 2000) || !said.startsWith(isoDate(said))) {
		throw new Malformed(field, 'must be a date such as 2026-05-31, or null');
	}
	return at.toISOString().slice(0, 10);
}

/** The date as JavaScript reads it: 30 February comes out as a date in March; '-' if it is none. */
function isoDate(said: string): string {
	const at = new Date(`${said.slice(0, 10)}T00:00:00Z`);
	return Number.isNaN(at.getTime()) ? '-' : at.toISOString().slice(0, 10);
}
