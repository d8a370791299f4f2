/** Whether the writer has anything left to do. */
import { setTimeout as pause } from 'node:timers/promises';

import type { Editor } from '../n8n/editor.cjs';
import type { Instance } from '../n8n/instance.cjs';

interface Stage {
	n8n: Instance;
	editor: () => Promise<Editor>;
}

/** What waits: events that have not been processed, customers who are due, a lease that is held. */
async function waiting({ n8n, editor }: Stage): Promise<string[]> {
	const { rows } = await editor();
	const lease = (await rows('paymenter_lease')).find(({ name }) => name === 'apply');
	// Its holder looks once more before it ends: no need to read all rows until then.
	if (lease?.holder) return [`the lease is held by ${lease.holder}`];
	const now = n8n.now().getTime();
	const events = await rows('paymenter_events');
	const customers = await rows('paymenter_customers');
	return [
		...events.filter(({ processed_at: at }) => !at).map(({ event_id }) => `event ${event_id}`),
		...customers
			.filter(({ due_at: at }) => at && Date.parse(String(at)) <= now)
			.map(({ customer }) => String(customer)),
	];
}

/** Until nothing waits; throws after `patienceMs`, and says what still does. */
export async function allApplied(stage: Stage, patienceMs: number): Promise<void> {
	const end = Date.now() + patienceMs;
	for (;;) {
		const left = await waiting(stage);
		if (left.length === 0) return;
		if (Date.now() > end) {
			throw new Error(`Not applied after ${patienceMs} ms: ${left.slice(0, 10).join(', ')}`);
		}
		await pause(500);
	}
}
