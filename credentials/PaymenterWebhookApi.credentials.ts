import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

export class PaymenterWebhookApi implements ICredentialType {
	name = 'paymenterWebhookApi';

	displayName = 'Paymenter Webhook API';

	icon: Icon = { light: 'file:../icons/paymenter.svg', dark: 'file:../icons/paymenter.dark.svg' };

	documentationUrl =
		'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl#connecting-a-sender';

	testedBy = 'paymenterWebhookSecretTest';

	properties: INodeProperties[] = [
		{
			displayName: 'Signing',
			name: 'signing',
			type: 'options',
			options: [
				{
					name: 'Standard Webhooks',
					value: 'standardWebhooks',
					description: 'What the Paymenter extension of this package sends',
				},
				{
					name: 'HMAC of the Body',
					value: 'hmacBody',
					description:
						'A header with the SHA-256 HMAC of the body; it does not protect from replays',
				},
				{
					name: 'Shared Secret Header',
					value: 'sharedSecret',
					description:
						'A header with the secret itself; it protects neither from changed bodies nor from replays',
				},
			],
			default: 'standardWebhooks',
			description: 'How the sender proves who it is',
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
			description:
				'The same secret as on the sender’s side. For Standard Webhooks: whsec_ followed by 24 to 64 random bytes in base64.',
		},
		{
			displayName: 'Previous Secret',
			name: 'previousSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'The secret before this one, accepted as well while you change it on the sender’s side. Empty it afterwards.',
		},
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'x-signature',
			placeholder: 'e.g. x-signature',
			displayOptions: { show: { signing: ['hmacBody', 'sharedSecret'] } },
			description: 'The header that holds the HMAC (hex, with or without sha256=) or the secret',
		},
	];
}
