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
 * The hands of a test on the panel; no part of the panel. In-process: `panel.control.NAME(…)`.
 * Over HTTP, from the same machine and without a key, JSON in and out:
 *
 *     GET    /_control/state|users|servers|subusers|mails|calls|commands|faults
 *     DELETE /_control/mails|calls|faults|buckets   buckets: what the rate limits have counted
 *     POST   /_control/reset            {customers?, servers?}   back to the seed, same two keys
 *     POST   /_control/faults           a Fault, or a list of them (see faults.cts)
 *     POST   /_control/wings            {mode?: up|down|500|404|hang|slow, slowMs?, timeoutMs?, installMs?}
 *     POST   /_control/settings         {maintenance?, twoFactor?, database?, redis?, deadlocks?, windowMs?}
 *     POST   /_control/limits           {application?, client?, subuser?, subuserWindow?}   null: no limit
 *     POST   /_control/latency          {latency: none|measured}
 *     POST   /_control/clock            {advance: ms}
 *     POST   /_control/server-status    {server, status: null|suspended|installing|…}
 *     POST   /_control/server-power     {server, power: running|offline}
 *     POST   /_control/game             {url}   the simulated game that gets the commands; null: none
 *     POST   /_control/node-maintenance {node, maintenance}
 *     POST   /_control/add-user         {email, username, firstName?, lastName?, rootAdmin?, …}
 *     POST   /_control/change-user      {user, …}                e.g. {user: 1, rootAdmin: false}
 *     POST   /_control/add-server       {name, description?, externalId?, node?, uuid?}
 *     POST   /_control/add-subuser      {server, user, permissions, times?, mail?}
 *     POST   /_control/add-key          {kind: application|account, user, rights?, expired?, allowedIps?}
 *     POST   /_control/change-key       {token, rights?, expired?, allowedIps?}
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
	latency(latency: Latency): void;
	/** Moves the panel's clock forward: rate limits, caches and installations follow. */
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
	faults(): Fault[];
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
		latency(latency) {
			panel.latency = latency;
		},
		advance(ms) {
			panel.state.clockOffset += ms;
		},
		serverStatus: (reference, status) =>
			Object.assign(server(reference), { status, installedAt: null }),
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
		faults: () => panel.faults,
	};
}

/** Control input comes from tests on the same machine: it is taken as it is written. */
type Wire = (control: Control, input: never, state: PanelState) => unknown;

const wires: Record<string, Wire> = {
	'GET state': (_control, _input, state) => ({
		...state,
		flavour: state.flavour.name,
		resourcesCache: [...state.resourcesCache],
		buckets: [...state.buckets],
	}),
	'GET users': (_control, _input, state) => state.users,
	'GET servers': (_control, _input, state) => state.servers,
	'GET subusers': (_control, _input, state) => state.subusers,
	'GET mails': (control) => control.mails(),
	'GET calls': (control) => control.calls(),
	'GET commands': (control) => control.commands(),
	'GET faults': (control) => control.faults(),
	'DELETE mails': (control) => control.clearMails(),
	'DELETE calls': (control) => control.clearCalls(),
	'DELETE faults': (control) => control.clearFaults(),
	'DELETE buckets': (control) => control.clearBuckets(),
	'POST reset': (control, input) => control.reset(input),
	'POST faults': (control, input) => control.fault(input),
	'POST wings': (control, input) => control.wings(input),
	'POST settings': (control, input) => control.settings(input),
	'POST limits': (control, input) => control.limits(input),
	'POST latency': (control, input: { latency: Latency }) => control.latency(input.latency),
	'POST clock': (control, input: { advance: number }) => control.advance(input.advance),
	'POST server-status': (control, input: { server: Reference; status: ServerStatus }) =>
		control.serverStatus(input.server, input.status),
	'POST server-power': (control, input: { server: Reference; power: Server['power'] }) =>
		control.serverPower(input.server, input.power),
	'POST game': (control, input: { url: string | null }) => control.game(input.url),
	'POST node-maintenance': (control, input: { node: number; maintenance: boolean }) =>
		control.nodeMaintenance(input.node, input.maintenance),
	'POST add-user': (control, input) => control.addUser(input),
	'POST change-user': (control, input: Partial<User> & { user: Reference }) => {
		const { user, ...change } = input;
		return control.changeUser(user, change);
	},
	'POST add-server': (control, input) => control.addServer(input),
	'POST add-subuser': (control, input) => control.addSubuser(input),
	'POST add-key': (control, input) => control.addKey(input),
	'POST change-key': (control, input: Partial<ApiKey> & { token: string }) =>
		control.changeKey(input.token, input),
};

/** `POST /_control/wings` and the like; undefined when there is no such thing. */
export function runWire(
	control: Control,
	state: PanelState,
	method: string,
	name: string,
	input: unknown,
): { result: unknown } | undefined {
	const wire = wires[`${method} ${name}`];
	return wire && { result: wire(control, input as never, state) ?? { ok: true } };
}
