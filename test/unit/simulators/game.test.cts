/** The simulated game behaves as the sources of LuckPerms, its REST API and Discord say. */
import axios from 'axios';

import { ROLE_ABOVE, startGame, type GameServer } from '../../../simulators/game/server.cjs';
import { startPanel, type Panel } from '../../../simulators/panel/server.cjs';

const ADA = 'c1d60c50-70b5-4722-8057-87767557e50d';
const SURVIVAL = [{ key: 'server', value: 'survival' }];
const soon = () => Math.floor(Date.now() / 1000) + 3600;

let game: GameServer;
beforeEach(async () => {
	game = await startGame();
});
afterEach(async () => await game.close());

async function call(method: string, path: string, data?: unknown, authorization?: string) {
	const answer = await axios.request<unknown>({
		method,
		url: `${game.url}${path}`,
		data,
		headers: { authorization: authorization ?? `Bearer ${game.luckPermsKey}` },
		validateStatus: () => true,
	});
	return { status: answer.status, body: answer.data };
}

const knight = (expiry: number) => ({
	key: 'group.knight',
	value: true,
	context: SURVIVAL,
	expiry,
});
const post = async (query: string, expiry: number) =>
	await call('POST', `/user/${ADA}/nodes${query}`, knight(expiry));
const expiries = () => (game.control.ranks()[ADA] ?? []).map(({ expiry }) => expiry);

describe('The simulated LuckPerms REST API', () => {
	it('wants its key', async () => {
		expect(await call('GET', '/health', undefined, 'Bearer wrong')).toEqual({
			status: 401,
			body: 'Unauthorized',
		});
		expect((await call('GET', '/health')).status).toBe(200);
	});

	it('replaces a temporary node, earlier or later, and no permanent one', async () => {
		game.control.give(ADA, 'knight', { context: SURVIVAL });
		for (const expiry of [soon(), soon() + 999, soon() - 999]) {
			await post('?replace=true', expiry);
			expect(expiries()).toEqual([undefined, expiry]);
		}
	});

	it('keeps the old expiry when it is too old for replace, unless the new one is later', async () => {
		game.control.knowReplace(false);
		const first = soon();
		await post('?replace=true', first);
		await post('?replace=true', first + 60);
		expect(expiries()).toEqual([first]);
		const longer = '?replace=true&temporaryNodeMergeStrategy=replace_existing_if_duration_longer';
		await post(longer, first - 60);
		expect(expiries()).toEqual([first]);
		await post(longer, first + 60);
		expect(expiries()).toEqual([first + 60]);
	});

	it('punishes DELETE, PUT and PATCH', async () => {
		const path = `/user/${ADA}/nodes`;
		const first = soon();
		game.control.give(ADA, 'moderator');
		await post('', first);
		expect((await call('PATCH', path, [knight(first + 60)])).status).toBe(200);
		expect(expiries()).toEqual([undefined, first]);
		await call('PUT', path, [knight(first + 60)]);
		expect(expiries()).toEqual([first + 60]);
		await call('DELETE', path);
		expect(expiries()).toEqual([]);
	});

	it('finds everybody who has a group, and forgets what has expired', async () => {
		await post('?replace=true', soon());
		expect((await call('GET', '/user/search?key=group.knight')).body).toMatchObject([
			{ uniqueId: ADA, results: [{ key: 'group.knight', type: 'inheritance', context: SURVIVAL }] },
		]);
		game.control.advance(3_700_000);
		expect((await call('GET', '/user/search?key=group.knight')).body).toEqual([]);
	});

	it('knows its groups and tracks', async () => {
		expect((await call('GET', '/group/knight')).body).toMatchObject({ name: 'knight' });
		expect(await call('GET', '/group/nobody')).toEqual({
			status: 404,
			body: "Group doesn't exist",
		});
		expect((await call('GET', '/track/subscriptions')).body).toMatchObject({
			groups: expect.arrayContaining(['knight']),
		});
	});

	it('fails as it is told', async () => {
		game.control.fail('luckPerms', { kind: 'status', status: 500, times: 1 });
		expect((await call('GET', '/health')).status).toBe(500);
		expect((await call('GET', '/health')).status).toBe(200);
	});
});

describe('The simulated console', () => {
	let panel: Panel;
	beforeEach(async () => {
		panel = await startPanel({ rateLimits: false, gameUrl: game.url });
	});
	afterEach(async () => await panel.close());

	const type = async (command: string) =>
		(
			await axios.post(
				`${panel.url}/api/client/servers/${panel.control.server('hub').uuid}/command`,
				{ command },
				{
					headers: { authorization: `Bearer ${panel.accountKey}`, accept: 'application/json' },
					validateStatus: () => true,
				},
			)
		).status;

	it('carries out what the panel hands to it', async () => {
		game.control.give(ADA, 'awakened', { context: SURVIVAL });
		game.control.give(ADA, 'moderator');
		const command = `lp user ${ADA} parent settrack subscriptions knight server=survival`;
		expect(await type(command)).toBe(204);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['moderator', 'knight']);
		await type(`lpv user ${ADA} parent cleartrack subscriptions server=survival`);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['moderator']);
	});

	it('refuses a track with one group, and groups that are not on it', async () => {
		await type(`lp user ${ADA} parent settrack single awakened`);
		await type(`lp user ${ADA} parent settrack subscriptions moderator`);
		await type(`lp user Ada parent settrack subscriptions knight`);
		expect(game.control.ranks()).toEqual({});
		expect(game.control.console().map(({ says }) => says)).toEqual([
			expect.stringContaining('only one group'),
			expect.stringContaining('does not contain moderator'),
			'Unknown command.',
		]);
	});

	it('gets nothing from a server that is offline', async () => {
		panel.control.serverPower('hub', 'offline');
		expect(await type('list')).toBe(502);
		expect(game.control.console()).toEqual([]);
	});
});

describe('The simulated Discord', () => {
	const role = async (method: string, member: string, id: string, token = game.discordToken) =>
		await call(
			method,
			`/api/v10/guilds/${game.guild}/members/${member}/roles/${id}`,
			undefined,
			`Bot ${token}`,
		);
	const KNIGHT = '200000000000000002';

	it('gives and takes a role, again and again', async () => {
		game.control.addMember('7');
		for (const method of ['PUT', 'PUT', 'DELETE', 'DELETE', 'PUT']) {
			expect((await role(method, '7', KNIGHT)).status).toBe(204);
		}
		expect(game.control.rolesOf('7')).toEqual([KNIGHT]);
	});

	it('refuses as Discord does', async () => {
		game.control.addMember('7');
		expect((await role('PUT', '8', KNIGHT)).body).toEqual({
			message: 'Unknown Member',
			code: 10007,
		});
		expect(await role('PUT', '7', ROLE_ABOVE)).toEqual({
			status: 403,
			body: { message: 'Missing Permissions', code: 50013 },
		});
		expect((await role('PUT', '7', KNIGHT, 'wrong')).status).toBe(401);
	});
});
