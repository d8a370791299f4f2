import { emptyResult, type Result } from '../../../domain/access/result';
import type { Blocked } from '../../../domain/access/change';
import { eventRow } from '../../../domain/events/append';
import { rowOf } from '../../../domain/events/row';
import type { Entitlement } from '../../../domain/entitlement/entitlement';
import type { LogEvent } from '../../../domain/events/event';
import type { Failure } from '../../../domain/work/alertPolicy';
import type { SaveContext } from '../../../domain/work/customerRow';
import { LEASE_MS, type Lease } from '../../../domain/work/lease';
import { readClaimed, type Claimed } from '../../../domain/work/claimedEvents';
import { customer, event, moment } from './billing.cjs';

/** 4 May 2026, 10:00 UTC. */
export const NOW = Date.parse(moment('05-04'));
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** So many minutes after `NOW`. */
export const after = (minutes: number): string => new Date(NOW + minutes * MINUTE).toISOString();

export const LEASE: Lease = {
	holder: '42',
	term: 7,
	expiresAt: NOW + LEASE_MS,
	takenOverAt: null,
};

/** Ada, who bought a knight on 1 May. */
export const ADA = customer([event('created', '05-01')], '05-04');

/** Somebody else with a subscription of their own. */
export function somebody(id: number, more: Partial<LogEvent> = {}): Entitlement {
	return customer([eventOf(id, more)], '05-04');
}

export const eventOf = (id: number, more: Partial<LogEvent> = {}): LogEvent =>
	event('created', '05-01', {
		event_id: `evt_${id}`,
		subscription_id: `s${id}`,
		customer_id: String(id),
		customer_email: `c${id}@example.com`,
		customer_name: `Player ${id}`,
		...more,
	});

/** A row of the log that this round has claimed. */
export function claimedRow(said: LogEvent, more: Record<string, unknown> = {}) {
	const received_at = said.occurred_at;
	return { id: 1, ...rowOf(said), source: 'webhook', received_at, recorded: null, ...more };
}

export const claimed = (...rows: Array<Record<string, unknown>>): Claimed[] => readClaimed(rows);

/** An event that an operator or the reconcile asks for. */
export const asked = (
	said: Parameters<typeof eventRow>[0],
	source: 'operator' | 'reconcile',
	when = '05-04 09:00',
) => ({ id: 1, ...eventRow(said, { at: moment(when), source }) });

const ACCOUNT = {
	id: 5,
	uuid: 'u5',
	username: 'ada',
	email: 'ada@example.com',
	external_id: 'paymenter-77',
};

export function result(said: Partial<Result> = {}): Result {
	const request = {
		person: {
			customerId: '77',
			email: 'ada@example.com',
			name: null,
			previousEmails: [],
			takenEmails: [],
			accountId: null,
		},
		tiers: [],
		grantedBefore: {},
		removeAccount: false,
		liveEmails: [],
		dryRun: false,
		isNew: false,
		usernameTemplate: '{name}',
		leftAlone: [],
		recorded: null,
		heldBecause: '',
	};
	return {
		...emptyResult(request),
		outcome: 'changed',
		summary: 'subscriber_knight: access given.',
		tiers: ['knight'],
		granted: { abcd1234: ['websocket.connect'] },
		account: ACCOUNT,
		...said,
	};
}

export const limit = (minutes: number): Blocked => ({
	server: 'Snowfall',
	server_id: 'abcd1234',
	why: 'the panel’s limit on new subusers of this server is reached',
	retry_at: after(minutes),
});

export const suspended: Blocked = {
	server: 'Glacier',
	server_id: 'efgh5678',
	why: 'the server is suspended; its access can only be changed afterwards',
};

export function failure(said: Partial<Failure> = {}): Failure {
	return {
		message: 'customer 77, ada@example.com: Panel said 500: Server Error',
		advice: 'See the panel’s log.',
		cause: 'Panel said 500: Server Error',
		isTransient: true,
		concernsEverybody: false,
		...said,
	};
}

export function saving(said: Partial<SaveContext> = {}): SaveContext {
	return {
		lease: LEASE,
		readAt: NOW - MINUTE,
		now: NOW,
		executionUrl: 'https://n8n.example.com/workflow/w1/executions/42',
		askedAt: null,
		isBulk: false,
		...said,
	};
}
