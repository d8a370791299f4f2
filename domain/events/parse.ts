import { createHash } from 'crypto';

import { idOrNull } from '../ids';
import { hasIgnorable, trimInvisible } from '../text';
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
	/** The sender's id of the message, if the way of signing has one. */
	messageId: string | null;
	at: Date;
}

/** What Paymenter takes for a name, an address, a slug. */
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
 * Reads a webhook's body. Never throws: what is wrong is named with its field.
 *
 * An id is taken from the body, else from the signed message id, else made from the body's content
 * (`body-…`: Resolve counts an identical body within 10 minutes once). A moment that is missing or
 * later than the arrival is the arrival.
 */
export function readEvent(arrival: Arrival): Reading {
	try {
		return read(parse(arrival.body), arrival);
	} catch (error) {
		const { field, why } = error instanceof Malformed ? error : NOT_JSON;
		return { kind: 'malformed', field, why };
	}
}

/** What else can go wrong is the parsing: text that is no UTF-8, no JSON, or nested without end. */
const NOT_JSON = { field: 'body', why: 'is not valid JSON in UTF-8' };

function parse(body: Buffer): Record<string, unknown> {
	const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new Malformed('body', 'must be a JSON object');
	}
	return value as Record<string, unknown>;
}

function read(payload: Record<string, unknown>, { body, messageId, at }: Arrival): Reading {
	if (typeof (own(payload, 'event') ?? '') !== 'string') {
		throw new Malformed('event', 'must be a text');
	}
	const type = text(payload, 'event');
	if (type === null) throw new Malformed('event', 'is required');
	if (type === 'ping') return { kind: 'ping' };
	if (isOneOf(OPERATOR_EVENTS, type)) {
		throw new Malformed('event', `"${type}" comes from operators only, never from a webhook`);
	}
	if (!isOneOf(BILLING_EVENTS, type)) return { kind: 'unknown', type };

	const sentId = text({ 'webhook-id': messageId }, 'webhook-id');
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
		subscription_id: requiredId(payload, 'subscription_id'),
		customer_id: id(payload, 'customer_id'),
		customer_email: email(payload, 'customer_email'),
		customer_name: beginning(payload, 'customer_name'),
		previous_email: email(payload, 'previous_email'),
		previous_customer_id: id(payload, 'previous_customer_id'),
		product_id: text(payload, 'product_id'),
		tier: text(payload, 'tier'),
		status: status(payload),
		...date(payload, 'paid_until'),
		...flag(payload, 'is_overdue'),
		...date(payload, 'ends_at'),
		...date(payload, 'hold_until'),
		source: 'webhook',
	};
	if (!event.customer_id && !event.customer_email) {
		throw new Malformed('customer_email', 'is required where there is no customer_id');
	}
	const startsOrChanges = type === 'subscription.created' || type === 'subscription.updated';
	if (startsOrChanges && !event.product_id && !event.tier) {
		throw new Malformed('product_id', `is required for ${type} where there is no tier`);
	}
	return { kind: 'event', event };
}

function own(payload: Record<string, unknown>, field: string): unknown {
	return Object.prototype.hasOwnProperty.call(payload, field) ? payload[field] : undefined;
}

/** A text or a number as text, without line breaks; null when missing, null or without a visible character. */
function text(payload: Record<string, unknown>, field: string): string | null {
	const value = own(payload, field);
	if (value === undefined || value === null) return null;
	if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
		throw new Malformed(field, 'must be a text or a whole number');
	}
	const clean = trimInvisible(String(value).replace(/[\p{Cc}\p{Cs}]+/gu, ' '));
	return clean === '' ? null : bounded(clean, field);
}

function bounded(value: string, field: string): string {
	if (value.length > MAX_TEXT) {
		throw new Malformed(field, `is longer than ${MAX_TEXT} characters`);
	}
	return value;
}

/** The beginning of a text: nothing hangs on the rest. A first and a last name may have 255 characters each. */
function beginning(payload: Record<string, unknown>, field: string): string | null {
	const value = own(payload, field);
	if (typeof value !== 'string') return text(payload, field);
	return text({ [field]: value.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, '') }, field);
}

/** An id; null where it names nobody. */
const id = (payload: Record<string, unknown>, field: string): string | null =>
	idOrNull(text(payload, field));

function requiredId(payload: Record<string, unknown>, field: string): string {
	const value = id(payload, field);
	if (value === null) throw new Malformed(field, 'is required');
	return value;
}

/** Paymenter takes what RFC 5322 allows: quoted names, and comments in brackets. */
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s@"()])+@(?:\([^()]*\)|[^\s@"()])+$/;

function email(payload: Record<string, unknown>, field: string): string | null {
	const value = text(payload, field)?.toLowerCase() ?? null;
	if (value === null) return null;
	if (!ADDRESS.test(value) || hasIgnorable(value) || !isDomain(value)) {
		throw new Malformed(field, 'is not an e-mail address');
	}
	if (/[%*]/.test(value)) throw new Malformed(field, 'must name one address, without wildcards');
	return bounded(value, field);
}

function isDomain(address: string): boolean {
	const plain = address.replace(/\([^()]*\)/g, '');
	const domain = plain.slice(plain.lastIndexOf('@') + 1);
	return domain === 'localhost' || /^[^.]+(?:\.[^.]+)+$/.test(domain);
}

/** Nothing where it is not said. */
function flag(payload: Record<string, unknown>, field: 'is_overdue'): { is_overdue?: boolean } {
	const value = own(payload, field) ?? null;
	if (value === null) return {};
	if (typeof value !== 'boolean') throw new Malformed(field, 'must be true or false');
	return { [field]: value };
}

function status(payload: Record<string, unknown>): Status | null {
	const value = text(payload, 'status')?.toLowerCase();
	if (value === undefined) return null;
	if (!isOneOf(STATUSES, value)) {
		throw new Malformed('status', `must be one of ${STATUSES.join(', ')}`);
	}
	return value;
}

/** A moment with its time zone, never later than `latest`; null when missing. */
function moment(payload: Record<string, unknown>, field: string, latest: Date): Date | null {
	const value = text(payload, field);
	if (value === null) return null;
	const at = new Date(value);
	const isMoment = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:?\d{2})$/.test(value) && isSane(at);
	if (!isMoment || !value.startsWith(isoDate(value))) {
		throw new Malformed(field, 'must be a moment like 2026-05-03T10:00:00Z');
	}
	return at > latest ? latest : at;
}

/** A calendar date, or the date part of a moment in UTC: Paymenter's own cut. Nothing when not said. */
function date<Field extends 'paid_until' | 'ends_at' | 'hold_until'>(
	payload: Record<string, unknown>,
	field: Field,
): { [key in Field]?: string | null } {
	const value = own(payload, field);
	if (value === null) return { [field]: null } as { [key in Field]: null };
	const said = text(payload, field);
	if (said === null) return {};
	const at = new Date(said);
	if (
		!/^\d{4}-\d{2}-\d{2}(T.+(Z|[+-]\d{2}:?\d{2}))?$/.test(said) ||
		!(at.getUTCFullYear() >= 2000) ||
		!said.startsWith(isoDate(said))
	) {
		throw new Malformed(field, 'must be a date like 2026-05-31, or null');
	}
	return { [field]: at.toISOString().slice(0, 10) } as { [key in Field]: string };
}

/** The calendar date that a text names; 30 February comes out as another one. */
function isoDate(said: string): string {
	return new Date(`${said.slice(0, 10)}T00:00:00Z`).toISOString().slice(0, 10);
}

function isSane(at: Date): boolean {
	return !Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 2000 && at.getUTCFullYear() < 2200;
}
