/** Twenty events of one customer at the same moment, again and again, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { send } from '../../simulators/events/sender.cjs';
import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { atRest, eventually, expectAccess, simulatorOf } from '../e2e/support.cjs';
import { count } from '../long.cjs';
import { waiting } from './support.cjs';

jest.setTimeout(1_800_000);

const TIMES = count(50, 1);
const PATIENCE_MS = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'paymenter-crowd-'));
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false });
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

const PRODUCTS: Array<[string, TierName]> = [
	['fire-elemental', 'elemental'],
	['frost-legend', 'legend'],
	['fire-knight', 'knight'],
	['sovereign', 'sovereign'],
	['frost-master', 'master'],
];

/** A purchase, and nineteen changes of tier, of which the last one counts. */
function crowdOf(name: string, round: number) {
	const at = (second: number) => new Date(Date.now() - 60_000 + second * 1000).toISOString();
	const product = (index: number) => PRODUCTS[(index + round) % PRODUCTS.length] ?? PRODUCTS[0]!;
	const events = Array.from({ length: 20 }, (_, index) => ({
		event: index === 0 ? 'subscription.created' : 'subscription.updated',
		event_id: `evt_${name}_${index}`,
		occurred_at: at(index),
		state_at: at(index),
		subscription_id: `sub-${name}`,
		customer_id: `id-${name}`,
		customer_email: `${name}@example.com`,
		customer_name: name,
		product_id: product(index)[0],
		status: 'active',
	}));
	return { events, ends: product(19)[1] };
}

it.each(Array.from({ length: TIMES }, (_, round) => round))(
	'a crowd of twenty is stored whole, and ends in one account with the access of the last event (%i)',
	async (round) => {
		const name = `crowd${round}`;
		const email = `${name}@example.com`;
		const { events, ends } = crowdOf(name, round);
		const to = { url: `${stage.n8n.webhookUrl}/webhook/paymenter`, secret: stage.secret };
		const delivered = await Promise.all(
			events.map(async (event) => await send(event, { ...to, timeoutMs: 60_000 })),
		);
		const left = async () => await waiting(stage);
		expect(await eventually(left, (found) => found.length === 0, PATIENCE_MS)).toEqual([]);
		expect(await atRest(stage, PATIENCE_MS)).toBe(0);
		await expectAccess(stage, email, ends);

		const editor = await stage.editor();
		const ofThem = async (table: string) =>
			(await editor.rows(table)).filter(({ customer_email }) => customer_email === email);
		const sent = delivered.reduce((sum, { attempts }) => sum + attempts, 0);
		const stored = await ofThem('paymenter_events');
		expect(new Set(stored.map(({ event_id }) => event_id)).size).toBe(20);
		expect(stored.length).toBeLessThanOrEqual(sent);
		expect(await ofThem('paymenter_customers')).toHaveLength(1);
		const { users, subusers } = simulatorOf(stage).state;
		const accounts = users.filter((user) => user.email === email);
		expect(accounts).toHaveLength(1);
		const rows = subusers.filter(({ userId }) => userId === accounts[0]?.id);
		expect(new Set(rows.map(({ serverId }) => serverId)).size).toBe(rows.length);
	},
);
