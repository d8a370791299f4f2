import axios from 'axios';

import type { Answer, HttpClient } from '../../../../nodes/shared/httpClient';
import { findPlayers } from '../../../../nodes/Paymenter/transport/playerNames';
import { startGame, type GameServer } from '../../../../simulators/game/server.cjs';

const NOTCH = '069a79f4-44e9-4726-a5be-fca90e38aaf5';
const XBOX = '00000000-0000-0000-0009-01f64f65c7c3';

let game: GameServer;
beforeEach(async () => {
	game = await startGame();
	game.control.addPlayer('java', 'Notch', NOTCH.replaceAll('-', ''));
	game.control.addPlayer('bedrock', 'Big Ben', XBOX.replaceAll('-', ''));
});
afterEach(async () => await game.close());

/** Sends what is meant for Mojang and Geyser to the simulator. */
const http: HttpClient = {
	send: async ({ url, method, timeout }) => {
		const { pathname, search } = new URL(url);
		const answer = await axios.request<unknown>({
			url: `${game.url}${pathname}${search}`,
			method,
			timeout,
			validateStatus: () => true,
		});
		return { statusCode: answer.status, headers: answer.headers, body: answer.data } as Answer;
	},
	pause: async () => {},
	random: () => 0,
};
const find = async (names: string[], players: 'java' | 'bedrock' | 'offline' = 'java') =>
	Object.fromEntries(await findPlayers(http, names, players));
const paths = () => game.control.calls().map(({ path }) => path);

describe('Finding players by their names', () => {
	it('asks Mojang once for each name', async () => {
		expect(await find(['notch', 'notch', 'Nobody_9'])).toEqual({
			notch: { uuid: NOTCH },
			Nobody_9: { uuid: null },
		});
		expect(paths().sort()).toEqual([
			'/users/profiles/minecraft/Nobody_9',
			'/users/profiles/minecraft/notch',
		]);
	});

	it('takes 204 for an unknown name, too', async () => {
		game.control.unknownPlayersAre(204);
		expect(await find(['nobody'])).toEqual({ nobody: { uuid: null } });
	});

	it('takes a UUID as it is, without a call', async () => {
		const plain = NOTCH.replaceAll('-', '').toUpperCase();
		expect(await find([NOTCH, plain, ` ${NOTCH} `])).toEqual({
			[NOTCH]: { uuid: NOTCH },
			[plain]: { uuid: NOTCH },
			[` ${NOTCH} `]: { uuid: NOTCH },
		});
		expect(paths()).toEqual([]);
	});

	it.each(['', 'a b', 'x'.repeat(17), 'ada;op ada', '../x', '.Big Ben', 'ädä'])(
		'calls %j unknown in Java, without a call',
		async (name) => {
			expect(await find([name])).toEqual({ [name]: { uuid: null } });
			expect(paths()).toEqual([]);
		},
	);

	it('asks Geyser for names with a leading dot, and Mojang for the others', async () => {
		expect(await find(['.Big Ben', '.nobody', 'Notch'], 'bedrock')).toEqual({
			'.Big Ben': { uuid: XBOX },
			'.nobody': { uuid: null },
			Notch: { uuid: NOTCH },
		});
		expect(paths()).toContain('/v2/utils/uuid/bedrock_or_java/.Big%20Ben?prefix=.');
	});

	it('derives the UUID of a server in offline mode as Java does', async () => {
		expect(await find(['Notch', 'Steve'], 'offline')).toEqual({
			Notch: { uuid: 'b50ad385-829d-3141-a216-7e7d7539ba7f' },
			Steve: { uuid: '5627dd98-e6be-3c21-b8a8-e92344183641' },
		});
		expect(paths()).toEqual([]);
	});

	const many = Array.from({ length: 40 }, (_, index) => `player_${index}`);

	it.each([
		['its limit', { kind: '429', retryAfter: 30 }, /limit is reached \(again in 30 s\)/],
		['an error', { kind: 'status', status: 503 }, /it said 503/],
		['a cut connection', { kind: 'refuse' }, /Mojang did not tell/],
		['a page', { kind: 'html' }, /it said 200/],
	] as const)('asks no longer after %s', async (_what, fault, words) => {
		game.control.fail('mojang', fault);
		for (const one of Object.values(await find(many))) {
			expect(one).toEqual({ uuid: null, failed: expect.stringMatching(words) });
		}
		expect(paths().length).toBeLessThanOrEqual(4);
	});

	it('goes on with Geyser when Mojang is down', async () => {
		game.control.fail('mojang', { kind: 'status', status: 500 });
		expect(await find(['Notch', '.Big Ben'], 'bedrock')).toMatchObject({
			Notch: { failed: expect.any(String) },
			'.Big Ben': { uuid: XBOX },
		});
	});
});
