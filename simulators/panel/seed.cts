import { randomInt } from 'node:crypto';

import { eggSeed } from './files.cjs';
import type { Flavour, FlavourName } from './flavour.cjs';
import { flavours } from './flavour.cjs';
import type { Allocation, ApiKey, Egg, PanelState, Server, User } from './state.cjs';
import { identifierOf, newUuid, resources } from './state.cjs';

/** A server to start with. Left out: what the recorded servers have. */
export interface ServerSeed {
	name: string;
	description?: string;
	externalId?: string | null;
	uuid?: string;
	/** 1 = tx1-node1, 2 = nc1-node1. */
	node?: 1 | 2;
}

/** The eight servers of [202]. */
const recordedServers: ServerSeed[] = [
	{
		name: 'Frost Path - Snowfall',
		description: 'Survival. North.',
		externalId: 'frost-snowfall',
		uuid: '319f0c21-34bd-4cd2-8a12-5f8e36d96648',
	},
	{ name: 'Frost Path - Glacier', uuid: '7eb74565-0bee-47ac-814c-02c9a363c175' },
	{
		name: 'Frost Path - Aurora',
		externalId: 'frost-aurora',
		uuid: 'd5dc48af-8da4-4628-975e-09efecd5f617',
	},
	{
		name: 'Fire Path - Ember',
		description: 'Lava & ash',
		uuid: '8ebd1a9a-024f-453c-aa76-f8d9f90db3de',
	},
	{ name: 'Fire Path - Cinder', uuid: 'abc9c8c4-abc3-4621-8451-830d5040176d', node: 2 },
	{
		name: 'Beta - Sandbox',
		description: 'Test world',
		externalId: 'beta-sandbox',
		uuid: '70f4adc1-0273-4b31-a807-55e1ad6468d1',
		node: 2,
	},
	{ name: 'Staff - Build', uuid: '64f7b584-7ec9-4a44-84da-2608f180fe13', node: 2 },
	{
		name: 'Hub',
		description: 'Lobby',
		externalId: 'hub',
		uuid: '22c03ec2-f369-4a18-9c5f-b75dde1851e3',
		node: 2,
	},
];

const demoDescriptions: Record<string, string> = {
	'Frost Path - Snowfall': 'Survival, for members',
	'Frost Path - Glacier': 'Skyblock, public',
	'Frost Path - Aurora': 'Creative, public',
};

/**
 * The same servers as the shipped tier plan sells them: its first tier those with "public" in their
 * description, its second every Frost Path, so one more.
 */
export const demoServers: ServerSeed[] = recordedServers.map((server) => ({
	...server,
	description: demoDescriptions[server.name] ?? server.description ?? '',
}));

const startup =
	'java -Xms128M -XX:MaxRAMPercentage=95.0 -Dterminal.jline=false -Dterminal.ansi=true ' +
	'-jar {{SERVER_JARFILE}}';

const born = Date.parse('2026-11-22T19:40:07Z');

export function newUser(fields: Partial<User> & Pick<User, 'id' | 'email' | 'username'>): User {
	return {
		externalId: null,
		uuid: newUuid(),
		firstName: 'First',
		lastName: 'Last',
		language: 'en',
		rootAdmin: false,
		managedExternally: false,
		twoFactor: false,
		password: null,
		createdAt: born,
		updatedAt: born,
		...fields,
	};
}

export function newServer(
	fields: Partial<Server> & Pick<Server, 'id' | 'name' | 'nodeId' | 'allocationId'>,
): Server {
	return {
		externalId: null,
		uuid: newUuid(),
		description: '',
		status: null,
		power: 'running',
		memory: 2048,
		swap: 0,
		disk: 10240,
		io: 500,
		cpu: 200,
		threads: null,
		oomDisabled: true,
		databaseLimit: 1,
		allocationLimit: 1,
		backupLimit: 2,
		ownerId: 1,
		nestId: 1,
		eggId: 5,
		startup,
		image: 'ghcr.io/pterodactyl/yolks:java_21',
		variables: {
			MINECRAFT_VERSION: 'latest',
			SERVER_JARFILE: 'server.jar',
			DL_PATH: '',
			BUILD_NUMBER: 'latest',
		},
		createdAt: born,
		updatedAt: born,
		...fields,
	};
}

/** What Pelican's eggs have beside, or in another form [pelican 210]. */
const pelicanEgg = (features: string[]) => ({
	icon: null,
	features,
	tags: [],
	startup_commands: { Default: eggSeed.egg.startup },
});

/** Three visible variables were recorded; the hidden DL_PATH shows only in `environment` [201]. */
function paper({ name }: Flavour): Egg {
	const visible = eggSeed.variables.map((variable) => ({
		name: variable.name,
		description: variable.description,
		env_variable: variable.env_variable,
		default_value: variable.default_value,
		rules: variable.rules,
		user_viewable: true,
		user_editable: variable.is_editable,
	}));
	const hidden = {
		name: 'Download Path',
		description:
			'A URL to use to download a server.jar rather than the ones in the install script. ' +
			'This is not user viewable.',
		env_variable: 'DL_PATH',
		default_value: '',
		rules: 'nullable|string',
		user_viewable: false,
		user_editable: false,
	};
	const ordered = [...visible.slice(0, 2), hidden, ...visible.slice(2)];
	const features = ['eula', 'java_version', 'pid_limit'];
	return {
		id: eggSeed.egg.id,
		nestId: eggSeed.nest.id,
		attributes: { ...eggSeed.egg, ...(name === 'pelican' ? pelicanEgg(features) : {}) },
		features,
		variables: ordered.map((variable, index) => ({ id: index + 1, ...variable })),
	};
}

function twoNodes(): Allocation[] {
	return [1, 2].flatMap((nodeId) =>
		Array.from({ length: 26 }, (_, index) => ({
			id: (nodeId - 1) * 26 + index + 1,
			nodeId,
			ip: `10.0.${nodeId}.1`,
			port: 25565 + index,
			serverId: null,
		})),
	);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const randomText = (length: number): string =>
	Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

/** A key as the panel makes it: prefix and 43 characters. */
export function newKey(
	{ keyPrefix }: Flavour,
	fields: Partial<ApiKey> & Pick<ApiKey, 'kind' | 'userId'>,
): ApiKey {
	return {
		token: `${keyPrefix[fields.kind]}_${randomText(43)}`,
		rights: Object.fromEntries(resources.map((resource) => [resource, 'write'])),
		expired: false,
		allowedIps: [],
		...fields,
	};
}

/** The first free allocation of the node, taken for the server. */
export function takeAllocation(state: PanelState, nodeId: number, serverId: number): number {
	const free = state.allocations.find(
		(candidate) => candidate.nodeId === nodeId && candidate.serverId === null,
	);
	if (!free) {
		const id = Math.max(...state.allocations.map((allocation) => allocation.id)) + 1;
		state.allocations.push({ id, nodeId, ip: `10.0.${nodeId}.1`, port: 20000 + id, serverId });
		return id;
	}
	free.serverId = serverId;
	return free.id;
}

export function seedServer(state: PanelState, seed: ServerSeed): Server {
	const id = state.nextId.server++;
	const { node, ...fields } = seed;
	const nodeId = node ?? 1;
	const allocationId = takeAllocation(state, nodeId, id);
	const server = newServer({ id, nodeId, allocationId, ...fields });
	if (state.servers.some((other) => identifierOf(other) === identifierOf(server))) {
		throw new Error(`There is already a server with the identifier ${identifierOf(server)}`);
	}
	state.servers.push(server);
	return server;
}

export interface Seed {
	/** Which panel it is. Default: pterodactyl. */
	panel?: FlavourName;
	/** `serv`: Pterodactyl 1.12's new ones in the client API. */
	serverIdentifiers?: 'short' | 'serv';
	applicationKey?: string;
	accountKey?: string;
	/** Users with one subuser row on every server. */
	customers?: number;
	servers?: ServerSeed[];
	/** The simulated game that carries commands out. */
	gameUrl?: string;
}

/** The recorded panel before its first call: two users, eight servers, two nodes. */
export function seedPanel(seed: Seed): PanelState {
	const admin = newUser({
		id: 1,
		uuid: 'c41d2109-8313-4c7f-97dc-c63a6de3b5b2',
		username: 'admin',
		email: 'admin@example.test',
		firstName: 'Ada',
		lastName: 'Admin',
		rootAdmin: true,
	});
	const bob = newUser({
		id: 2,
		uuid: '16d08707-02cd-49c0-b4c0-ebb6f4d7d6ea',
		username: 'bob',
		email: 'bob@example.test',
		firstName: 'Bob',
		lastName: 'Player',
	});
	const flavour = flavours[seed.panel ?? 'pterodactyl'];
	const application = newKey(flavour, { kind: 'application', userId: 1 });
	const account = newKey(flavour, { kind: 'account', userId: 1 });
	const node = { memory: 65536, disk: 500000, maintenance: false, createdAt: born };
	const state: PanelState = {
		flavour,
		newIdentifiers: seed.serverIdentifiers === 'serv',
		users: [admin, bob],
		servers: [],
		subusers: [],
		locations: [
			{ id: 1, short: 'TX1', long: 'Texas', createdAt: born },
			{ id: 2, short: 'NC1', long: 'North Carolina', createdAt: born },
		],
		nodes: [
			{
				id: 1,
				uuid: '22bc976d-e6e2-48ec-9959-4df332f17c71',
				name: 'tx1-node1',
				locationId: 1,
				tags: ['tx1'],
				...node,
			},
			{
				id: 2,
				uuid: '5d0c1c7e-4b1f-4b7e-9d59-6f0d6c2a9b10',
				name: 'nc1-node1',
				locationId: 2,
				tags: ['nc1'],
				...node,
			},
		],
		allocations: twoNodes(),
		nests: [{ id: eggSeed.nest.id, attributes: eggSeed.nest }],
		eggs: [paper(flavour)],
		keys: [
			{ ...application, token: seed.applicationKey ?? application.token },
			{ ...account, token: seed.accountKey ?? account.token },
		],
		passwordResets: 0,
		creating: 0,
		nextId: { user: 3, server: 1, subuser: 1 },
		mails: [],
		commands: [],
		gameUrl: seed.gameUrl ?? null,
		buckets: new Map(),
		wings: { mode: 'up', slowMs: 3000, timeoutMs: 15_000 },
		settings: {
			maintenance: false,
			twoFactor: 'nobody',
			database: 'up',
			redis: 'up',
			deadlocks: true,
			windowMs: 2,
		},
		calls: [],
		clockOffset: 0,
	};
	for (const server of seed.servers ?? recordedServers) seedServer(state, server);
	for (let number = 1; number <= (seed.customers ?? 0); number++) seedCustomer(state, number);
	return state;
}

function seedCustomer(state: PanelState, number: number): void {
	const id = state.nextId.user++;
	const username = `customer${number}`;
	state.users.push(newUser({ id, username, email: `${username}@example.test` }));
	for (const server of state.servers) {
		state.subusers.push({
			id: state.nextId.subuser++,
			userId: id,
			serverId: server.id,
			permissions: ['control.console', 'websocket.connect'],
			createdAt: born,
			updatedAt: born,
		});
	}
}
