/** A day on which a server is new for everybody: the writer's own decisions, on a clock of its own. */
import { CreationBudget } from '../../../domain/access/creationBudget';
import type { Result } from '../../../domain/access/result';
import type { Entitlement } from '../../../domain/entitlement/entitlement';
import { eventRow, queueKey } from '../../../domain/events/append';
import { concerns, readClaimed } from '../../../domain/work/claimedEvents';
import { checkQueue, chooseWork, takenOf } from '../../../domain/work/due';
import { timeOf } from '../../../domain/dates';
import { LEASE_MS, isLongRun, readLease } from '../../../domain/work/lease';
import { settleRound, type RoundOutcome } from '../../../domain/work/round';
import { isBulkWork } from '../../../domain/work/syncRequest';
import { claimedRow, eventOf, result, somebody } from './work.cjs';

type Row = Record<string, unknown>;

const SERVER = 'Aurora';
const MINUTE = 60_000;
const CREATION_MS = 150;

/** Ten new subusers in 15 minutes, counted from the first; refused ones do not count. */
function limiter() {
	const windows: Array<{ openedAt: number; bulk: number; bought: number }> = [];
	let refused = 0;
	return {
		windows,
		refused: () => refused,
		create(now: number, isBulk: boolean) {
			let window = windows.at(-1);
			if (!window || now >= window.openedAt + 15 * MINUTE) {
				window = { openedAt: now, bulk: 0, bought: 0 };
				windows.push(window);
			}
			if (window.bulk + window.bought === 10) {
				refused++;
				return { retryAfterMs: window.openedAt + 15 * MINUTE - now };
			}
			window[isBulk ? 'bulk' : 'bought']++;
			return { left: 10 - window.bulk - window.bought };
		},
	};
}

/** @param roundMs what one round costs beside the panel */
export function startDay(start: number, roundMs = 13_000) {
	let now = start;
	const iso = (at = now) => new Date(at).toISOString();
	const panel = limiter();
	let budget = new CreationBudget();
	const entitlements = new Map<string, Entitlement>();
	const rows = new Map<string, Row>();
	const events: Row[] = [];
	const alerts: unknown[] = [];
	const doneAt = new Map<string, number>();
	let rounds = 0;
	const lease: Row = { name: 'apply', holder: '', term: 1, expires_at: iso(start - MINUTE) };

	const add = (id: number) => {
		const one = somebody(id);
		entitlements.set(one.customer, one);
		return one;
	};
	const touch = (more: Row) => Object.assign(lease, more, { updatedAt: iso() });
	const openEvents = () =>
		events
			.filter(({ processed_at: at }) => !at)
			.sort((a, b) => (String(a.queue) < String(b.queue) ? -1 : 1));
	const dueRows = () =>
		[...rows.values()]
			.filter(({ due_at: at }) => (timeOf(at) ?? Infinity) <= now)
			.sort((a, b) => (timeOf(a.due_at) ?? 0) - (timeOf(b.due_at) ?? 0))
			.slice(0, 50);

	/** Creates the subuser on the new server, or says why not. */
	function sync(who: string, isBulk: boolean): Result {
		const blocked = (ms: number, ahead: number) =>
			result({
				outcome: 'blocked',
				changes: [],
				blocked: [{ server: SERVER, server_id: 'a', why: 'limit', retry_at: iso(now + ms), ahead }],
			});
		const wait = budget.waitFor('a', { who, isBulk }, now);
		if (wait) return blocked(Math.ceil((wait.until - now) / 1000) * 1000, wait.ahead);
		now += CREATION_MS;
		const { left = null, retryAfterMs = 0 } = panel.create(now, isBulk);
		if (left === null) {
			budget.noteClosed('a', { limit: 10, ms: retryAfterMs }, now);
			return blocked(retryAfterMs, 0);
		}
		budget.noteLeft('a', { limit: 10, left }, now);
		return result({ changes: [], blocked: [] });
	}

	/** Apply Access: rounds until nothing is due. */
	function apply(): void {
		touch({ holder: '42', term: Number(lease.term) + 1, expires_at: iso(now + LEASE_MS) });
		const acquiredAt = now;
		for (let round = 0; !isLongRun(acquiredAt, round, now); round++) {
			const last = openEvents()[49] ?? openEvents().at(-1);
			const claimed = openEvents().filter(({ queue }) => String(queue) <= String(last?.queue));
			const due = dueRows();
			if (chooseWork(claimed, due).length === 0) break;
			rounds++;
			const readAt = now;
			now += roundMs / 2;
			const read = readClaimed(claimed);
			const taken = takenOf(claimed, due).map(({ customer }) => String(customer));
			const mineOf = (one: Entitlement) =>
				read.filter(({ event }) => event && concerns(event, one));
			const chosen = [...entitlements.values()]
				.filter((one) => taken.includes(one.customer) || mineOf(one).length > 0)
				.map((one) => {
					const isBulk = isBulkWork(mineOf(one), rows.get(one.customer) ?? {});
					const since = String(rows.get(one.customer)?.waiting_since ?? '');
					return { one, isBulk, rank: since || (isBulk ? '~~' : '~') };
				})
				.sort((a, b) => (a.rank < b.rank ? -1 : 1));
			const outcomes = chosen.map(({ one, isBulk }): RoundOutcome => {
				const made = sync(one.customer, isBulk);
				if (made.blocked.length === 0) doneAt.set(one.customer, now);
				return { kind: 'done', result: made };
			});
			const settled = settleRound({
				lease: readLease(lease)!,
				claimed: read,
				entitlements: chosen.map(({ one }) => one),
				outcomes,
				stored: new Map(rows),
				due: taken,
				failure: null,
				readAt,
				now,
				executionUrl: '',
			});
			now += roundMs / 2;
			alerts.push(...settled.alerts);
			for (const row of [...settled.newCustomers, ...settled.customers]) {
				rows.set(String(row.customer), row);
			}
			const open = settled.released.filter(({ processed_at: at }) => !at).map(({ id }) => id);
			for (const row of claimed) if (!open.includes(row.id)) row.processed_at = iso();
			touch({ expires_at: iso(now + LEASE_MS) });
		}
		touch({ holder: '', expires_at: iso(now - MINUTE) });
	}

	function due(): void {
		const [customer] = dueRows();
		const { start: isDue, alert } = checkQueue({ lease, event: openEvents()[0], customer }, now);
		if (alert) alerts.push({ ...alert, at: iso() });
		if (!isDue) return;
		apply();
		due();
	}

	return {
		panel,
		rows,
		alerts,
		rounds: () => rounds,
		now: () => now,
		iso,
		doneAt,
		/** n8n restarts, or another worker goes on: what was known of the limit is gone. */
		forget() {
			budget = new CreationBudget();
		},
		/** Reconcile found that the server is new for them. */
		ask(ids: number[]) {
			for (const id of ids) {
				const { customer, customer_id } = add(id);
				const said = { event_id: `r-${id}`, event: 'apply.requested', customer_id } as const;
				events.push({ id: events.length, ...eventRow(said, { at: iso(), source: 'reconcile' }) });
				rows.set(customer, { customer, customer_id, last_run_at: iso(start - MINUTE), term: 1 });
			}
		},
		/** Somebody new buys. */
		buy(id: number) {
			add(id);
			const row = claimedRow(eventOf(id), { id: events.length, received_at: iso() });
			events.push({ ...row, queue: queueKey('webhook', iso(), `evt_${id}`) });
		},
		/** Due looks once a minute until then. */
		until(time: number, each: (minute: number) => void = () => undefined) {
			for (; now < time; now = Math.ceil((now + 1) / MINUTE) * MINUTE) {
				each(Math.floor((now - start) / MINUTE));
				due();
			}
		},
	};
}
