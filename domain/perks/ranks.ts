import { PlanError } from '../access/tierPlan';
import { isPlainName, listOf } from '../text';

/** How ranks reach the game. */
export type RankWay = 'none' | 'rest' | 'console';

/** The part of the tier plan about ranks in the game, as entered. */
export interface RanksForm {
	way?: RankWay;
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

export interface RankSettings {
	way: RankWay;
	track: string;
	context: Array<{ key: string; value: string }>;
	servers: string;
	command: 'lp' | 'lpb' | 'lpv';
	players: 'java' | 'bedrock' | 'offline';
	playerProperty: string;
	discordProperty: string;
}

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
export function readRanks(form: RanksForm = {}): RankSettings {
	const settings: RankSettings = {
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
