import { comparable, isLike, isListed, isPlainName, listOf } from '../text';
import type { Server } from './panelRecords';

/** The tier plan as entered in the form. */
export interface PlanForm {
	serverGroups: Array<{
		name: string;
		match: 'all' | 'name' | 'description' | 'location' | 'node' | 'nest' | 'servers' | 'tag';
		/** For `name` (matches the whole name) and `description` (matches a part): a list of patterns with `*`. */
		pattern?: string;
		locations?: number[];
		nodes?: number[];
		nests?: number[];
		servers?: string[];
		/** Of the servers' nodes. */
		tags?: string[];
		/** Servers to exclude: patterns for whole names, and for parts of descriptions. */
		except?: string;
		exceptDescription?: string;
	}>;
	/** From lowest to highest. */
	tiers: Array<{
		tier: string;
		role?: string;
		/** Separated by commas. */
		products?: string;
		serverGroups?: string[];
		permissions?: string[];
		includesLower?: boolean;
		/** The rank in the game. */
		luckPermsGroup?: string;
		/** The id of the role. */
		discordRole?: string;
	}>;
	/** Allow permissions with which a customer could harm a shared server. */
	allowHarmful: boolean;
}

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

type GroupForm = PlanForm['serverGroups'][number];

export interface Group extends Record<'name' | 'pattern' | 'except' | 'exceptDescription', string> {
	match: GroupForm['match'];
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

/** Validates the form before any call, and works out what each tier includes. Throws `PlanError`. */
export function readPlan(form: PlanForm): Plan {
	const groups = form.serverGroups.map((group, index) => readGroup(group, index + 1));
	unique('server group', groups);
	if (form.tiers.length === 0) throw planError('there are no tiers. Add at least one.');
	const tiers: Tier[] = [];
	for (const [index, row] of form.tiers.entries()) {
		tiers.push(readTier(row, index + 1, groups, tiers, form.allowHarmful));
	}
	unique('tier', tiers);
	const rowOf = new Map<string, number>();
	for (const [index, { products }] of tiers.entries()) {
		for (const product of products) {
			const other = rowOf.get(product);
			if (other !== undefined) {
				throw planError(
					`tier row ${index + 1}: the product "${product}" already belongs to the tier in row ${other + 1}. A product can have only one tier.`,
				);
			}
			const namesake = tiers.findIndex(({ name }) => name === product);
			if (namesake !== -1 && namesake !== index) {
				throw planError(
					`tier row ${index + 1}: the product "${product}" has the same name as the tier in row ${namesake + 1}, so the name is ambiguous. Rename one of them.`,
				);
			}
			rowOf.set(product, index);
		}
	}
	return {
		groups,
		tiers,
		permissions: [...new Set(tiers.flatMap(({ permissions }) => permissions))],
		selectors: SELECTORS.filter((selector) => groups.some(({ match }) => match === selector)),
	};
}

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
const CHOICES = {
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

function readGroup(form: GroupForm, row: number): Group {
	const { match } = form;
	const name = clean(form.name);
	const wrong = (what: string) =>
		planError(`server group row ${row} (${name || 'no name'}): ${what}`);
	if (!name) throw wrong('the name is missing. The tiers refer to the group by its name.');
	const pattern = listText(form.pattern);
	const isByPattern = match === 'name' || match === 'description';
	if (match !== 'all' && !isByPattern && !(match in CHOICES)) {
		throw wrong(`unknown way to choose servers: "${String(match)}".`);
	}
	const choice = match === 'all' || isByPattern ? [] : chosen(form[CHOICES[match].field]);
	if (match !== 'all' && (isByPattern ? listOf(pattern) : choice).length === 0) {
		throw wrong(
			'no servers are chosen. Fill in the field below "Servers", or choose "All Servers".',
		);
	}
	return {
		name,
		match,
		pattern,
		chosen: choice,
		except: listText(form.except),
		exceptDescription: listText(form.exceptDescription),
	};
}

function readTier(
	row: PlanForm['tiers'][number],
	number: number,
	groups: Plan['groups'],
	lower: Tier[],
	allowHarmful: boolean,
): Tier {
	const name = clean(row.tier);
	const wrong = (what: string) => planError(`tier row ${number} (${name || 'no name'}): ${what}`);
	if (!name) throw wrong('the name is missing.');
	const own = (row.serverGroups ?? []).map(clean);
	for (const group of own) {
		if (!groups.some((known) => known.name === group)) {
			throw wrong(
				`unknown server group "${group}". Choose one of the groups above, or add it there.`,
			);
		}
	}
	for (const key of row.permissions ?? []) {
		if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*$/.test(key)) {
			throw wrong(`unknown permission "${key}" (expected a key such as backup.read).`);
		}
		if (!allowHarmful && !READ_ONLY_PERMISSIONS.includes(key)) {
			throw wrong(
				`"${key}" would let a customer harm a shared server. Remove it, or turn on the option "Allow Harmful Permissions".`,
			);
		}
	}
	const included = row.includesLower ? lower : [];
	const tier = {
		name,
		role: row.role?.trim() || `subscriber_${name}`,
		products: listOf(listText(row.products)).map(clean),
		groups: [...new Set([...included.flatMap((one) => one.groups), ...own])],
		permissions: [
			...new Set([...included.flatMap((one) => one.permissions), ...(row.permissions ?? [])]),
		],
		luckPermsGroup: groupOf(row, wrong),
		discordRole: roleOf(row, wrong),
	};
	if (hasServers(tier) && tier.permissions.length === 0) {
		throw wrong(
			'it has no permissions, and the panel needs at least one. Choose websocket.connect.',
		);
	}
	return tier;
}

type Wrong = (what: string) => PlanError;

/** LuckPerms writes all names of groups in lower case. The name goes into commands. */
function groupOf(row: PlanForm['tiers'][number], wrong: Wrong): string | null {
	const group = row.luckPermsGroup?.trim().toLowerCase() ?? '';
	if (group === '') return null;
	if (isPlainName(group)) return group;
	throw wrong(`"${group}" cannot be the name of a LuckPerms group.`);
}

function roleOf(row: PlanForm['tiers'][number], wrong: Wrong): string | null {
	const role = String(row.discordRole ?? '').trim();
	if (role === '') return null;
	if (/^\d{15,22}$/.test(role)) return role;
	throw wrong(`the Discord role must be its ID, such as 1132456789012345678, not "${role}".`);
}

function unique(kind: string, rows: Array<{ name: string }>): void {
	for (const [index, { name }] of rows.entries()) {
		if (rows.findIndex((row) => row.name === name) === index) continue;
		throw planError(
			`${kind} row ${index + 1}: an earlier row already has the name "${name}". Rename or remove one of them.`,
		);
	}
}

function planError(what: string): PlanError {
	return new PlanError(`Tier plan, ${what}`);
}

/** The form's comma-separated list; an expression may return an array or a number instead. */
const listText = (value: unknown): string =>
	Array.isArray(value)
		? value.map((entry) => `"${String(entry).replaceAll('"', '""')}"`).join()
		: String(value ?? '');

/** The choices of a drop-down; an expression may return a single value, or numbers as strings. */
const chosen = (value: unknown): string[] =>
	[value ?? []].flat().map((entry) => String(entry).trim());

/** Normalizes a name: comparisons ignore letter case, outer spaces and the encoding of accents. */
export const clean = (name: string | null | undefined): string =>
	comparable(name ?? '').toLowerCase();
