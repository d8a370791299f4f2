import type { IAuthenticateGeneric, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

export class PaymenterApi implements ICredentialType {
	name = 'paymenterApi';

	displayName = 'Paymenter API';

	icon: Icon = { light: 'file:../icons/paymenter.svg', dark: 'file:../icons/paymenter.dark.svg' };

	documentationUrl =
		'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl#the-key-for-paymenter';

	testedBy = 'paymenterKeyTest';

	properties: INodeProperties[] = [
		{
			displayName: 'Paymenter URL',
			name: 'url',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://billing.example.com',
			description:
				'The address of Paymenter as your customers see it in the browser, without a path',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'PAYM…',
			description:
				'Create it under Paymenter → Admin → API with the type admin. Permissions: admin.services.view and admin.users.view, nothing else.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};
}
