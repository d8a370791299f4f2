/** More workflows with nothing but a Paymenter Trigger, made through n8n's editor. */
import type { Editor } from '../../../tools/n8n/editor.cjs';

interface Wanted {
	path: string;
	credential: Record<string, string>;
	security?: Record<string, unknown>;
}

/** Publishes one; its webhook is at /webhook/<path>. Returns its id. */
export async function publishTrigger(
	{ api }: Editor,
	{ path, credential, security = {} }: Wanted,
): Promise<string> {
	const type = 'paymenterWebhookApi';
	const made = await api.post<{ data: { id: string; name: string } }>('/credentials', {
		name: `Hostile ${path}`,
		type,
		data: credential,
	});
	const { id, name } = made.data.data;
	const saved = await api.post<{ data: { id: string; versionId: string } }>('/workflows', {
		name: `Hostile ${path}`,
		nodes: [
			{
				id: path,
				name: 'Paymenter Trigger',
				type: 'n8n-nodes-paymenter-pterodactyl.paymenterTrigger',
				typeVersion: 2,
				position: [0, 0],
				webhookId: path,
				parameters: { path, security },
				credentials: { [type]: { id, name } },
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	});
	const { id: workflow, versionId } = saved.data.data;
	await api.post(`/workflows/${workflow}/activate`, { versionId });
	return workflow;
}
