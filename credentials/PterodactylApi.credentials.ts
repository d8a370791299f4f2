import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { secretField, textField } from '../nodes/shared/fields';

export class PterodactylApi implements ICredentialType {
	name = 'pterodactylApi';

	displayName = 'Pterodactyl API';

	icon: Icon = {
		light: 'file:../icons/pterodactyl.svg',
		dark: 'file:../icons/pterodactyl.dark.svg',
	};

	documentationUrl =
		'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl#keys-for-the-panel';

	testedBy = 'pterodactylKeysTest';

	properties: INodeProperties[] = [
		textField(
			'Panel URL',
			'url',
			'The address of the panel as you see it in the browser, without a path',
			{ required: true, placeholder: 'e.g. https://panel.example.com' },
		),
		{
			displayName: 'Panel',
			name: 'panel',
			type: 'options',
			options: [
				{ name: 'Detect', value: 'detect' },
				{ name: 'Pelican', value: 'pelican' },
				{ name: 'Pterodactyl', value: 'pterodactyl' },
			],
			default: 'detect',
			description: 'Which panel it is. Detect tells it by the permissions that the panel lists.',
		},
		secretField(
			'Application API Key',
			'applicationApiKey',
			'Create it under Panel → Admin → Application API (Pelican: API Keys). Rights: Users read & write, Servers read; Locations read for server groups by location; Nodes read for server groups by node tag; Nodes and Nests read for the drop-downs of the tier plan.',
			{ placeholder: 'ptla_… or papp_…' },
		),
		secretField(
			'Account API Key',
			'accountApiKey',
			'Create it under Panel → Account → API Credentials (Pelican: Profile → API Keys), as an admin, or as an account that is a subuser on every server you sell, with all four user permissions and every permission you sell',
			{ placeholder: 'ptlc_… or pacc_…' },
		),
	];

	/** The panel has two APIs, each with its own key. The path says which API a request is for. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const isApplication = new URL(request.url).pathname.includes('/api/application/');
		const key = isApplication ? credentials.applicationApiKey : credentials.accountApiKey;
		return {
			...request,
			headers: { ...request.headers, Authorization: `Bearer ${String(key).trim()}` },
		};
	}
}
