import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { PterodactylApi } from '../../../credentials/PterodactylApi.credentials';
import { sentencesOf, wrongUrl } from '../../shared/api';
import { credentialTestClient, httpClientOf } from '../../shared/httpClient';
import type { PanelOptions } from './client';
import { PANEL } from './errors';
import { FLAVOURS, keyForm, type PanelChoice } from './flavour';
import { connect, type Panel } from './panelApi';
import { budgetOf, startRun } from './run';

interface PanelCredential {
	url: string;
	panel?: PanelChoice;
	applicationApiKey: string;
	accountApiKey: string;
}

const KEY_NAMES = { application: 'Application API key', account: 'Account API key' };

export const CONNECTION_DEFAULTS = { retries: 4, pageSize: 1000, timeoutMs: 30_000 };

/** Connects to the panel of the node's credential. */
export async function panelOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	options: Partial<PanelOptions> = {},
): Promise<Panel> {
	return (await panelsOf(context, options))();
}

/** Connects several times, for customers who are served at the same time. They share one run. */
export async function panelsOf(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	options: Partial<PanelOptions>,
): Promise<(more?: Partial<PanelOptions>) => Panel> {
	const credential = await context.getCredentials<PanelCredential>(PANEL.credential);
	const { id } = context.getNode().credentials?.[PANEL.credential] ?? {};
	const run = { ...(options.run ?? startRun()), budget: budgetOf(`${credential.url} ${id}`) };
	return (more = {}) =>
		connect(httpClientOf(context, PANEL.credential), {
			...CONNECTION_DEFAULTS,
			...settingsOf(credential),
			...options,
			run,
			...more,
		});
}

/** The panel's address without user name and password, and what is wrong with the credential's format. */
export async function credentialOf(context: IExecuteFunctions) {
	const credential = await context.getCredentials<PanelCredential>(PANEL.credential);
	const isAddress = /^\s*https?:/i.test(credential.url) && URL.canParse(credential.url);
	const address = isAddress ? new URL(credential.url) : null;
	return {
		url: address && `${address.origin}${address.pathname}`.replace(/\/+$/, ''),
		wrongForm: wrongForm(credential),
	};
}

/** The credential test: says which of the two keys is wrong, and why. */
export async function testKeys(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const data = credential.data as unknown as PanelCredential;
	const wrong = wrongForm(data);
	if (wrong) return { status: 'Error', message: wrong };

	const { authenticate } = new PterodactylApi();
	const wire = credentialTestClient(this, (request) => authenticate({ ...data }, request));
	const panel = connect(wire, {
		...CONNECTION_DEFAULTS,
		...settingsOf(data),
		retries: 0,
		timeoutMs: 10_000,
		run: startRun(),
	});
	let checked = KEY_NAMES.application;
	try {
		await panel.checkApplicationKey();
		checked = KEY_NAMES.account;
		const owner = await panel.ownerOfAccountKey();
		checked = 'Panel';
		const { name } = (await panel.listPermissions()).flavour;
		const reach = owner.admin
			? 'who is an administrator'
			: 'who is not an administrator, so that account must be a subuser with all user permissions on every server you sell';
		return {
			status: 'OK',
			message: `Both keys work, and the panel is a ${name}. The account key is ${owner.username}’s, ${reach}.`,
		};
	} catch (error) {
		return { status: 'Error', message: `${checked}: ${sentencesOf(error as Error)}` };
	}
}

function wrongForm(credential: PanelCredential): string | null {
	const [wrong] = wrongUrl(PANEL, credential.url) ?? [];
	if (wrong) return wrong;
	const { panel, keys } = settingsOf(credential);
	const { application, account } = keys;
	if (application?.api === 'account' && account?.api === 'application') {
		return 'The two keys are swapped: ptla_ or papp_ is the application key, ptlc_ or pacc_ the account key';
	}
	for (const wanted of ['application', 'account'] as const) {
		const form = keys[wanted];
		if (!form || form.api === wanted) continue;
		const { prefix } = form.flavour.keys[form.api];
		const { createdAt } = form.flavour.keys[wanted];
		return `${KEY_NAMES[wanted]}: this is an ${form.api} key (${prefix}). Create one under ${createdAt}.`;
	}
	if (application && account && application.flavour !== account.flavour) {
		return `The two keys are of different panels: the application key is ${application.flavour.name}’s, the account key ${account.flavour.name}’s. Enter two keys of the same panel.`;
	}
	const named = (application ?? account)?.flavour;
	const chosen = panel && panel !== 'detect' ? FLAVOURS[panel] : named;
	if (named && chosen && chosen !== named) {
		const { application: first, account: second } = named.keys;
		return `The keys are ${named.name}’s (${first.prefix}…, ${second.prefix}…), but ${chosen.name} is chosen under Panel. Choose Detect, or create the keys on the ${chosen.name} panel.`;
	}
	return null;
}

/** What the client must know of the credential. */
const settingsOf = ({ url, panel, ...keys }: PanelCredential) => ({
	url,
	panel,
	keys: {
		application: keyForm(keys.applicationApiKey),
		account: keyForm(keys.accountApiKey),
	},
});
