import { readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';

import type { Panel } from '../../simulators/panel/server.cjs';

/** Recorded exchanges with a real panel, and sending them again. */

export interface Recording {
	description: string;
	request: {
		method: string;
		path: string;
		headers: Record<string, string>;
		body: unknown;
	};
	response: { status: number; headers: Record<string, string>; body: unknown };
}

/** Pterodactyl of October 2024, and Pelican of August 2026. */
export type Recorded = 'panel' | 'pelican';

const folderOf = (of: Recorded): string => join(__dirname, '..', 'recordings', of);

/** `304-subuser-create.json` → `304` */
const numberOf = (file: string): string => file.split('-')[0] ?? file;

const filesOf = (of: Recorded): string[] =>
	readdirSync(folderOf(of)).filter((file) => /^\d/.test(file));

export const recordedNumbers = (of: Recorded): string[] => filesOf(of).map(numberOf);

export function recording(number: string, of: Recorded = 'panel'): Recording {
	const file = filesOf(of).find((name) => numberOf(name) === number);
	if (!file) throw new Error(`There is no recording ${number}`);
	return JSON.parse(readFileSync(join(folderOf(of), file), 'utf8')) as Recording;
}

export interface Exchange {
	status: number;
	headers: Record<string, string | undefined>;
	body: unknown;
}

function bodyText(body: unknown): string | undefined {
	if (body === null || body === undefined) return undefined;
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
	if (text === '') return null;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Sends exactly these headers: no client adds an Accept of its own. */
export async function exchange(
	base: string,
	call: { method: string; path: string; headers: Record<string, string>; body?: unknown },
): Promise<Exchange> {
	const { method, path, headers } = call;
	const body = bodyText(call.body);
	return new Promise((resolve, reject) => {
		const sending = httpRequest(`${base}${path}`, { method, headers, agent: false }, (answer) => {
			const chunks: Buffer[] = [];
			answer.on('data', (chunk: Buffer) => chunks.push(chunk));
			answer.on('error', reject);
			answer.on('end', () =>
				resolve({
					status: answer.statusCode ?? 0,
					headers: answer.headers as Record<string, string | undefined>,
					body: parse(Buffer.concat(chunks).toString('utf8')),
				}),
			);
		});
		sending.on('error', reject);
		sending.end(body);
	});
}

/** Real keys in place of `Bearer <client-key>` and the like. */
export function replay(
	panel: Panel,
	keys: Record<string, string>,
	{ request }: Recording,
): Promise<Exchange> {
	const headers = { ...request.headers };
	const placeholder = /^Bearer <(.+)>$/.exec(headers.Authorization ?? '')?.[1];
	if (placeholder !== undefined) {
		const key = keys[placeholder];
		if (key === undefined) throw new Error(`No key for <${placeholder}>`);
		headers.Authorization = `Bearer ${key}`;
	}
	if (headers.Referer) headers.Referer = `${panel.url}/`;
	return exchange(panel.url, { ...request, headers });
}

const recordedAt = /http:\/\/(127\.0\.0\.1:8001|panel\.test)/g;

const everywhere: Array<[RegExp, string]> = [
	[/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00/g, '<date>'],
	[/(request[_ ]id: )[0-9a-f-]{36}/g, '$1<uuid>'],
];

/** Takes out what no two panels share; `loose` names attributes whose value is free here. */
export function comparable(value: unknown, panelUrl: string, loose: string[] = []): unknown {
	if (typeof value === 'string') {
		const placed = value.replaceAll(panelUrl, '<panel>').replaceAll(recordedAt, '<panel>');
		return everywhere.reduce((text, [pattern, to]) => text.replace(pattern, to), placed);
	}
	if (Array.isArray(value)) return value.map((child) => comparable(child, panelUrl, loose));
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(
			Object.entries(value).map(([key, child]) => [
				key,
				loose.includes(key) ? `<${typeof child}>` : comparable(child, panelUrl, loose),
			]),
		);
	}
	return value;
}

/** Content type, which rate-limit headers there are, and the limit itself. */
export function comparableHeaders(headers: Record<string, string | undefined>) {
	return {
		'content-type': headers['content-type'],
		'x-ratelimit-limit': headers['x-ratelimit-limit'],
		remaining: headers['x-ratelimit-remaining'] !== undefined,
		'retry-after': headers['retry-after'] !== undefined,
		'x-ratelimit-reset': headers['x-ratelimit-reset'] !== undefined,
	};
}
