import { readRanks, type RankSettings, type RanksForm } from '../perks/ranks';
import { isPlainName, listOf } from '../text';
import {
	CHOICES,
	PlanError,
	READ_ONLY_PERMISSIONS,
	SELECTORS,
	clean,
	hasServers,
	type Group,
	type Plan,
	type Tier,
} from './tierPlan';

/** A server group as entered in the form. */
export interface GroupForm {
	name: string;
	match: Group['match'];
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
}

/** A tier as entered in the form. */
export interface TierForm {
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
}

/** The tier plan and the settings that belong to it, as Tier Plan → Get outputs them. */
export interface PlanDocument {
	server_groups: GroupForm[];
	/** From lowest to highest. */
	tiers: TierForm[];
	/** Allow permissions with which a customer could harm a shared server. */
	allow_harmful: boolean;
	/** Days of access after a failed payment. */
	grace_days: number;
	/** Days between the last cancellation and the deletion of the account; null: never. */
	delete_account_after_days: number | null;
	/** E-mails or usernames of accounts that must never be touched, separated by commas. */
	left_alone: string;
	username_template: string;
	/** Whether a refunded subscription lasts to the end of its paid period. */
	refund_keeps_period?: boolean;
	/** The keys that ranks and roles need, separated by commas; Tier Plan → Get works them out. */
	customer_properties?: string;
	ranks?: RanksForm;
}

export interface PlanSettings {
	leftAlone: string[];
	usernameTemplate: string;
	ranks: RankSettings;
}

/** Reads and checks what Tier Plan → Get outputs, before any call. Throws `PlanError`. */
export function readPlanDocument(value: unknown): { plan: Plan; settings: PlanSettings } {
	const document = value as Partial<PlanDocument> | null;
	if (!Array.isArray(document?.server_groups) || !Array.isArray(document.tiers)) {
		throw new PlanError(
			'The tier plan is missing. Use what Pterodactyl Provision → Tier Plan → Get outputs.',
		);
	}
	const { server_groups, tiers, allow_harmful = false } = document;
	checkDays('Days of Grace', document.grace_days ?? 7);
	checkDays('Delete Account After (Days)', document.delete_account_after_days ?? 0);
	return {
		plan: planOf({ server_groups, tiers, allow_harmful }),
		settings: {
			leftAlone: listOf(document.left_alone ?? ''),
			usernameTemplate: document.username_template || '{name}',
			ranks: readRanks(document.ranks),
		},
	};
}

/** The keys of the customer properties that ranks and roles need, separated by commas. */
export function propertiesFor(plan: Plan, { ranks }: PlanSettings): string {
	return [
		...(ranks.way === 'none' ? [] : [ranks.playerProperty]),
		...(plan.tiers.some(({ discordRole }) => discordRole) ? [ranks.discordProperty] : []),
	].join(', ');
}

function checkDays(field: string, value: unknown): void {
	if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
	throw new PlanError(
		`Tier plan: "${field}" must be a number of days, not ${JSON.stringify(value)}.`,
	);
}

type PlanForm = Pick<PlanDocument, 'server_groups' | 'tiers' | 'allow_harmful'>;

/** Works out what each tier includes. */
function planOf(form: PlanForm): Plan {
	const groups = form.server_groups.map((group, index) => readGroup(group, index + 1));
	unique('server group', groups);
	if (form.tiers.length === 0) throw planError('there are no tiers. Add at least one.');
	const tiers: Tier[] = [];
	for (const [index, row] of form.tiers.entries()) {
		tiers.push(readTier(row, index + 1, groups, tiers, form.allow_harmful));
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
	row: TierForm,
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
function groupOf(row: TierForm, wrong: Wrong): string | null {
	const group = row.luckPermsGroup?.trim().toLowerCase() ?? '';
	if (group === '') return null;
	if (isPlainName(group)) return group;
	throw wrong(`"${group}" cannot be the name of a LuckPerms group.`);
}

function roleOf(row: TierForm, wrong: Wrong): string | null {
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
