import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

import { secretField, textField } from '../nodes/shared/fields';

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
						'A header with the SHA-256 HMAC of the body; does not protect against replays',
				},
				{
					name: 'Shared Secret Header',
					value: 'sharedSecret',
					description:
						'A header with the secret itself; protects neither against changed bodies nor against replays',
				},
			],
			default: 'standardWebhooks',
			description: 'How the sender authenticates',
		},
		secretField(
			'Signing Secret',
			'signingSecret',
			'The same secret as in the sender’s settings. For Standard Webhooks: whsec_ followed by 24 to 64 random bytes in base64.',
			{ placeholder: 'e.g. whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
		),
		secretField(
			'Previous Secret',
			'previousSecret',
			'The old secret, which is still accepted while you change the secret in the sender’s settings. Clear it afterwards.',
			{ required: false },
		),
		textField(
			'Header Name',
			'headerName',
			'The header with the HMAC (hex, with or without sha256=) or the secret',
			{
				default: 'x-signature',
				placeholder: 'e.g. x-signature',
				displayOptions: { show: { signing: ['hmacBody', 'sharedSecret'] } },
			},
		),
	];
}
