/** More buy at once than a panel since 1.12 takes as new subusers, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { applyDue, atRest, eventually, expectAccess, rowOf } from './support.cjs';

jest.setTimeout(600_000);

const LIMIT = 3;
const WINDOW_S = 60;
const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-limit-'));
const emails = Array.from({ length: 5 }, (_, index) => `buyer${index + 1}@example.com`);
const inTime = emails.slice(0, LIMIT);
const late = emails.slice(LIMIT);
let stage: Stage;

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, {
		rateLimits: false,
		subuserLimit: LIMIT,
		subuserWindow: WINDOW_S,
	});
	const { shop } = stage.paymenter;
	for (const email of emails) {
		shop.addUser({ email, first_name: 'Buyer' });
		shop.pay(shop.buy(email, email === late[0] ? 'frost-legend' : 'fire-elemental').service.id);
		await eventually(
			() => rowOf(stage, email),
			(row) => Boolean(row?.last_run_at),
		);
	}
	await atRest(stage);
});

afterAll(async () => {
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

it('Whoever comes within the limit has access at once', async () => {
	for (const email of inTime) await expectAccess(stage, email, 'elemental');
});

it('Who comes later has their other servers at once, and the row says what they wait for', async () => {
	const waiting =
		/Waiting for the panel’s limit on new subusers of .*Frost Path - Snowfall.*, next try/;
	for (const email of late) {
		const row = await rowOf(stage, email);
		expect(row).toMatchObject({ state: 'active', last_error: '', failures: 0 });
		expect(row?.last_result).toMatch(waiting);
		expect(row?.retry_at).toBeTruthy();
	}
	expect(Object.keys(await stage.panel.accessOf(late[0] ?? ''))).toHaveLength(4);
	const log = await (await stage.editor()).rows('paymenter_provisioning_log');
	expect(log.filter(({ what }) => what === 'failed' || what === 'alert')).toEqual([]);
});

it('An upgrade and a cancellation on such a server go through meanwhile', async () => {
	const { shop } = stage.paymenter;
	const [upgrading = '', cancelling = ''] = inTime;
	const serviceOf = (email: string) => shop.servicesOf(email)[0]?.id ?? NaN;
	shop.upgrade(serviceOf(upgrading), 'frost-knight');
	shop.payUpgrade(serviceOf(upgrading));
	shop.cancelNow(serviceOf(cancelling));
	await expectAccess(stage, upgrading, 'knight');
	await expectAccess(stage, cancelling, null);
});

it('Everybody has their access once the window is over', async () => {
	stage.simulator?.control.advance(WINDOW_S * 1000);
	await stage.n8n.later(5 * 60_000);
	await applyDue(stage);
	await expectAccess(stage, late[0] ?? '', 'legend');
	await expectAccess(stage, late[1] ?? '', 'elemental');
	for (const email of late) expect(await rowOf(stage, email)).toMatchObject({ retry_at: null });
});
