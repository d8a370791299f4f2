/** Puts up what the demo and the end-to-end tests play on: a shop, a panel, and a real n8n with the product. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startPaymenter, type Paymenter } from '../../simulators/paymenter/server.cjs';
import { demoServers } from '../../simulators/panel/seed.cjs';
import type { FlavourName } from '../../simulators/panel/flavour.cjs';
import type { GameServer } from '../../simulators/game/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';
import type { Operator } from '../n8n/forms.cjs';
import { openEditor, reopened, type Editor, type Login } from '../n8n/editor.cjs';
import { installedN8n, Unable } from '../n8n/install.cjs';
import {
	prepareInstance,
	WORKFLOW_IDS,
	type Credential,
	type Instance,
	type InstanceOptions,
} from '../n8n/instance.cjs';
import type { QueueMode } from '../n8n/queue.cjs';
import {
	DISCORD,
	PLAYER,
	gameCredentials,
	openGame,
	simulatedHosts,
	useRanks,
	type Way,
} from './game.cjs';
import { viewPanel, type PanelAddress, type PanelView } from './panelView.cjs';

export interface Set {
	n8n: Instance;
	panel: PanelView;
	panelAddress: PanelAddress;
	/** Enters another address of the panel into n8n's credential. */
	enterPanel: (url: string) => Promise<void>;
	/** null when it is somebody's own panel. */
	simulator: Awaited<ReturnType<typeof startPanel>> | null;
	paymenter: Paymenter;
	/** Ranks and Discord roles; null: Access Changed is not published. */
	game: GameServer | null;
	/** What the shop signs with. */
	secret: string;
	/** Who may open the forms. */
	operator: Operator;
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
		throw new Unable('With PANEL_URL, set PANEL_APPLICATION_KEY and PANEL_ACCOUNT_KEY too.');
	}
	return { url, applicationKey, accountKey };
}

/** `PANEL=pelican`: the simulated panel is a Pelican. */
export function simulatedPanel({ PANEL: name = 'pterodactyl' } = process.env): FlavourName {
	if (name === 'pterodactyl' || name === 'pelican') return name;
	throw new Unable(`PANEL must be pterodactyl or pelican, not "${name}".`);
}

async function reach(panel: PanelAddress): Promise<void> {
	await viewPanel(panel)
		.servers()
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

export interface SetOptions {
	/** n8n's; 0: any free one. */
	port?: number;
	/** So many customers whom the shop has already, and n8n never heard of. */
	customers?: number;
	/** Which panel is simulated; left out: that of PANEL. */
	panel?: FlavourName;
	/** `serv`: it shows its servers' new identifiers, as Pterodactyl since 1.12 may. */
	serverIdentifiers?: 'short' | 'serv';
	/** Whether the simulated panel limits calls, as a real one does. */
	rateLimits?: boolean;
	/** New subusers that a server of the simulated panel takes in a window of so many seconds; 0: any. */
	subuserLimit?: number;
	subuserWindow?: number;
	/** How ranks reach the simulated game; left out: Access Changed is not published. */
	ranks?: Way;
	/** Where alerts go: the address of a Discord webhook. */
	alertsTo?: string;
	/** Left out: n8n is one process with SQLite. */
	queueMode?: QueueMode;
	/** Whether somebody will open n8n's editor. */
	ui?: boolean;
	/** More of n8n's settings. */
	env?: Record<string, string>;
	/** Changes something in n8n's folder before it starts. */
	prepare?: (folder: string) => void;
}

const OPTIONAL = 'paymenterAccessChanged';

/** In the folder of a template: who owns it. */
const LOGIN = 'login.json';

/** The credential of the Discord node, which the shipped workflow leaves open. */
export const ALERTS = { id: 'paymenterAlerts', name: 'Discord channel for alerts' };

/** What somebody who installs the workflows fills in. */
function credentialsFor(filledIn?: FilledIn): Credential[] {
	const { webhookSecret, paymenter, panel, operator, alertsTo, game } = filledIn ?? NOTHING;
	return [
		...gameCredentials(game),
		{
			id: 'paymenterWebhook',
			name: 'Paymenter Webhook account',
			type: 'paymenterWebhookApi',
			data: { signing: 'standardWebhooks', signingSecret: webhookSecret },
		},
		{
			id: 'paymenterAdmin',
			name: 'Paymenter account',
			type: 'paymenterApi',
			data: { url: paymenter.url, apiKey: paymenter.apiKey },
		},
		{
			id: 'paymenterOperators',
			name: 'Paymenter operators',
			type: 'httpBasicAuth',
			data: { ...operator },
		},
		{
			id: ALERTS.id,
			name: ALERTS.name,
			type: 'discordWebhookApi',
			data: { webhookUri: alertsTo ?? '' },
		},
		{
			id: 'pterodactylPanel',
			name: 'Pterodactyl account',
			type: 'pterodactylApi',
			data: {
				url: panel.url,
				applicationApiKey: panel.applicationKey,
				accountApiKey: panel.accountKey,
			},
		},
	];
}

interface FilledIn {
	webhookSecret: string;
	paymenter: { url: string; apiKey: string };
	panel: PanelAddress;
	operator: Operator;
	alertsTo?: string | undefined;
	game?: GameServer | undefined;
}

const NOTHING: FilledIn = {
	webhookSecret: '',
	paymenter: { url: '', apiKey: '' },
	panel: { url: '', applicationKey: '', accountKey: '' },
	operator: { user: '', password: '' },
};

/** Prepares and starts an n8n, and publishes the workflows unless that was done before. */
async function moveIn(
	options: Omit<InstanceOptions, 'credentials'>,
	prepare?: SetOptions['prepare'],
) {
	const n8n = await prepareInstance({ ...options, credentials: credentialsFor() });
	prepare?.(options.folder);
	await n8n.start({ until: 'up' });
	const known = readLogin(options.folder);
	const editor = await openEditor(n8n.url, known);
	if (!known) {
		await editor.run('paymenterSetup', 'Run Setup');
		for (const id of WORKFLOW_IDS) if (id !== OPTIONAL) await editor.publish(id);
	}
	return { n8n, editor };
}

/** An n8n that is ready but for what its credentials hold, for others to start from. @returns the folder */
export async function makeTemplate(folder: string): Promise<string> {
	const installation = await installedN8n(() => undefined);
	const { n8n, editor } = await moveIn({ installation, folder });
	await n8n.close();
	writeFileSync(join(folder, LOGIN), JSON.stringify(editor.login), { mode: 0o600 });
	return folder;
}

function readLogin(folder: string): Login | undefined {
	const file = join(folder, LOGIN);
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Login) : undefined;
}

export async function setUp(
	folder: string,
	say: (line: string) => void,
	{
		port = 0,
		customers = 0,
		panel = simulatedPanel(),
		serverIdentifiers,
		rateLimits = true,
		subuserLimit = 0,
		subuserWindow,
		ranks,
		alertsTo,
		queueMode,
		ui,
		env = {},
		prepare,
	}: SetOptions = {},
): Promise<Set> {
	const own = ownPanel();
	if (own) await reach(own);
	const installation = await installedN8n(say);
	const simulator = own
		? null
		: await startPanel({
				panel,
				serverIdentifiers,
				latency: 'measured',
				servers: demoServers,
				...(rateLimits ? {} : { rateLimits: false }),
				// More buy at once than a panel takes in 15 minutes: only a test of that limit wants to wait.
				subuserLimit,
				subuserWindow,
			});
	// The shop goes by the clock of n8n, which is put forward.
	const clock = { ahead: () => 0 };
	const paymenter = await startPaymenter({
		customers,
		properties: [PLAYER, DISCORD],
		now: () => new Date(Date.now() + clock.ahead()),
	});
	const game = ranks ? await openGame(() => Date.now() + clock.ahead()) : null;
	simulator?.control.game(game?.url ?? null);
	const panelAddress = own ?? (simulator as PanelAddress);
	say(own ? `Using the panel at ${own.url}` : `Simulator of the panel at ${panelAddress.url}`);
	say(`Simulator of Paymenter at ${paymenter.url}`);
	const operator = { user: 'operator', password: randomBytes(9).toString('base64url') };
	say('Preparing n8n: package, workflows, credentials ...');
	const { n8n, editor } = await moveIn(
		{
			installation,
			folder,
			port,
			...(queueMode ? { queueMode } : {}),
			...(ui ? { ui } : {}),
			env: { ...env, ...(game ? simulatedHosts(game) : {}) },
		},
		prepare,
	);
	const webhookSecret = paymenter.webhookSecret;
	const filledIn = {
		...{ webhookSecret, paymenter, panel: panelAddress, operator, alertsTo },
		...(game ? { game } : {}),
	};
	for (const credential of credentialsFor(filledIn)) await editor.fillIn(credential);
	if (game && ranks) await useRanks(editor, game, ranks);
	await n8n.ready();
	clock.ahead = n8n.offsetMs;
	paymenter.control.webhook({ url: `${n8n.webhookUrl}/webhook/paymenter` });
	say(`n8n is up at ${n8n.url}`);

	const stage: Set = {
		n8n,
		panel: viewPanel(simulator ? viewerOf(simulator) : panelAddress),
		panelAddress,
		enterPanel: async (url) => {
			const panel = { ...panelAddress, url };
			for (const one of credentialsFor({ ...filledIn, panel })) {
				if (one.type === 'pterodactylApi') await (await stage.editor()).fillIn(one);
			}
		},
		simulator,
		paymenter,
		game,
		secret: paymenter.webhookSecret,
		operator,
		// A session does not outlive a jump of n8n's clock.
		editor: reopened(editor, n8n.offsetMs, async () => await openEditor(n8n.url, editor.login)),
		close: async () => {
			await n8n.close();
			await paymenter.close();
			await game?.close();
			await simulator?.close();
		},
	};
	return stage;
}
