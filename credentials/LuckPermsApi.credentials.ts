import type { IAuthenticateGeneric, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

import { secretField, textField } from '../nodes/shared/fields';

export class LuckPermsApi implements ICredentialType {
	name = 'luckPermsApi';

	displayName = 'LuckPerms API';

	icon: Icon = { light: 'file:../icons/luckperms.svg', dark: 'file:../icons/luckperms.dark.svg' };

	documentationUrl =
		'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl/blob/main/docs/ranks.md';

	testedBy = 'luckPermsKeyTest';

	properties: INodeProperties[] = [
		textField('LuckPerms URL', 'url', 'The address of the LuckPerms REST API, without a path', {
			required: true,
			placeholder: 'e.g. http://luckperms:8080',
		}),
		secretField('API Key', 'apiKey', 'One of the keys in LUCKPERMS_REST_AUTH_KEYS', {
			placeholder: 'e.g. a long random text',
		}),
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};
}
