import { PlanError } from '../access/tierPlan';
import { isPlainName, listOf } from '../text';

/** The part of the tier plan about ranks in the game, as entered. */
export interface RanksForm {
	/** How ranks reach the game. */
	way?: 'none' | 'rest' | 'console';
	/** Console: a track for subscriptions only. */
	track?: string;
	/** Such as `server=survival`; several are separated by commas. */
	context?: string;
	/** Console: name patterns of the servers that get the commands. */
	servers?: string;
	command?: 'lp' | 'lpb' | 'lpv';
	/** How a player's name becomes a UUID. */
	players?: 'java' | 'bedrock' | 'offline';
	/** Keys of the customer properties. */
	player_property?: string;
	discord_property?: string;
}

export type RankSettings = ReturnType<typeof readRanks>;

/** What a player's rank should be: one item of Rank → Sync may have several, when the player changed. */
export interface RankRequest {
	uuid: string;
	/** The group that they should have; null: none of ours. */
	group: string | null;
	/** ISO 8601, when it should end by itself; null: never. */
	expires_at: string | null;
	/** Groups that we gave earlier and that must go. */
	take: string[];
}

/** What came of a customer's ranks. */
export interface RankResult {
	status: 'done' | 'waiting' | 'failed';
	message: string;
	/** ISO 8601; null: by the retry policy. */
	retry_at: string | null;
	transient: boolean;
}

/** Reads and checks the form. Throws `PlanError`. */
export function readRanks(form: RanksForm = {}) {
	const settings = {
		way: form.way ?? 'none',
		track: form.track?.trim() ?? '',
		context: listOf(form.context ?? '').map(readContext),
		servers: form.servers?.trim() ?? '',
		command: form.command ?? 'lp',
		players: form.players ?? 'java',
		playerProperty: form.player_property?.trim() || 'minecraft_username',
		discordProperty: form.discord_property?.trim() || 'discord_id',
	};
	if (settings.way !== 'console') return settings;
	named('Track', settings.track);
	if (listOf(settings.servers).length === 0) {
		throw wrong('"Servers" is empty. Enter the names of the servers that get the commands.');
	}
	return settings;
}

/** Checks a name that goes into a command or a path. */
export function named(field: string, name: string): string {
	if (isPlainName(name)) return name;
	throw wrong(
		`"${field}" must be a name of letters, digits, ".", "-" and "_", not ${JSON.stringify(name)}.`,
	);
}

function readContext(entry: string): { key: string; value: string } {
	const [key = '', value = '', ...rest] = entry.split('=').map((part) => part.trim());
	if (rest.length > 0) throw wrong(`the context "${entry}" must look like server=survival.`);
	return { key: named('Context', key), value: named('Context', value) };
}

const wrong = (what: string): PlanError => new PlanError(`Tier plan, ranks: ${what}`);

type Context = RankSettings['context'];

/** What LuckPerms stores for a player's rank. */
export interface HeldNode {
	key: string;
	value: boolean;
	context: Context;
	/** Whole seconds since 1970; without it, the rank is permanent. */
	expiry?: number | null;
}

type RankWrite = ReturnType<typeof writesFor>[number];

/** 2100-01-01: of a rank that does not end by itself. A permanent one would count as the staff's. */
const NEVER = 4_102_444_800;
/** A rank is taken by letting it expire: one that has expired already might not be stored. */
const SOON_S = 60;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Why the request may not reach a command or a path; null: it may. */
export function problemIn({ uuid, group, take }: RankRequest): string | null {
	if (!UUID.test(uuid)) return `Invalid UUID ${JSON.stringify(uuid)}`;
	const wrong = [group ?? '-', ...take].find((name) => !isPlainName(name));
	return wrong === undefined ? null : `Invalid group ${JSON.stringify(wrong)}`;
}

/** The temporary nodes to set for a player. */
export function writesFor(
	{ group, expires_at: ends, take }: RankRequest,
	context: Context,
	now: number,
) {
	const soon = Math.ceil(now / 1000) + SOON_S;
	const until = ends === null ? NEVER : Math.max(Math.floor(Date.parse(ends) / 1000), soon);
	const write = (name: string, expiry: number, isTaken: boolean) => ({
		group: name,
		node: { key: `group.${name}`, value: true, context, expiry },
		isTaken,
	});
	return [
		...(group === null ? [] : [write(group, until, false)]),
		...take.filter((name) => name !== group).map((name) => write(name, soon, true)),
	];
}

/** Whether the player has what the write would bring about. Permanent nodes and other contexts do not count. */
export function isWritten({ node, isTaken }: RankWrite, held: HeldNode[]): boolean {
	const [ours] = held.filter((one) => isSameRank(one, node));
	const expiry = ours?.expiry ?? 0;
	return isTaken ? expiry <= node.expiry : expiry === node.expiry;
}

/** What is wrong after the write, with what to do; null: nothing. */
export function complaintAfter(write: RankWrite, held: HeldNode[]): string | null {
	if (isWritten(write, held)) return null;
	return held.some((one) => isSameRank(one, write.node))
		? `LuckPerms kept the old expiry of the group ${write.group}: its REST API is too old to replace it. Update the LuckPerms REST API.`
		: `LuckPerms did not store the group ${write.group}. Check that the clocks of n8n and LuckPerms agree.`;
}

const isSameRank = (one: HeldNode, { key, context }: HeldNode): boolean =>
	one.key === key &&
	one.value &&
	typeof one.expiry === 'number' &&
	one.context.length === context.length &&
	context.every((ours) =>
		one.context.some((theirs) => theirs.key === ours.key && theirs.value === ours.value),
	);

/** The command that gives a player exactly this group of the track, or none of it. */
export function commandFor(
	{ uuid, group }: RankRequest,
	{ command, track, context }: RankSettings,
): string {
	const action = group === null ? `cleartrack ${track}` : `settrack ${track} ${group}`;
	const where = context.map(({ key, value }) => ` ${key}=${value}`).join('');
	return `${command} user ${uuid} parent ${action}${where}`;
}
