/** The least that n8n can do with an event: a workflow of a Webhook and one Data Table insert. */
import { setTimeout as pause } from 'node:timers/promises';

import axios from 'axios';

import type { Stage } from './stage.cjs';

const TABLE = 'baseline_events';

/** @returns sends one event to it, and resolves when it is answered */
export async function baseline(stage: Stage): Promise<(event: object) => Promise<void>> {
	const { api } = await stage.editor();
	const project = (await api.get<{ data: { id: string } }>('/projects/personal')).data.data.id;
	const columns = ['event_id', 'event', 'customer_email'];
	await api.post(`/projects/${project}/data-tables`, {
		name: TABLE,
		columns: columns.map((name) => ({ name, type: 'string' })),
	});
	const value = Object.fromEntries(columns.map((name) => [name, `={{ $json.body.${name} }}`]));
	const created = await api.post<{ data: { id: string; versionId: string } }>('/workflows', {
		name: 'Baseline',
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				id: 'webhook',
				name: 'Webhook',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: 'baseline',
				parameters: {
					httpMethod: 'POST',
					path: 'baseline',
					responseMode: 'lastNode',
					responseData: 'noData',
					options: {},
				},
			},
			{
				id: 'insert',
				name: 'Insert',
				type: 'n8n-nodes-base.dataTable',
				typeVersion: 1.1,
				position: [200, 0],
				parameters: {
					resource: 'row',
					operation: 'insert',
					dataTableId: { __rl: true, mode: 'name', value: TABLE },
					columns: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [] },
					options: {},
				},
			},
		],
		connections: { Webhook: { main: [[{ node: 'Insert', type: 'main', index: 0 }]] } },
	});
	const { id, versionId } = created.data.data;
	await api.post(`/workflows/${id}/activate`, { versionId });
	const url = `${stage.n8n.webhookUrl}/webhook/baseline`;
	const post = (event: object) =>
		axios.post(url, event, { timeout: 60_000, validateStatus: () => true });
	for (let wait = 0; (await post({ event: 'first' })).status !== 200; wait += 500) {
		if (wait > 30_000) throw new Error('The baseline’s webhook does not answer');
		await pause(500);
	}
	return async (event) => {
		const { status } = await post(event);
		if (status !== 200) throw new Error(`The baseline answered ${status}`);
	};
}
