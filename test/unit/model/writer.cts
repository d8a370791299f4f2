/** Apply Access, cut into the steps between which something else can happen. */
import { sameAccess } from '../../../domain/access/permissions';
import type { LogEvent } from '../../../domain/events/event';
import type { Result } from '../../../domain/access/result';
import type { Failure } from '../../../domain/work/alertPolicy';
import type { StoredCustomer } from '../../../domain/work/customerRow';
import { checkQueue, takenOf } from '../../../domain/work/due';
import { timeOf } from '../../../domain/dates';
import { CLOCK_SKEW_MS, LEASE_MS, deadlineOf, freeAt } from '../../../domain/work/lease';
import { concerns } from '../../../domain/work/claimedEvents';
import { settleRound, type RoundOutcome } from '../../../domain/work/round';
import { actionFor, NOW, truthOf, type Situation } from './situation.cjs';
import {
	copyOf,
	endWriter,
	NEW_WRITER,
	NOBODY,
	type CustomerColumns,
	type CustomerOutcome,
	type LeaseColumns,
	type Request,
	type State,
	type Writer,
} from './state.cjs';

/** Rules of the design that a test can switch off, to see that they are needed. */
export interface Rules {
	/** The lease is acquired by compare and set, not by reading and then writing. */
	compareAndSet: boolean;
	/** No request is sent after the deadline. */
	deadline: boolean;
	/** The round ends without saving if the lease is lost. */
	renew: boolean;
	/** A row that a later holder has saved is not overwritten. */
	fence: boolean;
	/** After a lost answer the customer is checked again. */
	unconfirmed: boolean;
	/** After a takeover, too. */
	takeover: boolean;
	/** A recheck that is still ahead is kept. */
	keepRecheck: boolean;
	/** A lease that was released can be acquired at once, whatever the clocks say. */
	freeAtOnce: boolean;
	/** After the release, what is due is looked at once more. */
	lookOnceMore: boolean;
	/** Only events that this round has claimed are marked. */
	markClaimed: boolean;
	/** And of those, only events all of whose customers were saved. */
	markSaved: boolean;
	/** Changes are logged before anything that may end the round. */
	logFirst: boolean;
}

export const ALL_RULES: Rules = {
	compareAndSet: true,
	deadline: true,
	renew: true,
	fence: true,
	unconfirmed: true,
	takeover: true,
	keepRecheck: true,
	freeAtOnce: true,
	lookOnceMore: true,
	markClaimed: true,
	markSaved: true,
	logFirst: true,
};

/** As in the node's connection. */
const TIMEOUT_MS = 30_000;

const RELEASED_MS = Date.parse(freeAt(NOW)) - NOW;

const FAILURE: Failure = {
	message: 'The panel refuses it',
	advice: '',
	cause: 'The panel refuses it',
	isTransient: true,
	concernsEverybody: false,
};

const iso = (time: number | null): string | null =>
	time === null ? null : new Date(NOW + time).toISOString();

const fromNow = (value: unknown): number | null => {
	const at = timeOf(value);
	return at === null ? null : at - NOW;
};

/** A step: what it was, and the state after it. */
export type Way = [what: string, after: State];

export function writerOf(
	{ events, batch = 50 }: Situation,
	truth: ReturnType<typeof truthOf>,
	rules: Rules,
) {
	const customerAt = (index: number) => truth.customers[index]?.customer ?? '';
	const indexOf = (customer: string) =>
		truth.customers.findIndex((one) => one.customer === customer);
	/** Those whom the round syncs: its events concern them, or they are due. */
	const entitlementsOf = ({ read, claimed, due }: Writer) =>
		truth
			.entitlementsBy(read)
			.filter(
				(one) =>
					due.includes(indexOf(one.customer)) ||
					claimed.some((event) => concerns(events[event] as LogEvent, one)),
			);

	/** What this writer may do next: one thing, or one of several after a lost answer. */
	function waysOf(before: State, place: number): Way[] {
		const { at } = before.writers[place] as Writer;
		const way = (what: string, change: (state: State, writer: Writer) => void): Way => {
			const state = copyOf(before);
			change(state, state.writers[place] as Writer);
			return [`${place}: ${what}`, state];
		};
		if (at !== 'wait for answer') {
			return [way(at, (state, writer) => step(state, writer, place))];
		}
		if (before.flying.some(({ from }) => from === place)) return [];
		const giveUp =
			(kind: CustomerOutcome['kind'], isPanelDown: boolean) => (_: State, writer: Writer) => {
				endCustomer(writer, { ...(writer.current as CustomerOutcome), kind, isUncertain: true });
				if (kind === 'unreached') endSync(writer, isPanelDown);
				goOn(writer);
			};
		return [
			way('no answer, send it again', (_, writer) => {
				writer.current = { ...(writer.current as CustomerOutcome), isUncertain: true };
				writer.at = 'send request';
			}),
			way('no answer, this customer fails', giveUp('failed', false)),
			way('no answer, the time is over', giveUp('unreached', false)),
			way('no answer, the panel is down', giveUp('unreached', true)),
		];
	}

	function step(state: State, writer: Writer, place: number): void {
		const { lease, log } = state;
		switch (writer.at) {
			case 'get lease':
				Object.assign(writer, leaseIn(lease), { at: 'acquire lease' });
				// A holder that is still named has died, or was too slow.
				if (lease.holder !== NOBODY) writer.takenOver = 0;
				return;
			case 'acquire lease': {
				const isExpired = (expires: number) => expires < -CLOCK_SKEW_MS;
				const isMine = rules.compareAndSet
					? writer.term === lease.term && isExpired(lease.expires)
					: isExpired(writer.expires);
				if (!isMine) return endWriter(state, place);
				Object.assign(lease, { holder: place, term: writer.term + 1, expires: LEASE_MS });
				Object.assign(lease, { takenOver: writer.takenOver, isStarting: false });
				Object.assign(writer, leaseIn(lease), { at: 'get due events' });
				return;
			}
			case 'get due events': {
				const open = log.flatMap(({ isProcessed }, at) => (isProcessed ? [] : [at]));
				writer.last = open.slice(0, batch).at(-1) ?? -1;
				for (const row of log) if (row.round === place) row.round = NOBODY;
				writer.at = 'claim events';
				return;
			}
			case 'claim events': {
				const mine = log.slice(0, writer.last + 1).filter(({ isProcessed }) => !isProcessed);
				for (const row of mine) row.round = place;
				writer.claimed = mine.map(({ event }) => event);
				writer.last = -1;
				writer.at = 'get due customers';
				return;
			}
			case 'get due customers': {
				const claimed = writer.claimed.map((event) => ({ ...events[event] }));
				writer.due = takenOf(claimed, dueCustomers(state)).map((row) =>
					indexOf(String(row.customer)),
				);
				const isNothing = writer.claimed.length + writer.due.length === 0;
				if (isNothing) writer.freeAt = rules.freeAtOnce ? RELEASED_MS : -1000;
				writer.at = isNothing ? 'release lease' : 'read log';
				return;
			}
			case 'read log': {
				const stored = log.reduce((set, { event }) => set | (1 << event), 0);
				writer.read = truth.readLog(stored, writer.claimed, writer.due);
				writer.at = 'get customers';
				return;
			}
			case 'get customers':
				writer.stored = entitlementsOf(writer).flatMap(({ customer }) => {
					const index = indexOf(customer);
					const row = [...(state.customers[index] ?? [])].sort((a, b) => a.term - b.term).at(-1);
					return row ? [[index, row]] : [];
				});
				writer.readAt = 0;
				goOn(writer);
				return;
			case 'read panel': {
				if (isTooLate(writer)) {
					endSync(writer, false);
					return goOn(writer);
				}
				const { index, keys } = customerOf(writer);
				const subusers = state.panel[index] ?? [];
				writer.requests = requestsFor(subusers, keys);
				writer.current = { kind: 'done', isUncertain: false, changes: 0 };
				if (writer.requests.length > 0) writer.at = 'send request';
				else goOnAfter(writer);
				return;
			}
			case 'send request':
				return send(state, writer, place);
			case 'wait for answer':
				return;
			case 'log changes':
				writer.changes = 0;
				if (rules.logFirst) writer.at = 'renew lease';
				else afterMark(writer);
				return;
			case 'renew lease': {
				const isMine = lease.holder === place && lease.expires > 0;
				if (isMine) lease.expires = LEASE_MS;
				if (isMine) Object.assign(writer, leaseIn(lease));
				if (isMine || !rules.renew) return beforeSaving(writer);
				if (writer.changes > 0) state.isUnlogged = true;
				return endWriter(state, place);
			}
			case 'add customers':
				for (const [customer, row] of writer.added) {
					state.customers[customer] = [...(state.customers[customer] ?? []), row];
				}
				writer.added = [];
				return beforeSaving(writer);
			case 'save customer': {
				const [first, ...rest] = writer.rows;
				if (!first) throw new Error('Nobody is left to save');
				const [customer, row] = first;
				state.customers[customer] = (state.customers[customer] ?? []).map((present) =>
					!rules.fence || present.term <= row.term ? row : present,
				);
				writer.rows = rest;
				return beforeSaving(writer);
			}
			case 'release events':
				for (const [event, isProcessed] of writer.released) {
					const row = log.find((one) => one.event === event);
					if (row) Object.assign(row, { isProcessed, round: NOBODY });
				}
				writer.released = [];
				writer.at = 'mark processed';
				return;
			case 'mark processed':
				for (const row of log) {
					if (row.isProcessed || (rules.markClaimed && row.round !== place)) continue;
					Object.assign(row, { isProcessed: true, round: NOBODY });
				}
				writer.claimed = [];
				if (rules.logFirst) afterMark(writer);
				else writer.at = 'log changes';
				return;
			case 'release lease':
				if (lease.holder === place) {
					Object.assign(lease, { holder: NOBODY, expires: writer.freeAt });
				}
				if (!rules.lookOnceMore) return endWriter(state, place);
				state.writers[place] = { ...NEW_WRITER, at: 'look once more' };
				return;
			case 'look once more':
				if (isWorkWaiting(state)) state.writers[place] = NEW_WRITER;
				else endWriter(state, place);
		}
	}

	/** The customer whose turn it is, in the order of the entitlements. */
	function customerOf(writer: Writer) {
		const customer = entitlementsOf(writer)[writer.outcomes.length]?.customer ?? '';
		return { index: indexOf(customer), keys: truth.keysBy(writer.read, customer) };
	}

	const isTooLate = (writer: Writer): boolean =>
		rules.deadline && deadlineOf(leaseOf(writer), NOW + writer.readAt, TIMEOUT_MS) < NOW;

	function send(state: State, writer: Writer, place: number): void {
		const [request] = writer.requests;
		if (!request || isTooLate(writer)) {
			endCustomer(writer, { ...(writer.current as CustomerOutcome), kind: 'unreached' });
			endSync(writer, false);
			return goOn(writer);
		}
		const { index: customer, keys } = customerOf(writer);
		const [present] = state.panel[customer] ?? [];
		// The panel refuses to create a second subuser; the answer to an update or delete says that
		// there is none. What is created comes into being later than the panel looks.
		if (request.kind === 'create' && present) {
			const together = [...new Set([...present, ...keys])];
			const isThere = sameAccess(present, together);
			writer.requests = isThere ? [] : [{ kind: 'update', keys: together }];
			if (writer.requests.length === 0) goOnAfter(writer);
			return;
		}
		state.flying.push({ ...request, customer, age: 0, from: place });
		writer.at = 'wait for answer';
	}

	/** A request takes effect; its sender, if it still waits, gets the answer. */
	function land(before: State, at: number): State {
		const state = copyOf(before);
		const [{ kind, keys, customer, from } = { kind: '', keys: [], customer: -1, from: NOBODY }] =
			state.flying.splice(at, 1);
		const subusers = state.panel[customer] ?? [];
		const [first, ...others] = subusers;
		if (kind === 'create') state.panel[customer] = [...subusers, keys];
		else if (kind === 'update' && first) state.panel[customer] = [keys, ...others];
		else if (kind === 'delete') state.panel[customer] = others;
		const writer = state.writers[from];
		if (!writer) return state;
		const [, ...rest] = writer.requests;
		const isMissing = kind === 'update' && !first;
		writer.requests = isMissing ? [{ kind: 'create', keys }, ...rest] : rest;
		const current = writer.current as CustomerOutcome;
		writer.current = { ...current, changes: current.changes + (isMissing ? 0 : 1) };
		if (writer.requests.length > 0) writer.at = 'send request';
		else goOnAfter(writer);
		return state;
	}

	const goOnAfter = (writer: Writer) => {
		endCustomer(writer, writer.current as CustomerOutcome);
		goOn(writer);
	};

	function endCustomer(writer: Writer, outcome: CustomerOutcome): void {
		writer.outcomes = [...writer.outcomes, outcome];
		writer.requests = [];
		writer.current = null;
	}

	/** The customers who are left are not reached. */
	function endSync(writer: Writer, isPanelDown: boolean): void {
		const left = entitlementsOf(writer).length - writer.outcomes.length;
		const unreached: CustomerOutcome = { kind: 'unreached', isUncertain: false, changes: 0 };
		writer.outcomes = [...writer.outcomes, ...Array.from({ length: left }, () => unreached)];
		writer.isPanelDown ||= isPanelDown;
	}

	/** With the next customer, or after the last one by working out what is to be written. */
	function goOn(writer: Writer): void {
		if (writer.outcomes.length < entitlementsOf(writer).length) writer.at = 'read panel';
		else settle(writer);
	}

	function settle(writer: Writer): void {
		const stored = new Map(writer.stored.map(([index, row]) => [customerAt(index), storedOf(row)]));
		const settled = settleRound({
			lease: leaseOf(writer),
			claimed: writer.claimed.map((event) => ({
				row: { id: event, received_at: iso(0) },
				event: events[event] ?? null,
				wrong: '',
			})),
			entitlements: entitlementsOf(writer),
			outcomes: writer.outcomes.map((one): RoundOutcome => {
				const result = resultOf(one);
				if (one.kind === 'done') return { kind: 'done', result };
				if (one.kind === 'unreached') return { kind: 'unreached', partial: result };
				return { kind: 'failed', failure: FAILURE, partial: result };
			}),
			stored,
			due: writer.due.map(customerAt),
			failure: writer.isPanelDown ? FAILURE : null,
			readAt: NOW + writer.readAt,
			now: NOW,
			executionUrl: '',
		});
		Object.assign(writer, {
			outcomes: [],
			stored: [],
			due: [],
			read: 0,
			readAt: 0,
			isPanelDown: false,
			changes: settled.changes.filter(({ what }) => what !== 'failed').length,
			added: settled.newCustomers.map((row) => [indexOf(String(row.customer)), columnsOf(row)]),
			rows: settled.customers.map((row) => [
				indexOf(String(row.customer)),
				columnsOf({ ...stored.get(String(row.customer)), ...row }),
			]),
			released: rules.markSaved
				? settled.released.map(({ id, processed_at }) => [id, processed_at !== null])
				: [],
			goesOn: settled.goesOn,
			freeAt: settled.goesOn ? 0 : fromNow(settled.free_at),
			at: rules.logFirst ? 'log changes' : 'renew lease',
		} satisfies Partial<Record<keyof Writer, unknown>>);
	}

	function resultOf({ isUncertain, changes }: CustomerOutcome): Result {
		const change = { what: 'access changed', server: '', server_id: '', before: [], after: [] };
		return {
			changes: Array.from({ length: changes }, () => change),
			blocked: [],
			tiers: [],
			granted: {},
			account: null,
			summary: '',
			retry_at: null,
			uncertain: rules.unconfirmed && isUncertain,
		} as Partial<Result> as Result;
	}

	const leaseOf = ({ term, expires, takenOver }: LeaseColumns) => ({
		holder: 'me',
		term,
		expiresAt: NOW + expires,
		takenOverAt: rules.takeover && takenOver !== null ? NOW + takenOver : null,
	});

	const storedOf = (row: CustomerColumns): StoredCustomer => ({
		term: row.term,
		due_at: iso(row.due),
		recheck_at: rules.keepRecheck ? iso(row.recheck) : null,
		retry_at: iso(row.retry),
		failures: row.failures,
		failing_since: iso(row.failingSince),
	});

	return { waysOf, land, endCustomer, endSync, goOn, isWorkWaiting };

	/** The customers who are due, the longest waiting first. */
	function dueCustomers({ customers }: State) {
		return customers
			.flatMap((rows, index) =>
				rows.flatMap(({ due }) =>
					due !== null && due <= 0 ? [{ ...truth.customers[index], due, due_at: iso(due) }] : [],
				),
			)
			.sort((a, b) => a.due - b.due);
	}

	/** As the schedule sees it: something is due, and the lease is free. */
	function isWorkWaiting(state: State): boolean {
		const { term, expires } = state.lease;
		const open = state.log.find(({ isProcessed }) => !isProcessed);
		return checkQueue(
			{
				lease: { name: 'apply', term, expires_at: iso(expires) },
				event: open && { event_id: `${open.event}`, received_at: iso(0) },
				customer: dueCustomers(state)[0],
			},
			NOW,
		).start;
	}
}

const leaseIn = ({ term, expires, takenOver }: LeaseColumns): LeaseColumns => ({
	term,
	expires,
	takenOver,
});

const columnsOf = (row: Record<string, unknown>): CustomerColumns => ({
	term: Number(row.term),
	due: fromNow(row.due_at),
	recheck: fromNow(row.recheck_at),
	retry: fromNow(row.retry_at),
	failures: Number(row.failures ?? 0),
	failingSince: fromNow(row.failing_since),
});

/** Doubled subusers are deleted but for the last, which is updated. */
function requestsFor(subusers: string[][], keys: string[]): Request[] {
	const action = actionFor(subusers, keys);
	if (!action) return [];
	const { kind, after } = action;
	if (kind !== 'rebuild') return [{ kind, keys: after }];
	const deletions = subusers.map((): Request => ({ kind: 'delete', keys: [] }));
	return after.length === 0 ? deletions : [...deletions.slice(1), { kind: 'update', keys: after }];
}

/** Where the writer goes on after the lease was renewed, and after each row was saved. */
function beforeSaving(writer: Writer): void {
	writer.at =
		writer.added.length > 0
			? 'add customers'
			: writer.rows.length > 0
				? 'save customer'
				: writer.released.length > 0
					? 'release events'
					: 'mark processed';
}

const afterMark = (writer: Writer): void => {
	writer.at = writer.goesOn ? 'get due events' : 'release lease';
};
