import type { IDataObject } from 'n8n-workflow';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';
import { TABLES } from '../../../domain/tables';
import { runWorkflow, type Stub } from '../support/workflowRun.cjs';

const PACKAGE = 'n8n-nodes-paymenter-pterodactyl';
const ROLE = { knight: '100000000000000001', legend: '100000000000000002' };
const tier_plan = {
	server_groups: [{ name: 'all', match: 'all' }],
	tiers: (['knight', 'legend'] as const).map((tier) => ({
		tier,
		serverGroups: ['all'],
		permissions: ['websocket.connect'],
		luckPermsGroup: tier,
		discordRole: ROLE[tier],
	})),
	ranks: { way: 'rest', players: 'offline' },
};
const UNTIL = '2099-06-10T00:00:00.000Z';

const customer = (id: number, more: IDataObject = {}): IDataObject => ({
	customer: `customer:${id}`,
	customer_id: String(id),
	customer_email: `c${id}@example.com`,
	state: 'active',
	tiers: 'knight',
	why: 'paid',
	customer_properties: JSON.stringify({
		minecraft_username: `player${id}`,
		discord_id: `2000000000000000${id}`,
	}),
	access_until: UNTIL,
	changed_at: new Date(Date.now() - 60_000).toISOString(),
	...more,
});

/** Runs the workflow on tables in memory; steps that are not told otherwise succeed. */
class Shop {
	customers: IDataObject[] = [];
	perks = new Map<string, IDataObject>();
	lease: IDataObject = { name: 'access-changed', last_run_at: new Date().toISOString() };
	isHeld = false;
	alerts: IDataObject[] = [];

	async run(steps: Record<string, Stub> = {}) {
		const stubs: Record<string, Stub> = {
			'Acquire Lease': () => [this.isHeld ? [] : [this.lease]],
			'Get Changed Customers': () => [this.customers.length > 0 ? this.customers : [{}]],
			'Get Perks': () => [this.perks.size > 0 ? [...this.perks.values()] : [{}]],
			'Get Tier Plan': () => [[{ tier_plan }]],
			'Sync Ranks': (input) => [
				input.map((item) => ({ ...item, rank: { status: 'done', message: '' } })),
			],
			'Add Role': (input) => [input.map(() => ({ success: true }))],
			'Remove Role': (input) => [input.map(() => ({ success: true }))],
			'Save Perks': (input) => {
				for (const row of input) this.perks.set(String(row.customer), row);
				return [input];
			},
			'Send Alerts': (input) => {
				this.alerts.push(...input);
				return [input];
			},
			'Release Lease': (input) => {
				this.lease = { ...this.lease, ...input[0] };
				return [input];
			},
			...steps,
		};
		return await runWorkflow('access-changed.json', {
			start: 'When Called',
			stubs,
			real: { [`${PACKAGE}.paymenter`]: new Paymenter() },
		});
	}
}

describe('The workflow Access Changed', () => {
	it('gives ranks and roles, saves what it gave, and gives it once', async () => {
		const shop = new Shop();
		shop.customers = [customer(1), customer(2, { tiers: 'legend' })];
		const run = await shop.run();
		expect(run.error).toBeUndefined();
		expect(run.itemsOf('Plan Changes', 0).map(({ customer: who }) => who)).toEqual([
			'customer:1',
			'customer:2',
		]);
		expect(run.itemsOf('Sync Ranks').map(({ customer: who }) => who)).toEqual([
			'customer:1',
			'customer:2',
		]);
		expect(run.itemsOf('Plan Changes', 2).map(({ role }) => role)).toEqual([
			ROLE.knight,
			ROLE.legend,
		]);
		expect([...shop.perks.values()].map(({ result }) => result)).toEqual(['done', 'done']);
		for (const row of shop.perks.values()) {
			expect(Object.keys(row).sort()).toEqual(Object.keys(TABLES.paymenter_perks).sort());
		}
		const again = await shop.run();
		expect(again.ran).not.toContain('Sync Ranks');
		expect(again.ran).not.toContain('Add Role');
		expect(again.ran).toContain('Release Lease');
	});

	it('ends at once while another run holds the lease', async () => {
		const shop = new Shop();
		shop.isHeld = true;
		shop.customers = [customer(1)];
		expect((await shop.run()).ran).toEqual(['When Called', 'Acquire Lease']);
	});

	it('releases the lease with the time of the next try', async () => {
		const shop = new Shop();
		await shop.run();
		expect(shop.lease).toMatchObject({ due_at: null });
		expect(Date.parse(String(shop.lease.free_at))).toBeLessThan(Date.now() - 15_000);
		shop.customers = [customer(1)];
		await shop.run({
			'Sync Ranks': (input) => [
				input.map((item) => ({
					...item,
					rank: { status: 'waiting', message: 'Survival is offline', transient: true },
				})),
			],
		});
		expect(shop.lease.due_at).toBe(shop.perks.get('customer:1')?.retry_at);
		expect(shop.perks.get('customer:1')).toMatchObject({ result: 'Survival is offline' });
	});

	it('tells apart whose role failed, and lets the others be', async () => {
		const shop = new Shop();
		shop.customers = [customer(1), customer(2)];
		await shop.run({
			'Add Role': () => [[{ success: true }, { error: 'Missing Permissions' }]],
		});
		expect(shop.perks.get('customer:1')).toMatchObject({ result: 'done', failures: 0 });
		expect(shop.perks.get('customer:2')).toMatchObject({ failures: 1, needs_attention: true });
		expect(shop.alerts).toMatchObject([{ customer: 'customer:2' }]);
	});

	it('takes the failure of the whole node for the failure of all', async () => {
		const shop = new Shop();
		shop.customers = [customer(1), customer(2)];
		await shop.run({ 'Sync Ranks': () => [[{ error: 'The credential is missing' }]] });
		for (const row of shop.perks.values()) {
			expect(row).toMatchObject({ failures: 1, result: 'The credential is missing' });
		}
	});

	it('warns nobody as it is shipped', async () => {
		const shop = new Shop();
		shop.customers = [customer(1)];
		await shop.run();
		const grace = { state: 'grace', changed_at: new Date().toISOString() };
		shop.customers = [customer(1, grace)];
		const run = await shop.run();
		expect(run.itemsOf('Plan Changes', 4)).toMatchObject([{ kind: 'payment failed' }]);
		expect(shop.perks.get('customer:1')).toMatchObject({ warned: 'grace', result: 'done' });
	});
});
