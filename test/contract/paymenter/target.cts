import type { AxiosResponse } from 'axios';
import axios from 'axios';

import type { Paymenter } from '../../../simulators/paymenter/server.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';

/**
 * The Paymenter under test: the simulator, or a real one (1.5.8) when PAYMENTER_URL and
 * PAYMENTER_API_KEY (with every permission) are set. On a real one the suite makes users, services,
 * orders and invoices of its own and deletes them; nothing is changed that was there before.
 */
export interface Target {
	url: string;
	apiKey: string;
	/** Only for the simulator. */
	paymenter: Paymenter | undefined;
	close(): Promise<void>;
}

export const isReal = process.env.PAYMENTER_URL !== undefined;

export async function openTarget(): Promise<Target> {
	const { PAYMENTER_URL, PAYMENTER_API_KEY } = process.env;
	if (PAYMENTER_URL === undefined) {
		const paymenter = await startPaymenter({ customers: 20 });
		const { url, apiKey } = paymenter;
		return { url, apiKey, paymenter, close: () => paymenter.close() };
	}
	if (!PAYMENTER_API_KEY) throw new Error('PAYMENTER_URL also needs PAYMENTER_API_KEY.');
	return {
		url: PAYMENTER_URL.replace(/\/+$/, ''),
		apiKey: PAYMENTER_API_KEY,
		paymenter: undefined,
		close: async () => undefined,
	};
}

/** Answers are looked at piece by piece; what a test reads must be there or it fails. */
export interface Thing {
	id: string;
	type: string;
	attributes: Record<string, unknown> & { id: number; email: string; status: string };
	relationships: Record<string, { data: Array<{ id: string }> & { id: string; type: string } }>;
	meta: Record<string, unknown>;
}

export interface Body {
	data: Thing & Thing[];
	included: Thing[];
	links: { first: string; prev?: string; next?: string };
	meta: Record<string, unknown>;
	message: string;
	error: string;
	errors: Record<string, string[]>;
}

export type Send = (
	method: string,
	path: string,
	body?: unknown,
	headers?: Record<string, string | null>,
) => Promise<AxiosResponse<Body>>;

/** Calls of the Admin API with one key; axios leaves out a header that is null. */
export const caller =
	(base: string, key: string | null): Send =>
	(method, path, data, headers = {}) =>
		axios.request<Body>({
			baseURL: `${base}/api/v1/admin`,
			method,
			url: path,
			data,
			headers: {
				Accept: 'application/json',
				Authorization: key === null ? null : `Bearer ${key}`,
				...(data === undefined ? {} : { 'Content-Type': 'application/json' }),
				...headers,
			},
			maxRedirects: 0,
			validateStatus: () => true,
		});
