import { comparable, isLike, isListed, listOf } from '../text';
import type { Server } from './panelRecords';

export interface Tier {
	name: string;
	role: string;
	products: string[];
	/** Group names, including those of included tiers. None: its perks are in the game only. */
	groups: string[];
	permissions: string[];
	/** The group that is the tier's rank in the game; null: none. */
	luckPermsGroup: string | null;
	/** The id of the tier's role; null: none. */
	discordRole: string | null;
}

/** Whether customers of the tier need an account on the panel. */
export const hasServers = ({ groups }: Tier): boolean => groups.length > 0;

export interface Group extends Record<'name' | 'pattern' | 'except' | 'exceptDescription', string> {
	match: 'all' | 'name' | 'description' | keyof typeof CHOICES;
	/** What was chosen from a drop-down, for the ways that have one. */
	chosen: string[];
}

export interface Plan {
	groups: Group[];
	tiers: Tier[];
	/** Every permission that the plan grants anywhere. */
	permissions: string[];
	selectors: Selector[];
}

/** Ways to choose servers that not every panel knows: Pterodactyl the first two, Pelican the last. */
export const SELECTORS = ['location', 'nest', 'tag'] as const;

export type Selector = (typeof SELECTORS)[number];

/** What a customer bought: a product, a tier, or both; a plain string may be either. */
export type Grant = string | { product_id?: string | null; tier?: string | null };

/** A mistake in the plan or in a parameter, with advice on how to fix it. */
export class PlanError extends Error {
	constructor(
		message: string,
		readonly advice = 'Correct it in the node’s parameters, or where the value comes from.',
	) {
		super(message);
	}
}

/**
 * Permissions that let a customer look but change nothing. `websocket.connect` lets them read the
 * server's console (see the README).
 */
export const READ_ONLY_PERMISSIONS = [
	'websocket.connect',
	'activity.read',
	'allocation.read',
	'backup.read',
	'database.read',
	'schedule.read',
	'startup.read',
];

/**
 * The tiers of a customer's purchases. An unknown product, or a product that contradicts its tier,
 * throws `PlanError`: treating it as "no access" would lock out a paying customer.
 */
export function tiersOf(plan: Plan, grants: Grant[]): Tier[] {
	return [...new Set(grants.map((grant) => tierOf(plan, grant)))];
}

function tierOf({ tiers }: Plan, grant: Grant): Tier {
	const product = clean(typeof grant === 'string' ? grant : grant.product_id);
	const tierName = typeof grant === 'string' ? '' : clean(grant.tier);
	const byProduct = tiers.find(({ products }) => products.includes(product));
	const named = typeof grant === 'string' && !byProduct ? product : tierName;
	const byName = tiers.find(({ name }) => name === named);
	const known = `The plan knows: ${tiers.map(({ name, products }) => [name, ...products].join(', ')).join('; ')}.`;
	if (named && !byName) {
		const kind = typeof grant === 'string' ? 'tier or product' : 'tier';
		throw new PlanError(`The tier plan has no ${kind} "${named}". Add it to the plan. ${known}`);
	}
	if (typeof grant !== 'string' && product && !byProduct) {
		throw new PlanError(
			`The tier plan has no product "${product}". Add it to the products of its tier. ${known}`,
		);
	}
	if (byProduct && byName && byProduct !== byName) {
		throw new PlanError(
			`The product "${product}" belongs to the tier "${byProduct.name}" in the plan, but was sold as "${byName.name}". Correct the plan or the product in Paymenter.`,
		);
	}
	const tier = byProduct ?? byName;
	if (!tier) throw new PlanError('A purchase has neither a product nor a tier.');
	return tier;
}

/** The permissions that these tiers give, by the server's numeric id. */
export function targetOf(plan: Plan, tiers: Tier[], servers: Server[]): Map<number, string[]> {
	const target = new Map<number, string[]>();
	for (const server of servers) {
		const groups = plan.groups.filter((group) => isInGroup(group, server));
		const keys = tiers
			.filter((tier) => groups.some(({ name }) => tier.groups.includes(name)))
			.flatMap(({ permissions }) => permissions);
		if (keys.length > 0) target.set(server.id, [...new Set(keys)]);
	}
	return target;
}

/** Whether any group contains the server: only there do we manage the plan's permissions. */
export function isInPlan(plan: Pick<Plan, 'groups'>, server: Server): boolean {
	return plan.groups.some((group) => isInGroup(group, server));
}

function isInGroup(group: Group, server: Server): boolean {
	const { name, description } = server;
	if (anyLike(group.except, name) || anyWithin(group.exceptDescription, description)) return false;
	const { match, pattern, chosen } = group;
	if (match === 'all') return true;
	if (match === 'name') return anyLike(pattern, name);
	if (match === 'description') return anyWithin(pattern, description);
	return CHOICES[match].of(server).some((value) => chosen.includes(String(value)));
}

/** Ways to choose servers from a drop-down: its field, and what of a server it is about. */
export const CHOICES = {
	location: { field: 'locations', of: ({ location }: Server) => [location] },
	nest: { field: 'nests', of: ({ nest }: Server) => [nest] },
	node: { field: 'nodes', of: ({ node }: Server) => [node] },
	servers: { field: 'servers', of: ({ uuid }: Server) => [uuid] },
	tag: { field: 'tags', of: ({ tags }: Server) => tags },
} as const;

const isWithin = (pattern: string, text: string): boolean => isLike(`*${pattern}*`, text);

const anyLike = (list: string, text: string): boolean =>
	list !== '' && isListed(list, text, isLike);

const anyWithin = (list: string, text: string): boolean =>
	list !== '' && isListed(list, text, isWithin);

/** Patterns, exceptions and chosen servers of a group that match no server on the panel. */
export function unmatchedIn(
	{ match, pattern, chosen, except, exceptDescription }: Group,
	servers: Server[],
): Array<{ kind: 'pattern' | 'exception' | 'server'; text: string }> {
	const names = servers.map(({ name }) => name);
	const descriptions = servers.map(({ description }) => description);
	const without = (list: string, texts: string[], fits: typeof isLike) =>
		texts.some((text) => comparable(text) === comparable(list))
			? []
			: listOf(list).filter((entry) => !texts.some((text) => fits(entry, text)));
	const found = (kind: 'pattern' | 'exception' | 'server', texts: string[]) =>
		texts.map((text) => ({ kind, text }));
	return [
		...found('pattern', match === 'name' ? without(pattern, names, isLike) : []),
		...found('pattern', match === 'description' ? without(pattern, descriptions, isWithin) : []),
		...found(
			'server',
			match === 'servers' ? chosen.filter((id) => !servers.some(({ uuid }) => uuid === id)) : [],
		),
		...found('exception', without(except, names, isLike)),
		...found('exception', without(exceptDescription, descriptions, isWithin)),
	];
}

/** Normalizes a name: comparisons ignore letter case, outer spaces and the encoding of accents. */
export const clean = (name: string | null | undefined): string =>
	comparable(name ?? '').toLowerCase();
