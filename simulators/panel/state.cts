import { randomUUID } from 'node:crypto';

import type { Flavour } from './flavour.cjs';
import type { Input } from './php.cjs';

/** The panel's database and surroundings, in memory. Times are milliseconds since 1970. */

export interface User {
	id: number;
	externalId: string | null;
	uuid: string;
	username: string;
	email: string;
	firstName: string;
	lastName: string;
	language: string;
	rootAdmin: boolean;
	/** Pelican. */
	managedExternally: boolean;
	twoFactor: boolean;
	password: string | null;
	createdAt: number;
	updatedAt: number;
}

export type ServerStatus =
	'installing' | 'install_failed' | 'reinstall_failed' | 'suspended' | 'restoring_backup' | null;

export interface Server {
	id: number;
	externalId: string | null;
	uuid: string;
	name: string;
	description: string;
	status: ServerStatus;
	power: 'running' | 'offline';
	memory: number;
	swap: number;
	disk: number;
	io: number;
	cpu: number;
	threads: string | null;
	oomDisabled: boolean;
	databaseLimit: number | null;
	allocationLimit: number | null;
	backupLimit: number | null;
	ownerId: number;
	nodeId: number;
	allocationId: number;
	nestId: number;
	eggId: number;
	startup: string;
	image: string;
	variables: Record<string, string>;
	createdAt: number;
	updatedAt: number;
}

/** A list, or an object when a key was given twice [319]. */
export type Permissions = string[] | Record<string, string>;

export interface Subuser {
	id: number;
	userId: number;
	serverId: number;
	permissions: Permissions;
	createdAt: number;
	updatedAt: number;
}

export interface Location {
	id: number;
	short: string;
	long: string;
	createdAt: number;
}

export interface PanelNode {
	id: number;
	uuid: string;
	name: string;
	/** Pterodactyl. */
	locationId: number;
	/** Pelican. */
	tags: string[];
	memory: number;
	disk: number;
	maintenance: boolean;
	/** As they are shown, where they are not what every node has. */
	attributes?: Input;
	createdAt: number;
}

export interface Allocation {
	id: number;
	nodeId: number;
	ip: string;
	port: number;
	serverId: number | null;
}

export interface EggVariable {
	id: number;
	name: string;
	description: string;
	env_variable: string;
	default_value: string;
	rules: string;
	user_viewable: boolean;
	user_editable: boolean;
}

export interface Nest {
	id: number;
	attributes: Record<string, unknown>;
}

export interface Egg {
	id: number;
	nestId: number;
	attributes: Record<string, unknown>;
	features: string[] | null;
	variables: EggVariable[];
}

export const resources = [
	'servers',
	'nodes',
	'allocations',
	'users',
	'locations',
	'nests',
	'eggs',
	'database_hosts',
	'server_databases',
	'roles',
] as const;

export type Resource = (typeof resources)[number];
export type Right = 'none' | 'read' | 'write';

export interface ApiKey {
	token: string;
	kind: 'application' | 'account';
	userId: number;
	rights: Partial<Record<Resource, Right>>;
	expired: boolean;
	/** Addresses or networks (`10.0.0.0/8`); empty: any. */
	allowedIps: string[];
}

export interface Mail {
	to: string;
	subject: 'Account Created' | 'Added To Server' | 'Removed From Server';
	server?: string;
}

export type WingsMode = 'up' | 'down' | '500' | '404' | 'hang' | 'slow';

export interface Wings {
	mode: WingsMode;
	/** How long a slow Wings takes. */
	slowMs: number;
	/** How long the panel waits for Wings. */
	timeoutMs: number;
}

export interface Settings {
	maintenance: boolean;
	twoFactor: 'nobody' | 'admins' | 'everybody';
	database: 'up' | 'down';
	redis: 'up' | 'down';
	/** Users created at once without a password fail while `password_resets` is nearly empty. */
	deadlocks: boolean;
	/** How long check and write are apart, for others to slip in; `measured` latency has its own. */
	windowMs: number;
}

export interface RecordedCall {
	method: string;
	path: string;
	/** 0: the connection was cut before an answer. */
	status: number;
	ms: number;
	/** Start, milliseconds since 1970. */
	at: number;
	body: unknown;
	fault?: string;
}

export interface PanelState {
	flavour: Flavour;
	/** Pterodactyl 1.12's `serv_…` in the client API. */
	newIdentifiers: boolean;
	users: User[];
	servers: Server[];
	subusers: Subuser[];
	locations: Location[];
	nodes: PanelNode[];
	allocations: Allocation[];
	nests: Nest[];
	eggs: Egg[];
	keys: ApiKey[];
	/** Rows of `password_resets`: users created without a password. */
	passwordResets: number;
	/** Creations of users that are between their check and their commit. */
	creating: number;
	nextId: { user: number; server: number; subuser: number };
	mails: Mail[];
	commands: Array<{ server: string; command: string }>;
	/** The simulated game that carries commands out; null: none. */
	gameUrl: string | null;
	buckets: Map<string, { used: number; until: number }>;
	wings: Wings;
	settings: Settings;
	calls: RecordedCall[];
	clockOffset: number;
}

export const now = (state: PanelState): number => Date.now() + state.clockOffset;

export const atom = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}+00:00`;

export const newUuid = (): string => randomUUID();

export const identifierOf = (server: Server): string => server.uuid.slice(0, 8);

const base32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `serv_` and the uuid's 16 bytes in base 32, as Pterodactyl makes it since 1.12. */
export function newIdentifierOf(server: Server): string {
	const bits = [...server.uuid.replaceAll('-', '')].map((digit) =>
		parseInt(digit, 16).toString(2).padStart(4, '0'),
	);
	const fives = bits.join('').match(/.{1,5}/g) ?? [];
	return `serv_${fives.map((five) => base32[parseInt(five.padEnd(5, '0'), 2)]).join('')}`;
}

export const isSuspended = (server: Server): boolean => server.status === 'suspended';

export const isInstalled = (server: Server): boolean =>
	server.status !== 'installing' && server.status !== 'install_failed';

export const subusersOf = (state: PanelState, server: Server): Subuser[] =>
	state.subusers.filter((row) => row.serverId === server.id);

export const permissionList = (permissions: Permissions): string[] => Object.values(permissions);

function required<T>(found: T | undefined, what: string): T {
	if (found === undefined) throw new Error(`The simulator has no ${what}`);
	return found;
}

export const userById = (state: PanelState, id: number): User =>
	required(
		state.users.find((user) => user.id === id),
		`user ${id}`,
	);

export const nodeOf = (state: PanelState, server: Server): PanelNode =>
	required(
		state.nodes.find((node) => node.id === server.nodeId),
		`node ${server.nodeId}`,
	);

export const locationOf = (state: PanelState, node: PanelNode): Location =>
	required(
		state.locations.find((location) => location.id === node.locationId),
		`location ${node.locationId}`,
	);

export const nestOf = (state: PanelState, server: Server): Nest =>
	required(
		state.nests.find((nest) => nest.id === server.nestId),
		`nest ${server.nestId}`,
	);

export const eggOf = (state: PanelState, server: Server): Egg =>
	required(
		state.eggs.find((egg) => egg.id === server.eggId),
		`egg ${server.eggId}`,
	);

export const allocationsOf = (state: PanelState, server: Server): Allocation[] =>
	state.allocations.filter((allocation) => allocation.serverId === server.id);

/** Adds the row and sends "Added To Server", as the panel's observer does. */
export function addSubuser(
	state: PanelState,
	row: Pick<Subuser, 'userId' | 'serverId' | 'permissions'>,
): Subuser {
	const time = now(state);
	const subuser = { ...row, id: state.nextId.subuser++, createdAt: time, updatedAt: time };
	state.subusers.push(subuser);
	mailAboutServer(state, subuser, 'Added To Server');
	return subuser;
}

export function removeSubuser(state: PanelState, subuser: Subuser): void {
	state.subusers = state.subusers.filter((row) => row !== subuser);
	mailAboutServer(state, subuser, 'Removed From Server');
}

function mailAboutServer(state: PanelState, row: Subuser, subject: Mail['subject']): void {
	const server = state.servers.find((candidate) => candidate.id === row.serverId);
	state.mails.push({ to: userById(state, row.userId).email, subject, server: server?.name });
}

/** Subuser rows and keys go with the user: no mail, no word to Wings [400]. */
export function removeUser(state: PanelState, user: User): void {
	state.users = state.users.filter((row) => row !== user);
	state.subusers = state.subusers.filter((row) => row.userId !== user.id);
	state.keys = state.keys.filter((key) => key.userId !== user.id);
}
