/** Puts up what the demo and the end-to-end test play on: a panel, and a real n8n with the product. */
import { randomBytes } from 'node:crypto';

import { startPanel } from '../../simulators/panel/server.cjs';
import { openEditor, type Editor, type Login } from '../n8n/editor.cjs';
import { installedN8n, Unable } from '../n8n/install.cjs';
import { prepareInstance, type Instance } from '../n8n/instance.cjs';
import { viewPanel, type PanelAddress, type PanelView } from './panelView.cjs';

export interface Set {
	n8n: Instance;
	panel: PanelView;
	panelAddress: PanelAddress;
	/** null when it is somebody's own panel. */
	simulator: Awaited<ReturnType<typeof startPanel>> | null;
	secret: string;
	editor: () => Promise<Editor>;
	close: () => Promise<void>;
}

/** The panel of PANEL_URL, PANEL_APPLICATION_KEY and PANEL_ACCOUNT_KEY, if they are set. */
export function ownPanel(env = process.env): PanelAddress | null {
	const {
		PANEL_URL: url,
		PANEL_APPLICATION_KEY: applicationKey,
		PANEL_ACCOUNT_KEY: accountKey,
	} = env;
	if (!url) return null;
	if (!applicationKey || !accountKey) {
		throw new Unable(
			'With PANEL_URL, set PANEL_APPLICATION_KEY (ptla_…) and PANEL_ACCOUNT_KEY (ptlc_…) too.',
		);
	}
	return { url, applicationKey, accountKey };
}

async function reach(panel: PanelAddress): Promise<void> {
	await viewPanel(panel)
		.serverNames()
		.catch((error: Error) => {
			throw new Unable(
				`The panel at ${panel.url} did not show its servers: ${error.message}. Check PANEL_URL, and that PANEL_APPLICATION_KEY may read servers and users.`,
			);
		});
}

/** A key of another administrator: the panel counts calls by user, and looking must not slow the shop. */
function viewerOf(simulator: NonNullable<Set['simulator']>): PanelAddress {
	const { control } = simulator;
	const viewer = { username: 'viewer', email: 'viewer@example.com', rootAdmin: true };
	control.addUser(viewer);
	const { token } = control.addKey({ kind: 'application', user: viewer.email });
	return { url: simulator.url, applicationKey: token, accountKey: '' };
}

export async function setUp(
	folder: string,
	say: (line: string) => void,
	{ port = 0 }: { port?: number } = {},
): Promise<Set> {
	const own = ownPanel();
	if (own) await reach(own);
	const installation = await installedN8n(say);
	const simulator = own ? null : await startPanel({ port: 0, latency: 'measured' });
	const panelAddress = own ?? (simulator as PanelAddress);
	say(own ? `Using the panel at ${own.url}` : `Simulator of the panel at ${panelAddress.url}`);
	const secret = `whsec_${randomBytes(32).toString('base64')}`;
	say('Preparing n8n: package, credentials, workflows ...');
	const n8n = await prepareInstance({
		installation,
		folder,
		port,
		credentials: [
			{
				id: 'paymenterWebhook',
				name: 'Paymenter webhook',
				type: 'paymenterWebhookApi',
				data: { signing: 'standardWebhooks', signingSecret: secret },
			},
			{
				id: 'pterodactylPanel',
				name: 'Pterodactyl panel',
				type: 'pterodactylApi',
				data: {
					url: panelAddress.url,
					applicationApiKey: panelAddress.applicationKey,
					accountApiKey: panelAddress.accountKey,
				},
			},
		],
	});
	await n8n.start();
	say(`n8n is up at ${n8n.url}`);

	let login: Login | undefined;
	let opened: { offsetMs: number; editor: Promise<Editor> } | undefined;
	return {
		n8n,
		panel: viewPanel(simulator ? viewerOf(simulator) : panelAddress),
		panelAddress,
		simulator,
		secret,
		// A session does not outlive a jump of n8n's clock.
		editor: async () => {
			if (opened?.offsetMs !== n8n.offsetMs()) {
				opened = { offsetMs: n8n.offsetMs(), editor: openEditor(n8n.url, login) };
			}
			const editor = await opened.editor;
			login = editor.login;
			return editor;
		},
		close: async () => {
			await n8n.stop();
			await simulator?.close();
		},
	};
}
