import { startPanel } from '../../simulators/panel/server.cjs';
import type { Exchange } from './replay.cjs';
import { exchange } from './replay.cjs';
import { realPanel } from './target.cjs';

/** A panel that limits new subusers, and two of its servers of which it has counted one attempt. */
export interface Limited {
	/** Attempts per server. */
	limit: number;
	servers: [LimitedServer, LimitedServer];
	close(): Promise<void>;
}

export interface LimitedServer {
	/** The first creation. */
	first: Exchange;
	create(body: ReturnType<typeof wish>): Promise<Exchange>;
	send(method: string, path: string, body?: unknown): Promise<Exchange>;
}

/** No panel allows more new subusers per server than this, and none fewer calls per minute. */
const SMALLEST_API_LIMIT = 60;

interface List {
	data: Array<{ attributes: { id: number; uuid: string; email: string } }>;
}

let counter = 0;

const address = (): string => `limit${Date.now().toString(36)}n${++counter}@example.test`;

/** A creation that the panel takes, unless the address says otherwise. */
export const wish = (email: string = address()) => ({
	email,
	permissions: ['websocket.connect'],
});

export interface Created {
	attributes: { uuid: string; email: string; permissions: string[] };
}

/** Status, limit and what is left of it. */
export const numbers = ({ status, headers }: Exchange) => [
	status,
	headers['x-ratelimit-limit'],
	headers['x-ratelimit-remaining'],
];

export const sender =
	(base: string, key: string) =>
	(method: string, path: string, body?: unknown): Promise<Exchange> =>
		exchange(base, {
			method,
			path,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/json',
				...(key ? { Authorization: `Bearer ${key}` } : {}),
			},
			body,
		});

/**
 * The simulator, or the real panel, whose accounts are deleted at the end. Undefined when the real
 * one has no such limit, or no two servers without an attempt in the last 15 minutes.
 */
export async function openLimited(): Promise<Limited | undefined> {
	const simulator = realPanel ? undefined : await startPanel();
	const panel = realPanel ?? simulator;
	if (!panel) throw new Error('There is no panel');
	const client = sender(panel.url, panel.accountKey);
	const application = sender(panel.url, panel.applicationKey);
	const made = new Set<string>();
	const paths: string[] = [];

	/** Rows first: a Pelican does not delete an account that has some (measured). */
	const removeMade = async (): Promise<void> => {
		for (const path of paths) {
			const rows = (await client('GET', path)).body as List;
			for (const { attributes } of rows.data) {
				if (made.has(attributes.email)) await client('DELETE', `${path}/${attributes.uuid}`);
			}
		}
		for (const email of made) {
			const path = '/api/application/users';
			const found = await application('GET', `${path}?filter[email]=${encodeURIComponent(email)}`);
			for (const { attributes } of (found.body as List).data) {
				// The filter finds parts of addresses as well.
				if (attributes.email === email) await application('DELETE', `${path}/${attributes.id}`);
			}
		}
	};
	const close = async (): Promise<void> => await (simulator?.close() ?? removeMade());

	const on = (server: string) => {
		const path = `/api/client/servers/${server}/users`;
		paths.push(path);
		return {
			create: async (body: ReturnType<typeof wish>) => {
				const answer = await client('POST', path, body);
				if (answer.status === 200) made.add(body.email);
				return answer;
			},
			send: async (method: string, rest: string, body?: unknown) =>
				await client(method, path + rest, body),
		};
	};

	const list = await client('GET', '/api/client?type=admin-all');
	if (list.status !== 200) throw new Error(`The panel did not list its servers (${list.status})`);
	const fresh: LimitedServer[] = [];
	for (const { attributes } of (list.body as List).data) {
		const server = on(attributes.uuid);
		const first = await server.create(wish());
		// Suspended, or its ten attempts were made before.
		if (first.status !== 200) continue;
		const limit = Number(first.headers['x-ratelimit-limit'] ?? SMALLEST_API_LIMIT);
		if (limit >= SMALLEST_API_LIMIT) break;
		if (Number(first.headers['x-ratelimit-remaining']) !== limit - 1) continue;
		fresh.push({ ...server, first });
		const [one, two] = fresh;
		if (one && two) return { limit, servers: [one, two], close };
	}
	await close();
	return undefined;
}
