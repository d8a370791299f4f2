import type { IDataObject, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

import { parseJson } from '../json';
import {
	PanelError,
	notThePanel,
	refused,
	settle,
	unreachable,
	type PanelAnswerError,
} from './panelError';

/** The outside world as the client needs it; n8n's helpers in the node, stand-ins in unit tests. */
export interface Wire {
	/** Sends with the key that fits the path; resolves for every status, rejects without an answer. */
	send: (
		request: IHttpRequestOptions,
	) => Promise<{ statusCode: number; headers: IDataObject; body: unknown }>;
	pause: (ms: number) => Promise<void>;
	/** A number from 0 to 1. */
	random: () => number;
}

export interface PanelOptions {
	url: string;
	/** How often a failed call is repeated. */
	retries: number;
	/** Entries a page; the panel knows no upper limit [148, 260]. */
	pageSize: number;
	timeoutMs: number;
}

/** A user of the panel, of what the application API shows. */
export interface Account {
	id: number;
	uuid: string;
	external_id: string | null;
	username: string;
	email: string;
	first_name: string;
	last_name: string;
	language: string;
	root_admin: boolean;
}

export type NewAccount = Pick<Account, 'email' | 'username' | 'first_name' | 'last_name'> & {
	external_id?: string;
};

export interface Row {
	user_id: number;
	permissions: string[];
}

export interface Server {
	id: number;
	uuid: string;
	identifier: string;
	name: string;
	description: string;
	/** The owner's user id. */
	user: number;
	node: number;
	nest: number;
	/** The location's id; null unless asked for. */
	location: number | null;
	/** null when nothing is the matter, else `suspended`, `installing` … */
	status: string | null;
	rows: Row[];
}

export interface Place {
	id: number;
	name: string;
}

const LONGEST_WAIT_MS = 120_000;
const LONGEST_PAUSE_MS = 20_000;
const WAITS_FOR_RATE_LIMIT = 5;
const MAX_PAGES = 1000;

type Call = {
	method: IHttpRequestMethods;
	/** Below `/api/`. */
	path: string;
	query?: Record<string, string | number>;
	body?: IDataObject;
};

type Envelope<T> = { attributes: T };

export type Panel = ReturnType<typeof connect>;

/**
 * The panel's two APIs, as measured in the contract (numbers in brackets are recorded exchanges).
 * Reads are repeated after network errors and 5xx. A write is repeated only after a look whether it
 * had worked. All functions throw `PanelError`.
 */
export function connect(wire: Wire, options: PanelOptions) {
	const base = options.url.trim().replace(/\/+$/, '');
	let knownPermissions: string[] | undefined;
	let calls = 0;
	/** Writes whose outcome was never told: they may still land later. */
	const doubts: string[] = [];

	async function once(call: Call): Promise<unknown> {
		for (let waits = 0; ; waits++) {
			calls++;
			const answer = await wire
				.send({
					method: call.method,
					url: `${base}/api/${call.path}${queryOf(call.query)}`,
					// Without Accept, errors come as HTML pages and redirects [520-525].
					headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
					...(call.body ? { body: call.body } : {}),
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
					json: true,
					timeout: options.timeoutMs,
				})
				.catch((error: unknown) => unreachable(call, error, base));
			if (answer instanceof PanelError) throw answer;
			if (answer.statusCode === 429 && waits < WAITS_FOR_RATE_LIMIT) {
				// Whole seconds; waiting that long was enough, one second less was not [547, 557].
				const seconds = Number(answer.headers['retry-after'] ?? NaN);
				const ms = Number.isFinite(seconds) ? seconds * 1000 : pauseOf(waits);
				if (ms <= LONGEST_WAIT_MS) {
					await wire.pause(ms + wire.random() * 250);
					continue;
				}
			}
			return understand(call, answer.statusCode, answer.body);
		}
	}

	/** Half fixed, half random, so that many executions do not come back at the same moment. */
	function pauseOf(attempt: number): number {
		const full = Math.min(500 * 2 ** attempt, LONGEST_PAUSE_MS);
		return full / 2 + (wire.random() * full) / 2;
	}

	async function read<T>(path: string, query?: Call['query']): Promise<T> {
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(once({ method: 'GET', path, query }));
			if (!error) return value as T;
			if (!error.isPassing || attempt >= options.retries) throw error;
			await wire.pause(pauseOf(attempt));
		}
	}

	async function readOrNull<T>(path: string, query?: Call['query']): Promise<T | null> {
		const { value, error } = await settle(read<T>(path, query));
		if (error && !isNotFound(error)) throw error;
		return value ?? null;
	}

	/**
	 * All pages of a list. Pages are counted, never followed: the application API's links lose the
	 * page size and the filters [146].
	 */
	async function readAll<T extends { id: number }>(
		path: string,
		query: Call['query'] = {},
	): Promise<T[]> {
		const found = new Map<number, T>();
		for (let page = 1; page <= MAX_PAGES; page++) {
			const list = await read<{
				data: Array<Envelope<T>>;
				meta?: { pagination?: { total_pages?: number } };
			}>(path, { ...query, page, per_page: options.pageSize });
			for (const { attributes } of list.data) found.set(attributes.id, attributes);
			if (list.data.length === 0 || page >= (list.meta?.pagination?.total_pages ?? 1)) break;
		}
		return [...found.values()];
	}

	/**
	 * @param landed looks whether the write had worked: its result, or null
	 */
	async function write<T>(call: Call, landed: () => Promise<T | null>): Promise<T> {
		for (let attempt = 0; ; attempt++) {
			const { value, error } = await settle(once(call));
			if (!error) return value as T;
			if (!error.isPassing) throw error;
			if (error.outcomeUnknown) doubts.push(`${call.method} ${call.path}`);
			if (attempt >= options.retries) throw error;
			await wire.pause(pauseOf(attempt));
			const result = await landed();
			if (result !== null) return result;
		}
	}

	async function remove(path: string): Promise<'removed' | 'was gone'> {
		const { error } = await settle(write({ method: 'DELETE', path }, async () => null));
		if (error && !isNotFound(error)) throw error;
		return error ? 'was gone' : 'removed';
	}

	/** Exactly this address, in any letter case: the panel's filter means "contains" [132-134]. */
	async function accountByEmail(email: string): Promise<Account | null> {
		// A comma means OR in a filter and cannot be escaped [137]; a part of the address has none.
		const part = email.split(',').reduce((a, b) => (b.length > a.length ? b : a));
		// An empty filter finds everybody [173].
		if (part === '') return null;
		const found = await readAll<Account>('application/users', { 'filter[email]': part });
		return found.find((account) => sameEmail(account.email, email)) ?? null;
	}

	async function accountByExternalId(externalId: string): Promise<Account | null> {
		const found = await readOrNull<Envelope<Account>>(
			`application/users/external/${encodeURIComponent(externalId)}`,
		);
		return found?.attributes ?? null;
	}

	async function accountById(id: number): Promise<Account | null> {
		const found = await readOrNull<Envelope<Account>>(`application/users/${id}`);
		return found?.attributes ?? null;
	}

	const subusers = (server: Server) => `client/servers/${server.identifier}/users`;

	/** The keys that an account's (first) row on a server has; null without one. */
	async function rowOf(server: Server, account: Account): Promise<string[] | null> {
		const found = await readOrNull<Envelope<{ permissions: unknown }>>(
			`${subusers(server)}/${account.uuid}`,
		);
		return found && keysOf(found.attributes.permissions);
	}

	/** @returns the keys that the panel set, which may be fewer [312, 318] */
	async function setRow(
		server: Server,
		account: Account,
		path: string,
		body: IDataObject,
		wanted: string[],
	): Promise<string[]> {
		const answer = await write<Envelope<{ permissions: unknown }>>(
			{ method: 'POST', path, body },
			async () => {
				const keys = await rowOf(server, account);
				const isThere = keys !== null && wanted.every((key) => keys.includes(key));
				return isThere ? { attributes: { permissions: keys } } : null;
			},
		);
		return keysOf(answer.attributes.permissions);
	}

	return {
		doubts,
		calls: () => calls,

		accounts: () => readAll<Account>('application/users'),
		accountByEmail,
		accountByExternalId,
		accountById,

		/** One at a time: parallel creations without a password can fail with 500 [180-183]. */
		async createAccount(account: NewAccount): Promise<Account> {
			const answer = await write<Envelope<Account>>(
				{ method: 'POST', path: 'application/users', body: { ...account } },
				async () => {
					const found = await accountByEmail(account.email);
					return found && { attributes: found };
				},
			);
			return answer.attributes;
		},

		/** Needs all four fields every time [162]; what is left out stays as it is [161]. */
		async updateAccount(account: Account, change: Partial<NewAccount>): Promise<Account> {
			const { email, username, first_name, last_name } = account;
			const body = { email, username, first_name, last_name, ...change };
			const answer = await write<Envelope<Account>>(
				{ method: 'PATCH', path: `application/users/${account.id}`, body },
				async () => {
					const found = await accountById(account.id);
					const changed =
						found &&
						Object.entries(change).every(([key, value]) => found[key as keyof Account] === value);
					return changed ? { attributes: found } : null;
				},
			);
			return answer.attributes;
		},

		deleteAccount: (account: Account) => remove(`application/users/${account.id}`),

		/** All servers with their subuser rows: one call, also where servers are suspended [260, 399]. */
		async servers({ withLocation }: { withLocation: boolean }): Promise<Server[]> {
			const include = withLocation ? 'subusers,location' : 'subusers';
			const found = await readAll<RawServer>('application/servers', { include });
			return found.map((server) => readServer(server));
		},

		/** @returns the keys that the row has now */
		async createRow(server: Server, account: Account, permissions: string[]): Promise<string[]> {
			const body = { email: account.email, permissions };
			return await setRow(server, account, subusers(server), body, permissions);
		},

		/** Replaces the whole set [326]. */
		async updateRow(server: Server, account: Account, permissions: string[]): Promise<string[]> {
			const path = `${subusers(server)}/${account.uuid}`;
			return await setRow(server, account, path, { permissions }, permissions);
		},

		/** One row at a time, where a race has made several [395]. */
		deleteRow: (server: Server, account: Account) => remove(`${subusers(server)}/${account.uuid}`),

		/** Throws unless the application key may read what is needed. */
		async checkApplicationKey(): Promise<void> {
			await read('application/users', { per_page: 1 });
			const servers = await read<{ data: Array<Envelope<RawServer>> }>('application/servers', {
				per_page: 1,
				include: 'subusers',
			});
			for (const { attributes } of servers.data) readServer(attributes);
		},

		/** Whose the account key is [301]. */
		async ownerOfAccountKey(): Promise<{ username: string; admin: boolean }> {
			// The account itself is shown even where the panel demands two-factor authentication.
			await read('client', { per_page: 1 });
			return (await read<Envelope<{ username: string; admin: boolean }>>('client/account'))
				.attributes;
		},

		/** Throws unless the account key sees the server [348, 414]. */
		async checkReach(server: Server): Promise<void> {
			await read(`client/servers/${server.identifier}`);
		},

		/** Every permission key that the panel knows, `group.key` [302]. */
		async permissions(): Promise<Array<{ key: string; description: string }>> {
			const { attributes } =
				await read<Envelope<{ permissions: Record<string, { keys: Record<string, string> }> }>>(
					'client/permissions',
				);
			return Object.entries(attributes.permissions).flatMap(([group, { keys }]) =>
				Object.entries(keys).map(([key, description]) => ({ key: `${group}.${key}`, description })),
			);
		},

		/** The same keys, asked for once. */
		async knownPermissions(): Promise<string[]> {
			knownPermissions ??= (await this.permissions()).map(({ key }) => key);
			return knownPermissions;
		},

		async locations(): Promise<Place[]> {
			const found = await readAll<Place & { short: string; long: string | null }>(
				'application/locations',
			);
			return found.map(({ id, short, long }) => ({
				id,
				name: long ? `${short} (${long})` : short,
			}));
		},

		nests: () => readAll<Place>('application/nests'),
		nodes: () => readAll<Place>('application/nodes'),
	};
}

export function sameEmail(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}

type RawServer = Omit<Server, 'location' | 'rows'> & {
	relationships?: {
		subusers?: {
			object: string;
			data?: Array<Envelope<{ user_id: number; permissions: unknown }>>;
		};
		location?: { object: string; attributes: { id: number } | null };
	};
};

function readServer({ relationships, ...server }: RawServer): Server {
	const rows = relationships?.subusers?.data;
	// A null resource stands where the key may not read [417]; taking it for "nobody" would grant twice.
	if (!rows) {
		throw new PanelError(
			`The application key may not read who has access to ${server.name}`,
			'Give the key (Panel → Admin → Application API) read & write on Users and read on Servers.',
		);
	}
	return {
		id: server.id,
		uuid: server.uuid,
		identifier: server.identifier,
		name: server.name,
		description: server.description,
		user: server.user,
		node: server.node,
		nest: server.nest,
		status: server.status,
		location: relationships?.location?.attributes?.id ?? null,
		rows: rows.map(({ attributes }) => ({
			user_id: attributes.user_id,
			permissions: keysOf(attributes.permissions),
		})),
	};
}

/** A key that was given twice makes the panel store, and show for ever, an object [319, 320]. */
function keysOf(permissions: unknown): string[] {
	return [...new Set(Object.values((permissions ?? []) as Record<string, string>))];
}

function queryOf(query: Call['query'] = {}): string {
	const pairs = Object.entries(query).map(
		([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
	);
	return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

function understand(call: Call, status: number, body: unknown): unknown {
	if (status === 204) return null;
	const parsed = typeof body === 'string' ? parseJson(body) : body;
	const isJson = typeof parsed === 'object' && parsed !== null;
	if (isJson && status >= 200 && status < 300) return parsed;
	const errors = isJson ? (parsed as { errors?: PanelAnswerError[] }).errors : undefined;
	if (errors?.[0]) throw refused(call, status, errors);
	throw notThePanel(call, status);
}

/** The panel's own "not found"; Wings has a 404 of another name [241, 355]. */
function isNotFound(error: PanelError): boolean {
	return error.code === 'NotFoundHttpException';
}
