import { json, text, type Answer, type Call } from './answers.cjs';
import { collides, groupNode, type Node, type Ranks } from './ranks.cjs';

/**
 * The LuckPerms REST API, by its source (LuckPerms/rest-api). The parameter `replace` is of pull request
 * 12, which is not in every image: without it, a node that is there stays as it is, unless the merge
 * strategy says otherwise.
 */
export interface LuckPerms {
	ranks: Ranks;
	key: string;
	/** Whether it knows `?replace=true`. */
	knowsReplace: boolean;
}

const notFound = (): Answer => text(404, 'Not found');

export function answerLuckPerms(luckPerms: LuckPerms, call: Call): Answer {
	const { authorization, method, parts } = call;
	const [scheme, key, ...more] = authorization?.split(' ') ?? [];
	if (authorization === undefined) return text(401, 'No API key');
	if (key === undefined || more.length > 0) return text(401, 'Invalid API key');
	if (scheme !== 'Bearer') return text(401, 'Unknown Authorization type');
	if (key !== luckPerms.key) return text(401, 'Unauthorized');

	const { ranks } = luckPerms;
	const [kind = '', id, part] = parts;
	const route = `${method} /${kind}`;
	if (parts.length === 1 && route === 'GET /health') {
		return json(200, { healthy: true, details: { storageConnected: true, storagePing: 1 } });
	}
	if (parts.length === 1 && route === 'GET /group') return json(200, ranks.groups);
	if (parts.length === 2 && route === 'GET /group') {
		const name = ranks.groups.find((one) => one === id);
		return name ? json(200, groupShape(name)) : text(404, "Group doesn't exist");
	}
	if (parts.length === 2 && route === 'GET /track') {
		const groups = ranks.tracks[id ?? ''];
		return groups ? json(200, { name: id, groups }) : text(404, "Track doesn't exist");
	}
	if (kind !== 'user' || id === undefined) return notFound();
	if (parts.length === 2 && method === 'GET' && id === 'lookup') return lookUp(ranks, call);
	if (parts.length === 2 && method === 'GET' && id === 'search') return search(ranks, call);
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
		return text(400, 'Cannot deserialize value of type `java.util.UUID`');
	}
	if (parts.length === 2 && method === 'DELETE') {
		ranks.set(id, []);
		return text(200, 'ok');
	}
	return parts.length === 3 && part === 'nodes' ? nodes(luckPerms, id, call) : notFound();
}

const groupShape = (name: string) => ({
	name,
	displayName: null,
	weight: 0,
	nodes: [],
	metadata: { meta: {}, prefix: null, suffix: null, primaryGroup: null },
});

function lookUp({ names }: Ranks, { query }: Call): Answer {
	const username = query.get('username');
	if (!username) return text(400, 'Must specify username or unique id');
	const uniqueId = names.get(username.toLowerCase());
	return uniqueId ? json(200, { username, uniqueId }) : text(404, 'Not Found');
}

/** Everybody who has a node with this key, permanent or not, in any context. */
function search(ranks: Ranks, { query }: Call): Answer {
	const key = query.get('key');
	if (!key) return text(400, 'No query parameter defined');
	const found = ranks.users().map((uniqueId) => ({
		uniqueId,
		results: ranks.nodesOf(uniqueId).filter((node) => node.key === key),
	}));
	return json(
		200,
		found.filter(({ results }) => results.length > 0),
	);
}

function nodes({ ranks, knowsReplace }: LuckPerms, uuid: string, call: Call): Answer {
	const { method, query, body } = call;
	const current = ranks.nodesOf(uuid);
	if (method === 'GET') return json(200, current);
	const sent = body === '' ? [] : [JSON.parse(body) as Partial<Node> | Array<Partial<Node>>].flat();
	const read = sent.map((one) => readNode(one));
	if (method === 'DELETE') {
		// Without a body it clears everything; with one it matches any expiry.
		const isGone = (node: Node) => read.some((one) => one.key === node.key);
		ranks.set(uuid, body === '' ? [] : current.filter((node) => !isGone(node)));
		return text(200, 'ok');
	}
	if (!['POST', 'PATCH', 'PUT'].includes(method)) return notFound();
	if (method === 'PUT') ranks.set(uuid, read);
	const strategy = query.get('temporaryNodeMergeStrategy') ?? 'none';
	const replaces = knowsReplace && method === 'POST' && query.get('replace') === 'true';
	for (const node of method === 'PUT' ? [] : read) {
		const others = ranks.nodesOf(uuid).filter((one) => !collides(one, node));
		const [old] = ranks.nodesOf(uuid).filter((one) => collides(one, node));
		const isLonger = (node.expiry ?? 0) > (old?.expiry ?? 0);
		const isSet =
			!old || replaces || (strategy === 'replace_existing_if_duration_longer' && isLonger);
		ranks.set(uuid, [...others, isSet ? node : old]);
	}
	return json(200, ranks.nodesOf(uuid));
}

const readNode = ({ key = '', value = true, context = [], expiry }: Partial<Node>): Node => ({
	...groupNode(''),
	key,
	type: key.startsWith('group.') ? 'inheritance' : 'permission',
	value,
	context,
	...(expiry === undefined ? {} : { expiry }),
});
