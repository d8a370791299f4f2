import axios from 'axios';
import type { AxiosResponse } from 'axios';

import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';

/**
 * The panel under test: the simulator, or a real one when PANEL_URL, PANEL_APPLICATION_KEY and
 * PANEL_ACCOUNT_KEY (of one admin) are set. On a real panel the suite makes users and one server
 * of its own and deletes them; the panel mails the users' addresses at example.test.
 */
export interface Target {
	url: string;
	applicationKey: string;
	accountKey: string;
	/** Only for the simulator. */
	panel: Panel | undefined;
	close(): Promise<void>;
}

export const isReal = process.env.PANEL_URL !== undefined;

export async function openTarget(): Promise<Target> {
	const { PANEL_URL, PANEL_APPLICATION_KEY, PANEL_ACCOUNT_KEY } = process.env;
	if (PANEL_URL === undefined) {
		const panel = await startPanel();
		const { url, applicationKey, accountKey } = panel;
		return { url, applicationKey, accountKey, panel, close: () => panel.close() };
	}
	if (!PANEL_APPLICATION_KEY || !PANEL_ACCOUNT_KEY) {
		throw new Error('PANEL_URL also needs PANEL_APPLICATION_KEY and PANEL_ACCOUNT_KEY.');
	}
	return {
		url: PANEL_URL.replace(/\/+$/, ''),
		applicationKey: PANEL_APPLICATION_KEY,
		accountKey: PANEL_ACCOUNT_KEY,
		panel: undefined,
		close: async () => undefined,
	};
}

export type Headers = Record<string, string | null>;

export interface Entry {
	code: string;
	status: string;
	detail: string;
	meta?: { source_field: string; rule: string };
}

/** Answers are looked at piece by piece; what a test reads must be there or it fails. */
export interface Thing {
	object: string;
	attributes: Record<string, unknown> & { id: number; uuid: string; email: string };
	meta?: Record<string, unknown>;
}

export interface Body {
	object: string;
	attributes: Thing['attributes'];
	data: Thing[];
	meta: {
		resource?: string;
		pagination: {
			total: number;
			count: number;
			per_page: number;
			current_page: number;
			total_pages: number;
			links: Record<string, string>;
		};
	};
	errors: Entry[];
}

export type Send = (
	method: string,
	path: string,
	body?: unknown,
	headers?: Headers,
) => Promise<AxiosResponse<Body>>;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls with one key. A real panel's rate limit is waited for, since the suite is not about it. */
export function caller(base: string, key: string): Send {
	return async (method, path, body, headers = {}) => {
		const all = { Accept: 'application/json', Authorization: `Bearer ${key}`, ...headers };
		for (;;) {
			const answer = await axios.request<Body>({
				baseURL: base,
				method,
				url: path,
				data: body,
				// axios leaves a header out when it is null.
				headers: body === undefined ? all : { 'Content-Type': 'application/json', ...all },
				// Text goes out as it is, so that a test can send broken JSON.
				transformRequest: (data: unknown) =>
					typeof data === 'string' ? data : JSON.stringify(data),
				maxRedirects: 0,
				validateStatus: () => true,
			});
			if (answer.status !== 429 || !isReal) return answer;
			await pause((Number(answer.headers['retry-after'] ?? 60) + 1) * 1000);
		}
	};
}

export const codes = (answer: AxiosResponse<Body>): string[] =>
	answer.data.errors.map((error) => error.code);

export const rules = (answer: AxiosResponse<Body>): string[] =>
	answer.data.errors.map(({ meta }) => `${meta?.source_field}: ${meta?.rule}`);

/** An account that the panel takes. */
export const newcomer = {
	email: 'new@example.test',
	username: 'newcomer',
	first_name: 'New',
	last_name: 'Comer',
};
