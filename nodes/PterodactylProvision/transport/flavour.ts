import type { IDataObject } from 'n8n-workflow';

import { namesFor } from '../../../domain/access/account';
import type { Account, NewAccount } from '../../../domain/access/panelRecords';
import type { Selector } from '../../../domain/access/tierPlan';

export interface Permission {
	key: string;
	description: string;
}

type AccountFields = NewAccount | (Pick<Account, 'username' | 'email'> & Partial<NewAccount>);

/** What differs between the two panels. */
export interface Flavour {
	name: 'Pterodactyl' | 'Pelican';
	/** What its keys begin with. */
	applicationPrefix: string;
	accountPrefix: string;
	/** Where its administrators create the keys. */
	applicationKeysAt: string;
	accountKeysAt: string;
	/** The fields of an account as the panel takes and stores them. */
	accountFields: (account: AccountFields) => IDataObject;
	/** The version since which its answers have something that they had not before. */
	sign: { version: string; isIn: (shown: { server: object; permissions: string[] }) => boolean };
	/** The include with which a server can be chosen so; '' needs none, absent: it cannot. */
	includeFor: Partial<Record<Selector, string>>;
}

const PTERODACTYL: Flavour = {
	name: 'Pterodactyl',
	applicationPrefix: 'ptla_',
	accountPrefix: 'ptlc_',
	applicationKeysAt: 'Panel → Admin → Application API',
	accountKeysAt: 'Panel → Account → API Credentials',
	/** All four fields are required every time [162]. */
	accountFields: ({ first_name: first = '', last_name: last = '', ...account }) => ({
		...account,
		...namesFor(first, last, account.username),
	}),
	/** (source) By PTERODACTYL_USE_SERVER_IDENTIFIERS, `identifier` becomes this. */
	sign: { version: '1.12.1', isIn: ({ server }) => 'server_identifier' in server },
	includeFor: { location: 'location', nest: '' },
};

const PELICAN: Flavour = {
	name: 'Pelican',
	applicationPrefix: 'papp_',
	accountPrefix: 'pacc_',
	applicationKeysAt: 'Panel → Admin → API Keys',
	accountKeysAt: 'Panel → Profile → API Keys',
	/** Addresses in another case are 500 instead of "taken" [pelican 108]; there are no names [102]. */
	accountFields: ({ email, username, external_id }) => ({
		email: email.toLowerCase(),
		username,
		...(external_id ? { external_id } : {}),
	}),
	/** (source) */
	sign: { version: '1.0.0-beta34', isIn: ({ permissions }) => permissions.includes('mount.read') },
	includeFor: { tag: 'node' },
};

/** What the panel's answers tell of its version. */
export interface PanelVersion {
	name: Flavour['name'];
	/** Whether it is at least this one; null: cannot be seen. */
	sign: string;
	isSince: boolean | null;
}

export type PanelChoice = 'detect' | 'pelican' | 'pterodactyl';

export const FLAVOURS: Record<Exclude<PanelChoice, 'detect'>, Flavour> = {
	pelican: PELICAN,
	pterodactyl: PTERODACTYL,
};

/** What `client/permissions` lists: Pelican a flat list [pelican 301], Pterodactyl groups with their keys [302]. */
export function listedPermissions(listed: unknown): {
	flavour: Flavour;
	permissions: Permission[];
} {
	if (Array.isArray(listed)) {
		const permissions = listed.map((key) => ({ key: String(key), description: '' }));
		return { flavour: PELICAN, permissions };
	}
	const groups = Object.entries(listed as Record<string, { keys: Record<string, string> }>);
	const permissions = groups.flatMap(([group, { keys }]) =>
		Object.entries(keys).map(([key, description]) => ({ key: `${group}.${key}`, description })),
	);
	return { flavour: PTERODACTYL, permissions };
}

/** Which panel's key it is and for which API; null for a key of another form. */
export function keyForm(key: string): { flavour: Flavour; api: 'application' | 'account' } | null {
	const text = key.trim();
	for (const flavour of Object.values(FLAVOURS)) {
		if (text.startsWith(flavour.applicationPrefix)) return { flavour, api: 'application' };
		if (text.startsWith(flavour.accountPrefix)) return { flavour, api: 'account' };
	}
	return null;
}
