/** Who knocks at the webhook with bad intent, on a real n8n, byte by byte. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeAddresses } from './hostile/address.cases.cjs';
import { describeFloods } from './hostile/flood.cases.cjs';
import { describeRefusals } from './hostile/refused.cases.cjs';
import { openScene, scene, secrets } from './hostile/scene.cjs';
import { describeGenuine } from './hostile/taken.cases.cjs';
import { describeLoadedText } from './hostile/text.cases.cjs';

jest.setTimeout(1_200_000);

const folder = mkdtempSync(join(tmpdir(), 'paymenter-hostile-'));

beforeAll(async () => await openScene(folder));

afterAll(async () => {
	await scene.stage?.close();
	rmSync(folder, { recursive: true, force: true });
});

describeRefusals();
describeGenuine();
describeLoadedText();
describeFloods();
// The last but one: n8n is started anew for it.
describeAddresses();

describe('n8n’s own log, after all that,', () => {
	const log = () => readFileSync(scene.stage.n8n.logFile, 'utf8');

	it('names what was refused, and why', () => {
		for (const status of [401, 403, 413, 415, 422]) {
			expect(log()).toContain(`Paymenter Event answered ${status} to `);
		}
	});

	it('holds no secret', () => {
		const { applicationKey, accountKey } = scene.stage.panelAddress;
		for (const secret of [...secrets(), applicationKey, accountKey, scene.stage.paymenter.apiKey]) {
			expect(log()).not.toContain(secret);
		}
	});

	it('holds no stack that leads through the product', () => {
		expect(log()).not.toMatch(/^\s+at .*n8n-nodes-paymenter-pterodactyl\/dist/m);
	});
});
