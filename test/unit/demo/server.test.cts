import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { View } from '../../../demo/look.cjs';
import { serveDemo, type Demo } from '../../../demo/server.cjs';
import type { Set as Stage } from '../../../tools/lifecycle/stage.cjs';
import { nobody, stageWithoutN8n } from './support.cjs';

let demo: Demo;
let stage: Stage;

/** What the page is sent. */
async function* watch(): AsyncGenerator<Partial<View>> {
	const answer = await new Promise<IncomingMessage>((done) => get(`${demo.url}/live`, done));
	for await (const part of answer) {
		for (const [, text = ''] of String(part).matchAll(/^data: (.+)$/gm)) {
			yield JSON.parse(text) as Partial<View>;
		}
	}
}

async function open(everybody: typeof nobody, more: Partial<Stage> = {}) {
	stage = await stageWithoutN8n(everybody, more);
	demo = await serveDemo(stage, 0);
	const views = watch();
	return async () => (await views.next()).value as Partial<View>;
}

beforeEach(() => jest.spyOn(process.stderr, 'write').mockReturnValue(true));

afterEach(async () => {
	await demo.close();
	await stage.paymenter.close();
	jest.restoreAllMocks();
});

describe('The page', () => {
	it('is told why it is not renewed, with what was seen last, and when it is again', async () => {
		let isDown = false;
		const next = await open(async () => {
			if (isDown) throw new Error('the panel is away');
			return await nobody();
		});
		const first = await next();
		expect(first).toMatchObject({ servers: ['Frost Path 1'] });
		expect(first).not.toHaveProperty('problem');
		isDown = true;
		expect(await next()).toEqual({
			...first,
			problem: 'What is below may be old: the panel is away.',
		});
		isDown = false;
		expect(await next()).toEqual(first);
	});

	it('is told so where nothing was seen yet', async () => {
		const next = await open(async () => await Promise.reject(new Error('the panel is away')));
		const view = await next();
		expect(view.problem).toMatch('the panel is away');
		expect(view).not.toHaveProperty('servers');
	});

	it.each([
		['often at a simulator', {}, true],
		['seldom at a panel of somebody’s own, which limits calls', { simulator: null }, false],
	])('is renewed %s', async (_what, more, isOften) => {
		const look = jest.fn(nobody);
		const next = await open(look, more);
		await next();
		await pause(1500);
		expect(look.mock.calls.length > 1).toBe(isOften);
	});
});
