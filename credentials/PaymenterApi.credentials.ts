import type { IAuthenticateGeneric, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

import { secretField, textField } from '../nodes/shared/fields';

export class PaymenterApi implements ICredentialType {
	name = 'paymenterApi';

	displayName = 'Paymenter API';

	icon: Icon = { light: 'file:../icons/paymenter.svg', dark: 'file:../icons/paymenter.dark.svg' };

	documentationUrl =
		'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl#the-key-for-paymenter';

	testedBy = 'paymenterKeyTest';

	properties: INodeProperties[] = [
		textField(
			'Paymenter URL',
			'url',
			'The address of Paymenter as your customers see it in the browser, without a path',
			{ required: true, placeholder: 'e.g. https://billing.example.com' },
		),
		secretField(
			'API Key',
			'apiKey',
			'Create it under Paymenter → Admin → API with the type admin. Permissions: admin.services.view and admin.users.view, and admin.properties.view for ranks and Discord roles; nothing else.',
			{ placeholder: 'PAYM…' },
		),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};
}
