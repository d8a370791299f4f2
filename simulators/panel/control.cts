import type { Fault } from '../faults.cjs';
import type { Latency } from './latency.cjs';
import type { Seed, ServerSeed } from './seed.cjs';
import { newKey, newUser, seedPanel, seedServer } from './seed.cjs';
import type {
	ApiKey,
	Mail,
	PanelState,
	Permissions,
	RecordedCall,
	Server,
	ServerStatus,
	Settings,
	Subuser,
	User,
	Wings,
} from './state.cjs';
import { addSubuser, identifierOf, now } from './state.cjs';
import type { RateLimits } from './throttle.cjs';

/**
 * The hands of a test on the panel; no part of the panel: `panel.control.NAME(…)`, or over HTTP from
 * the same machine and without a key `POST /_control/NAME` with a JSON list of arguments.
 *
 * A `server` is its id, uuid, identifier, external id or name; a `user` its id, uuid, e-mail or
 * username. What is not found is refused with 400.
 */
export interface Control {
	reset(seed?: Pick<Seed, 'customers' | 'servers'>): void;
	fault(fault: Fault | Fault[]): void;
	clearFaults(): void;
	wings(change: Partial<Wings>): Wings;
	settings(change: Partial<Settings>): Settings;
	limits(change: Partial<RateLimits>): RateLimits;
	/** Forgets what the rate limits have counted. */
	clearBuckets(): void;
	/** Moves the panel's clock forward: the rate limits follow. */
	advance(ms: number): void;
	serverStatus(server: Reference, status: ServerStatus): Server;
	serverPower(server: Reference, power: Server['power']): Server;
	game(url: string | null): void;
	nodeMaintenance(node: number, maintenance: boolean): void;
	addUser(user: Partial<User> & Pick<User, 'email' | 'username'>): User;
	changeUser(user: Reference, change: Partial<User>): User;
	addServer(server: ServerSeed): Server;
	/** `times` 2 makes the duplicate that a race leaves behind [394]. Sends no mail unless asked. */
	addSubuser(row: NewSubuser): Subuser[];
	addKey(key: Partial<ApiKey> & { kind: ApiKey['kind']; user: Reference }): ApiKey;
	changeKey(token: string, change: Partial<ApiKey>): ApiKey;
	server(server: Reference): Server;
	user(user: Reference): User;
	subusers(server: Reference): Subuser[];
	mails(): Mail[];
	clearMails(): void;
	calls(): RecordedCall[];
	clearCalls(): void;
	commands(): PanelState['commands'];
}

export type Reference = number | string;

export interface NewSubuser {
	server: Reference;
	user: Reference;
	permissions: Permissions;
	times?: number;
	mail?: boolean;
}

/** What the control API may change. */
export interface Controlled {
	state: PanelState;
	limits: RateLimits;
	latency: Latency;
	faults: Fault[];
	seed: Seed;
}

export function createControl(panel: Controlled): Control {
	const server = (reference: Reference): Server => {
		const found = panel.state.servers.find((one) =>
			[one.id, one.uuid, identifierOf(one), one.externalId, one.name].includes(reference),
		);
		if (!found) throw new Error(`No server "${reference}"`);
		return found;
	};
	const user = (reference: Reference): User => {
		const found = panel.state.users.find((one) =>
			[one.id, one.uuid, one.email, one.username].includes(reference),
		);
		if (!found) throw new Error(`No user "${reference}"`);
		return found;
	};
	return {
		reset(seed = {}) {
			panel.state = seedPanel({ ...panel.seed, ...seed });
			panel.faults = [];
		},
		fault(fault) {
			panel.faults.push(...(Array.isArray(fault) ? fault : [fault]));
		},
		clearFaults() {
			panel.faults = [];
		},
		wings: (change) => Object.assign(panel.state.wings, change),
		settings: (change) => Object.assign(panel.state.settings, change),
		limits: (change) => (panel.limits = { ...panel.limits, ...change }),
		clearBuckets: () => panel.state.buckets.clear(),
		advance(ms) {
			panel.state.clockOffset += ms;
		},
		serverStatus: (reference, status) => Object.assign(server(reference), { status }),
		serverPower: (reference, power) => Object.assign(server(reference), { power }),
		game(url) {
			panel.state.gameUrl = url;
		},
		nodeMaintenance(id, maintenance) {
			const node = panel.state.nodes.find((one) => one.id === id);
			if (!node) throw new Error(`No node ${id}`);
			node.maintenance = maintenance;
		},
		addUser(fields) {
			const time = now(panel.state);
			const id = fields.id ?? panel.state.nextId.user;
			const added = newUser({ createdAt: time, updatedAt: time, ...fields, id });
			panel.state.nextId.user = Math.max(panel.state.nextId.user, id + 1);
			panel.state.users.push(added);
			return added;
		},
		changeUser: (reference, change) => Object.assign(user(reference), change),
		addServer: (seed) => seedServer(panel.state, seed),
		addSubuser(row) {
			const serverId = server(row.server).id;
			const userId = user(row.user).id;
			const before = panel.state.mails.length;
			const added = Array.from({ length: row.times ?? 1 }, () =>
				addSubuser(panel.state, { userId, serverId, permissions: row.permissions }),
			);
			if (!row.mail) panel.state.mails.length = before;
			return added;
		},
		addKey({ user: owner, ...fields }) {
			const key = newKey(panel.state.flavour, { ...fields, userId: user(owner).id });
			panel.state.keys.push(key);
			return key;
		},
		changeKey(token, change) {
			const key = panel.state.keys.find((one) => one.token === token);
			if (!key) throw new Error('No such key');
			return Object.assign(key, change);
		},
		server,
		user,
		subusers: (reference) => {
			const { id } = server(reference);
			return panel.state.subusers.filter((row) => row.serverId === id);
		},
		mails: () => panel.state.mails,
		clearMails() {
			panel.state.mails = [];
		},
		calls: () => panel.state.calls,
		clearCalls() {
			panel.state.calls = [];
		},
		commands: () => panel.state.commands,
	};
}
