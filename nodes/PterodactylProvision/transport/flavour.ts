import type { IDataObject } from 'n8n-workflow';

import { namesFor } from '../../../domain/access/account';
import type { NewAccount } from '../../../domain/access/panelRecords';
import type { Selector } from '../../../domain/access/tierPlan';

/** The panel's APIs, each with its own key. */
export type Api = 'application' | 'account';

/** What differs between the two panels. */
export interface Flavour {
	name: 'Pterodactyl' | 'Pelican';
	/** What its keys begin with, and where its administrators create them. */
	keys: Record<Api, { prefix: string; createdAt: string }>;
	/** The fields of an account as the panel takes and stores them. */
	accountFields: (
		account: Partial<NewAccount> & Pick<NewAccount, 'email' | 'username'>,
	) => IDataObject;
	/** The version since which its answers have something that they had not before. */
	sign: { version: string; isIn: (shown: { server: object; permissions: string[] }) => boolean };
	/** The include with which a server can be chosen so; '' needs none, absent: it cannot. */
	includeFor: Partial<Record<Selector, string>>;
}

export const FLAVOURS: Record<'pelican' | 'pterodactyl', Flavour> = {
	pelican: {
		name: 'Pelican',
		keys: {
			application: { prefix: 'papp_', createdAt: 'Panel → Admin → API Keys' },
			account: { prefix: 'pacc_', createdAt: 'Panel → Profile → API Keys' },
		},
		/** Addresses in another case are 500 instead of "taken" [pelican 108]; there are no names [102]. */
		accountFields: ({ email, username, external_id }) => ({
			email: email.toLowerCase(),
			username,
			...(external_id ? { external_id } : {}),
		}),
		/** (source) */
		sign: {
			version: '1.0.0-beta34',
			isIn: ({ permissions }) => permissions.includes('mount.read'),
		},
		includeFor: { tag: 'node' },
	},
	pterodactyl: {
		name: 'Pterodactyl',
		keys: {
			application: { prefix: 'ptla_', createdAt: 'Panel → Admin → Application API' },
			account: { prefix: 'ptlc_', createdAt: 'Panel → Account → API Credentials' },
		},
		/** All four fields are required every time [162]. */
		accountFields: ({ first_name: first = '', last_name: last = '', ...account }) => ({
			...account,
			...namesFor(first, last, account.username),
		}),
		/** (source) By PTERODACTYL_USE_SERVER_IDENTIFIERS, `identifier` becomes this. */
		sign: { version: '1.12.1', isIn: ({ server }) => 'server_identifier' in server },
		includeFor: { location: 'location', nest: '' },
	},
};

export type PanelChoice = 'detect' | keyof typeof FLAVOURS;

/** What the panel's answers tell of its version. */
export interface PanelVersion {
	name: Flavour['name'];
	/** Whether it is at least this one; null: cannot be seen. */
	sign: string;
	isSince: boolean | null;
}

/** What `client/permissions` lists: Pelican a flat list [pelican 301], Pterodactyl groups with their keys [302]. */
export function listedPermissions(listed: unknown) {
	if (Array.isArray(listed)) {
		const permissions = listed.map((key) => ({ key: String(key), description: '' }));
		return { flavour: FLAVOURS.pelican, permissions };
	}
	const groups = Object.entries(listed as Record<string, { keys: Record<string, string> }>);
	const permissions = groups.flatMap(([group, { keys }]) =>
		Object.entries(keys).map(([key, description]) => ({ key: `${group}.${key}`, description })),
	);
	return { flavour: FLAVOURS.pterodactyl, permissions };
}

/** Which panel's key each is and for which API; null for a key of another form. */
export type KeyForms = Record<Api, { flavour: Flavour; api: Api } | null>;

export function keyForm(key: string): KeyForms[Api] {
	for (const flavour of Object.values(FLAVOURS)) {
		for (const api of ['application', 'account'] as const) {
			if (key.trim().startsWith(flavour.keys[api].prefix)) return { flavour, api };
		}
	}
	return null;
}
