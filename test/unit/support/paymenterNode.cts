import { pauses, run, type Setting } from './running.cjs';

import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';

export { pauses };

export interface Address {
	url: string;
	apiKey: string;
}

const type = new Paymenter();

export interface PaymenterRun {
	operation: 'compare' | 'get' | 'getAll';
	parameters?: INodeParameters;
	items?: IDataObject[];
	continueOnFail?: boolean;
}

/** The Paymenter node through n8n's own execution context and request helpers. */
export async function paymenter(
	{ url, apiKey }: Address,
	{ operation, parameters = {}, items = [{}], continueOnFail }: PaymenterRun,
): Promise<INodeExecutionData[]> {
	const setting: Setting = {
		type,
		parameters: { resource: 'subscription', operation, ...parameters },
		credential: {
			name: 'paymenterApi',
			data: { url, apiKey },
			// As the credential's generic authentication is carried out by n8n.
			authenticate: async (request) => ({
				...request,
				headers: { ...request.headers, Authorization: `Bearer ${apiKey}` },
			}),
		},
		continueOnFail,
	};
	return await run(setting, items, [apiKey]);
}
