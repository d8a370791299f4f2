import type { IDataObject } from 'n8n-workflow';

import {
	sameEmail,
	type Account,
	type NewAccount,
	type Server,
} from '../../../domain/access/panelRecords';
import { PanelError, settle, vanished } from './errors';
import { FLAVOURS, listedPermissions, type Api, type Flavour, type PanelVersion } from './flavour';
import { sameAccess } from '../../../domain/access/permissions';
import type { Selector } from '../../../domain/access/tierPlan';
import { LATER } from '../../shared/api';
import type { HttpClient } from '../../shared/httpClient';
import { parseJson } from '../../../domain/json';
import { openTransport, type PanelOptions } from './client';

/** What servers can be chosen by: a node, a nest, or a location, which has no name. */
interface Place {
	id: number;
	name: string;
	short: string;
	long: string | null;
	tags: unknown;
}

interface Subuser {
	uuid: string;
	permissions: unknown;
}

export type Panel = ReturnType<typeof connect>;

/** The operations of the panel's APIs that we use. All functions throw `PanelError`. */
export function connect(wire: HttpClient, options: PanelOptions) {
	const transport = openTransport(wire, options);
	const { read, readOrNull, readPage, readAll, send, remove } = transport;
	const { run } = options;
	let knownPermissions: string[] | undefined;
	const { panel: choice = 'detect' } = options;
	const chosen = choice === 'detect' ? null : FLAVOURS[choice];

	/** How the permissions are listed is the surest sign of which panel it is. */
	async function listPermissions() {
		const { permissions } = await read<{ permissions: unknown }>('client/permissions');
		const listed = listedPermissions(permissions);
		note(listed.flavour);
		return listed;
	}

	/** Throws if another panel was chosen. */
	function note(flavour: Flavour): void {
		if (chosen && chosen !== flavour) {
			throw new PanelError(
				`The panel is a ${flavour.name}, but the credential says ${chosen.name}`,
				`Choose ${flavour.name} or Detect under Panel in the credential.`,
				{ isRunWide: true },
			);
		}
		run.flavour = flavour;
	}

	/** Which panel it is: as chosen, or as the panel has shown. */
	const flavourNow = async (): Promise<Flavour> =>
		chosen ?? run.flavour ?? (await listPermissions()).flavour;

	/** Throws unless the list can be read; the key may be another panel's. */
	async function checkKey(api: Api, list: string): Promise<void> {
		const { error } = await settle(readPage(list));
		if (!error) return;
		const keyOf = options.keys?.[api]?.flavour;
		if (error.status !== 401 || !keyOf) throw error;
		// Pelican has no locations, and says so also to those whose key it does not know.
		const probe = await settle(readPage('application/locations'));
		const flavour = probe.error?.isNoRoute ? FLAVOURS.pelican : FLAVOURS.pterodactyl;
		if (keyOf === flavour) throw error;
		throw new PanelError(
			`The ${api} key is a key of ${keyOf.name} (${keyOf.keys[api].prefix}…), but the panel is a ${flavour.name}`,
			`Create one under ${flavour.keys[api].createdAt}.`,
			{ status: 401 },
		);
	}

	/** The account with exactly this address, in any letter case. The panel's filter means "contains" [132-134]. */
	async function accountByEmail(email: string): Promise<Account | null> {
		// A comma means OR in a filter and cannot be escaped [137], so filter by a part without one.
		const part = email.split(',').reduce((a, b) => (b.length > a.length ? b : a));
		// An empty filter returns everybody [173].
		if (part === '') return null;
		const found = await readAll<Account>('application/users', { 'filter[email]': part });
		return found.find((account) => sameEmail(account.email, email)) ?? null;
	}

	/** The account because of which the panel rejects an address as taken: its database ignores accents. */
	async function accountInTheWay(email: string): Promise<Account | null> {
		const exact = await accountByEmail(email);
		if (exact) return exact;
		// The filter compares character by character: ss does not find ß.
		const all = await readAll<Account>('application/users');
		const plain = withoutAccents(email);
		return all.find((account) => withoutAccents(account.email) === plain) ?? null;
	}

	/** The account with exactly this external ID: the panel's database ignores case and accents here too. */
	async function accountByExternalId(externalId: string): Promise<Account | null> {
		const found = await accountMarked(externalId);
		return found?.external_id === externalId ? found : null;
	}

	/** The account whose external ID the panel treats as equal to this one. */
	async function accountMarked(externalId: string): Promise<Account | null> {
		// An external ID with a slash cannot be looked up: the panel reads it as another path [156].
		if (externalId.includes('/')) {
			const query = { 'filter[external_id]': externalId };
			const found = await readAll<Account>('application/users', query);
			return found.find((account) => account.external_id === externalId) ?? null;
		}
		return await readOrNull(`application/users/external/${encodeURIComponent(externalId)}`);
	}

	const accountById = async (id: number): Promise<Account | null> =>
		await readOrNull(`application/users/${id}`);

	/** All servers, including suspended ones [260, 399]. On a large panel, subusers take most of the time. */
	async function servers(selectors: Selector[] = [], more = ['subusers']): Promise<Server[]> {
		const include = [...more, ...(await includesFor(selectors))];
		const query: Record<string, string> = include.length > 0 ? { include: include.join() } : {};
		const found = await readAll<RawServer>('application/servers', query);
		// Only Pterodactyl's servers have a nest: that spares the look at the permissions.
		const [first] = found;
		if (first) note(first.nest === undefined ? FLAVOURS.pelican : FLAVOURS.pterodactyl);
		return found.map((server) => readServer(server, include));
	}

	/** Throws if the panel does not have what the plan chooses servers by. */
	async function includesFor(selectors: Selector[]): Promise<string[]> {
		if (selectors.length === 0) return [];
		const { name, includeFor } = await flavourNow();
		const includes = selectors.map((selector) => {
			const include = includeFor[selector];
			if (include !== undefined) return include;
			throw new PanelError(
				`${name} has no ${selector === 'tag' ? 'node tags' : `${selector}s`}`,
				'Choose the servers of the group in another way in the tier plan, for example by name.',
				{ isRunWide: true },
			);
		});
		return includes.filter((include) => include !== '');
	}

	const subusers = ({ uuid }: Server) => `client/servers/${uuid}/users`;

	/** The permissions of an account's (first) subuser on a server; null if there is none. */
	async function rowOf(server: Server, account: Account): Promise<string[] | null> {
		const found = await readOrNull<Subuser>(`${subusers(server)}/${account.uuid}`);
		return found?.uuid === account.uuid ? keysOf(found.permissions) : null;
	}

	/** @returns the permissions that the panel stored, which may be fewer [312, 318] */
	async function setRow(
		server: Server,
		account: Account,
		permissions: string[],
		[path, body]: [path: string, body: IDataObject],
	): Promise<string[]> {
		const { uuid } = account;
		const call = { method: 'POST', path, body: { ...body, permissions } } as const;
		const row = await send<Subuser>(call, async () => {
			const keys = await rowOf(server, account);
			return keys && sameAccess(keys, permissions) ? { uuid, permissions: keys } : null;
		});
		// The account was deleted meanwhile, so the panel created a new user for this address [309].
		if (row.uuid !== uuid) throw vanished();
		return keysOf(row.permissions);
	}

	/**
	 * The server as the account key sees it. For an unknown uuid the panel may answer with a different
	 * server, because its database reads leading digits as a number.
	 */
	async function seenServer({ name, uuid }: Server) {
		const seen = await read<{ uuid: string; user_permissions: string[] }>(`client/servers/${uuid}`);
		if (seen.uuid === uuid) return seen;
		throw new PanelError(
			`The server ${name} no longer exists on the panel`,
			`It was deleted in the meantime. ${LATER}`,
			{ status: 404, isNotFound: true, isTransient: true },
		);
	}

	return {
		...transport,

		accounts: () => readAll<Account>('application/users'),
		accountByEmail,
		accountInTheWay,
		accountByExternalId,
		accountMarked,
		accountById,

		/**
		 * Where the panel has sent few password links yet, parallel creations fail with 500 [180-183]:
		 * after the first such error, accounts are created one at a time.
		 */
		async createAccount(account: NewAccount): Promise<Account> {
			const body = (await flavourNow()).accountFields(account);
			const call = { method: 'POST', path: 'application/users', body } as const;
			const found = async () => {
				run.newAccounts.most = 1;
				// Accept it only if it can be ours: somebody else may have created one at the same time.
				const other = await accountByEmail(account.email);
				const isOurs = other?.external_id === (account.external_id ?? null) && !other.root_admin;
				return isOurs ? other : null;
			};
			return await run.newAccounts.run(() => send<Account>(call, found));
		},

		/** The panel requires some fields every time [162]; the others keep their value if omitted [161]. */
		async updateAccount(account: Account, change: Partial<NewAccount>): Promise<Account> {
			const { email, username, first_name, last_name } = account;
			const { accountFields } = await flavourNow();
			const body = accountFields({ email, username, first_name, last_name, ...change });
			const path = `application/users/${account.id}`;
			return await send<Account>({ method: 'PATCH', path, body }, async () => {
				const found = await accountById(account.id);
				const isChanged = (key: string) => found?.[key as keyof Account] === body[key];
				return Object.keys(change).every(isChanged) ? found : null;
			});
		},

		rowOf,

		deleteAccount: (account: Account) => remove(`application/users/${account.id}`),

		servers,

		/** One at a time on a server, so that those who have waited longest are served first. */
		createRow: async (server: Server, account: Account, permissions: string[]) =>
			await run.inTurn(subusers(server), () =>
				setRow(server, account, permissions, [subusers(server), { email: account.email }]),
			),

		/** Replaces all of the subuser's permissions [326]. */
		updateRow: async (server: Server, account: Account, permissions: string[]) =>
			await setRow(server, account, permissions, [`${subusers(server)}/${account.uuid}`, {}]),

		/** Deletes one subuser, even if a race created duplicates [395]. */
		deleteRow: (server: Server, account: Account) => remove(`${subusers(server)}/${account.uuid}`),

		/** Hands a command to the server's console. It may run twice; what it says cannot be known [349, 405]. */
		async command({ uuid }: Server, command: string): Promise<void> {
			const path = `client/servers/${uuid}/command`;
			await send({ method: 'POST', path, body: { command }, expects: 'nothing' });
		},

		/** Throws unless the application key has the required rights. */
		async checkApplicationKey(): Promise<void> {
			await checkKey('application', 'application/users');
			const query = { per_page: 1, include: 'subusers' };
			const { data } = await readPage<RawServer>('application/servers', query);
			for (const { attributes } of data) readServer(attributes, ['subusers']);
			// The panel checks rights before content [514]: with the right to write, this fails with 422.
			const call = { method: 'POST', path: 'application/users', body: {} } as const;
			const { error } = await settle(send(call));
			if (error && error.status !== 422) throw error;
		},

		/** The owner of the account key [301]. */
		async ownerOfAccountKey(): Promise<{ username: string; admin: boolean }> {
			// `client/account` works even if the panel requires two-factor authentication, this call does not.
			await checkKey('account', 'client');
			return await read('client/account');
		},

		/** Throws unless the account key can see the server [348, 414]. */
		checkReach: seenServer,

		/** The permissions that the account key's owner lacks on the server; `*` means all [343, 417]. */
		async lackingPermissions(server: Server, keys: string[]): Promise<string[]> {
			const { user_permissions: own } = await seenServer(server);
			return own.includes('*') ? [] : keys.filter((key) => !own.includes(key));
		},

		/** Which panel it is, and every permission that it knows, as `group.key`. */
		listPermissions,

		/** The keys of `listPermissions()`, read once. */
		async knownPermissions(): Promise<string[]> {
			knownPermissions ??= (await listPermissions()).permissions.map(({ key }) => key);
			return knownPermissions;
		},

		/** Which version it is, as far as the panel tells: no answer names it. */
		async version(server: Server): Promise<PanelVersion> {
			const { name, sign } = await flavourNow();
			const permissions = await this.knownPermissions();
			const { value } = await settle(seenServer(server));
			const isSince = value ? sign.isIn({ server: value, permissions }) : null;
			return { name, sign: sign.version, isSince };
		},

		/** Throws if servers of this panel cannot be chosen so. */
		async places(kind: 'locations' | 'nests' | 'nodes', selectors: Selector[]) {
			await includesFor(selectors);
			return await readAll<Place>(`application/${kind}`);
		},
	};
}

const withoutAccents = (text: string): string =>
	text
		.normalize('NFKD')
		.replace(/\p{M}+/gu, '')
		.toUpperCase()
		.replace(/Œ/g, 'OE')
		.trim();

type RawServer = Omit<Server, 'location' | 'rows' | 'tags' | 'nest'> & {
	nest?: number;
	relationships?: {
		subusers?: { data?: Array<{ attributes: { user_id: number; permissions: unknown } }> };
		location?: { attributes: { id: number } | null };
		node?: { attributes: { tags: unknown } | null };
	};
};

/** The rights that the application key needs for what is included. */
const RIGHTS = {
	subusers: 'read & write on Users and read on Servers (Panel → Admin → Application API).',
	location:
		'read on Locations (Panel → Admin → Application API): a server group in the tier plan uses locations.',
	node: 'read on Nodes (Panel → Admin → API Keys): a server group in the tier plan uses node tags.',
};

/** Throws if a relationship is null: that means the key may not read it [417], not that it is empty. */
function readServer({ relationships, ...server }: RawServer, include: string[]): Server {
	const subusers = relationships?.subusers?.data;
	const location = relationships?.location?.attributes;
	const node = relationships?.node?.attributes;
	for (const [what, part] of Object.entries({ subusers, location, node })) {
		if (part || !include.includes(what)) continue;
		throw new PanelError(
			`The application key may not read the ${what} of ${server.name}`,
			`Give the key ${RIGHTS[what as keyof typeof RIGHTS]}`,
		);
	}
	const rows: Server['rows'] = new Map();
	for (const { user_id: id, permissions } of (subusers ?? []).map(({ attributes }) => attributes)) {
		rows.set(id, [...(rows.get(id) ?? []), keysOf(permissions)]);
	}
	return {
		id: server.id,
		uuid: server.uuid,
		name: server.name,
		description: server.description ?? '',
		user: server.user,
		node: server.node,
		nest: server.nest ?? null,
		status: server.status,
		location: location?.id ?? null,
		tags: tagsIn(node?.tags),
		rows,
	};
}

/** JSON within JSON [pelican 209]. */
export function tagsIn(tags: unknown): string[] {
	const list = typeof tags === 'string' ? parseJson(tags) : tags;
	return Array.isArray(list) ? list.map(String) : [];
}

/** If a permission was sent twice, the panel stores and returns an object instead of a list [319, 320]. */
function keysOf(permissions: unknown): string[] {
	return [...new Set(Object.values((permissions ?? []) as Record<string, string>))];
}
