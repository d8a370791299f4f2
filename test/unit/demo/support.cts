/** What the demo's page stands on, without n8n: a simulated shop, and a panel that shows what it is told to. */
import type { PanelView } from '../../../tools/lifecycle/panelView.cjs';
import type { Set as Stage } from '../../../tools/lifecycle/stage.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';

export async function stageWithoutN8n(
	everybody: PanelView['everybody'],
	more: Partial<Stage> = {},
): Promise<Stage> {
	const n8n = { url: 'http://127.0.0.1:5678', isReady: () => false, now: () => new Date(0) };
	return {
		n8n,
		panel: { everybody },
		simulator: {},
		operator: { user: 'operator', password: '' },
		paymenter: await startPaymenter(),
		...more,
	} as unknown as Stage;
}

export const nobody = async () => ({ servers: ['Frost Path 1'], access: new Map() });
