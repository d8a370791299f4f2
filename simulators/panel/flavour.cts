import type { Database } from './database.cjs';
import { mariaDb, sqlite } from './database.cjs';
import { pelicanPermissions, permissionSeed } from './files.cjs';
import type { ApiKey, Permissions, User } from './state.cjs';
import type { FieldRules } from './validation.cjs';

export type FlavourName = 'pterodactyl' | 'pelican';

/** A field of a user: `unique` names the column that no two users may share. */
export type UserField = Omit<FieldRules, 'lookup'> & {
	unique?: 'email' | 'username' | 'externalId';
	/** The value is one of those that PHP knows. */
	known?: (value: unknown) => boolean;
};

/** What differs between the two panels; all else they share. */
export interface Flavour {
	name: FlavourName;
	keyPrefix: Record<ApiKey['kind'], string>;
	database: Database;
	/** `GROUP.KEY`, all of them. */
	permissions: string[];
	/** As `GET /api/client/permissions` shows them. */
	shownPermissions: unknown;
	/** What becomes of a wish whose unknown keys are gone and which has `websocket.connect`. */
	tidyPermissions: (permissions: Permissions) => Permissions;
	/** Attributes (paths) and includes that this panel does not have, by shape. */
	lacks: Record<string, string[]>;
	/** In the order of the errors. */
	userFields: UserField[];
	/** An account as it is stored. */
	storedAccount: <T extends Partial<User>>(fields: T) => T;
	/** The name invented for a stranger's address, before its three random characters. */
	inventedName: (email: string) => string;
	/** Most characters of an address or a name. */
	longest: number;
	/** What is bound to the path and who may call at all comes before the limit of calls. */
	countsKnownCallersOnly: boolean;
	/** The demand for 2FA holds for the API, not for the web interface alone. */
	asksApiFor2fa: boolean;
	/** Administrators cannot be deleted [pelican 152]. */
	keepsAdmins: boolean;
	/** The panel's own words for what Wings does wrong; else its HTTP client's, which say nothing. */
	explainsWings: boolean;
	loginPath: string;
	/** Pages of the web interface: whatever a browser may open without the API. */
	page: RegExp;
}

const lowerCase = (text: string): string => text.trim().toLowerCase();

const labelled = {
	external_id: 'sometimes|nullable|string',
	password: 'sometimes|nullable|string',
};

const pterodactyl: Flavour = {
	name: 'pterodactyl',
	keyPrefix: { application: 'ptla', account: 'ptlc' },
	database: mariaDb,
	permissions: Object.entries(permissionSeed).flatMap(([group, { keys }]) =>
		Object.keys(keys).map((key) => `${group}.${key}`),
	),
	shownPermissions: permissionSeed,
	tidyPermissions: (permissions) => permissions,
	lacks: {
		user: ['is_managed_externally', '2fa_enabled'],
		server: ['limits.oom_killer'],
		node: ['tags', 'cpu', 'cpu_overallocate', 'daemon_sftp_alias', 'daemon_connect'].concat(
			'allocated_resources.cpu',
		),
		'client server': ['limits.oom_killer', 'sftp_details.alias'],
		account: ['uuid', 'image', 'root_admin', '2fa_enabled', 'created_at', 'updated_at'],
		server_subuser: ['language', 'admin', 'root_admin', 'updated_at'],
	},
	// In the panel's order: it is the order of the errors [116].
	userFields: [
		{ field: 'email', rules: 'required|email|between:1,191', unique: 'email' },
		{ field: 'external_id', rules: `${labelled.external_id}|max:191`, unique: 'externalId' },
		{
			field: 'username',
			rules: 'required|between:1,191',
			unique: 'username',
			then: 'p_username',
		},
		{ field: 'password', rules: labelled.password },
		{ field: 'root_admin', rules: 'boolean' },
		{ field: 'language', rules: 'string|in:en' },
		{ field: 'first_name', rules: 'required|string|between:1,191' },
		{ field: 'last_name', rules: 'required|string|between:1,191' },
	],
	storedAccount: (fields) =>
		fields.username === undefined ? fields : { ...fields, username: fields.username.toLowerCase() },
	// Local part without odd characters [309].
	inventedName: (email) =>
		(email.split('@').find((part) => part !== '') ?? '').replace(/[^\w.-]+/g, '').slice(0, 64),
	longest: 191,
	countsKnownCallersOnly: false,
	asksApiFor2fa: true,
	keepsAdmins: false,
	explainsWings: true,
	loginPath: '/auth/login',
	// Whatever begins with none of four words, and all below /auth.
	page: /^\/$|^\/auth\/.|^\/(?!\/?(api|auth|admin|daemon))./,
};

const isLocale = (value: unknown): boolean =>
	typeof value === 'string' &&
	/^[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|\d{3}))?$/.test(value) &&
	Intl.DisplayNames.supportedLocalesOf(value.replaceAll('_', '-')).length > 0;

const isTimezone = (value: unknown): boolean =>
	value === 'UTC' || Intl.supportedValuesOf('timeZone').includes(String(value));

const pelican: Flavour = {
	name: 'pelican',
	keyPrefix: { application: 'papp', account: 'pacc' },
	database: sqlite,
	permissions: pelicanPermissions,
	shownPermissions: pelicanPermissions,
	// Sorted, each once [pelican 311].
	tidyPermissions: (permissions) => [...new Set(Object.values(permissions))].sort(),
	lacks: {
		user: ['first_name', 'last_name'],
		server: [
			'nest',
			'location',
			'container.environment.P_SERVER_LOCATION',
			'container.environment.P_SERVER_ALLOCATION_LIMIT',
		],
		node: ['location_id'],
		account: ['id', 'first_name', 'last_name'],
	},
	userFields: [
		{ field: 'email', rules: 'required|email|between:1,255', unique: 'email' },
		{ field: 'external_id', rules: `${labelled.external_id}|max:255`, unique: 'externalId' },
		{ field: 'is_managed_externally', rules: 'boolean' },
		{ field: 'username', rules: 'required|between:1,255', unique: 'username' },
		{ field: 'password', rules: labelled.password },
		{ field: 'language', rules: 'string', known: isLocale },
		{ field: 'timezone', rules: 'string', known: isTimezone },
	],
	storedAccount: (fields) => ({
		...fields,
		...(fields.email === undefined ? {} : { email: lowerCase(fields.email) }),
		...(fields.username === undefined ? {} : { username: lowerCase(fields.username) }),
	}),
	inventedName: (email) => email.split('@')[0] ?? '',
	longest: 255,
	countsKnownCallersOnly: true,
	asksApiFor2fa: false,
	keepsAdmins: true,
	explainsWings: false,
	loginPath: '/login',
	page: /^\/$|^\/(login|password-reset)(\/|$)/,
};

export const flavours: Record<FlavourName, Flavour> = { pterodactyl, pelican };
