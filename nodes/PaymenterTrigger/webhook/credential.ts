import type { Signing } from './signature';

export interface WebhookCredential {
	signing: Signing['way'];
	signingSecret: string;
	previousSecret?: string;
	headerName?: string;
}

/** How to verify a request with this credential. The previous secret is accepted until it is cleared. */
export const signingOf = (credential: WebhookCredential): Signing => ({
	way: credential.signing,
	secrets: [credential.signingSecret, credential.previousSecret ?? ''].filter(
		(secret) => secret.trim() !== '',
	),
	header: (credential.headerName ?? '').trim() || 'x-signature',
});

/** What is wrong with the secrets, or null. The message never contains a secret. */
export function whySecretIsWrong(credential: WebhookCredential): string | null {
	if (!credential.signingSecret) return 'The signing secret is empty';
	const named = { signing: credential.signingSecret, previous: credential.previousSecret ?? '' };
	for (const [name, secret] of Object.entries(named)) {
		if (!secret) continue;
		if (credential.signing !== 'standardWebhooks') {
			if (secret.length >= 16) continue;
			return `The ${name} secret must have at least 16 characters, or it can be guessed`;
		}
		const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
		if (!base64) return `The ${name} secret is not whsec_ followed by base64`;
		if (Buffer.from(base64, 'base64').length < 24) {
			return `The ${name} secret must have at least 24 bytes, as Standard Webhooks requires`;
		}
	}
	return null;
}
