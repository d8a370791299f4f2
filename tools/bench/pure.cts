/** The decisions alone: no n8n, no network. */
import { resolveEntitlements } from '../../domain/entitlement/resolve';
import { readRow } from '../../domain/events/row';
import { diff } from '../../domain/access/diff';
import type { Server } from '../../domain/access/panelRecords';
import { targetOf, tiersOf } from '../../domain/access/tierPlan';
import { percentile } from '../numbers.cjs';
import { shippedPlan } from './plan.cjs';
import { figure, ratio, type Benchmark } from './report.cjs';

const CUSTOMERS = 1000;
const MONTHS = 120;
const ROUNDS = 5;
const SERVERS = 10;

export const pureParts: Benchmark = {
	name: 'pure',
	title: 'Fold and diff alone',
	what: `${CUSTOMERS.toLocaleString('en-US')} customers with ten years of monthly events each (${MONTHS} payments, every twelfth fails and is paid a day later): their entitlements from the rows of the log, and what is to be written on ${SERVERS} servers, one in a hundred of the customers' rows being wrong. For comparison, the time that \`JSON.parse\` alone takes for the same rows. Medians of ${ROUNDS} rounds.`,
	run: async () => {
		const text = JSON.stringify(rows());
		const parse = time(() => JSON.parse(text) as Array<Record<string, unknown>>);
		const read = time(() => parse.result.map(readRow));
		const now = new Date('2026-11-01T00:00:00Z');
		const folded = time(() =>
			resolveEntitlements(read.result, now, { graceDays: 7, deleteAccountAfterDays: 30 }),
		);
		if (
			folded.result.length !== CUSTOMERS ||
			folded.result.some(({ state }) => state !== 'active')
		) {
			throw new Error('The resolveEntitlements is wrong');
		}
		const plan = shippedPlan();
		const servers = serversOf();
		const differ = time(() =>
			folded.result.flatMap(({ grants }, customer) => {
				const target = targetOf(plan, tiersOf(plan, grants), servers);
				const isOurs = () => true;
				return diff({ account: { id: customer }, target, servers, isOurs });
			}),
		);
		if (differ.result.length !== CUSTOMERS / 100) throw new Error('The diff is wrong');
		const line = (what: string, { ms }: { ms: number }) => [
			what,
			figure(ms),
			figure((CUSTOMERS / ms) * 1000),
			ratio(ms, parse.ms),
		];
		return {
			table: [
				['', 'ms', 'customers a second', 'against JSON.parse'],
				line('JSON.parse of the rows', parse),
				line('rows → events (checked)', read),
				line('events → entitlements (Resolve)', folded),
				line('entitlement and panel → writes (diff)', differ),
			],
			notes: [`${(CUSTOMERS * rowsEach()).toLocaleString('en-US')} rows in all.`],
		};
	},
};

const rowsEach = () => MONTHS + 1 + Math.floor(MONTHS / 12);

function rows(): object[] {
	return Array.from({ length: CUSTOMERS }, (_, customer) => {
		const row = (event: string, month: number, day: number) => {
			const at = new Date(Date.UTC(2016, 11 + month, day, 0, 0, customer % 60)).toISOString();
			return {
				event_id: `evt_${customer}_${event}_${month}`,
				event,
				occurred_at: at,
				state_at: at,
				received_at: at,
				subscription_id: String(customer),
				customer_id: String(customer),
				customer_email: `customer${customer}@example.com`,
				customer_name: `Customer ${customer}`,
				previous_email: '',
				previous_customer_id: '',
				product_id: 'fire-knight',
				tier: '',
				status: 'active',
				paid_until: new Date(Date.UTC(2016, 12 + month, 1)).toISOString().slice(0, 10),
				ends_at: '',
				source: 'webhook',
			};
		};
		return [
			row('subscription.created', 0, 1),
			...Array.from({ length: MONTHS }, (_, month) => [
				...(month % 12 === 11 ? [row('payment.failed', month, 1)] : []),
				row('payment.succeeded', month, 2),
			]).flat(),
		];
	}).flat();
}

/** Everybody has what a knight has; every hundredth lacks one row. */
function serversOf(): Server[] {
	return Array.from({ length: SERVERS }, (_, server) => ({
		id: server + 1,
		uuid: `uuid-${server}`,
		name: `Frost Path ${server}`,
		description: '',
		user: -1,
		node: 1,
		nest: 1,
		location: null,
		tags: [],
		status: null,
		rows: new Map(
			Array.from({ length: CUSTOMERS }, (_, customer) => customer)
				.filter((customer) => server > 0 || customer % 100 !== 0)
				.map((customer) => [customer, [['websocket.connect', 'allocation.read', 'schedule.read']]]),
		),
	}));
}

/** The median of some rounds, and the last result. */
function time<T>(work: () => T): { result: T; ms: number } {
	let result = work();
	const times = Array.from({ length: ROUNDS }, () => {
		const started = performance.now();
		result = work();
		return performance.now() - started;
	});
	return { result, ms: percentile(times, 50) };
}
