import type { PanelOptions, Panel } from '../../simulators/panel/server.cjs';
import type { Recorded } from './replay.cjs';
import { exchange, recording } from './replay.cjs';

/** Which recording is replayed in which state of the panel. */

export type Keys = Record<string, string>;

export interface Step {
	number: string;
	/** What happened before it, and was not recorded or is not in the folder. */
	before?: (panel: Panel, keys: Keys) => void | Promise<void>;
	after?: (panel: Panel) => void;
	/** Attributes whose value the panel draws by lot. */
	loose?: string[];
}

export interface Scene {
	name: string;
	/** Default: Pterodactyl. */
	of?: Recorded;
	options?: PanelOptions;
	setup?: (panel: Panel, keys: Keys) => void | Promise<void>;
	steps: Step[];
	/**
	 * All at once. Who wins is luck, so every answer must be one of those recorded, with so many
	 * successes at least and at most.
	 */
	parallel?: { total: number; successes: [number, number] };
}

interface RecordedUser {
	id: number;
	external_id: string | null;
	uuid: string;
	username: string;
	email: string;
	first_name: string;
	last_name: string;
	root_admin: boolean;
}

interface RecordedList {
	data: Array<{ attributes: RecordedUser }>;
}

function addRecordedUsers(panel: Panel, number: string): void {
	const { data } = recording(number).response.body as RecordedList;
	for (const { attributes } of data) {
		const { id, external_id, uuid, username, email, first_name, last_name, root_admin } =
			attributes;
		if (panel.state.users.some((user) => user.id === id)) continue;
		panel.control.addUser({
			id,
			externalId: external_id,
			uuid,
			username,
			email,
			firstName: first_name,
			lastName: last_name,
			rootAdmin: root_admin,
		});
	}
}

const withPlayers = (panel: Panel): void => addRecordedUsers(panel, '130');

function fillUsers(panel: Panel, total: number): void {
	for (let index = panel.state.users.length; index < total; index++) {
		panel.control.addUser({ username: `filler${index}`, email: `filler${index}@example.test` });
	}
}

const plain = (...numbers: string[]): Step[] => numbers.map((number) => ({ number }));

const created = ['uuid'];

const snowfall = 'frost-snowfall';
const glacier = 'Frost Path - Glacier';
const ember = 'Fire Path - Ember';

/** By an administrator, before the recordings after [242]. */
function changeEmber(panel: Panel): void {
	Object.assign(panel.control.server(ember), { memory: 4096, oomDisabled: false });
}

const managed = ['user.create', 'user.read', 'user.update', 'user.delete', 'control.console'];
const withConnect = (...permissions: string[]) => [...permissions, 'websocket.connect'];

function addBobToHub(panel: Panel): void {
	panel.control.addSubuser({
		server: 'hub',
		user: 'bob',
		permissions: withConnect(...managed),
	});
}

/** The account that [309] makes, under the number and name it got there. */
function renameInvited(panel: Panel): void {
	const invited = panel.control.user('Brand.New+mc@example.test');
	const { data } = recording('310').response.body as RecordedList;
	const { id, uuid, username } = data[0]?.attributes ?? invited;
	for (const row of panel.state.subusers) if (row.userId === invited.id) row.userId = id;
	Object.assign(invited, { id, uuid, username });
}

const wings =
	(mode: 'up' | 'down' | '500' | '404' | 'hang') =>
	(panel: Panel): void => {
		panel.control.wings({ mode, timeoutMs: 50 });
	};

/** One call opens the minute; the others are counted without being made. */
async function exhaust(panel: Panel, path: string, key: string, calls: number): Promise<void> {
	const headers = { Accept: 'application/json', Authorization: `Bearer ${key}` };
	await exchange(panel.url, { method: 'GET', path, headers });
	for (const bucket of panel.state.buckets.values()) bucket.used += calls - 1;
}

const users: Scene[] = [
	{
		name: 'Creating users',
		steps: [
			{ number: '101', loose: created },
			{ number: '102', loose: created },
			{
				number: '104',
				before: (panel) => {
					panel.control.addUser({ username: 'player3', email: 'player3@example.test' });
				},
			},
			...plain('105', '106', '107', '108', '109', '111', '112', '113', '114'),
			{ number: '115', loose: created },
			...plain('116', '118', '119'),
			{ number: '120', loose: created },
			...plain('121'),
			{ number: '122', loose: created },
			...plain('123'),
			{ number: '125', loose: created },
			{ number: '126', loose: created },
			{
				number: '102b',
				before: (panel) => {
					panel.state.nextId.user = 1441;
				},
				loose: created,
			},
		],
	},
	{
		name: 'Reading users',
		setup: withPlayers,
		steps: [
			...plain('130', '131', '132', '133', '135', '136', '137', '138', '139', '140', '142'),
			...plain('143', '144', '145', '146', '147', '149', '150', '151', '152', '153', '154'),
			...plain('156', '158', '159', '159b'),
			{ number: '171', before: (panel) => addRecordedUsers(panel, '171') },
			...plain('172'),
			{
				number: '173',
				before: (panel) => {
					panel.state.users = panel.state.users.filter((user) => user.id !== 17);
				},
			},
		],
	},
	{
		name: 'Changing and deleting users',
		setup: withPlayers,
		steps: [
			...plain('160', '162', '163', '164', '165', '166', '167'),
			{
				number: '169',
				before: (panel) => {
					panel.state.users = panel.state.users.filter((user) => user.id !== 5);
				},
			},
			...plain('170'),
		],
	},
	{
		name: 'Four equal users at once',
		parallel: { total: 4, successes: [1, 1] },
		setup: (panel) => {
			panel.state.nextId.user = 112;
		},
		steps: [
			{ number: '174', loose: created },
			{ number: '176', loose: created },
			{ number: '177', loose: created },
		],
	},
	{
		name: 'Four different users at once, without passwords',
		parallel: { total: 4, successes: [1, 3] },
		steps: ['180', '181', '182', '183'].map((number) => ({
			number,
			loose: ['id', 'uuid', 'email', 'username', 'resource'],
		})),
	},
];

const servers: Scene[] = [
	{
		name: 'Reading servers',
		steps: [
			...plain('202', '203', '204', '205', '206', '207', '209', '210', '211', '212', '213', '214'),
			...plain('216', '217'),
		],
	},
	{
		name: 'Servers that are not in order',
		setup: changeEmber,
		steps: [
			{
				number: '258',
				before: (panel) => {
					panel.control.serverStatus('hub', 'installing');
				},
			},
			{
				number: '260',
				before: (panel) => {
					withPlayers(panel);
					panel.control.serverStatus('hub', 'suspended');
					panel.state.nextId.subuser = 9308;
					addBobToHub(panel);
					panel.control.addSubuser({
						server: 'hub',
						user: 'player21',
						permissions: withConnect('control.console'),
					});
					panel.control.addSubuser({
						server: 'frost-aurora',
						user: 'bob',
						permissions: withConnect('control.start'),
					});
				},
			},
		],
	},
];

const client: Scene[] = [
	{
		name: 'The client API',
		setup: (panel) => {
			withPlayers(panel);
			changeEmber(panel);
		},
		steps: [
			...plain('301', '302', '303', '304'),
			...plain('306', '307', '308'),
			{ number: '309', loose: ['uuid', 'username'] },
			{ number: '310', before: renameInvited },
			...plain('311', '313', '314', '315', '316', '317'),
			{
				number: '318',
				before: (panel) => {
					panel.control.addSubuser({
						server: glacier,
						user: 'player1',
						permissions: ['websocket.connect', 'control.console'],
					});
				},
			},
			...plain('319', '320', '321', '322', '323', '324', '325', '326', '327', '328', '329', '330'),
			{
				number: '331',
				before: (panel) => {
					panel.control.addSubuser({
						server: ember,
						user: 'player1',
						permissions: withConnect('control.console'),
					});
				},
			},
			...plain('331b', '332', '343', '344', '345', '347', '348', '349', '350', '351', '352'),
			{ number: '354', before: wings('500') },
			{ number: '355', before: wings('404') },
			{ number: '358', before: wings('down') },
			...plain('359', '361', '362', '363'),
			{ number: '365', before: wings('up') },
			...plain('366'),
			{
				number: '371',
				before: (panel) => {
					panel.control.serverStatus(snowfall, 'suspended');
				},
			},
			...plain('372', '373', '374', '375', '376', '378', '380'),
			{
				number: '381',
				before: (panel) => {
					panel.control.serverStatus(snowfall, null);
				},
			},
			{
				number: '385',
				before: (panel) => {
					panel.control.nodeMaintenance(1, true);
				},
			},
			...plain('386'),
		],
	},
	{
		name: 'Four equal subusers at once',
		setup: withPlayers,
		parallel: { total: 4, successes: [2, 4] },
		steps: plain('390', '391', '392', '393'),
	},
	{
		name: 'Duplicates and permissions',
		setup: (panel) => {
			withPlayers(panel);
			panel.control.addSubuser({
				server: 'beta-sandbox',
				user: 'player22',
				permissions: withConnect('control.console'),
				times: 2,
			});
		},
		steps: [
			...plain('394', '395', '397'),
			{
				number: '398',
				before: (panel) => {
					panel.state.nextId.subuser = 29;
				},
			},
			{
				number: '399',
				before: (panel) => {
					panel.control.changeUser('player1', { firstName: 'Renamed', lastName: 'One' });
				},
			},
			...plain('399b'),
			{
				number: '400',
				before: (panel) => {
					const email = 'leaver@example.test';
					panel.control.addUser({ id: 128, username: 'leaver', email });
					panel.control.addSubuser({
						server: 'hub',
						user: email,
						permissions: withConnect('control.console'),
					});
				},
			},
			{ number: '401', before: wings('500') },
			{ number: '405', before: wings('hang') },
		],
	},
	{
		name: 'An account that is no admin',
		setup: (panel) => {
			withPlayers(panel);
			addBobToHub(panel);
		},
		steps: [
			...plain('410', '411', '413', '414', '415'),
			{
				number: '416',
				before: (panel) => {
					panel.control.addSubuser({
						server: 'frost-aurora',
						user: 'bob',
						permissions: withConnect('control.start'),
					});
				},
			},
			...plain('417'),
		],
	},
];

const expire = (panel: Panel, keys: Keys): void => {
	panel.control.changeKey(keys['second client-key of the same admin'] ?? '', { expired: true });
};

const surroundings: Scene[] = [
	{
		name: 'Keys and headers',
		steps: [
			...plain('501', '503', '504', '505', '506', '507'),
			{ number: '508', before: (panel) => fillUsers(panel, 88) },
			...plain('511', '512'),
			{ number: '513', before: (panel) => fillUsers(panel, 89) },
			...plain('514', '515', '517', '518', '519', '520', '521', '522', '524', '525', '526'),
			...plain('527', '528', '529'),
			{ number: '531', before: expire },
			...plain('532', '533'),
		],
	},
	{
		name: 'A panel in trouble',
		steps: [
			{
				number: '534',
				before: (panel) => {
					panel.control.settings({ twoFactor: 'admins' });
				},
			},
			...plain('535'),
			{
				number: '536',
				before: (panel) => {
					panel.control.settings({ twoFactor: 'nobody', maintenance: true });
				},
			},
			{
				number: '560',
				before: (panel) => {
					panel.control.settings({ maintenance: false, redis: 'down' });
				},
			},
			{
				number: '561',
				before: (panel) => {
					panel.control.settings({ redis: 'up', database: 'down' });
				},
			},
			...plain('562'),
		],
	},
	{
		name: 'The limit of the application API',
		setup: (panel) => fillUsers(panel, 89),
		steps: [
			{
				number: '540',
				before: (panel) =>
					exhaust(panel, '/api/application/users?per_page=1', panel.applicationKey, 240),
			},
			...plain('541', '542', '543', '544', '545'),
			{ number: '547', before: (panel) => panel.control.advance(60_000) },
		],
	},
	{
		name: 'The limit of the client API',
		steps: [
			{
				number: '550',
				before: (panel) => exhaust(panel, '/api/client/account', panel.accountKey, 720),
			},
			...plain('551', '552', '553', '554'),
			{ number: '557', before: (panel) => panel.control.advance(60_000) },
		],
	},
];

export const scenes: Scene[] = [...users, ...servers, ...client, ...surroundings];

/** Recordings that are not replayed, and why. */
export const notReplayed: Record<string, string> = {};
