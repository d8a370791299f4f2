/**
 * A shop, a panel and an n8n that have known each other for long: what the shop sold is in the event
 * log, each customer has a row, and the panel gives what the plan says. Made by the product's own
 * decisions, written into log, rows and panel without any run of n8n.
 */
import axios from 'axios';

import { connect as connectPaymenter } from '../../nodes/Paymenter/transport/client';
import { queueKey } from '../../domain/events/append';
import { TABLES, type TableName } from '../../domain/tables';
import { compare } from '../../domain/reconcile/compare';
import { resolveEntitlements } from '../../domain/entitlement/resolve';
import type { Entitlement } from '../../domain/entitlement/entitlement';
import { connect as connectPanel } from '../../nodes/PterodactylProvision/transport/panelApi';
import { startRun } from '../../nodes/PterodactylProvision/transport/run';
import { type Server } from '../../domain/access/panelRecords';
import { targetOf, tiersOf } from '../../domain/access/tierPlan';
import type { HttpClient } from '../../nodes/shared/httpClient';
import { shippedPlan } from './plan.cjs';
import type { Stage } from './stage.cjs';

const ROWS_A_CALL = 200;
/** So long ago that no run takes it for news. */
const AGES_MS = 2 * 86_400_000;

const httpClientOf = (key: string): HttpClient => ({
	send: async ({ url, method, headers }) => {
		const answer = await axios.request<unknown>({
			url,
			method,
			headers: { ...headers, Authorization: `Bearer ${key}` },
		});
		return { statusCode: answer.status, headers: {}, body: answer.data };
	},
	pause: async () => undefined,
	random: Math.random,
});

export async function makeKnown(stage: Stage): Promise<void> {
	const { paymenter, simulator } = stage;
	const readAt = new Date();
	const received = new Date(readAt.getTime() - AGES_MS).toISOString();
	const options = { retries: 0, pageSize: 1000, timeoutMs: 120_000 };
	const shop = connectPaymenter(httpClientOf(paymenter.apiKey), { ...options, url: paymenter.url });
	const events = compare({
		known: new Map(),
		logged: new Set(),
		truth: new Map((await shop.services()).map((one) => [one.subscription_id, one])),
		readAt: readAt.toISOString(),
		products: [],
	});
	const panel = connectPanel(httpClientOf(simulator.applicationKey), {
		...options,
		url: simulator.url,
		run: startRun(),
	});
	const servers = await panel.servers();
	const customers = resolveEntitlements(events, readAt, {
		graceDays: 7,
		deleteAccountAfterDays: 30,
	});
	const rows = customers.map((customer) => ({
		...rowOf(customer, received),
		granted: JSON.stringify(give(stage, customer, servers)),
	}));
	await fill(
		stage,
		'paymenter_events',
		events.map((event) => ({
			...event,
			received_at: received,
			processed_at: received,
			queue: queueKey('reconcile', received, event.event_id),
		})),
	);
	await fill(stage, 'paymenter_customers', rows);
}

const rowOf = ({ customer_id, customer_email, ...customer }: Entitlement, at: string) => ({
	customer: customer.customer,
	customer_id,
	customer_email,
	customer_name: customer.customer_name,
	state: customer.state,
	next_change_at: customer.next_change_at,
	due_at: customer.next_change_at,
	last_run_at: at,
	term: 0,
});

/** Puts a customer on the panel with all that the plan gives them. @returns what was granted where */
function give(
	{ simulator: { control, state } }: Stage,
	{ customer_id, customer_email, grants }: Entitlement,
	servers: Server[],
): Record<string, string[]> {
	if (grants.length === 0) return {};
	const plan = shippedPlan();
	const { id } = control.addUser({
		email: customer_email ?? '',
		username: `customer-${customer_id}`,
		externalId: `paymenter-${customer_id}`,
	});
	const target = targetOf(plan, tiersOf(plan, grants), servers);
	const time = Date.now();
	const granted: Record<string, string[]> = {};
	for (const { id: serverId, uuid } of servers) {
		const permissions = target.get(serverId);
		if (!permissions) continue;
		granted[uuid] = permissions;
		state.subusers.push({
			id: state.nextId.subuser++,
			userId: id,
			serverId,
			permissions: [...new Set(['websocket.connect', ...permissions])],
			createdAt: time,
			updatedAt: time,
		});
	}
	return granted;
}

/** Processed events of other customers. */
export async function fillLog(stage: Stage, count: number): Promise<void> {
	const at = new Date(Date.now() - AGES_MS).toISOString();
	const rows = Array.from({ length: count }, (_, index) => {
		const customer = `old-${index % (count / 10)}`;
		const event_id = `evt_${customer}_${index}`;
		return {
			event_id,
			event: 'payment.succeeded',
			occurred_at: at,
			state_at: at,
			subscription_id: `sub-${customer}`,
			customer_id: customer,
			customer_email: `${customer}@example.com`,
			product_id: 'fire-knight',
			status: 'active',
			source: 'webhook',
			received_at: at,
			processed_at: at,
			queue: queueKey('webhook', at, event_id),
		};
	});
	await fill(stage, 'paymenter_events', rows);
}

/** Fills a table with rows of which columns may be missing. */
async function fill({ editor }: Stage, table: TableName, rows: object[]): Promise<void> {
	const { api } = await editor();
	const project = (await api.get<{ data: { id: string } }>('/projects/personal')).data.data.id;
	const tables = `/projects/${project}/data-tables`;
	const all = await api.get<{ data: { data: Array<{ id: string; name: string }> } }>(tables);
	const id = all.data.data.data.find(({ name }) => name === table)?.id;
	const data = rows.map((row) =>
		Object.fromEntries(
			Object.keys(TABLES[table]).map((name) => [
				name,
				(row as Record<string, unknown>)[name] ?? null,
			]),
		),
	);
	for (let at = 0; at < data.length; at += ROWS_A_CALL) {
		const insert = { data: data.slice(at, at + ROWS_A_CALL), returnType: 'count' };
		await api.post(`${tables}/${id}/insert`, insert);
	}
}
