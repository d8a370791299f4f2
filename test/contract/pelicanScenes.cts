import type { ServerSeed } from '../../simulators/panel/seed.cjs';
import type { Panel } from '../../simulators/panel/server.cjs';
import type { Input } from '../../simulators/panel/php.cjs';
import { exchange, recording } from './replay.cjs';
import type { Keys, Scene, Step } from './scenes.cjs';

/** A Pelican as it was recorded, in one go: each call finds what those before it have left. */

interface RecordedUser {
	id: number;
	external_id: string | null;
	uuid: string;
	username: string;
	email: string;
	root_admin: boolean;
}

interface RecordedServer {
	uuid: string;
	name: string;
	description: string;
	relationships: { subusers: { data: Array<{ attributes: { permissions: string[] } }> } };
}

const attributesOf = <T,>(number: string): T =>
	(recording(number, 'pelican').response.body as { attributes: T }).attributes;

const listOf = <T,>(number: string): T[] => {
	const { data } = recording(number, 'pelican').response.body as {
		data: Array<{ attributes: T }>;
	};
	return data.map(({ attributes }) => attributes);
};

/** The third and later servers were recorded in addresses alone. */
const serverIn = (number: string): string =>
	recording(number, 'pelican').request.path.split('/')[4] ?? '';

function seed(panel: Panel, keys: Keys): void {
	const { state, control } = panel;
	state.users = [];
	for (const user of listOf<RecordedUser>('120')) {
		const { id, uuid, username, email, root_admin: rootAdmin } = user;
		control.addUser({ id, uuid, username, email, rootAdmin });
	}
	const { allocated_resources: _used, ...attributes } = listOf<Input>('209')[0] ?? {};
	state.nodes = state.nodes.slice(0, 1);
	Object.assign(state.nodes[0] ?? {}, { attributes, name: attributes.name });
	state.eggs = [{ id: 1, nestId: 1, attributes: {}, features: null, variables: [] }];
	const recorded = listOf<RecordedServer>('203');
	const others = [
		{ name: 'Frost Path Skyblock', uuid: serverIn('316') },
		{ name: 'Beta Caves', uuid: serverIn('317') },
		{ name: 'Ember Realm', uuid: serverIn('319') },
		{ name: 'Sky Forge', uuid: serverIn('501') },
		{ name: 'Void Test', uuid: serverIn('522') },
		{ name: 'Staff Build' },
	];
	const all: ServerSeed[] = [...recorded, ...others];
	state.allocations = all.map((_, index) => ({
		id: index + 1,
		nodeId: 1,
		ip: '127.0.0.1',
		port: 25565 + index,
		serverId: null,
	}));
	const permissions = recorded[0]?.relationships.subusers.data[0]?.attributes.permissions ?? [];
	for (const { uuid, name, description = `${name} server` } of all) {
		const server = control.addServer({ name, description, ...(uuid ? { uuid } : {}) });
		Object.assign(server, {
			memory: 512,
			disk: 512,
			cpu: 0,
			databaseLimit: 0,
			allocationLimit: null,
			backupLimit: 0,
			eggId: 1,
			startup: 'java',
			image: 'x',
			variables: {},
		});
		control.addSubuser({ server: server.id, user: 'provision', permissions });
	}
	const application = { kind: 'application', user: 'admin' } as const;
	keys['application-key'] = panel.applicationKey;
	keys['account-key'] = panel.accountKey;
	keys['service-key'] = control.addKey({ kind: 'account', user: 'provision' }).token;
	const rights = { servers: 'read', users: 'write' } as const;
	keys['least-key'] = control.addKey({ ...application, rights }).token;
}

const plain = (...numbers: string[]): Step[] => numbers.map((number) => ({ number }));

/** A new user, who then gets the uuid that he had. */
const newUser = (number: string, ...loose: string[]): Step => ({
	number,
	loose: ['uuid', ...loose],
	after: (panel) => {
		const { email, uuid, username } = attributesOf<RecordedUser>(number);
		Object.assign(panel.control.user(email), { uuid, username });
	},
});

const newUsers = (...numbers: string[]): Step[] => numbers.map((number) => newUser(number));

const addUser =
	(username: string, email = `${username}@example.com`, uuid?: string) =>
	(panel: Panel): void =>
		void panel.control.addUser({ username, email, ...(uuid === undefined ? {} : { uuid }) });

function addEve(panel: Panel): void {
	const eve = listOf<RecordedUser>('123').find(({ username }) => username === 'eve');
	addUser('eve', eve?.email, eve?.uuid)(panel);
}

/** Those of the limit, as far as they were recorded. */
function addLimited(panel: Panel): void {
	const known: Record<string, string> = {};
	for (const number of ['501', '509', '510', '522']) {
		const { username, uuid } = attributesOf<RecordedUser>(number);
		known[username] = uuid;
	}
	for (let number = 1; number <= 11; number++) {
		const username = `lim${number}`;
		addUser(username, undefined, known[username])(panel);
	}
}

async function createLimited(panel: Panel): Promise<void> {
	const { request } = recording('501', 'pelican');
	const headers = { ...request.headers, Authorization: `Bearer ${panel.accountKey}` };
	for (let number = 2; number <= 8; number++) {
		const body = { email: `lim${number}@example.com`, permissions: ['websocket.connect'] };
		await exchange(panel.url, { ...request, headers, body });
	}
}

export const pelicanScenes: Scene[] = [
	{
		name: 'A Pelican',
		of: 'pelican',
		options: {
			panel: 'pelican',
			servers: [],
			rateLimits: { application: 2000, client: 2000 },
			subuserLimit: 10,
		},
		setup: seed,
		steps: [
			...newUsers('101', '102'),
			...plain('103'),
			...newUsers('104', '105'),
			...plain('107', '108', '109', '110', '111'),
			{ ...newUser('113'), before: addEve },
			...newUsers('114', '115'),
			...plain('116', '120'),
			...plain('122', '123', '124', '125', '126', '128', '130', '131', '132', '134'),
			...plain('135', '136', '137', '138', '140'),
			...plain('201', '203', '204', '205', '206', '207', '209', '211', '212', '213'),
			...plain('302', '303', '304', '305', '306', '310', '311', '312', '313', '314', '316', '317'),
			newUser('318', 'username'),
			...plain('319', '320', '322', '323', '324', '325', '326', '328', '330', '331'),
			{
				number: '341',
				before: (panel) => {
					panel.control.serverStatus(2, 'suspended');
				},
			},
			...plain('343'),
			{
				number: '350',
				before: (panel) => {
					panel.control.serverStatus(2, null);
				},
			},
			...plain('351'),
			...plain('400', '403', '404', '405', '406', '408', '409', '410', '411', '412'),
			{ number: '501', before: addLimited },
			{ number: '509', before: createLimited },
			...plain('510', '511', '520', '522', '523', '524', '525', '150', '151', '152'),
		],
	},
];
