import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import axios from 'axios';
import type { AxiosResponse } from 'axios';

import type { Panel } from '../../simulators/panel/server.cjs';
import { startPanel } from '../../simulators/panel/server.cjs';

export interface RealPanel {
	url: string;
	/** Of an admin; may create servers and users. */
	applicationKey: string;
	/** Of the same admin. */
	accountKey: string;
}

/**
 * The panel under test: the simulator, or a real one when PANEL_URL, PANEL_APPLICATION_KEY and
 * PANEL_ACCOUNT_KEY (of one admin) are set. On a real panel the suite makes users and servers (one
 * at a time) of its own and deletes them; the panel mails the users' addresses at example.test.
 */
export interface Target extends RealPanel {
	/** Only for the simulator. */
	panel: Panel | undefined;
	close(): Promise<void>;
}

const { PANEL_URL, PANEL_APPLICATION_KEY, PANEL_ACCOUNT_KEY } = process.env;

export const realPanel: RealPanel | undefined =
	PANEL_URL === undefined
		? undefined
		: {
				url: PANEL_URL.replace(/\/+$/, ''),
				applicationKey: PANEL_APPLICATION_KEY ?? '',
				accountKey: PANEL_ACCOUNT_KEY ?? '',
			};

export const isReal = realPanel !== undefined;

/**
 * Throws what a real panel lacks for the suite. Called while a test file loads, so that it is said
 * once and not for every test: hence a process of its own, which can be waited for.
 */
export function checkRealPanel(): void {
	if (!isReal) return;
	const check = join(__dirname, 'checkRealPanel.cts');
	const { status, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', check], {
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(stderr.trim());
}

/** The suite makes more calls than a panel allows in a minute; its limits are in the recordings. */
export const roomy = { application: 10_000, client: 10_000 };

export async function openTarget(): Promise<Target> {
	if (realPanel) return { ...realPanel, panel: undefined, close: async () => undefined };
	const panel = await startPanel({ rateLimits: roomy, subuserLimit: 0 });
	const { url, applicationKey, accountKey } = panel;
	return { url, applicationKey, accountKey, panel, close: () => panel.close() };
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

export const pause = (ms: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, ms));

/** The APIs' own limits are per minute. */
const longestWait = 90;

/**
 * Waits out the rate limit of a real panel, since the suite is not about it. Longer ones are those
 * on new subusers of one server (10 in 15 minutes since Pterodactyl 1.12).
 */
async function waitOut(answer: AxiosResponse<Body>): Promise<void> {
	const seconds = Number(answer.headers['retry-after'] ?? 60) + 1;
	if (seconds > longestWait) {
		throw new Error(`The panel answered 429 and asks to wait ${seconds} seconds: run it later.`);
	}
	await pause(seconds * 1000);
}

/** Calls with one key. */
export function caller(base: string, key: string): Send {
	return async (method, path, body, headers = {}) => {
		const all = { Accept: 'application/json', Authorization: `Bearer ${key}`, ...headers };
		for (;;) {
			const answer = await axios.request<Body>({
				method,
				// Put together here, since axios would take `//api` for a host.
				url: `${base}${path}`,
				data: body,
				// axios leaves a header out when it is null.
				headers: body === undefined ? all : { 'Content-Type': 'application/json', ...all },
				// Text goes out as it is, so that a test can send broken JSON.
				transformRequest: (data: unknown) =>
					typeof data === 'string' ? data : JSON.stringify(data),
				maxRedirects: 0,
				validateStatus: () => true,
			});
			if (answer.status !== 429 || base !== realPanel?.url) return answer;
			await waitOut(answer);
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
