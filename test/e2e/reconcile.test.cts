/** What goes wrong between shop and panel, and how it is put right, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Service } from '../../simulators/paymenter/model.cjs';
import { sayAccess } from '../../tools/lifecycle/panelView.cjs';
import type { TableRow } from '../../tools/n8n/editor.cjs';
import { openForm } from '../../tools/n8n/forms.cjs';
import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import {
	allApplied,
	applyDue,
	atRest,
	expectAccess as expectThat,
	rowOf,
	simulatorOf,
	writesOf,
} from './support.cjs';

jest.setTimeout(1_800_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-reconcile-'));
/** `E2E_CUSTOMERS=1000 npm run test:e2e` takes a quarter of an hour. */
const CUSTOMERS = Number(process.env.E2E_CUSTOMERS ?? 12);
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { customers: CUSTOMERS, rateLimits: false });
	// Nothing reaches n8n unless a test says so.
	stage.paymenter.control.webhook({ mode: 'off' });
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

const shop = () => stage.paymenter.shop;
const panel = () => simulatorOf(stage);
const writes = () => writesOf(stage);
const expectAccess = async (email: string, tier: TierName | null) =>
	await expectThat(stage, email, tier, 0);

async function reconcile(): Promise<{ status: string; written: number }> {
	const before = writes();
	const { status } = await (await stage.editor()).run('paymenterReconcile', 'Every Night');
	await allApplied(stage);
	return { status, written: writes() - before };
}

async function logged(email: string): Promise<string[]> {
	const rows = await (await stage.editor()).rows('paymenter_provisioning_log');
	return rows
		.filter(({ customer_email }) => customer_email === email)
		.map(({ what, server }) => [what, server].filter(Boolean).join(' on '));
}

const LADDER: TierName[] = ['awakened', 'elemental', 'knight', 'master', 'legend', 'sovereign'];

/** Whoever is paid, or overdue for no more than the grace, has what the product says. */
function tierOf(services: Service[]): TierName | null {
	const now = shop().now().getTime();
	const graceEnds = ({ expires_at: at }: Service) => (at ?? Infinity) + 9 * 86_400_000;
	const tiers = services
		.filter((one) => one.status === 'active' || one.status === 'suspended')
		.filter((one) => now < graceEnds(one))
		.map(({ product_id }) => shop().tables.products.rows.get(product_id ?? 0)?.slug ?? '')
		.map((slug) => LADDER.indexOf(slug.replace(/^(fire|frost)-/, '') as TierName));
	return tiers.length > 0 ? (LADDER[Math.max(...tiers)] as TierName) : null;
}

/** Buys and pays without n8n being told. */
function sells(email: string, product: string): number {
	shop().addUser({ email, first_name: email.split('@')[0] });
	const { service } = shop().buy(email, product);
	shop().pay(service.id);
	return service.id;
}

/** An event that is in the log, and that nobody was told of. */
async function append(name: string, at: Date, more: TableRow = {}): Promise<void> {
	const moment = at.toISOString();
	await (
		await stage.editor()
	).insert('paymenter_events', {
		event_id: `evt_${name}`,
		event: 'subscription.created',
		occurred_at: moment,
		state_at: moment,
		received_at: moment,
		subscription_id: `sub-${name}`,
		customer_email: `${name}@example.com`,
		product_id: 'fire-knight',
		status: 'active',
		paid_until: '',
		ends_at: '',
		source: 'webhook',
		queue: `0 ${moment}`,
		...more,
	});
}

/** Bought a month ago, paid until three days ago, and suspended by the shop since. */
async function owing(name: string): Promise<string> {
	const email = `${name}@example.com`;
	const service = sells(email, 'fire-knight');
	shop().expire(service, 3);
	await append(name, new Date(shop().now().getTime() - 33 * 86_400_000), {
		subscription_id: String(service),
		customer_id: String(shop().user(email).id),
		paid_until: new Date(shop().service(service).expires_at ?? NaN).toISOString().slice(0, 10),
	});
	shop().runCron();
	expect(shop().service(service).status).toBe('suspended');
	await reconcile();
	expect((await rowOf(stage, email))?.state).toBe('grace');
	await expectAccess(email, 'knight');
	return email;
}

const passDays = async (days: number) => await stage.n8n.later(days * 86_400_000);

async function customer(
	name: string,
	product: string,
): Promise<{ email: string; service: number }> {
	const email = `${name}@example.com`;
	const service = sells(email, product);
	expect((await reconcile()).status).toBe('success');
	return { email, service };
}

describe('A shop whose events never arrived', () => {
	it('is brought together with the panel from nothing', async () => {
		expect((await reconcile()).status).toBe('success');
		const users = [...shop().tables.users.rows.values()];
		for (const { email } of users) await expectAccess(email, tierOf(shop().servicesOf(email)));
		expect(users.filter(({ email }) => tierOf(shop().servicesOf(email))).length).toBeGreaterThan(
			CUSTOMERS / 2,
		);
	});

	it('and a second comparison writes nothing, neither on the panel nor in the log', async () => {
		const editor = await stage.editor();
		const before = (await editor.rows('paymenter_events')).length;
		expect(await reconcile()).toEqual({ status: 'success', written: 0 });
		expect(await editor.rows('paymenter_events')).toHaveLength(before);
	});
});

describe('The next comparison puts right', () => {
	it('a purchase, an upgrade, a payment and a cancellation that were lost', async () => {
		const bought = sells('bought@example.com', 'fire-knight');
		const left = sells('left@example.com', 'fire-master');
		await reconcile();
		await expectAccess('bought@example.com', 'knight');
		shop().upgrade(bought, 'frost-legend');
		shop().payUpgrade(bought);
		shop().cancelNow(left);
		await reconcile();
		await expectAccess('bought@example.com', 'legend');
		await expectAccess('left@example.com', null);
		expect(await logged('left@example.com')).toContain('access taken on Frost Path - Aurora');
	});

	it('a server that was added to a group', async () => {
		const { email } = await customer('server', 'awakened');
		panel().control.addServer({ name: 'Frost Path - Newfound', description: 'public' });
		await reconcile();
		await expectAccess(email, 'awakened');
		expect(await logged(email)).toContain('access given on Frost Path - Newfound');
	});

	it('a grant that was removed by hand', async () => {
		const { email } = await customer('removed', 'fire-elemental');
		const { id } = panel().control.user(email);
		const index = panel().state.subusers.findIndex(({ userId }) => userId === id);
		panel().state.subusers.splice(index, 1);
		expect((await reconcile()).written).toBe(1);
		await expectAccess(email, 'elemental');
	});

	it('a subuser row that was doubled', async () => {
		const { email } = await customer('doubled', 'fire-elemental');
		panel().control.addSubuser({
			server: 'Frost Path - Aurora',
			user: email,
			permissions: ['allocation.read'],
			mail: false,
		});
		expect(sayAccess(await stage.panel.accessOf(email))).not.toMatch(/^4 servers × 2/);
		await reconcile();
		await expectAccess(email, 'elemental');
		expect(await logged(email)).toContain('double access repaired on Frost Path - Aurora');
	});

	it('a key that was taken out of the plan, and put back', async () => {
		const { email } = await customer('keyed', 'fire-knight');
		const editor = await stage.editor();
		const sell = async (keys: string[]) =>
			await editor.edit('paymenterTierPlan', (nodes) => {
				const node = nodes.find(({ name }) => name === 'Tier Plan');
				const { tier } = node?.parameters.tiers as {
					tier: Array<{ tier: string; permissions: string[] }>;
				};
				for (const one of tier) if (one.tier === 'knight') one.permissions = keys;
			});
		await sell([]);
		expect((await reconcile()).status).toBe('success');
		await expectAccess(email, 'elemental');
		await sell(['schedule.read']);
		await reconcile();
		await expectAccess(email, 'knight');
		expect(await logged(email)).toContain('access changed on Frost Path - Aurora');
	});

	it('a user of the shop who was deleted silently', async () => {
		const { email } = await customer('deleted', 'fire-knight');
		shop().deleteUser(email);
		await reconcile();
		await expectAccess(email, null);
		expect(await stage.panel.userOf(email)).toBeDefined();
		expect((await rowOf(stage, email))?.state).toBe('cancelled');
	});

	it('a service that was moved to another customer', async () => {
		const { email, service } = await customer('giver', 'fire-knight');
		shop().addUser({ email: 'taker@example.com', first_name: 'Taker' });
		shop().moveService(service, 'taker@example.com');
		await reconcile();
		await expectAccess('taker@example.com', 'knight');
		await expectAccess(email, null);
	});

	it('an address that was changed in mid-grace, which goes on and begins no second week', async () => {
		const email = await owing('owing');
		const before = await rowOf(stage, email);
		shop().changeEmail(email, 'owing.new@example.com');
		await reconcile();
		await expectAccess('owing.new@example.com', 'knight');
		const after = await rowOf(stage, 'owing.new@example.com');
		expect(after).toMatchObject({ state: 'grace', next_change_at: before?.next_change_at });
		expect(await logged('owing.new@example.com')).toContain('e-mail changed');
	});

	it('all but the shop, where Paymenter answers with errors, and says so', async () => {
		const { email } = await customer('silent', 'fire-elemental');
		const { id } = panel().control.user(email);
		panel().state.subusers = panel().state.subusers.filter(({ userId }) => userId !== id);
		stage.paymenter.control.fault({ kind: 'status', status: 403, times: 1 } as never);
		expect((await reconcile()).status).toBe('error');
		await expectAccess(email, 'elemental');
		stage.paymenter.control.clearFaults();
	});
});

describe('What is due', () => {
	const due = async () => await applyDue(stage);

	it('is applied: an event that nobody was told of', async () => {
		await append('orphan', new Date(Date.now() - 120_000));
		await due();
		await expectAccess('orphan@example.com', 'knight');
		const before = writes();
		await due();
		expect(writes()).toBe(before);
	});

	it('ends a grace whose Wait was lost, and tries again what had failed', async () => {
		const email = await owing('waiting');
		panel().control.fault({
			path: '/api/application/users',
			method: 'POST',
			kind: 'status',
			status: 422,
			times: 1,
		} as never);
		sells('unlucky@example.com', 'fire-knight');
		await reconcile();
		expect(await rowOf(stage, 'unlucky@example.com')).toMatchObject({
			last_result: 'failed',
			failures: 1,
		});
		expect((await rowOf(stage, 'unlucky@example.com'))?.what_to_do).toBeTruthy();

		const editor = await stage.editor();
		const waits = await editor.executions({ status: ['waiting'] });
		expect(waits.length).toBeGreaterThan(0);
		await editor.api.post('/executions/delete', { ids: waits.map(({ id }) => id) });
		expect(await editor.executions({ status: ['waiting'] })).toEqual([]);

		// Somebody got a tier by address, and bought with an id since: nobody writes this row any more.
		const gone = { customer: 'email:gone@example.com', customer_email: 'gone@example.com' };
		await editor.insert('paymenter_customers', {
			...gone,
			term: 0,
			next_change_at: new Date().toISOString(),
			due_at: new Date().toISOString(),
		});

		await passDays(8);
		await due();
		expect((await rowOf(stage, 'gone@example.com'))?.next_change_at).toBeNull();
		await expectAccess(email, null);
		expect((await rowOf(stage, email))?.state).toBe('suspended');
		await expectAccess('unlucky@example.com', 'knight');
		expect(await rowOf(stage, 'unlucky@example.com')).toMatchObject({
			last_error: '',
			failures: 0,
		});
	});
});

describe('A loss of many at once', () => {
	const losers = ['loser1', 'loser2', 'loser3', 'loser4', 'loser5', 'loser6', 'loser7'];
	const emails = losers.map((name) => `${name}@example.com`);
	let services: number[];

	it('is not carried out: nobody loses, grants go on, and it is told who and why', async () => {
		services = emails.map((email) => sells(email, 'fire-elemental'));
		expect((await reconcile()).status).toBe('success');
		for (const service of services) shop().cancelNow(service);
		sells('winner@example.com', 'frost-master');
		expect((await reconcile()).status).toBe('error');
		for (const email of emails) await expectAccess(email, 'elemental');
		await expectAccess('winner@example.com', 'master');
		for (const email of emails) {
			expect((await rowOf(stage, email))?.held_changes).toContain('Frost Path - Aurora');
		}
		const log = await (await stage.editor()).rows('paymenter_events');
		expect(
			log.filter(
				({ customer_email, event }) =>
					emails.includes(String(customer_email)) && event === 'subscription.cancelled',
			),
		).toEqual([]);
	});

	it('is asked for again each time, and the run for the due does not go around it', async () => {
		expect(await reconcile()).toEqual({ status: 'error', written: 0 });
		await applyDue(stage);
		for (const email of emails) await expectAccess(email, 'elemental');
	});

	it('is not carried out while the panel cannot be looked at, and stays held back', async () => {
		const editor = await stage.editor();
		const before = (await editor.rows('paymenter_events')).length;
		const servers = '/api/application/servers';
		panel().control.fault({ kind: 'status', status: 403, method: 'GET', path: servers } as never);
		expect(await reconcile()).toEqual({ status: 'error', written: 0 });
		panel().control.clearFaults();
		expect(await editor.rows('paymenter_events')).toHaveLength(before);
		await applyDue(stage);
		for (const email of emails) {
			await expectAccess(email, 'elemental');
			expect((await rowOf(stage, email))?.held_changes).not.toBe('');
		}
	});

	it('names nobody any more who would lose nothing by now', async () => {
		shop().pay(services[6] ?? NaN);
		expect((await reconcile()).status).toBe('error');
		expect((await rowOf(stage, 'loser7@example.com'))?.held_changes).toBe('');
		expect((await rowOf(stage, 'loser6@example.com'))?.held_changes).not.toBe('');
	});

	it('is carried out when an operator confirms, for those who were named only', async () => {
		const form = await openForm(stage.n8n.url, 'paymenter-losses', stage.operator);
		const page = await form.submit('Olivia');
		for (const email of emails.slice(0, 6)) expect(page.text).toContain(email);
		expect(page.text).not.toContain('loser7');
		const left = await page.submit('No, change nothing');
		expect(left.text).toContain('They keep what they have');
		await expectAccess('loser1@example.com', 'elemental');
		const again = await (
			await openForm(stage.n8n.url, 'paymenter-losses', stage.operator)
		).submit('Olivia');
		expect((await again.submit('Yes, do it')).text).toContain('6 of 6');
		await allApplied(stage);
		await expectAccess('loser7@example.com', 'elemental');
		for (const email of emails.slice(0, 6)) {
			await expectAccess(email, null);
			expect(await rowOf(stage, email)).toMatchObject({ state: 'cancelled', held_changes: '' });
		}
		expect(await reconcile()).toEqual({ status: 'success', written: 0 });
	});
});

describe('Thirty days after the cancellation', () => {
	it('the next comparison deletes the account, and keeps those of others', async () => {
		await passDays(30);
		expect((await reconcile()).status).toBe('success');
		expect(await atRest(stage, 60_000)).toBe(0);
		expect(await stage.panel.userOf('loser1@example.com')).toBeUndefined();
		expect(await stage.panel.userOf('winner@example.com')).toBeDefined();
	});
});
