/** A shop, a panel and a real n8n for one benchmark. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Panel } from '../../simulators/panel/server.cjs';
import { setUp, type Set, type SetOptions } from '../lifecycle/stage.cjs';

export type Stage = Set & { simulator: Panel };

export async function onStage<T>(
	options: SetOptions,
	use: (stage: Stage) => Promise<T>,
): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-bench-'));
	const stage = await setUp(folder, () => undefined, options);
	try {
		if (!stage.simulator) throw new Error('Benchmarks need the simulated panel: unset PANEL_URL');
		return await use({ ...stage, simulator: stage.simulator });
	} finally {
		await stage.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Until n8n has nothing more to do but to wait. */
export async function atRest({ editor }: Stage, patienceMs = 900_000): Promise<void> {
	const { executions } = await editor();
	const end = Date.now() + patienceMs;
	for (let quiet = 0; quiet < 3;) {
		if (Date.now() > end) throw new Error('n8n did not come to rest');
		const busy = await executions({ status: ['running', 'new'] });
		quiet = busy.length === 0 ? quiet + 1 : 0;
		await pause(500);
	}
}

/** Does something for each, so many at a time. */
export async function atOnce<T>(
	many: number,
	things: T[],
	what: (thing: T) => Promise<void>,
): Promise<void> {
	const left = things.values();
	const worker = async () => {
		for (const thing of left) await what(thing);
	};
	await Promise.all(Array.from({ length: many }, worker));
}
