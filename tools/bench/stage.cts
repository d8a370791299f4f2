/** A shop, a panel and a real n8n for one benchmark. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Panel } from '../../simulators/panel/server.cjs';
import { allApplied } from '../lifecycle/applied.cjs';
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

/** Until everything is applied. */
export const atRest = async (stage: Stage, patienceMs = 900_000): Promise<void> =>
	await allApplied(stage, patienceMs);

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
