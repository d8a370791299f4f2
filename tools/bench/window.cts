/** New customers against the limit on new subusers of panels since 1.12, with upgrades meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';

import { panelDefaults } from '../../simulators/panel/throttle.cjs';
import { percentile } from '../numbers.cjs';
import { makeKnown } from './known.cjs';
import { figure, ratio, type Benchmark } from './report.cjs';
import { deliver, firstPurchases } from './rush.cjs';
import { atRest, onStage, type Stage } from './stage.cjs';

const NEW_CUSTOMERS = 25;
const SERVERS = 8;
const UPGRADES = 200;
const SECONDS_BETWEEN_UPGRADES = 8;
const PATIENCE_MS = 60 * 60_000;

export const subuserWindows: Benchmark = {
	name: 'windows',
	title: 'New customers against the limit on new subusers',
	what: `${NEW_CUSTOMERS} customers buy Legend at once, on ${SERVERS} servers of a panel that takes ${panelDefaults.subuser} new subusers of a server in ${panelDefaults.subuserWindow / 60} minutes, with its limits on calls as installed. Meanwhile ${UPGRADES} others change to another tier, one every ${SECONDS_BETWEEN_UPGRADES} seconds, which needs no new subuser. The least time is that until the last window opens.`,
	run: async (say) => {
		const { subuser, subuserWindow } = panelDefaults;
		const limits = { subuserLimit: subuser ?? 0, subuserWindow };
		return await onStage({ customers: 2 * UPGRADES, ...limits }, async (stage) => {
			stage.paymenter.control.webhook({ mode: 'off' });
			const servers = Array.from({ length: SERVERS }, (_, number) => ({
				name: `Frost Path ${number + 1}`,
			}));
			stage.simulator.control.reset({ customers: 0, servers });
			await makeKnown(stage);
			const upgrades = (await upgradesOf(stage)).slice(0, UPGRADES);
			stage.simulator.control.clearCalls();
			const buyers = firstPurchases('new', NEW_CUSTOMERS, 'legend');
			const begin = Date.now();
			const sent = new Map<string, number>();
			const upgrading = upgrades.map(async (event, index) => {
				await pause((index + 1) * SECONDS_BETWEEN_UPGRADES * 1000);
				sent.set(String(event.customer_email), Date.now());
				await deliver(stage, event);
			});
			await Promise.all(
				buyers.map(async ({ events: [event] }) => void (await deliver(stage, event ?? {}))),
			);
			say('All bought');
			await Promise.all(upgrading);
			say('All upgraded');
			const wanted = NEW_CUSTOMERS * SERVERS;
			const grants = () =>
				stage.simulator
					.calls()
					.filter(
						({ method, path, status }) =>
							method === 'POST' && status === 200 && /\/servers\/[\w-]+\/users$/.test(path),
					);
			const end = Date.now() + PATIENCE_MS;
			while (grants().length < wanted && Date.now() < end) await pause(1000);
			await atRest(stage);
			const seconds = (Math.max(...grants().map(({ at, ms }) => at + ms)) - begin) / 1000;
			const least = (Math.ceil(NEW_CUSTOMERS / (subuser ?? Infinity)) - 1) * subuserWindow;
			const waits = latencies(stage, sent);
			return {
				table: [
					['', 'seconds', 'against the least'],
					['the least that the limit allows', figure(least), '1 ×'],
					['measured, to the last grant', figure(seconds), ratio(seconds, least)],
				],
				notes: [
					`Grants: ${grants().length} of ${wanted}. Refused with 429: ${stage.simulator.calls().filter(({ status }) => status === 429).length}.`,
					`Upgrades: ${sent.size} processed, of which ${waits.length} changed something; from the event to the last change p50 ${figure(percentile(waits, 50))} s, p95 ${figure(percentile(waits, 95))} s, at most ${figure(Math.max(...waits))} s.`,
				],
			};
		});
	},
};

/** To another tier on the same servers, for each known customer with one subscription. */
async function upgradesOf({ editor }: Stage): Promise<Array<Record<string, unknown>>> {
	const rows = await (await editor()).rows('paymenter_events');
	const customers = new Set<unknown>();
	return rows.flatMap((row) => {
		const { subscription_id, customer_id, customer_email, customer_name, product_id } = row;
		if (product_id === 'awakened' || row.status !== 'active' || customers.has(customer_id))
			return [];
		customers.add(customer_id);
		const at = new Date().toISOString();
		return {
			event: 'subscription.updated',
			event_id: `evt_upgrade_${String(subscription_id)}`,
			occurred_at: at,
			state_at: at,
			...{ subscription_id, customer_id, customer_email, customer_name, status: 'active' },
			product_id: product_id === 'fire-master' ? 'fire-knight' : 'fire-master',
		};
	});
}

/** Seconds from each upgrade's sending to the last change of that customer's subusers. */
function latencies({ simulator }: Stage, sent: Map<string, number>): number[] {
	const emailOf = new Map(simulator.state.users.map(({ uuid, email }) => [uuid, email]));
	const last = new Map<string, number>();
	for (const { method, path, status, at, ms } of simulator.calls()) {
		const uuid = /\/servers\/[\w-]+\/users\/([\w-]+)$/.exec(path)?.[1];
		const email = uuid && emailOf.get(uuid);
		if (method === 'POST' && status === 200 && email) last.set(email, at + ms);
	}
	return [...sent].flatMap(([email, at]) => {
		const done = last.get(email);
		return done === undefined ? [] : [(done - at) / 1000];
	});
}
