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
			description: 'The address of the panel as you open it in the browser, without a path',
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
				'Panel → Admin → Application API. Rights: Users read & write, Servers read; Locations read for server groups by location; Nodes and Nests read for the drop-downs of the tier plan.',
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
				'Panel → Account → API Credentials, of an admin, or of an account that is subuser on every sold server with all four user permissions and every permission that is sold',
		},
	];

	/** The panel has two APIs with a key each; the path says which one a request is for. */
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
