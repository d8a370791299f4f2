import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { credentialTestClient, httpClientOf, wrongAddress } from '../../shared/httpClient';
import {
	LuckPermsError,
	connectLuckPerms,
	type LuckPerms,
	type LuckPermsOptions,
} from './luckPermsApi';

interface LuckPermsCredential {
	url: string;
	apiKey: string;
}

const DEFAULTS = { retries: 2, timeoutMs: 10_000, deadline: Infinity };

/** Connects to the LuckPerms of the node's credential. Throws `LuckPermsError` if that is missing or wrong. */
export async function luckPermsOf(
	context: IExecuteFunctions,
	options: Partial<LuckPermsOptions> = {},
): Promise<LuckPerms> {
	if (!context.getNode().credentials?.luckPermsApi) {
		throw new LuckPermsError(
			'No LuckPerms credential is selected',
			'Select a credential of the type LuckPerms API in this node, or create one there.',
			{ isRunWide: true },
		);
	}
	const { url } = await context.getCredentials<LuckPermsCredential>('luckPermsApi');
	const wrong = wrongUrl(url);
	if (wrong) {
		const advice = 'Correct it in the credential LuckPerms API.';
		throw new LuckPermsError(wrong, advice, { isRunWide: true });
	}
	return connectLuckPerms(httpClientOf(context, 'luckPermsApi'), { ...DEFAULTS, ...options, url });
}

function wrongUrl(url: string): string | null {
	const wrong = wrongAddress(url, {
		example: 'http://luckperms:8080',
		ownPath: /\/(?:docs|user|group|track|health)(?=\/|$)/i,
	});
	return wrong && `LuckPerms URL: ${wrong}`;
}

/** The credential test. */
export async function testLuckPermsKey(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { url, apiKey } = credential.data as unknown as LuckPermsCredential;
	const wrong = wrongUrl(url);
	if (wrong) return { status: 'Error', message: wrong };
	const http = credentialTestClient(this, async (request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Bearer ${apiKey.trim()}` },
	}));
	try {
		await connectLuckPerms(http, { ...DEFAULTS, retries: 0, url }).check();
		return { status: 'OK', message: 'LuckPerms accepts the key' };
	} catch (error) {
		const advice = error instanceof LuckPermsError ? `. ${error.advice}` : '';
		return { status: 'Error', message: `${(error as Error).message}${advice}` };
	}
}
