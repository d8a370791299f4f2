import { randomBytes } from 'node:crypto';

import type { Fault } from '../faults.cjs';
import { listen } from '../http.cjs';
import { json, readCall, text, type Answer, type Request } from './answers.cjs';
import { runCommand } from './console.cjs';
import { PARTS, createControl, type Control, type Game, type Part } from './control.cjs';
import { answerDiscord, type Role } from './discord.cjs';
import { answerLuckPerms } from './luckPerms.cjs';
import { answerGeyser, answerMojang } from './players.cjs';
import { createRanks, type RanksSeed } from './ranks.cjs';

export interface GameOptions extends RanksSeed {
	/** 0 or left out: any free port. */
	port?: number;
	/** Of the LuckPerms REST API; left out: drawn by lot. */
	luckPermsKey?: string;
	/** Of the bot; left out: drawn by lot. */
	discordToken?: string;
	/** Whether the REST API knows `?replace=true`. Default: yes. */
	knowsReplace?: boolean;
	/** Roles of the guild that the bot may give. */
	roles?: Record<string, string>;
}

export interface GameServer {
	/** `http://127.0.0.1:PORT`: of the LuckPerms REST API, and in the place of the other hosts. */
	url: string;
	luckPermsKey: string;
	discordToken: string;
	guild: string;
	control: Control;
	close(): Promise<void>;
}

const GUILD = '100000000000000001';
const ROLES = {
	'200000000000000001': 'Awakened',
	'200000000000000002': 'Knight',
	'200000000000000003': 'Legend',
};
/** A role above the bot's own. */
export const ROLE_ABOVE = '200000000000000009';

/**
 * Starts a simulated game on 127.0.0.1: the LuckPerms REST API, a console that the simulated panel
 * hands commands to (`POST /console {server, command}`), and Mojang, Geyser and Discord.
 */
export async function startGame(options: GameOptions = {}): Promise<GameServer> {
	const secret = () => randomBytes(24).toString('hex');
	const {
		port = 0,
		luckPermsKey = secret(),
		discordToken = secret(),
		knowsReplace = true,
	} = options;
	const game: Game = {
		luckPerms: { ranks: createRanks(options), key: luckPermsKey, knowsReplace },
		players: { java: new Map(), bedrock: new Map(), unknownStatus: 404 },
		discord: {
			token: discordToken,
			guild: GUILD,
			members: new Map(),
			roles: rolesOf(options.roles ?? ROLES),
		},
		lines: [],
		faults: [],
		calls: [],
	};
	const control = createControl(game);
	const listener = await listen(
		{
			answer: (request) => answer(game, request),
			spoil,
			hands: () => control,
			faults: () => game.faults,
			calls: () => game.calls,
		},
		port,
	);
	return {
		url: listener.url,
		luckPermsKey,
		discordToken,
		guild: GUILD,
		control,
		close: listener.close,
	};
}

const rolesOf = (own: Record<string, string>): Game['discord']['roles'] =>
	new Map([
		...Object.entries(own).map(([id, name]) => [id, { name, isAbove: false }] as [string, Role]),
		[ROLE_ABOVE, { name: 'Staff', isAbove: true }],
	]);

const partOf = (url: string): Part | undefined =>
	(Object.keys(PARTS) as Part[]).find((part) => new RegExp(PARTS[part]).test(url));

function answer(game: Game, request: Request): Answer {
	const call = readCall(request);
	switch (partOf(request.url)) {
		case 'luckPerms':
			return answerLuckPerms(game.luckPerms, call);
		case 'mojang':
			return answerMojang(game.players, call);
		case 'geyser':
			return answerGeyser(game.players, call);
		case 'discord':
			return answerDiscord(game.discord, call);
		case 'console': {
			const { server, command } = JSON.parse(call.body) as { server: string; command: string };
			const says = runCommand(game.luckPerms.ranks, command);
			game.lines.push({ server, command, says });
			return json(200, { says });
		}
		default:
			return text(404, 'Not found');
	}
}

const SAID: Record<Part, (status: number) => Answer> = {
	luckPerms: (status) => text(status, status === 500 ? 'Server error' : 'Failed'),
	mojang: (status) => json(status, { path: '/users/profiles/minecraft', errorMessage: 'Failed' }),
	geyser: (status) => json(status, { message: 'Failed' }),
	discord: (status) => json(status, { message: `${status}: Failed`, code: 0 }),
	console: (status) => text(status, 'Failed'),
};

/** The answer with the fault in it; faults of the connection leave it as it is. */
function spoil({ kind, status = 500, retryAfter }: Fault, { url }: Request, real?: Answer): Answer {
	const said = SAID[partOf(url) ?? 'console'];
	const whole: Answer = real ?? { status: 200, headers: {}, body: '' };
	switch (kind) {
		case 'status':
			return said(status);
		case '429': {
			const limited = said(429);
			if (retryAfter !== undefined) limited.headers['retry-after'] = String(retryAfter);
			return limited;
		}
		case 'html':
			return {
				status: 200,
				headers: { 'content-type': 'text/html' },
				body: '<!DOCTYPE html>\n<title>Login</title>',
			};
		case 'redirect':
			return { status: 302, headers: { location: 'http://127.0.0.1/login' }, body: '' };
		case 'not-json':
			return { status: 200, headers: { 'content-type': 'application/json' }, body: 'Whoops' };
		case 'truncated':
			return { ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) };
		default:
			return whole;
	}
}
