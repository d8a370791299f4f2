/** What LuckPerms knows: shared by the REST API and the console, like its SQL database. */

/** As LuckPerms' API shows it. Without `expiry` it is permanent. */
export interface Node {
	key: string;
	type: string;
	value: boolean;
	context: Context[];
	/** Whole seconds since 1970. */
	expiry?: number;
}

export interface Context {
	key: string;
	value: string;
}

export interface RanksSeed {
	groups?: string[];
	/** Each with its groups, from lowest to highest. */
	tracks?: Record<string, string[]>;
	/** Milliseconds; default: the clock. */
	now?: () => number;
}

const GROUPS = ['default', 'awakened', 'elemental', 'knight', 'master', 'legend', 'moderator'];

export function createRanks({
	groups = GROUPS,
	tracks = defaultTracks(),
	now: clock = Date.now,
}: RanksSeed = {}) {
	const users = new Map<string, Node[]>();
	/** Usernames of those who have joined, in lower case, with their UUIDs. */
	const names = new Map<string, string>();
	let clockOffset = 0;
	const now = () => clock() + clockOffset;

	/** Expired nodes are gone. */
	function nodesOf(uuid: string): Node[] {
		const nodes = (users.get(uuid) ?? []).filter(
			({ expiry }) => expiry === undefined || expiry * 1000 > now(),
		);
		users.set(uuid, nodes);
		return nodes;
	}

	return {
		groups,
		tracks,
		names,
		now,
		advance: (ms: number) => void (clockOffset += ms),
		nodesOf,
		/** Only those who have a node. */
		users: () => [...users.keys()].filter((uuid) => nodesOf(uuid).length > 0),
		set: (uuid: string, nodes: Node[]) => void users.set(uuid, nodes),
		/** What somebody of the staff does by hand. */
		give(uuid: string, group: string, more: Partial<Node> = {}) {
			users.set(uuid, [...nodesOf(uuid), { ...groupNode(group), ...more }]);
		},
		/** The groups that count on a server, permanent ones and others. */
		groupsOf: (uuid: string, context: Context[] = []): string[] =>
			nodesOf(uuid)
				.filter(
					(node) =>
						node.value && node.context.every((one) => context.some((here) => same(one, here))),
				)
				.flatMap(({ key }) => (key.startsWith('group.') ? key.slice('group.'.length) : [])),
	};
}

export type Ranks = ReturnType<typeof createRanks>;

const defaultTracks = () => ({
	subscriptions: ['awakened', 'elemental', 'knight', 'master', 'legend'],
	single: ['awakened'],
});

export const groupNode = (group: string): Node => ({
	key: `group.${group}`,
	type: 'inheritance',
	value: true,
	context: [],
});

const same = (one: Context, other: Context): boolean =>
	one.key === other.key && one.value === other.value;

export const sameContext = (one: Context[], other: Context[]): boolean =>
	one.length === other.length && one.every((entry) => other.some((each) => same(entry, each)));

/** Equal but for the expiry: only such a node is in another's way. A temporary one is none in a permanent one's. */
export const collides = (one: Node, other: Node): boolean =>
	one.key === other.key &&
	(one.expiry === undefined) === (other.expiry === undefined) &&
	sameContext(one.context, other.context);
