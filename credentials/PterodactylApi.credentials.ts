import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

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
		{
			displayName: 'Panel URL',
			name: 'url',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://panel.example.com',
			description: 'The address of the panel as you see it in the browser, without a path',
		},
		{
			displayName: 'Application API Key',
			name: 'applicationApiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'ptla_…',
			description:
				'Create it under Panel → Admin → Application API. Rights: Users read & write, Servers read; Locations read for server groups by location; Nodes and Nests read for the drop-downs of the tier plan.',
		},
		{
			displayName: 'Account API Key',
			name: 'accountApiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'ptlc_…',
			description:
				'Create it under Panel → Account → API Credentials, as an admin, or as an account that is a subuser on every server you sell, with all four user permissions and every permission you sell',
		},
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
