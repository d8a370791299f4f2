import type { IDataObject } from 'n8n-workflow';

import {
	sameEmail,
	type Account,
	type NewAccount,
	type Server,
} from '../../../domain/access/panelRecords';
import { namesFor } from '../../../domain/access/account';
import { coalesce } from './coalesce';
import { PanelError, noSuchServer, settle, vanished } from './errors';
import { sameAccess } from '../../../domain/access/permissions';
import type { HttpClient } from '../../shared/httpClient';
import { openTransport, type Envelope, type PanelOptions } from './client';

export interface Place {
	id: number;
	name: string;
}

const EMPTY_ACCOUNT = { method: 'POST', path: 'application/users', body: {} } as const;

export type Panel = ReturnType<typeof connect>;

/** What the panel can be asked and told. All functions throw `PanelError`. */
export function connect(wire: HttpClient, options: PanelOptions) {
	const { calls, observed, unconfirmed, resetWaiting, read, readOrNull, readAll, write, remove } =
		openTransport(wire, options);
	let knownPermissions: string[] | undefined;

	/** Exactly this address, in any letter case: the panel's filter means "contains" [132-134]. */
	async function accountByEmail(email: string): Promise<Account | null> {
		// A comma means OR in a filter and cannot be escaped [137]; a part of the address has none.
		const part = email.split(',').reduce((a, b) => (b.length > a.length ? b : a));
		// An empty filter finds everybody [173].
		if (part === '') return null;
		const found = await readAll<Account>('application/users', { 'filter[email]': part });
		return found.find((account) => sameEmail(account.email, email)) ?? null;
	}

	/** The account because of which the panel refuses an address: its database ignores accents too. */
	async function accountInTheWay(email: string): Promise<Account | null> {
		const exact = await accountByEmail(email);
		if (exact) return exact;
		// Its filter compares letter by letter, and does not find ß by ss.
		const all = await readAll<Account>('application/users');
		const plain = withoutAccents(email);
		return all.find((account) => withoutAccents(account.email) === plain) ?? null;
	}

	/** Exactly this mark: the panel's database ignores case and accents in it, too. */
	async function accountByExternalId(externalId: string): Promise<Account | null> {
		const found = await accountMarked(externalId);
		return found?.external_id === externalId ? found : null;
	}

	/** The account whose mark the panel takes for this one. */
	async function accountMarked(externalId: string): Promise<Account | null> {
		// An id with a slash cannot be asked for: the panel takes it for another path [156].
		if (externalId.includes('/')) {
			const query = { 'filter[external_id]': externalId };
			const found = await readAll<Account>('application/users', query);
			return found.find((account) => account.external_id === externalId) ?? null;
		}
		const found = await readOrNull<Envelope<Account>>(
			`application/users/external/${encodeURIComponent(externalId)}`,
		);
		return found?.attributes ?? null;
	}

	async function accountById(id: number): Promise<Account | null> {
		const found = await readOrNull<Envelope<Account>>(`application/users/${id}`);
		return found?.attributes ?? null;
	}

	async function listServers(include: string[]): Promise<Server[]> {
		const query: Record<string, string> = include.length > 0 ? { include: include.join() } : {};
		const found = await readAll<RawServer>('application/servers', query);
		return found.map((server) => readServer(server, include));
	}

	const subusers = (server: Server) => `client/servers/${server.identifier}/users`;

	/** The keys that an account's (first) row on a server has; null without one. */
	async function rowOf(server: Server, account: Account): Promise<string[] | null> {
		const found = await readOrNull<Envelope<{ uuid: string; permissions: unknown }>>(
			`${subusers(server)}/${account.uuid}`,
		);
		const isTheirs = found?.attributes.uuid === account.uuid;
		return isTheirs ? keysOf(found.attributes.permissions) : null;
	}

	/** @returns the keys that the panel set, which may be fewer [312, 318] */
	async function setRow(
		server: Server,
		account: Account,
		path: string,
		body: IDataObject,
		wanted: string[],
	): Promise<string[]> {
		const { uuid } = account;
		const answer = await write<Envelope<{ uuid: string; permissions: unknown }>>(
			{ method: 'POST', path, body },
			async () => {
				const keys = await rowOf(server, account);
				const isThere = keys !== null && sameAccess(keys, wanted);
				return isThere ? { attributes: { uuid, permissions: keys } } : null;
			},
		);
		// Its address was unknown by then: the panel has made up a user, and given it to them [309].
		if (answer.attributes.uuid !== uuid) throw vanished();
		return keysOf(answer.attributes.permissions);
	}

	/**
	 * The server as the account key sees it. A panel whose database reads the digits at the beginning of
	 * an unknown id as a number answers with another server.
	 */
	async function seenServer({ identifier, uuid }: Server) {
		const seen = await read<Envelope<{ uuid: string }> & { meta: { user_permissions: string[] } }>(
			`client/servers/${identifier}`,
		);
		if (seen.attributes.uuid !== uuid) throw noSuchServer(identifier);
		return seen;
	}

	return {
		unconfirmed,
		calls,
		resetWaiting,
		observed,

		accounts: () => readAll<Account>('application/users'),
		accountByEmail,
		accountInTheWay,
		accountByExternalId,
		accountMarked,
		accountById,

		/** One at a time: parallel creations without a password can fail with 500 [180-183]. */
		async createAccount(account: NewAccount): Promise<Account> {
			const answer = await write<Envelope<Account>>(
				{ method: 'POST', path: 'application/users', body: { ...account } },
				async () => {
					// Only one that can be ours: somebody else may have made theirs in the same moment.
					const found = await accountByEmail(account.email);
					const isOurs = found?.external_id === (account.external_id ?? null) && !found.root_admin;
					return isOurs ? { attributes: found } : null;
				},
			);
			return answer.attributes;
		},

		/** Needs all four fields every time [162]; what is left out stays as it is [161]. */
		async updateAccount(account: Account, change: Partial<NewAccount>): Promise<Account> {
			const { email, username, first_name, last_name } = account;
			const body = { email, username, ...namesFor(first_name, last_name, username), ...change };
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

		rowOf,

		deleteAccount: (account: Account) => remove(`application/users/${account.id}`),

		/** All servers with their subuser rows: one call, also where servers are suspended [260, 399]. */
		async servers({ withLocation }: { withLocation: boolean }): Promise<Server[]> {
			return await listServers(['subusers', ...(withLocation ? ['location'] : [])]);
		},

		/**
		 * The same without any rows, for somebody who is new and can have none: on a large panel they are
		 * what takes long. What another run has read a moment ago will do.
		 */
		async serversForNew({ withLocation }: { withLocation: boolean }): Promise<Server[]> {
			const what = `servers ${withLocation} ${options.sharedAs}`;
			const found = await coalesce(what, () => listServers(withLocation ? ['location'] : []));
			// One that was suspended a moment ago may be open now; the panel says so if it is not.
			return found.map((server) => ({ ...server, status: null, rows: new Map() }));
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
			await read('application/users', { per_page: 1 }, 'list');
			const servers = await read<{ data: Array<Envelope<RawServer>> }>(
				'application/servers',
				{ per_page: 1, include: 'subusers' },
				'list',
			);
			for (const { attributes } of servers.data) readServer(attributes, ['subusers']);
			// Rights are judged before the content [514]: an empty account is refused with 422 at best.
			const { error } = await settle(write(EMPTY_ACCOUNT, async () => null));
			if (error && error.status !== 422) throw error;
		},

		/** Whose the account key is [301]. */
		async ownerOfAccountKey(): Promise<{ username: string; admin: boolean }> {
			// The account itself is shown even where the panel demands two-factor authentication.
			await read('client', { per_page: 1 }, 'list');
			return (await read<Envelope<{ username: string; admin: boolean }>>('client/account'))
				.attributes;
		},

		/** Throws unless the account key sees the server [348, 414]. */
		checkReach: async (server: Server): Promise<void> => void (await seenServer(server)),

		/** Which of these permissions the account key's owner lacks on the server; `*` is everything [343, 417]. */
		async lackingPermissions(server: Server, keys: string[]): Promise<string[]> {
			const { user_permissions: own } = (await seenServer(server)).meta;
			return own.includes('*') ? [] : keys.filter((key) => !own.includes(key));
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

const withoutAccents = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toUpperCase()
		.replace(/Œ/g, 'OE')
		.trim();

type RawServer = Omit<Server, 'location' | 'rows'> & {
	relationships?: {
		subusers?: {
			object: string;
			data?: Array<Envelope<{ user_id: number; permissions: unknown }>>;
		};
		location?: { object: string; attributes: { id: number } | null };
	};
};

/** A null resource stands where the key may not read [417]: nothing may be concluded from it. */
function readServer({ relationships, ...server }: RawServer, include: string[]): Server {
	const rows = include.includes('subusers') ? relationships?.subusers?.data : [];
	const location = relationships?.location?.attributes?.id ?? null;
	if (include.includes('location') && location === null) {
		throw new PanelError(
			`The application key may not read where ${server.name} is`,
			'Give the key (Panel → Admin → Application API) read on Locations; a server group of the tier plan goes by location.',
		);
	}
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
		description: server.description ?? '',
		user: server.user,
		node: server.node,
		nest: server.nest,
		status: server.status,
		location,
		rows: rowsByUser(rows.map(({ attributes }) => attributes)),
	};
}

function rowsByUser(
	rows: Array<{ user_id: number; permissions: unknown }>,
): Map<number, string[][]> {
	const byUser = new Map<number, string[][]>();
	for (const { user_id: id, permissions } of rows) {
		byUser.set(id, [...(byUser.get(id) ?? []), keysOf(permissions)]);
	}
	return byUser;
}

/** A key that was given twice makes the panel store, and show for ever, an object [319, 320]. */
function keysOf(permissions: unknown): string[] {
	return [...new Set(Object.values((permissions ?? []) as Record<string, string>))];
}
