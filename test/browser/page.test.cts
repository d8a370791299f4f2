/** The demo's page in a real browser, on no n8n: the keyboard, and what is told when something fails. */
import type { Browser, Page } from 'playwright-core';

import { serveDemo, type Demo } from '../../demo/server.cjs';
import { openBrowser } from '../../tools/browser.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { nobody, stageWithoutN8n } from '../unit/demo/support.cjs';

jest.setTimeout(60_000);

let isDown = false;
let stage: Stage;
let demo: Demo;
let browser: Browser;
let page: Page;

const productNow = () => stage.paymenter.shop.servicesOf('customer.1@example.com')[0]?.product_id;
const focused = async () =>
	String(await page.evaluate('document.activeElement.getAttribute("aria-label")'));

beforeAll(async () => {
	stage = await stageWithoutN8n(async () => {
		if (isDown) throw new Error('the panel is away');
		return await nobody();
	});
	demo = await serveDemo(stage, 0);
	browser = await openBrowser();
	page = await browser.newPage();
	await page.goto(demo.url);
	await page.getByRole('button', { name: /^Fire Elemental/ }).click();
	await page.getByLabel(/Change Fire Elemental/).waitFor();
});

afterAll(async () => {
	await browser?.close();
	await demo?.close();
	await stage?.paymenter.close();
});

it('changes the product by the button only, and leaves the focus there', async () => {
	const before = productNow();
	await page.getByLabel(/Change Fire Elemental/).focus();
	await page.keyboard.press('Tab');
	// Nothing is chosen: the browser says so, at the list.
	await page.keyboard.press('Enter');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Tab');
	expect(productNow()).toBe(before);
	expect(await focused()).toBe('Change: Fire Elemental');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: /^Change: (?!Fire Elemental)/ }).waitFor();
	expect(productNow()).not.toBe(before);
	expect(await focused()).toMatch(/^Change: (?!Fire Elemental)/);
	expect(await page.getByLabel(/^Change .* to another/).inputValue()).toBe('');
});

it('does nothing twice while it is done, and keeps the focus', async () => {
	let posts = 0;
	await page.route('**/do/pay', async (route) => {
		posts++;
		await new Promise((done) => setTimeout(done, 300));
		await route.continue();
	});
	const pay = page.getByRole('button', { name: /^Pay/ });
	await pay.focus();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Enter');
	expect(await pay.getAttribute('aria-disabled')).toBe('true');
	expect(await focused()).toMatch(/^Pay/);
	await page.locator('[aria-label^=Pay][aria-disabled=false]').waitFor();
	expect(posts).toBe(1);
});

it('keeps the focus on what can be done no more', async () => {
	await page.getByRole('button', { name: /^Cancel/ }).focus();
	await page.keyboard.press('Enter');
	await page.locator('[aria-label^=Cancel][aria-disabled=true]').waitFor();
	await page.getByText(/, cancelled/).waitFor();
	expect(await focused()).toMatch(/^Cancel/);
});

it('says that it is not renewed, and shows what it had', async () => {
	const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
	isDown = true;
	await page.getByRole('status').getByText('the panel is away').waitFor();
	await page.getByRole('columnheader', { name: 'Frost Path 1' }).waitFor();
	isDown = false;
	await page.getByText('the panel is away').waitFor({ state: 'detached' });
	stderr.mockRestore();
});
