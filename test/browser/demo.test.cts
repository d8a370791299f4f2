/** The demo's page in a real browser, on a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { source as axe } from 'axe-core';
import axios from 'axios';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { serveDemo, type Demo } from '../../demo/server.cjs';
import { openBrowser } from '../../tools/browser.cjs';
import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { openForm } from '../../tools/n8n/forms.cjs';
import { eventually, expectAccess } from '../e2e/support.cjs';

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-demo-'));
const GRACE = 'Grace Hopper';
let stage: Stage;
let demo: Demo;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
/** The address of who waits for the panel's limit. */
let late = '';

async function open(options: BrowserContextOptions = {}): Promise<Page> {
	const opened = await (await browser.newContext(options)).newPage();
	opened.on('pageerror', ({ message }) => complaints.push(message));
	await opened.goto(demo.url);
	await opened.getByRole('heading', { name: 'Shop' }).waitFor();
	return opened;
}

const rowOf = (name: string) =>
	page.getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });

/** How many servers a customer has in the matrix. */
async function serversOf(name: string): Promise<number> {
	const cells = await rowOf(name).getByRole('cell').allInnerTexts();
	return cells.filter((text) => /\d/.test(text)).length;
}

/** Who waits for the panel's limit. */
const waiting = () => page.getByRole('row', { name: /waits until \d\d:\d\d/ });

/** The page says so, and so does the panel. */
async function expectServers(name: string, tier: TierName | null, servers: number): Promise<void> {
	expect(
		await eventually(
			() => serversOf(name),
			(found) => found === servers,
		),
	).toBe(servers);
	const email = `${name.toLowerCase().replace(' ', '.')}@example.com`;
	await expectAccess(stage, email, tier);
}

const click = async (name: string | RegExp) => await page.getByRole('button', { name }).click();

beforeAll(async () => {
	stage = await setUp(folder, () => undefined, { rateLimits: false, ranks: 'rest' });
	demo = await serveDemo(stage, 0);
	browser = await openBrowser();
	page = await open();
});

afterAll(async () => {
	await browser?.close();
	await demo?.close();
	await stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('A visitor', () => {
	it('buys as somebody new, by the keyboard alone, and sees the access', async () => {
		await page.getByLabel('Name').focus();
		await page.keyboard.type(GRACE);
		await page.keyboard.press('Tab');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await expectServers(GRACE, 'elemental', 3);
	});

	it('sees rank and Discord role beside it', async () => {
		await rowOf(GRACE).getByText('subscriber_elemental').waitFor({ timeout: 120_000 });
		await rowOf(GRACE).getByRole('cell', { name: 'elemental', exact: true }).waitFor();
	});

	it('sees the event, and what was done with how long it took and its execution', async () => {
		const events = page.getByRole('region', { name: 'Event log' });
		await events.getByText('subscription.created').first().waitFor();
		const step = page.getByRole('row', { name: /access given, 3 servers/ });
		expect(await step.innerText()).toMatch(/\d\.\d s/);
		const link = step.getByRole('link');
		expect(await link.getAttribute('href')).toMatch(/\/workflow\/paymenterApply\/executions\/\d+$/);
	});

	it('changes the tier, and the access follows', async () => {
		await page.getByLabel(/Change Fire Elemental/).selectOption('frost-legend');
		await click(/^Change/);
		await expectServers(GRACE, 'legend', 7);
	});

	it('lets more customers buy than the panel’s limit allows, and sees who waits until when', async () => {
		await click(/^Eleven customers/);
		await waiting().getByRole('button').click();
		await page.getByText(/limit on new subusers of Frost Path - Snowfall/).waitFor();
		late = await page.getByLabel('Customer').inputValue();
		expect(await waiting().count()).toBe(1);
		await page.getByRole('button', { name: GRACE, exact: true }).click();
	});

	it('fails a payment, lets seven days pass, loses access, pays, and has it again', async () => {
		await click(/^Fail a payment/);
		await page.getByText(/^grace:/).waitFor();
		await expectServers(GRACE, 'legend', 7);
		await click('Seven days later');
		await page
			.getByRole('status')
			.getByText(/seven days pass/i)
			.waitFor();
		// n8n ends, starts, and looks for what is due.
		await page.getByText(/^suspended:/).waitFor({ timeout: 120_000 });
		await expectServers(GRACE, null, 0);
		await expectAccess(stage, late, 'elemental');
		await waiting().waitFor({ state: 'detached' });
		await click(/^Pay/);
		await expectServers(GRACE, 'legend', 7);
	});

	it('cancels, and has nothing', async () => {
		await click(/^Cancel/);
		await expectServers(GRACE, null, 0);
	});

	it('sees whom an operator’s undo has put back, and that they are held', async () => {
		await page.getByLabel('Customer').selectOption(late);
		const link = await page.getByRole('link', { name: 'Undo' }).getAttribute('href');
		expect(link).toContain(`/form/paymenter-undo?minutes=60&email=${late}`);
		const form = await openForm(stage.n8n.url, 'paymenter-undo', stage.operator);
		await (await form.submit('60', late, 'Kim', 'a mistake')).submit('Yes, do it');
		await page.getByText(/^active, on hold: Overridden by Kim/).waitFor();
		await page.getByRole('row', { name: /access taken.*Undone by Kim: a mistake/ }).waitFor();
		await expectAccess(stage, late, null);
	});

	it('reads what is wrong with what they do', async () => {
		await page.getByLabel('Customer').selectOption('');
		await page.getByLabel('Name').fill('!');
		await click(/^Sovereign/);
		await page.getByRole('alert').getByText('is no address').waitFor();
	});
});

describe.each(['light', 'dark'] as const)('The page, %s', (colorScheme) => {
	it.each([
		['wide', { width: 1400, height: 1000 }],
		['on a phone', { width: 390, height: 844 }],
	])('%s: fits, and has nothing that axe complains about', async (_name, viewport) => {
		const opened = await open({ colorScheme, viewport });
		const width = await opened.evaluate('document.documentElement.scrollWidth');
		expect(width).toBeLessThanOrEqual(viewport.width);
		await opened.evaluate(axe);
		const { violations } = (await opened.evaluate('axe.run()')) as {
			violations: Array<{ id: string; nodes: Array<{ html: string }> }>;
		};
		expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
		await opened.close();
	});
});

it('has made no browser complain', () => expect(complaints).toEqual([]));

describe('The page’s server', () => {
	const post = async (what: string, headers: Record<string, string>, body: object = {}) =>
		await axios.post<{ problem?: string }>(`${demo.url}/do/${what}`, body, {
			headers,
			validateStatus: () => true,
		});

	it('does nothing for a page of another site, nor by another name', async () => {
		expect((await post('week', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
		expect((await post('week', { host: 'evil.example:80' })).status).toBe(403);
	});

	it.each([
		['fly', {}, /does not know "fly"/],
		['buy', { email: 'a@example.com' }, /Fill in: product/],
		['buy', { email: 'a@example.com', name: 'A', product: 'founder' }, /founder/],
		['pay', { service: 99 }, /99/],
		['cancel', { service: '1' }, /which subscription/],
	])('says why it does not %s %j', async (what, body, why) => {
		const { status, data } = await post(what, {}, body);
		expect(status).toBe(422);
		expect(data.problem).toMatch(why);
	});
});
