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
		secretField(
			'Application API Key',
			'applicationApiKey',
			'Create it under Panel → Admin → Application API. Rights: Users read & write, Servers read; Locations read for server groups by location; Nodes and Nests read for the drop-downs of the tier plan.',
			{ placeholder: 'ptla_…' },
		),
		secretField(
			'Account API Key',
			'accountApiKey',
			'Create it under Panel → Account → API Credentials, as an admin, or as an account that is a subuser on every server you sell, with all four user permissions and every permission you sell',
			{ placeholder: 'ptlc_…' },
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
