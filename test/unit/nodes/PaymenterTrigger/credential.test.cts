import {
	whySecretIsWrong,
	type WebhookCredential,
} from '../../../../nodes/PaymenterTrigger/webhook/signature';

const whsec = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

describe('the webhook credential', () => {
	it.each<[string, WebhookCredential]>([
		['24 bytes', { signing: 'standardWebhooks', signingSecret: whsec(24) }],
		['64 bytes', { signing: 'standardWebhooks', signingSecret: whsec(64) }],
		[
			'a previous one',
			{ signing: 'standardWebhooks', signingSecret: whsec(32), previousSecret: whsec(24) },
		],
		['16 characters', { signing: 'hmacBody', signingSecret: 'x'.repeat(16) }],
		['a plain key', { signing: 'sharedSecret', signingSecret: 'correct horse battery' }],
	])('is right with %s', (_what, credential) => {
		expect(whySecretIsWrong(credential)).toBeNull();
	});

	it.each<[string, WebhookCredential, RegExp]>([
		['no secret', { signing: 'standardWebhooks', signingSecret: '' }, /signing secret is empty/],
		[
			'a secret without whsec_',
			{ signing: 'standardWebhooks', signingSecret: 'c2VjcmV0c2VjcmV0' },
			/signing secret is not whsec_/,
		],
		[
			'no base64',
			{ signing: 'standardWebhooks', signingSecret: 'whsec_top secret!' },
			/signing secret is not whsec_/,
		],
		[
			'too short a secret',
			{ signing: 'standardWebhooks', signingSecret: whsec(23) },
			/signing secret must have at least 24 bytes/,
		],
		[
			'a wrong previous secret',
			{ signing: 'standardWebhooks', signingSecret: whsec(32), previousSecret: 'oldsecret' },
			/previous secret is not whsec_/,
		],
		[
			'a guessable key',
			{ signing: 'hmacBody', signingSecret: 'guessablekey' },
			/signing secret must have at least 16/,
		],
		[
			'a guessable previous key',
			{ signing: 'sharedSecret', signingSecret: 'x'.repeat(16), previousSecret: 'guessablekey' },
			/previous secret must have at least 16/,
		],
	])('with %s is told what is wrong, without its secret', (_what, credential, why) => {
		const told = whySecretIsWrong(credential) ?? '';
		expect(told).toMatch(why);
		for (const secret of [credential.signingSecret, credential.previousSecret]) {
			if (secret) expect(told).not.toContain(secret.replace('whsec_', ''));
		}
	});
});
