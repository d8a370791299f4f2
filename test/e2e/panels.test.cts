/** The life of six customers on the other panels, each with its own n8n; on an old Pterodactyl, with ranks by REST: lifecycle.test.cts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setUp, type SetOptions } from '../../tools/lifecycle/stage.cjs';
import { expectLives } from './support.cjs';

jest.setTimeout(600_000);

const panels: Array<[string, SetOptions]> = [
	['Pterodactyl since 1.12', { panel: 'pterodactyl', serverIdentifiers: 'serv', subuserLimit: 10 }],
	['Pelican, ranks by console', { panel: 'pelican', subuserLimit: 10, ranks: 'console' }],
];

it.concurrent.each(panels)('Every step leads to the access promised: %s', async (_, options) => {
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-panels-'));
	try {
		const stage = await setUp(folder, () => undefined, options);
		await expectLives(stage).finally(stage.close);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
