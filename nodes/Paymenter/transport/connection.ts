import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IExecuteFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { httpClientOf, credentialTestClient, wrongAddress } from '../../shared/httpClient';
import { CONNECTION_DEFAULTS, connect, type Paymenter } from './client';
import { PaymenterError } from './errors';

interface PaymenterCredential {
	url: string;
	apiKey: string;
}

export const hasCredential = (context: IExecuteFunctions): boolean =>
	context.getNode().credentials?.paymenterApi !== undefined;

export async function paymenterOf(context: IExecuteFunctions): Promise<Paymenter> {
	if (!hasCredential(context)) {
		throw new NodeOperationError(context.getNode(), 'No Paymenter credential is selected', {
			description:
				'Select a credential of the type Paymenter API in this node, or create one there.',
		});
	}
	const { url } = await context.getCredentials<PaymenterCredential>('paymenterApi');
	const wrong = wrongUrl(url);
	if (wrong) throw new NodeOperationError(context.getNode(), wrong);
	return connect(httpClientOf(context, 'paymenterApi'), { ...CONNECTION_DEFAULTS, url });
}

function wrongUrl(url: string): string | null {
	const wrong = wrongAddress(url, {
		example: 'https://billing.example.com',
		ownPath: /\/(?:api|admin|dashboard|login|account|services|invoices)(?=\/|$)/i,
	});
	return wrong && `Paymenter URL: ${wrong}`;
}

/** The credential test: says what the key cannot do, and why. */
export async function testKey(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const { url, apiKey } = credential.data as unknown as PaymenterCredential;
	const wrong = wrongUrl(url);
	if (wrong) return { status: 'Error', message: wrong };
	const wire = credentialTestClient(this, async (request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Bearer ${apiKey.trim()}` },
	}));
	try {
		await connect(wire, { ...CONNECTION_DEFAULTS, retries: 0, timeoutMs: 10_000, url }).check();
		return { status: 'OK', message: 'The key can read services, their customers and products' };
	} catch (error) {
		const advice = error instanceof PaymenterError ? `. ${error.advice}` : '';
		return { status: 'Error', message: `${(error as Error).message}${advice}` };
	}
}
