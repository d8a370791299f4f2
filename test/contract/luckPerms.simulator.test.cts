/**
 * The client's calls and the simulated LuckPerms REST API belong together: every call that the client
 * makes is one of the API's, and it makes none of those that can clear what a player has.
 */
import axios from 'axios';

import { connectLuckPerms } from '../../nodes/PterodactylProvision/transport/luckPermsApi';
import type { Answer, HttpClient } from '../../nodes/shared/httpClient';
import { startGame, type GameServer } from '../../simulators/game/server.cjs';

/** Routes of LuckPerms/rest-api, `src/main/resources/luckperms-openapi.yml`, that the simulator has. */
const ROUTES = [
	/^GET \/health$/,
	/^GET \/user\/lookup\?/,
	/^GET \/user\/search\?key=/,
	/^GET \/user\/[^/]+\/nodes$/,
	/^POST \/user\/[^/]+\/nodes(\?|$)/,
	/^GET \/group$/,
	/^GET \/group\/[^/]+$/,
	/^GET \/track\/[^/]+$/,
];
const ADA = 'c1d60c50-70b5-4722-8057-87767557e50d';
const expiry = Math.floor(Date.now() / 1000) + 3600;
const NODE = { key: 'group.knight', value: true, context: [{ key: 'server', value: 'a' }], expiry };

let game: GameServer;
beforeEach(async () => {
	game = await startGame();
});
afterEach(async () => await game.close());

const http = (): HttpClient => ({
	send: async ({ url, method, body }) => {
		const answer = await axios.request<unknown>({
			url,
			method,
			data: body,
			headers: { authorization: `Bearer ${game.luckPermsKey}` },
			validateStatus: () => true,
		});
		return { statusCode: answer.status, headers: answer.headers, body: answer.data } as Answer;
	},
	pause: async () => {},
	random: () => 0,
});
const client = () =>
	connectLuckPerms(http(), { url: game.url, retries: 0, timeoutMs: 5000, deadline: Infinity });

describe('The client of the LuckPerms REST API', () => {
	it('calls only what the API has, and the simulator answers all of it', async () => {
		const luckPerms = client();
		await luckPerms.check();
		expect(await luckPerms.hasGroup('knight')).toBe(true);
		expect(await luckPerms.hasGroup('nobody')).toBe(false);
		expect(await luckPerms.setNode(ADA, NODE)).toEqual([{ ...NODE, type: 'inheritance' }]);
		expect(await luckPerms.search('group.knight')).toEqual(
			new Map([[ADA, [{ ...NODE, type: 'inheritance' }]]]),
		);
		const calls = game.control.calls().map(({ method, path }) => `${method} ${path}`);
		expect(calls).toHaveLength(5);
		for (const call of calls) expect(ROUTES.some((route) => route.test(call))).toBe(true);
		expect(calls).toContain(
			`POST /user/${ADA}/nodes?replace=true&temporaryNodeMergeStrategy=replace_existing_if_duration_longer`,
		);
	});

	it('tells a missing route from a missing group', async () => {
		const elsewhere = connectLuckPerms(http(), {
			url: `${game.url}/elsewhere`,
			retries: 0,
			timeoutMs: 5000,
			deadline: Infinity,
		});
		await expect(elsewhere.hasGroup('knight')).rejects.toMatchObject({
			isNotFound: false,
			isRunWide: true,
			advice: expect.stringContaining('Check the LuckPerms URL'),
		});
	});
});
