/** `npm run screenshots`: the pictures in docs/pictures, of the demo and of n8n's editor as it is now. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Page, PageScreenshotOptions } from 'playwright-core';

import { serveDemo } from '../demo/server.cjs';
import { openBrowser } from './browser.cjs';
import { command } from './command.cjs';
import { join as joinGame } from './lifecycle/game.cjs';
import { playStep, type Stage } from './lifecycle/play.cjs';
import { setUp, type Set } from './lifecycle/stage.cjs';
import { customersOf, firstDay } from './lifecycle/story.cjs';

const FOLDER = resolve(__dirname, '..', 'docs', 'pictures');
const WIDE = { width: 1440, height: 900 };
/** So that the names of nodes can be read on the largest canvas. */
const CANVAS = { width: 2400, height: 1300 };
const MARGIN = 24;
/** The editor draws itself in its own time, and has no sign for "done". */
const DRAWN_MS = 4000;

const WORKFLOWS = resolve(__dirname, '..', 'workflows');

/** Forms of nodes: the picture, the workflow, the node. */
const FORMS: Array<[string, string, string]> = [
	['node-trigger', 'paymenterEvents', 'Paymenter Event'],
	['node-provision', 'paymenterTierPlan', 'Tier Plan'],
	['node-paymenter', 'paymenterApply', 'Resolve Entitlements'],
];

async function signIn(page: Page, { n8n, editor }: Set): Promise<void> {
	const { login } = await editor();
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[type=email]').fill(login.email);
	await page.locator('input[type=password]').fill(login.password);
	await page.keyboard.press('Enter');
	await pause(DRAWN_MS);
}

async function openCanvas(page: Page, { n8n }: Set, id: string): Promise<void> {
	await page.goto(`${n8n.url}/workflow/${id}`);
	await page.locator('[data-test-id="canvas-node"]').first().waitFor();
	await pause(DRAWN_MS);
	// Zooms to fit.
	await page.keyboard.press('1');
	await pause(1000);
}

/** The part of the page with nodes and notes on it, without the editor's own bars. */
async function edgesOf(page: Page) {
	const boxes = await Promise.all(
		(await page.locator('.vue-flow__node').all()).map(async (node) => await node.boundingBox()),
	);
	const found = boxes.filter((box) => box !== null);
	const left = Math.min(...found.map(({ x }) => x)) - MARGIN;
	const top = Math.min(...found.map(({ y }) => y)) - MARGIN;
	const right = Math.max(...found.map(({ x, width }) => x + width)) + MARGIN;
	const bottom = Math.max(...found.map(({ y, height }) => y + height)) + MARGIN;
	return { x: left, y: top, width: right - left, height: bottom - top };
}

async function main(): Promise<number> {
	const say = (line: string) => process.stdout.write(`${line}\n`);
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-pictures-'));
	mkdirSync(FOLDER, { recursive: true });
	const browser = await openBrowser();
	const set = await setUp(folder, say, { ui: true, ranks: 'rest' });
	const demo = await serveDemo(set, 0);
	try {
		const customers = customersOf('demo');
		const stage: Stage = { ...set, customers, say, tell: () => undefined };
		for (const customer of customers.values()) if (set.game) joinGame(set.game, customer);
		for (const step of firstDay(customers)) await playStep(stage, step);

		const shoot = async (page: Page, name: string, how: PageScreenshotOptions = {}) => {
			await page.screenshot({ path: join(FOLDER, `${name}.png`), ...how });
			say(`  ${name}.png`);
		};
		const page = await (await browser.newContext({ viewport: WIDE })).newPage();
		await page.goto(demo.url);
		await page.getByLabel('Customer').selectOption({ index: 1 });
		await pause(DRAWN_MS);
		await shoot(page, 'demo', { fullPage: true });

		await signIn(page, set);
		await page.setViewportSize(CANVAS);
		for (const file of readdirSync(WORKFLOWS)) {
			const { id } = JSON.parse(readFileSync(join(WORKFLOWS, file), 'utf8')) as { id: string };
			await openCanvas(page, set, id);
			await shoot(page, basename(file, '.json'), { clip: await edgesOf(page) });
		}
		await page.setViewportSize(WIDE);
		for (const [name, id, node] of FORMS) {
			await openCanvas(page, set, id);
			await page.locator(`[data-node-name="${node}"]`).first().dblclick({ force: true });
			await pause(DRAWN_MS);
			await shoot(page, name);
		}
		return 0;
	} finally {
		await browser.close();
		await demo.close();
		await set.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

command(main);
